"""What the demo's office watches: one of each kind. Everybody and everything here is invented."""

from typing import Any

ADA = "ada.advocate@da.queensbridge.example"  # an agreed domain: full detail
BO = "bo.partner@partners.example"  # merely allowed: a ping
KIM = "kim.clerk@da.queensbridge.example"  # runs the feed of the agency roster

_ADA: dict[str, str] = {"email": ADA, "sms": "+12125550100"}
_BO: dict[str, str] = {"email": BO}

SUBSCRIPTIONS: dict[str, dict[str, Any]] = {
    "a person by name and date of birth": {
        "criterion": {"watch": "person", "surname": "Quillfeather", "given": "Dorian", "date_of_birth": "1988-03-14"},
        "basis": {"kind": "supervision", "case_number": "PAR-2026-0042"},
        "recipients": [_ADA, _BO],
        "reference": "parole, curfew 21:00",
    },
    "a person by state ID": {
        "criterion": {"watch": "identifier", "identifier": {"kind": "sid", "value": "0000-9113-Q", "issuer": "NY"}},
        "basis": {"kind": "open case", "case_number": "2026-QB-000117"},
        "recipients": [_ADA],
    },
    "a person whose birthday the agency reports otherwise": {
        "criterion": {"watch": "person", "surname": "Tessarolo", "given": "Lucía", "date_of_birth": "1987-05-16"},
        "basis": {"kind": "warrant", "case_number": "BW-2026-0044"},
        "recipients": [_ADA],
    },
    "a charge": {
        "criterion": {"watch": "charge", "statute": "PL 160.10 01"},
        "basis": {"kind": "investigation", "case_number": "INV-2026-0308"},
        "recipients": [_ADA],
        "reference": "robbery pattern, Harbor Ave",
    },
    "charges that begin with a code": {
        "criterion": {"watch": "charge", "statute": "1301", "begins_with": True},
        "basis": {"kind": "investigation", "case_number": "INV-2026-0311"},
        "recipients": [_BO],
    },
    "a precinct": {
        "criterion": {"watch": "place", "agency": "nypd", "precinct": "120"},
        "basis": {"kind": "investigation", "case_number": "INV-2026-0340"},
        "recipients": [_BO, {"topic": "cases"}],
    },
    "an address": {
        "criterion": {"watch": "place", "address": "14 Elm St.", "city": "Queensbridge"},
        "basis": {"kind": "documented suspicion", "case_number": "MEMO-2026-07"},
        "recipients": [_ADA],
    },
}

# Watches begin long ago, so that the old feeds of one's own alert as well.
STARTS = "2000-01-01"

# Of the office's case management: each row watches for the prosecutor it names.
LISTS: dict[str, list[dict[str, str]]] = {
    "cases": [
        {"case_number": "2026-QB-000204", "prosecutor": "cam.counsel@da.queensbridge.example", "state": "open",
         "surname": "Vandermoor", "given": "Isolde", "date_of_birth": "1994-07-02"},
    ],
    "warrants": [
        {"case_number": "BW-2026-0031", "prosecutor": "cam.counsel@da.queensbridge.example", "state": "active",
         "surname": "O'Brannick", "given": "Seamus", "date_of_birth": "1979-11-23"},
    ],
}  # fmt: skip

# What the agency roster sends besides: a file of another system, and the number of a booking that a court sealed.
OTHER_FILE = b"Case;Suspect;Seen on\n2026-7;Quillfeather, Dorian;10/24/2026\n"
SEALED = {"number": "BK26-04111", "seal_statute": "CPL 160.50"}
