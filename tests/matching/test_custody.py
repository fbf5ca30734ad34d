"""When the reports of two agencies are of one custody: one tracking number, or one day and one number of the person,
and nothing against it."""

from datetime import date

import pytest

from shared.arrests.model import EventKind
from shared.arrests.person import Identifier, IdentifierKind, Person, PersonName, Sex
from shared.matching.custody import custody_terms, is_same_custody
from tests.builders import an_arrest


def a_person(
    sid: str = "01234567A", fbi: str = "", state: str | None = "NY", cjtn: str = "", **facts: object
) -> Person:
    usual = {"names": (PersonName(surname="Example", given="Pat"),), "date_of_birth": date(1990, 2, 3)}
    numbers = [Identifier(kind=IdentifierKind.SID, value=sid, issuer=state)] if sid else []
    numbers += [Identifier(kind=IdentifierKind.FBI, value=fbi)] if fbi else []
    numbers += [Identifier(kind=IdentifierKind.CJTN, value=cjtn, issuer=state)] if cjtn else []
    return Person.model_validate(usual | {"identifiers": tuple(numbers)} | facts)


POLICE = an_arrest(agency="nypd").model_copy(update={"person": a_person(fbi="700000TT0")})
JAIL = an_arrest("B-7", agency="jail", kind=EventKind.BOOKING).model_copy(update={"person": a_person()})


@pytest.mark.parametrize(
    "person",
    [
        a_person(),
        a_person("1234567A"),  # without its noughts
        a_person(state=None),
        a_person("", "700000TT0"),
        a_person(names=(PersonName(surname="Exampel", given="Patricia"),)),
        a_person(names=()),
        a_person(date_of_birth=None),
        a_person(sex=Sex.FEMALE),
    ],
)
def test_two_agencies_report_one_custody(person: Person) -> None:
    report = JAIL.model_copy(update={"person": person})
    assert is_same_custody(POLICE, report)
    assert is_same_custody(report, POLICE)


@pytest.mark.parametrize(
    "changes",
    [
        {"agency": "nypd"},
        {"arrested_on": date(2026, 11, 18)},
        {"arrested_on": None},
        {"kind": EventKind.RELEASE},
        {"juvenile": True},
        {"person": a_person("99999999Z")},
        {"person": a_person("")},
        {"person": a_person(state="NJ")},
        {"person": a_person("99999999Z", "700000TT0")},  # one number agrees and the other does not
        {"person": a_person(fbi="800000TT0")},
        {"person": a_person(names=(PersonName(surname="Otter", given="Sam"),))},
        {"person": a_person(names=(PersonName(surname="Otter", given="Sam"),), date_of_birth=None)},
        {"person": a_person(date_of_birth=date(1990, 2, 4))},
    ],
)
def test_what_speaks_against_it_parts_two_reports(changes: dict[str, object]) -> None:
    report = JAIL.model_copy(update=changes)
    assert not is_same_custody(POLICE, report)
    assert not is_same_custody(report, POLICE)


TRACKED = POLICE.model_copy(update={"person": a_person(cjtn="07011223K")})
TRACKED_JAIL = JAIL.model_copy(update={"person": a_person("", cjtn="07011223K")})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"arrested_on": date(2026, 11, 18)},
        {"arrested_on": None},
        {"person": a_person("", cjtn="7011223K")},  # without its noughts
        {"person": a_person("", state=None, cjtn="07011223K")},
        {"person": a_person("", cjtn="07011223K", names=())},
    ],
)
def test_one_tracking_number_is_one_custody_whatever_the_day(changes: dict[str, object]) -> None:
    report = TRACKED_JAIL.model_copy(update=changes)
    assert is_same_custody(TRACKED, report)
    assert is_same_custody(report, TRACKED)
    assert set(custody_terms(report)) & set(custody_terms(TRACKED))


@pytest.mark.parametrize(
    "changes",
    [
        {"agency": "nypd"},
        {"kind": EventKind.RELEASE},
        {"juvenile": True},
        {"person": a_person("", state="NJ", cjtn="07011223K")},
        {"person": a_person("99999999Z", cjtn="07011223K")},
        {"person": a_person("", cjtn="07011223K", date_of_birth=date(1990, 2, 4))},
        {"person": a_person("", cjtn="07011223K", names=(PersonName(surname="Otter", given="Sam"),))},
        {"person": a_person(cjtn="07011224K")},  # presented again: one person and day, and another arrest
    ],
)
def test_a_tracking_number_links_no_two_persons_and_no_two_arrests(changes: dict[str, object]) -> None:
    report = TRACKED_JAIL.model_copy(update=changes)
    assert not is_same_custody(TRACKED, report)
    assert not is_same_custody(report, TRACKED)


def test_another_sex_parts_two_reports() -> None:
    man, woman = (JAIL.model_copy(update={"person": a_person(sex=sex)}) for sex in (Sex.MALE, Sex.FEMALE))
    assert not is_same_custody(man.model_copy(update={"agency": "nypd"}), woman)


def test_reports_of_one_custody_are_found_under_a_common_term() -> None:
    assert set(custody_terms(POLICE)) & set(custody_terms(JAIL))
    assert custody_terms(JAIL.model_copy(update={"juvenile": True})) == []
