"""A watch that no arrest can ever meet is refused when it is saved, and read when it is stored."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.arrests.numbers import normal_code
from shared.arrests.placeholders import NOBODY, is_no_number
from shared.matching.criteria import STORED, Criterion
from shared.matching.criteria.can_hit import never_hits
from shared.subscriptions.errors import NeverHitsError
from shared.subscriptions.model import Subscription
from tests.builders import CHARGE_WATCH, NAME_WATCH, PRECINCT_WATCH, SID_WATCH, a_subscription, a_wish
from tests.subscriptions.conftest import Register

CRITERION: TypeAdapter[Any] = TypeAdapter(Criterion)
TODAY = date(2026, 11, 20)


def sid(value: str = "01234567A", issuer: str | None = "NY") -> dict[str, Any]:
    return {"watch": "identifier", "identifier": {"kind": "sid", "value": value, "issuer": issuer}}


def booking(issuer: str) -> dict[str, Any]:
    return {"watch": "identifier", "identifier": {"kind": "booking", "value": "77", "issuer": issuer}}


def charge(statute: str, jurisdiction: str) -> dict[str, Any]:
    return {"watch": "charge", "statute": statute, "jurisdiction": jurisdiction}


NEVER: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown precinct's agency": (PRECINCT_WATCH | {"agency": "nowhere"}, "agency", "correct its id"),
    "an unknown agency": (
        {"all": [NAME_WATCH, {"watch": "agency", "agencies": ["roster", "nowhere"]}]},
        "all.1.agencies.1",
        "correct its id",
    ),
    "an unknown agency's number": (booking("nowhere"), "identifier.issuer", "correct its id"),
    "an issuer that is no state": (sid(issuer="ZZ"), "identifier.issuer", "like NY"),
    "a state of another country": (sid(issuer="Ontario"), "identifier.issuer", "like NY"),
    "UNKNOWN as number": (sid("unknown"), "identifier.value", "the number that was issued"),
    "nothing but zeros": (sid("000-000"), "identifier.value", "the number that was issued"),
    "nines": (sid("99999999"), "identifier.value", "the number that was issued"),
    "UNKNOWN as name": (NAME_WATCH | {"surname": "Unknown", "given": "N/A"}, "surname", "the name of a person"),
    "UNKNOWN as alias": (
        NAME_WATCH | {"aliases": [{"surname": "UNK", "given": "unknown"}]},
        "aliases.0",
        "write a name or remove it",
    ),
    "a birth to come": (NAME_WATCH | {"date_of_birth": "2088-02-03"}, "date_of_birth", "its whole year"),
    "a year of birth to come": (
        {"watch": "person", "surname": "Quillfeather", "given": "Dorian", "birth_year": 2088},
        "birth_year",
        "the year of birth",
    ),
    "a birth in another age": (NAME_WATCH | {"date_of_birth": "1688-02-03"}, "date_of_birth", "the day of birth"),
    "a code of California in New York": (charge("187(A) PC", "NY"), "statute", "write CA as jurisdiction"),
    "a code of New York in California": (charge("PL 120.05", "CA"), "statute", "write NY as jurisdiction"),
    "half an ORI": ({"watch": "place", "ori": "NY03030"}, "ori", "like NY0303000"),
    "deep inside": (
        {"any": [NAME_WATCH, {"all": [sid("UNKNOWN"), CHARGE_WATCH]}]},
        "any.1.all.0.identifier.value",
        "the number that was issued",
    ),
}


@pytest.mark.parametrize("name", NEVER)
def test_td11_a_watch_that_can_never_hit_is_refused_with_field_and_words(register: Register, name: str) -> None:
    criterion, field, mend = NEVER[name]
    with pytest.raises(NeverHitsError) as refusal:
        register.wants(criterion=criterion)
    [fault] = refusal.value.faults
    assert ".".join(map(str, fault.location)) == f"criterion.{field}"
    assert mend in fault.mend


@pytest.mark.parametrize("name", NEVER)
def test_td11_it_can_be_made_by_a_change_as_little(register: Register, name: str) -> None:
    saved = register.wants().subscription
    with pytest.raises(NeverHitsError):
        register.changes(saved, criterion=NEVER[name][0])


@pytest.mark.parametrize("name", NEVER)
def test_td11_a_stored_one_is_read_and_validated_as_before(register: Register, name: str) -> None:
    stored = a_subscription(NEVER[name][0])
    assert Subscription.model_validate_json(stored.model_dump_json(), context=STORED) == stored


def test_td11_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ValidationError, match="ends lies before starts; write a later last day"):
        a_subscription(**{name: a_wish()[name] for name in ("starts",)}, ends="2025-12-31")


@pytest.mark.parametrize(
    "criterion",
    [SID_WATCH, NAME_WATCH, CHARGE_WATCH, PRECINCT_WATCH, sid(issuer=None), booking("roster"),
     NAME_WATCH | {"surname": "Na", "given": "Unknown Boy"}, NAME_WATCH | {"date_of_birth": "2026-11-20"},
     charge("AC 10-125", "NY"), charge("120.05", "NY"), charge("187(A) PC", "CA"),
     {"watch": "place", "ori": "ny0303000"}],
    ids=str,
)  # fmt: skip
def test_what_an_arrest_can_say_is_taken(criterion: dict[str, Any]) -> None:
    assert never_hits(CRITERION.validate_python(criterion), TODAY, lambda agency: agency == "roster") == []


def test_words_for_nothing_are_the_same_for_feeds_and_watches() -> None:
    assert "UNKNOWN" in NOBODY
    assert is_no_number(normal_code("n/a"))
    assert not is_no_number("01234567A")
