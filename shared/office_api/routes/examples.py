"""Examples of requests for the OpenAPI document. A test validates each one. Every person in them is invented.

The answers' are in `answer_examples.json`, one for each operation.
"""

from typing import Any

EMAIL = "ada.advocate@da.queensbridge.example"
FOLDER_ID = "0c1d2e3f405162738495a6b7c8d9eaf0"
SUBSCRIPTION_ID = "5f0e1d2c3b4a59687786958473625140"

PERSON_CRITERION: dict[str, Any] = {
    "watch": "person",
    "surname": "Quillfeather",
    "given": "Dorian",
    "date_of_birth": "1988-03-14",
}
SUBSCRIPTION: dict[str, Any] = {
    "criterion": PERSON_CRITERION,
    "basis": {"kind": "supervision", "case_number": "PAR-2026-0042"},
    "ends": "2027-06-30",
    "recipients": [{"email": EMAIL, "sms": "+12125550100"}, {"topic": "cases"}],
    "reference": "parole, curfew 21:00",
}
RECIPIENTS_CHANGE: dict[str, Any] = {
    "add": [{"email": "bo.barrister@da.queensbridge.example"}],
    "remove": [EMAIL],
}
NEW_END_DATE: dict[str, Any] = {"ends": "2027-12-31"}
SUBSCRIPTION_SEARCH: dict[str, Any] = {"text": "quillfeather", "stands": ["active", "expiring"], "order": "due"}
SUBSCRIPTION_IDS: dict[str, Any] = {"ids": [SUBSCRIPTION_ID]}
BACKTEST: dict[str, Any] = {
    "criterion": {"watch": "charge", "statute": "PL 160", "begins_with": True},
    "basis": {"kind": "investigation", "case_number": "INV-2026-0042"},
    "days": 90,
}
PREFERENCES: dict[str, Any] = {
    "quiet": {"start": "22:00", "until": "06:30"},
    "digest_at": "07:30",
    "deputy": "bo.barrister@da.queensbridge.example",
}
DISCLOSURE: dict[str, Any] = {
    "ground": "consent",
    "arrest_ids": [SUBSCRIPTION_ID],
    "facts": "Charges, arrest date and arresting agency",
    "recipient": "Rowan Example, counsel, Example Legal Aid",
    "recipient_kind": "defense",
    "means": "print",
    "reference": "Consent of 12 November 2026, file 2026-KN-000123",
    "agency_consent": "Letter of the agency of 13 November 2026",
}
OPENING: dict[str, Any] = {
    "agency": "nypd",
    "number": "M26-617-0099",
    "days": 7,
    "readers": ["bo.example@da.queensbridge.example"],
    "order": {"number": "D-04417/26", "court": "Family Court, Kings County", "ordered_on": "2026-11-20"},
    "reason": "Discovery in the case that the order names",
}
DISCLOSURE_DECISION: dict[str, Any] = {"reason": "The consent covers these facts."}
ACKNOWLEDGEMENT: dict[str, Any] = {
    "version": "2026-1",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
PERSONNEL: dict[str, Any] = {
    "phone": "+1 212 555 0100",
    "employer": "NY000000A",
    "vendor": True,
    "contract_ends": "2027-06-30",
    "background_checked_on": "2026-10-01",
}
TRAINING: dict[str, Any] = {"kind": "CJIS security awareness", "completed_on": "2026-10-01"}
DISPUTE: dict[str, Any] = {
    "arrest_id": SUBSCRIPTION_ID,
    "fact": "date of birth",
    "claim": "I was born on 14 March 1989.",
    "claimant": "the person",
    "claimant_name": "Dorian Quillfeather, 14 Sample Road",
    "identity_proof": "State ID, seen in person",
    "received_on": "2026-11-18",
}
DISPUTE_DECISION: dict[str, Any] = {
    "decision": "upheld",
    "reason": "The birth certificate says so.",
    "agency_asked": "Mail to the records unit of 19 November 2026",
}
RECIPIENT_TOLD: dict[str, Any] = {"means": "mail", "told_on": "2026-11-20"}
BREACH: dict[str, Any] = {
    "summary": "A printed list of alerts was left in a court room.",
    "discovered_at": "2026-11-20T14:00:00Z",
}
BREACH_CONFIRMATION: dict[str, Any] = {"people": 12, "risk": True}
BREACH_STEP: dict[str, Any] = {
    "step": "inside",
    "how": "Call to the security desk",
    "done_at": "2026-11-20T14:20:00Z",
}
BREACH_CLOSING: dict[str, Any] = {
    "finding": "The list was found unread in the court room.",
    "left_out": [{"step": "cyber command", "reason": "No system was touched; counsel agrees."}],
}
FINE_WORDING: dict[str, Any] = {"subject_id": FOLDER_ID, "field": "name", "text_hash": SUBSCRIPTION_ID}
VERDICT: dict[str, Any] = {"right_person": True, "useful": True}
OUTCOME: dict[str, Any] = {"outcome": "bail asked"}

# "surname,given,date_of_birth,basis,case_number" and one row, in base64
LIST_FILE = (
    "c3VybmFtZSxnaXZlbixkYXRlX29mX2JpcnRoLGJhc2lzLGNhc2VfbnVtYmVyClF1aWxsZmVhdGhlcixEb3JpYW4sMTk4OC0wMy0xNCxvcGVuIGNhc2UsMjAy"
    "Ni1LTi0wMDAxMjMK"
)
UPLOAD: dict[str, Any] = {"format": "csv", "content": LIST_FILE}
UPLOAD_COMMIT: dict[str, Any] = UPLOAD | {"seen": "9b2f5d0c7a4e1836"}
CASELIST: dict[str, Any] = {
    "rows": [
        {
            "case_number": "2026-KN-000123",
            "prosecutor": EMAIL,
            "state": "open",
            "surname": "Quillfeather",
            "given": "Dorian",
            "date_of_birth": "1988-03-14",
        }
    ]
}
NEW_FOLDER: dict[str, Any] = {"name": "Night Court", "tab": "team"}
FOLDER_CHANGE: dict[str, Any] = {"name": "Night Court, Part 2", "parent": FOLDER_ID}
ROLE: dict[str, Any] = {"role": "editor"}
NEW_USER: dict[str, Any] = {
    "email": "cleo.counsel@da.queensbridge.example",
    "name": "Cleo Counsel",
    "title": "Assistant district attorney",
    "rights": ["arrests"],
}
USER_CHANGE: dict[str, Any] = {"rights": ["arrests", "juvenile"], "title": "Bureau chief"}

ARREST_QUERY: dict[str, Any] = {"agency": "roster", "number": "2026-B-004417"}
PLACE: dict[str, Any] = {
    "address": "14 Elm Street Apt 2B",
    "city": "Queensbridge",
    "since": "2026-06-01",
    "until": "2026-11-20",
    "case_number": "IND-2026-0117",
}
AUDIT_SEARCH: dict[str, Any] = {
    "person": {"surname": "Quillfeather", "given": "Dorian", "date_of_birth": "1988-03-14"},
    "since": "2026-06-01",
}
SIGN_OFF: dict[str, Any] = {
    "seen": "NjI4YzJkNzg5MGU0ZjM0YTQzYjM0YmZkNjI5ZDU3YmQxMg",
    "note": "Two refused requests, both by a user who had changed teams. Rights corrected.",
}

PROFILE: dict[str, Any] = {
    "text": "agency: roster\ntitle: A county sheriff's roster\nformat: delimited\ntime_zone: America/New_York\n"
    "columns:\n  number: Booking No\n  arrested: Arrest Date\n  surname: Last Name\n  given: First Name\n"
}
NEW_UPLOAD: dict[str, Any] = {"file": "roster-2026-11-20.csv"}
SWITCH: dict[str, Any] = {"on": False, "reason": "Its feed doubles what the sheriff's jail sends us"}
OFFICE_CHANGE: dict[str, Any] = {
    "name": "Queensbridge District Attorney",
    "time_zone": "America/New_York",
    "contact": "arrest-alert@da.queensbridge.example",
    "allowed_domains": ["da.queensbridge.example"],
    "agreed_domains": ["da.queensbridge.example"],
    "details_go_to": "certified users",
    "alerts_an_hour": 500,
    "goes_by": "today",
    "shows_watches": True,
    "folders_in_pings": False,
}
SMALL_FILE: dict[str, Any] = {
    "file": "roster-2026-11-20.csv",
    "content": "Qm9va2luZyBObyxBcnJlc3QgRGF0ZQoyMDI2LUItMDA0NDE3LDIwMjYtMTEtMjAK",
}
DRY_RUN: dict[str, Any] = {"content": "Qm9va2luZyBObyxBcnJlc3QgRGF0ZQoyMDI2LUItMDA0NDE3LDIwMjYtMTEtMjAK", "rows": 5}
SAMPLE_FILE: dict[str, Any] = {
    "content": "Qm9va2luZyBObyxBcnJlc3QgRGF0ZSxOYW1lLERPQixPZmZlbnNlCjIwMjYtQi0wMDQ0MTcsMTEv"
    "MjAvMjAyNiwiUVVJTEwsIEFOQSIsMDMvMTQvMTk4OCxSb2JiZXJ5Cg==",
    "file": "day.csv",
    "time_zone": "America/New_York",
}
MANUAL_ARREST: dict[str, Any] = {
    "number": "2026-B-004417",
    "arrested": "2026-11-20",
    "arrested_time": "21:40",
    "surname": "Quillfeather",
    "given": "Dorian",
    "born": "1988-03-14",
    "sex": "M",
    "charges": [{"statute": "PL 160.10 01"}],
    "precinct": "120",
}
SEAL: dict[str, Any] = {"number": "2026-B-004417", "seal_statute": "CPL 160.50"}
SEAL_ANSWER: dict[str, Any] = {"statute": "CPL 160.50", "reason": "The clerk's notice of November 20 names it."}
UNSEALING: dict[str, Any] = {
    "number": "2026-B-004417",
    "order_number": "IND-71042/2026",
    "court": "Supreme Court, Kings County",
    "ordered_on": "2026-11-20",
    "subparagraph": "160.50(1)(d)(ii)",
    "applicant": "law enforcement",
}
UNSEALING_DECISION: dict[str, Any] = {"reason": "I have read the order."}
NEW_HOLD: dict[str, Any] = {
    "kind": "litigation",
    "reason": "Example v. City, preservation letter",
    "reference": "LIT-7",
}
HOLD_END: dict[str, Any] = {"ended_on": "2026-11-02", "reason": "Stipulation of discontinuance filed"}
NEW_CASE_ENTRY: dict[str, Any] = {
    "number": "X7YG4",
    "kind": "appeals exhausted",
    "day": "2026-11-02",
    "source": "Order of the Appellate Division, leave to appeal denied",
}
NEW_RECORDS_REQUEST: dict[str, Any] = {
    "kind": "foil",
    "received_on": "2026-11-02",
    "about": "The arrest that alert X7YG4 is about",
    "requester": "Rowan Example, Example Gazette",
    "requester_kind": "press",
    "numbers": ["X7YG4"],
}
REQUEST_STEP: dict[str, Any] = {"kind": "acknowledged", "promised_on": "2026-11-20"}
MORE_RECORDS: dict[str, Any] = {"records": [{"agency": "nypd", "number": "K26600123"}]}
NOTES_DECISION: dict[str, Any] = {"release": False}
NEW_EXPORT: dict[str, Any] = {
    "disclosure_id": "20261102150000" + "0" * 18,
    "left_out": [{"content": "reviews", "code": "g"}],
}
REPLAY: dict[str, Any] = {"notify": False}
