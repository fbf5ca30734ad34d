"""For each format a drop full of forbidden fields. Their value is CANARY, which a test then searches for."""

import json
from collections.abc import Callable

from shared.feeds.layout import Position
from shared.feeds.profiles.model import Profile
from tests.feeds.cases import HERE, lenient, shipped
from tests.feeds.open_documents import an_ods
from tests.feeds.small_drops import HEADER, a_drop, a_profile, a_row
from tests.feeds.workbooks import a_workbook

CANARY = "Canary900112222"
NAMES = ("SSN", "Immigration Status", "Medical Alert", "Photo File", "Victim Name", "Witness 1", "Locker")
GOLDEN = HERE / "golden"
ForbiddenDrop = tuple[bytes, Profile, tuple[str, ...]]
"""A drop full of canaries, its profile, and what the receipt must name."""


def _table() -> list[str]:
    """A good row, one that is rejected, one that is too short."""
    more = f",{CANARY}" * len(NAMES)
    return [f"{HEADER},{','.join(NAMES)}", f"{a_row(1)}{more}", f"{a_row(2, Date='never')}{more}", f"T-3,,{CANARY}"]


def delimited() -> ForbiddenDrop:
    return a_drop(*_table()[1:], header=_table()[0]), a_profile(drop=("Locker",)), NAMES


def xlsx() -> ForbiddenDrop:
    rows = [line.split(",") for line in _table()[:3]]
    return a_workbook(rows), a_profile(drop=("Locker",), format="xlsx"), NAMES


def ods() -> ForbiddenDrop:
    rows = [line.split(",") for line in _table()[:3]]
    return an_ods({"Arrests": rows}), a_profile(drop=("Locker",), format="ods"), NAMES


def xls() -> ForbiddenDrop:
    """Texts in it have declared lengths, so one of the golden workbook is exchanged for one of the same length."""
    drop = (GOLDEN / "xls/old-excel.xls").read_bytes()
    return drop.replace(b"900-11-2222 (R)", CANARY.encode()), shipped("old-excel"), ("SSN",)


def _records() -> list[str]:
    forbidden = dict.fromkeys(NAMES, CANARY) | {"person": {"medical": [{"note": CANARY}], "ssn": CANARY}}
    good = {"arrest": {"id": "1", "at": "2026-09-01"}} | forbidden
    return [json.dumps(good), json.dumps(good | {"arrest": {"at": "never"}}), json.dumps({"locker": CANARY})[:-1]]


def ndjson() -> ForbiddenDrop:
    profile = lenient(shipped("city-police")).model_copy(update={"drop": ("Locker",)})
    return "\n".join(_records()).encode(), profile, (*NAMES, "medical", "ssn")


def json_array() -> ForbiddenDrop:
    drop, profile, names = ndjson()
    return b"[" + drop.replace(b"\n", b",") + b"}]", profile.model_copy(update={"format": "json"}), names


def niem_xml() -> ForbiddenDrop:
    elements = [name.replace(" ", "") for name in NAMES]
    forbidden = "".join(f"<{name}><X>{CANARY}</X></{name}>" for name in elements)
    document = (GOLDEN / "niem-xml/booking.xml").read_text().replace("<PersonName>", f"{forbidden}<PersonName>", 1)
    document = document.replace("<PersonName>", f'<PersonName ssn="{CANARY}">', 1)
    return document.encode(), shipped("niem-bookings").model_copy(update={"drop": ("Locker",)}), (*elements, "ssn")


def niem_json() -> ForbiddenDrop:
    document = (GOLDEN / "niem-json/booking.json").read_text()
    members = {f"nc:{name.replace(' ', '')}": {"nc:X": CANARY} for name in NAMES}
    document = document.replace('"nc:PersonName":', f'{json.dumps(members)[1:-1]},"nc:PersonName":', 1)
    profile = shipped("niem-bookings").model_copy(update={"format": "niem-json", "drop": ("Locker",)})
    return document.encode(), profile, tuple(name.replace(" ", "") for name in NAMES)


def vendor_xml() -> ForbiddenDrop:
    elements = [name.replace(" ", "") for name in NAMES]
    forbidden = "".join(f"<{name}>{CANARY}<X>{CANARY}</X></{name}>" for name in elements)
    document = (GOLDEN / "xml/jail-xml.xml").read_text().replace("<Booking>", f"{forbidden}<Booking ssn='{CANARY}'>")
    return document.encode(), shipped("jail-xml").model_copy(update={"drop": ("Locker",)}), (*elements, "ssn")


def nibrs() -> ForbiddenDrop:
    victim = f"00914I092026    NYTEST000INC-1       001{CANARY}".ljust(91)
    lines = [victim, victim.replace("4I", "4D", 1), victim[:60], (GOLDEN / "nibrs/submission.txt").read_text()]
    return "\n".join(lines).encode(), shipped("nibrs"), ("segment 4 (victims)",)


def fixed_width() -> ForbiddenDrop:
    """A good line, one that is rejected, one that cannot be decoded. Another column overlaps a forbidden one."""
    places = {"No": (1, 5), "Date": (6, 10), "All": (16, 200)}
    places |= {name: (20 + 16 * index, 16) for index, name in enumerate(NAMES)}
    positions = {name: Position(start=start, width=width) for name, (start, width) in places.items()}
    forbidden = "".join(f"{CANARY:<16}" for _ in NAMES)
    lines = [f"{head:<19}{forbidden} end" for head in ("T-1  09/01/2026", "T-2  never", "T-3")]
    columns = {"number": ("No",), "arrested": ("Date",), "charge": ("All",)}
    profile = a_profile(drop=("Locker",), format="fixed-width", positions=positions, columns=columns)
    return "\n".join(lines).encode() + b"\xff\n", profile, NAMES


def ebts() -> ForbiddenDrop:
    """Of the golden transaction, the last four records' texts are exchanged for canaries of the same length."""
    drop = (GOLDEN / "ebts/four-transactions.ebts").read_bytes()
    head = b"2.001:247\x1d"
    forbidden = b"\x1d".join(b"%s:%s" % (tag, CANARY.encode()) for tag in (b"2.016", b"2.017", b"2.021", b"2.019"))
    start = drop.index(head)
    record = drop[start : start + 247].replace(b"2.016:900112222", forbidden)
    record = record.replace(head, b"2.001:%d\x1d" % len(record))
    profile = shipped("ebts").model_copy(update={"drop": ("2.019 AKA",)})
    return drop[:start] + record + drop[start + 247 :], profile, ("2.016 SOC", "2.017 MNU", "2.021 CTZ", "2.019 AKA")


FORBIDDEN_DROPS: dict[str, Callable[[], ForbiddenDrop]] = {
    "delimited": delimited, "ebts": ebts, "fixed-width": fixed_width, "json": json_array, "ndjson": ndjson,
    "nibrs": nibrs, "niem-json": niem_json, "niem-xml": niem_xml, "ods": ods, "xls": xls, "xlsx": xlsx,
    "xml": vendor_xml,
}  # fmt: skip
