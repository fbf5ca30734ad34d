from typing import Any

import pytest
from pydantic import TypeAdapter

from shared.matching.criteria import Criterion
from shared.matching.criteria.titles import LONGEST, criterion_title

SID: dict[str, Any] = {"watch": "identifier", "identifier": {"kind": "sid", "value": "00777001A", "issuer": "NY"}}
BOOKING = {
    "watch": "identifier",
    "identifier": {"kind": "booking", "value": "BK26-04100", "issuer": "queensbridge-sheriff"},
}
DORIAN: dict[str, Any] = {
    "watch": "person",
    "surname": "Quillfeather",
    "given": "Dorian",
    "date_of_birth": "1988-03-14",
}
ROBBERY: dict[str, Any] = {"watch": "charge", "statute": "PL 160.10"}
PRECINCT: dict[str, Any] = {"watch": "place", "agency": "nypd", "precinct": "101"}
CASES: list[tuple[dict[str, Any], str]] = [
    (DORIAN, "Dorian QUILLFEATHER, born Mar 14, 1988"),
    (DORIAN | {"middle": "J.", "suffix": "Jr."}, "Dorian J. QUILLFEATHER Jr., born Mar 14, 1988"),
    (SID, "State ID NY 00777001A"),
    (SID | {"holder": {"surname": "Quillfeather", "given": "Dorian"}}, "State ID NY 00777001A, Dorian QUILLFEATHER"),
    ({"watch": "identifier", "identifier": {"kind": "fbi", "value": "123456AB7"}}, "FBI number 123456AB7"),
    (BOOKING, "Booking number BK2604100 of Queensbridge Sheriff"),
    (ROBBERY, "Robbery, PL 160.10"),
    (ROBBERY | {"begins_with": True}, "Robbery, PL 160.10 and what is below it"),
    ({"watch": "charge", "family": "sexual offences", "charge_class": "misdemeanor"}, "Sexual offenses, misdemeanor"),
    ({"watch": "charge", "keyword": "box cutter"}, "“box cutter” in the charge"),
    (PRECINCT, "Precinct 101 of NYPD"),
    ({"watch": "place", "agency": "nypd", "beat": "14B"}, "Beat 14B of NYPD"),
    ({"watch": "place", "ori": "NY0303000"}, "Arresting agency NY0303000"),
    ({"watch": "place", "address": "100 Example St.", "city": "Exampleton"}, "100 Example St., Exampleton"),
    (
        {"watch": "place", "near": {"latitude": 40.7, "longitude": -73.95, "metres": 1500}},
        "Within 1,500 meters of 40.7000, -73.9500",
    ),
    ({"all": [ROBBERY, PRECINCT]}, "Robbery, PL 160.10 and Precinct 101 of NYPD"),
    ({"any": [SID, DORIAN]}, "State ID NY 00777001A or Dorian QUILLFEATHER, born Mar 14, 1988"),
    (
        {"all": [DORIAN], "none": [{"watch": "event", "kinds": ["release", "warrant"]}]},
        "Dorian QUILLFEATHER, born Mar 14, 1988, but not Release or warrant",
    ),
    (
        {"all": [PRECINCT], "any": [ROBBERY, {"watch": "agency", "agencies": ["nypd", "roster"]}]},
        "Precinct 101 of NYPD and any of (Robbery, PL 160.10 or Reported by NYPD or Roster)",
    ),
]


@pytest.mark.parametrize(("criterion", "title"), CASES, ids=[title for _, title in CASES])
def test_kr3_every_watch_has_a_title_in_words(criterion: dict[str, Any], title: str) -> None:
    assert criterion_title(TypeAdapter[Any](Criterion).validate_python(criterion)) == title


def test_kr3_a_title_is_one_line_however_much_is_watched() -> None:
    many = {"any": [DORIAN | {"given": f"Dorian{letter * 30}"} for letter in "abcdefghij"]}
    title = criterion_title(TypeAdapter[Any](Criterion).validate_python(many))
    assert (len(title) <= LONGEST, title[-1]) == (True, "…")
