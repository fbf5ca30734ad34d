"""What several records with one arrest id become, on plain arrests."""

from datetime import date

import pytest

from shared.arrests.charges import Charge
from shared.arrests.model import Arrest, Flag
from shared.arrests.person import Identifier, IdentifierKind, Person, PersonName
from shared.feeds.normalise.charge_lists import MOST_CHARGES
from shared.feeds.normalise.duplicates import (
    DuplicatePolicy,
    ParsedArrest,
    ParsedRecord,
    merge_records,
)
from shared.feeds.record import Reject
from tests.feeds.cases import PSEUDONYMS


def a_person(surname: str = "Muster", born: date | None = date(1981, 4, 5), sid: str = "") -> Person:
    names = (PersonName(surname=surname, given="Ada"),) if surname else ()
    identifiers = (Identifier(kind=IdentifierKind.SID, value=sid),) if sid else ()
    return Person(names=names, date_of_birth=born, identifiers=identifiers)


def a_record(
    line: int, statute: str, person: Person, policy: DuplicatePolicy, flag: Flag | None = None
) -> ParsedRecord:
    arrest = Arrest(
        arrest_id="a1",
        agency="testville",
        number="1",
        person=person,
        charges=(Charge(statute=statute),),
        juvenile=statute == "PL 3",
        flags=(flag,) if flag else (),
    )
    return ParsedRecord(line, f"row {line}", arrest, policy)


def test_records_of_one_person_are_one_arrest_with_all_that_they_say() -> None:
    nobody = a_person(surname="", born=None, sid="N1")
    records = [
        a_record(2, "PL 3", nobody, DuplicatePolicy.CHARGES, Flag.NO_COORDINATES),
        a_record(3, "PL 1", a_person(sid="N2"), DuplicatePolicy.CHARGES),
    ]
    (merged,) = merge_records(records, PSEUDONYMS)
    assert isinstance(merged, ParsedArrest)
    assert merged.rows == 2
    assert sorted(charge.statute for charge in merged.arrest.charges) == ["PL 1", "PL 3"]
    assert merged.arrest.person.names == a_person().names
    assert {identifier.value for identifier in merged.arrest.person.identifiers} == {"N1", "N2"}
    assert (merged.arrest.juvenile, merged.arrest.flags) == (True, (Flag.NO_COORDINATES,))
    assert merge_records(records[::-1], PSEUDONYMS) == [merged]


@pytest.mark.parametrize("other", [a_person(surname="Other"), a_person(born=date(1990, 1, 1))])
def test_records_that_name_two_people_are_rejected_with_their_rows(other: Person) -> None:
    records = [
        a_record(2, "PL 1", a_person(), DuplicatePolicy.CHARGES),
        a_record(3, "PL 2", other, DuplicatePolicy.CHARGES),
    ]
    rejects = merge_records(records, PSEUDONYMS)
    assert all(isinstance(reject, Reject) for reject in rejects)
    assert [reject[:2] for reject in rejects] == [(2, "mixed-arrest"), (3, "mixed-arrest")]
    assert [reject.row for reject in rejects if isinstance(reject, Reject)] == ["row 2", "row 3"]


def test_of_more_charges_than_an_arrest_can_hold_each_is_kept_once() -> None:
    record = a_record(2, "PL 1", a_person(), DuplicatePolicy.CHARGES)
    for count, charges, flags in ((MOST_CHARGES, MOST_CHARGES, ()), (MOST_CHARGES + 1, 1, (Flag.CUT_CHARGES,))):
        (merged,) = merge_records([record] * count, PSEUDONYMS)
        assert isinstance(merged, ParsedArrest)
        assert (len(merged.arrest.charges), merged.arrest.flags[-1:], merged.rows) == (charges, flags, count)


def test_strangers_with_one_id_stay_two_arrests_in_any_order() -> None:
    records = [
        a_record(2, "PL 2", a_person("One"), DuplicatePolicy.STRANGERS),
        a_record(3, "PL 1", a_person("Other"), DuplicatePolicy.STRANGERS),
    ]
    arrests = merge_records(records, PSEUDONYMS)
    assert len({parsed.arrest.arrest_id for parsed in arrests if isinstance(parsed, ParsedArrest)}) == 2
    assert merge_records(records[::-1], PSEUDONYMS) == arrests


def test_a_single_record_is_its_arrest() -> None:
    record = a_record(2, "PL 1", a_person(), DuplicatePolicy.CHARGES)
    assert merge_records([record], PSEUDONYMS) == [ParsedArrest(record.arrest, 1, (2,))]
