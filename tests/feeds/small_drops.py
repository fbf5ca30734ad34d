"""Small drops, made in the test that needs them."""

import gzip
import io

from shared.feeds.normalise.read_drop import ParsedDrop, read_drop
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.parse import parse_profile
from tests.feeds.cases import PSEUDONYMS, TODAY

PROFILE = """
agency: testville
format: delimited
time_zone: America/New_York
columns:
  number: No
  arrested: Date
  surname: Last
  given: First
  born: Born
  statute: Statute
  charge: Charge
  charge_class: Class
dates: ["%m/%d/%Y"]
codes: {charge_class: {F: felony, M: misdemeanor}}
notify_arrests_of_last: any
"""
HEADER = "No,Date,Last,First,Born,Statute,Charge,Class"


def a_profile(**changes: object) -> Profile:
    return parse_profile(PROFILE).model_copy(update=changes)


def a_row(number: int, **cells: str) -> str:
    values = {
        "No": f"T-{number}", "Date": "09/01/2026", "Last": f"Surname{chr(65 + number % 26)}", "First": "Given",
        "Born": "04/05/1981", "Statute": "PL 120.00", "Charge": "Assault 3", "Class": "M",
    } | cells  # fmt: skip
    return ",".join(values.values())


def a_drop(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return end.join([header, *rows, ""]).encode()


def read(drop: bytes, profile: Profile | None = None) -> ParsedDrop:
    return read_drop(io.BytesIO(drop), profile or a_profile(), PSEUDONYMS, TODAY)


def numbers(outcome: ParsedDrop) -> list[str]:
    return [parsed.arrest.number for parsed in outcome.arrests]


def codes(outcome: ParsedDrop) -> list[tuple[int, str]]:
    return [(reject.line, reject.code) for reject in outcome.rejects]


def zipped(drop: bytes) -> bytes:
    return gzip.compress(drop)
