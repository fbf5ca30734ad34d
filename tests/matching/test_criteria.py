from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.alerts.matches.reason_words import reason_sentence
from shared.arrests.addresses.parse import parse_address
from shared.arrests.model import EventKind
from shared.arrests.person import Identifier, IdentifierKind, Person, PersonName
from shared.arrests.places import Place
from shared.matching.criteria import Criterion, Grade
from shared.matching.rules import reason_of, selective_terms, terms_of
from tests.builders import ADDRESS_WATCH, CHARGE_WATCH, NAME_WATCH, PRECINCT_WATCH, SID_WATCH, an_arrest

watching = TypeAdapter(Criterion).validate_python


def hits(criterion: dict[str, Any], arrest=None) -> bool:
    """A hit needs both: the index proposes it, and the criterion agrees."""
    watch = watching(criterion)
    arrest = arrest or an_arrest()
    reason = reason_of(watch, arrest)
    if reason:
        assert selective_terms(watch) & set(terms_of(arrest)), "a hit that the index would never propose"
    return reason is not None and reason.grade is not Grade.POSSIBLE


@pytest.mark.parametrize("criterion", [SID_WATCH, NAME_WATCH, CHARGE_WATCH, PRECINCT_WATCH, ADDRESS_WATCH])
def test_every_kind_of_watch_hits_the_arrest_it_is_about_and_says_why(criterion):
    reason = reason_of(watching(criterion), an_arrest())
    assert reason
    assert reason_sentence(reason)
    assert hits(criterion)


def test_a_person_with_four_other_names_is_watched_by_each_of_them():
    others = [("Harbor", "Quincy"), ("Ellery", "Tobias"), ("Novak", "Winifred"), ("Osei", "Kwame")]
    aliases = [{"surname": surname, "given": given} for surname, given in others]
    for surname, given in others:
        for spelt, born in ((surname, date(1990, 2, 4)), (surname[:-1] + "X", date(1990, 2, 3))):
            arrest = an_arrest(surname=spelt, given=given, born=born, sid=None)
            assert hits(NAME_WATCH | {"aliases": aliases}, arrest), (spelt, given)


@pytest.mark.parametrize("written", ["01234567A", " 01234567a ", "0123-4567-A", "０1234567A"])
def test_an_identifier_is_equal_however_it_is_written(written):
    criterion = {"watch": "identifier", "identifier": {"kind": "sid", "value": written}}
    assert hits(criterion)
    assert reason_of(watching(criterion), an_arrest()).grade is Grade.IDENTIFIER


def test_the_same_number_from_another_state_is_another_person():
    assert not hits({"watch": "identifier", "identifier": {"kind": "sid", "value": "01234567A", "issuer": "NJ"}})


def test_leading_noughts_of_a_state_id_do_not_count():
    assert hits({"watch": "identifier", "identifier": {"kind": "sid", "value": "1234567A"}})


def test_a_booking_number_means_nothing_without_its_agency():
    with pytest.raises(ValidationError, match=r"identifier\.issuer is missing"):
        watching({"watch": "identifier", "identifier": {"kind": "booking", "value": "77"}})


def test_a_booking_number_of_another_agency_is_not_a_hit():
    booked = Person(identifiers=(Identifier(kind=IdentifierKind.BOOKING, value="77", issuer="roster"),))
    arrest = an_arrest().model_copy(update={"person": booked, "kind": EventKind.BOOKING})
    number = {"kind": "booking", "value": "77", "issuer": "roster"}
    assert hits({"watch": "identifier", "identifier": number}, arrest)
    elsewhere = number | {"issuer": "elsewhere"}
    assert not hits({"watch": "identifier", "identifier": elsewhere}, arrest)


@pytest.mark.parametrize(
    ("watched", "reported"),
    [("O'Brien", "OBRIEN"), ("Jo Ann", "JOANN"), ("Núñez", "Nunez"), ("Smith-Jones", "SMITH JONES"), ("Łuk", "luk")],
)
def test_case_accents_spaces_and_hyphens_make_no_difference_to_a_name(watched, reported):
    assert hits(NAME_WATCH | {"surname": watched}, an_arrest(surname=reported))
    assert hits(NAME_WATCH | {"given": watched}, an_arrest(given=reported))


def test_a_watched_name_that_the_arrest_gives_as_an_alias_is_a_hit_and_says_so():
    arrest = an_arrest(surname="Other", given="Sam", aliases=[PersonName(surname="EXAMPLE", given="PAT")])
    reason = reason_of(watching(NAME_WATCH), arrest)
    assert reason
    assert "(EXAMPLE, PAT, an alias," in reason_sentence(reason)


@pytest.mark.parametrize("born", [None, date(1971, 9, 28)])
def test_the_same_name_with_another_or_no_date_of_birth_tells_nobody(born):
    assert not hits(NAME_WATCH, an_arrest(born=born))


def test_a_contradicting_sex_is_another_person_and_an_unsaid_one_is_not():
    assert hits(NAME_WATCH | {"sex": "F"})
    male = an_arrest().model_copy(update={"person": an_arrest().person.model_copy(update={"sex": "M"})})
    assert not hits(NAME_WATCH | {"sex": "F"}, male)


@pytest.mark.parametrize("statute", ["PL 120.05", "PL12005", "pl 120.05"])
def test_s3_a_statute_code_is_one_code_in_every_notation(statute):
    assert hits({"watch": "charge", "statute": statute})


def test_a_whole_code_is_not_a_prefix_unless_asked():
    arrest = an_arrest(statutes=["PL 120.05 01"])
    assert not hits({"watch": "charge", "statute": "PL 120.05"}, arrest)
    assert hits({"watch": "charge", "statute": "PL 120.05", "begins_with": True}, arrest)


def test_a_watch_on_a_whole_body_of_law_is_refused():
    with pytest.raises(ValidationError, match="whole body of law"):
        watching({"watch": "charge", "statute": "PL", "begins_with": True})


@pytest.mark.parametrize("address", ["100 Example Street", "100 EXAMPLE ST", "100 example str.", " 100  Example St "])
def test_s4_an_address_is_one_address_in_every_spelling(address):
    assert hits({"watch": "place", "address": address})


def test_the_same_address_in_another_city_is_another_place():
    assert hits(ADDRESS_WATCH | {"city": "exampleton"})
    assert not hits(ADDRESS_WATCH | {"city": "Otherville"})
    assert hits(ADDRESS_WATCH | {"city": "Otherville"}, an_arrest(place=Place(address="100 Example Street")))


def test_s4_a_precinct_is_one_agencys():
    assert not hits(PRECINCT_WATCH | {"agency": "elsewhere"})
    with pytest.raises(ValidationError, match="agency is missing"):
        watching({"watch": "place", "precinct": "101"})


def test_a_place_that_says_nothing_is_refused():
    with pytest.raises(ValidationError, match="either precinct"):
        watching({"watch": "place", "address": " .. "})


def test_an_arrest_without_facts_is_looked_up_under_nothing():
    bare = an_arrest(sid=None, surname="", given="", born=None, statutes=[""], place=Place())
    assert list(terms_of(bare)) == []


def test_the_terms_of_an_arrest_are_bounded_whatever_its_charges_say():
    assert len(set(terms_of(an_arrest(statutes=["X" * 200])))) < 40


def test_what_an_address_is_written_as_is_the_same_address() -> None:
    for text in ("82-12 Ninth Av. #3", "1 ST", "100 Saint Street", "100 BLK N Elm", "Main St / Broadway"):
        address = parse_address(text)
        assert address is not None
        assert parse_address(str(address)) == address
