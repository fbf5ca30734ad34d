"""Which arrests a seal by a tracking number means."""

from datetime import date

from shared.arrests.model import Arrest
from shared.arrests.person import Identifier, IdentifierKind, Person
from shared.arrests.seals.seal import Seal, keys_of_arrest, keys_of_seal
from tests.builders import PSEUDONYMS, an_arrest

DAY = date(2026, 11, 19)


def tracked(number: str, cjtn: str, day: date = DAY) -> Arrest:
    arrest = an_arrest(number, arrested_on=day)
    identifiers = (*arrest.person.identifiers, tracking_number(cjtn))
    return arrest.model_copy(update={"person": arrest.person.model_copy(update={"identifiers": identifiers})})


def tracking_number(cjtn: str) -> Identifier:
    return Identifier(kind=IdentifierKind.CJTN, value=cjtn)


def is_meant(arrest: Arrest) -> bool:
    order = Seal(agency="roster", person=Person(identifiers=(tracking_number("7011223K"),)), arrested_on=DAY)
    return bool(keys_of_seal(order, PSEUDONYMS) & keys_of_arrest(arrest, PSEUDONYMS))


def test_an_order_by_tracking_number_and_day_seals_that_arrest_however_its_noughts_are_written() -> None:
    assert is_meant(tracked("K-1", "07011223K"))


def test_a_case_that_is_presented_again_has_a_new_tracking_number_and_is_not_swallowed() -> None:
    assert not is_meant(tracked("K-2", "07011299M"))
    assert not is_meant(tracked("K-2", "07011299M", date(2027, 2, 3)))
    assert not is_meant(an_arrest("K-2"))
