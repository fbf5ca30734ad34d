"""What may not be kept leaves no trace, whatever the format: not in an arrest, a reject, a receipt or a key."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from shared.arrests.items import WriteOutcome
from shared.feeds.drops.model import Drop
from shared.feeds.forbidden_fields import is_forbidden_name
from shared.feeds.formats import FORMATS
from shared.feeds.intake.receipt import receipt_of, rejects_file
from shared.feeds.profiles.model import Profile
from tests.feeds.cases import HERE, shipped
from tests.feeds.small_drops import HEADER, a_drop, a_profile, a_row, read
from tests.feeds.workbooks import a_workbook

CANARY = "Canary900112222"
NAMES = ("SSN", "Immigration Status", "Medical Alert", "Photo File", "Victim Name", "Witness 1", "Locker")
GOLDEN = HERE / "golden"
Made = tuple[bytes, Profile, tuple[str, ...]]
"""A drop full of canaries, its profile, and what the receipt must name."""


def _table() -> list[str]:
    """A good row, one that is rejected, one that is too short."""
    more = f",{CANARY}" * len(NAMES)
    return [f"{HEADER},{','.join(NAMES)}", f"{a_row(1)}{more}", f"{a_row(2, Date='never')}{more}", f"T-3,,{CANARY}"]


def delimited() -> Made:
    return a_drop(*_table()[1:], header=_table()[0]), a_profile(drop=("Locker",)), NAMES


def xlsx() -> Made:
    rows = [line.split(",") for line in _table()[:3]]
    return a_workbook(rows), a_profile(drop=("Locker",), format="xlsx"), NAMES


def _records() -> list[str]:
    barred = dict.fromkeys(NAMES, CANARY) | {"person": {"medical": [{"note": CANARY}], "ssn": CANARY}}
    good = {"arrest": {"id": "1", "at": "2026-09-01"}} | barred
    return [json.dumps(good), json.dumps(good | {"arrest": {"at": "never"}}), json.dumps({"locker": CANARY})[:-1]]


def ndjson() -> Made:
    profile = shipped("city-police").model_copy(update={"drop": ("Locker",)})
    return "\n".join(_records()).encode(), profile, (*NAMES, "medical", "ssn")


def json_array() -> Made:
    drop, profile, names = ndjson()
    return b"[" + drop.replace(b"\n", b",") + b"}]", profile.model_copy(update={"format": "json"}), names


def niem_xml() -> Made:
    elements = [name.replace(" ", "") for name in NAMES]
    barred = "".join(f"<{name}><X>{CANARY}</X></{name}>" for name in elements)
    document = (GOLDEN / "niem-xml/booking.xml").read_text().replace("<PersonName>", f"{barred}<PersonName>", 1)
    document = document.replace("<PersonName>", f'<PersonName ssn="{CANARY}">', 1)
    return document.encode(), shipped("niem-bookings").model_copy(update={"drop": ("Locker",)}), (*elements, "ssn")


def niem_json() -> Made:
    document = (GOLDEN / "niem-json/booking.json").read_text()
    members = {f"nc:{name.replace(' ', '')}": {"nc:X": CANARY} for name in NAMES}
    document = document.replace('"nc:PersonName":', f'{json.dumps(members)[1:-1]},"nc:PersonName":', 1)
    profile = shipped("niem-bookings").model_copy(update={"format": "niem-json", "drop": ("Locker",)})
    return document.encode(), profile, tuple(name.replace(" ", "") for name in NAMES)


def nibrs() -> Made:
    victim = f"00914I092026    NYTEST000INC-1       001{CANARY}".ljust(91)
    lines = [victim, victim.replace("4I", "4D", 1), victim[:60], (GOLDEN / "nibrs/submission.txt").read_text()]
    return "\n".join(lines).encode(), shipped("nibrs"), ("segment 4 (victims)",)


def ebts() -> Made:
    """Of the golden transaction, the last four records' texts are exchanged for canaries of the same length."""
    drop = (GOLDEN / "ebts/four-transactions.ebts").read_bytes()
    head = b"2.001:247\x1d"
    barred = b"\x1d".join(b"%s:%s" % (tag, CANARY.encode()) for tag in (b"2.016", b"2.017", b"2.021", b"2.019"))
    start = drop.index(head)
    record = drop[start : start + 247].replace(b"2.016:900112222", barred)
    record = record.replace(head, b"2.001:%d\x1d" % len(record))
    profile = shipped("ebts").model_copy(update={"drop": ("2.019 AKA",)})
    return drop[:start] + record + drop[start + 247 :], profile, ("2.016 SOC", "2.017 MNU", "2.021 CTZ", "2.019 AKA")


MADE: dict[str, Callable[[], Made]] = {
    "delimited": delimited, "ebts": ebts, "json": json_array, "ndjson": ndjson, "nibrs": nibrs,
    "niem-json": niem_json, "niem-xml": niem_xml, "xlsx": xlsx,
}  # fmt: skip


def test_every_format_is_tried() -> None:
    untried = set(FORMATS) - set(MADE)
    assert not untried, (
        f"add to MADE a drop in {untried} with CANARY under a name that may not be kept, in a record that is read and "
        "in one that is rejected"
    )


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_what_may_not_be_kept_leaves_no_trace_and_is_named(form: str) -> None:
    content, profile, names = MADE[form]()
    assert CANARY.encode() in content or form == "xlsx"
    reading = read(content, profile)
    assert reading.arrests
    assert set(names) <= set(reading.dropped_columns)
    now = datetime(2026, 11, 20, tzinfo=UTC)
    drop = Drop(key=f"{profile.agency}/in/day", size=len(content), dropped_at=now)
    outcomes = {one.arrest.arrest_id: WriteOutcome.ACCEPTED for one in reading.arrests}
    receipt = receipt_of(drop, "d", reading, outcomes, now)
    for said in (repr(reading), rejects_file(reading.rejects).decode(), receipt.model_dump_json()):
        assert CANARY not in said


@pytest.mark.parametrize("name", """
    SSN|ssn|SSN#|SS#|SS No|SS_NUM|Soc Sec No|SocialSecurityNumber|SOCIAL_SECURITY_NO|SOCSECNUM|personSSN|INMATESSN
    Social|PersonSSNIdentification|SSN_LAST4|A#|A-Number|Alien No|Immigration Status|ICE Hold
    Citizenship|US Citizen|USCIS No|PersonCitizenshipFIPS10-4Code|Passport No|Medical Alert|MED_ALERT|Medications
    Mental Health|Diagnosis|Allergies|Disability Code|Suicidal|HIV Status|Pregnant?|Injury|Photo|PHOTO_URL|photoId
    Mugshot|Mug Shot|Booking Image|image_url|Facial Scars|Victim|VictimName|VIC NAME|Victims|VICTIM1_LAST|Witness|WIT1
    Wit. Name|Complainant|Religion|DNA Taken|ITIN
""".replace("\n", "|").split("|"))  # fmt: skip
def test_a_name_that_tells_of_what_may_not_be_kept(name: str) -> None:
    assert is_forbidden_name(name) or not name.strip()


@pytest.mark.parametrize("name", """
    Class|CLASSNAME|Class No|Last Name|Arrest No|Agency|Office|Officer|Police District|SERVICE|Supplemental Report No
    Department|Case No|Surface Street|Precinct|Sex|Race|Age|Severity|Associate|DOB|Address|Issue Date|Process No
    Suffix|PersonStateFingerprintIdentification|PersonFBIIdentification|PersonAugmentation|Division|Village|With Warrant
    ArrestSubject|ReportingAgency|ActivityIdentification|Booking No|Visible Marks|Notice|A_NOTE|Vehicle|Victory Park
""".replace("\n", "|").split("|"))  # fmt: skip
def test_a_name_that_only_looks_like_one(name: str) -> None:
    assert not is_forbidden_name(name)
