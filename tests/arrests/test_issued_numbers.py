"""State IDs in one form, on the side of the feed and on that of the watch."""

import pytest

from shared.arrests.person import Identifier, IdentifierKind
from shared.arrests.states import state_code
from shared.matching.criteria.can_hit import never_hits
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.rules.evaluate import reason_of
from shared.matching.rules.index_terms import selective_terms, terms_of
from tests.feeds.cases import TODAY
from tests.feeds.small_drops import a_drop, a_profile, a_row, read

WATCHED = [
    ("00009113Q", "NY"),
    ("9113Q", "ny"),
    ("NYSID: 00009113Q", None),
    ("NY00009113Q", "New York"),
    ("9113q", "N.Y."),
]
REPORTED = ["00009113Q", "9113Q", "NYSID: 00009113Q", "NYSID# 00009113Q", "NY00009113Q", "0000-9113 q", "SID 00009113Q"]


def a_watch(value: str, issuer: str | None) -> IdentifierWatch:
    identifier = Identifier(kind=IdentifierKind.SID, value=value, issuer=issuer)
    return IdentifierWatch(watch="identifier", identifier=identifier)


def reported(cell: str, issuer: str | None = "NY") -> list[Identifier]:
    profile = a_profile(columns=a_profile().columns | {"sid": ("Charge",)}, sid_issuer=issuer)
    (parsed,) = read(a_drop(a_row(1, Charge=f'"{cell}"')), profile).arrests
    return list(parsed.arrest.person.identifiers)


@pytest.mark.parametrize(("value", "issuer"), WATCHED)
@pytest.mark.parametrize("cell", REPORTED)
def test_a_watched_state_id_hits_however_both_sides_write_it(value: str, issuer: str | None, cell: str) -> None:
    profile = a_profile(columns=a_profile().columns | {"sid": ("Charge",)}, sid_issuer="NY")
    (parsed,) = read(a_drop(a_row(1, Charge=cell)), profile).arrests
    watch = a_watch(value, issuer)
    assert reason_of(watch, parsed.arrest)
    assert selective_terms(watch) <= set(terms_of(parsed.arrest))


@pytest.mark.parametrize(
    ("cell", "issuer", "number", "state"),
    [
        ("MI90000001", None, "90000001", "MI"), ("9113.0", "GA", "9113", "GA"), ("MI90000001", "MI", "90000001", "MI"),
        ("SBI 123456A", "NJ", "123456A", "NJ"), ("NB12345678", None, "12345678", "NE"),
        ("A12345678", "CA", "A12345678", "CA"),
    ],
)  # fmt: skip
def test_a_state_id_is_its_state_and_its_number(cell: str, issuer: str | None, number: str, state: str) -> None:
    assert [(identifier.value, identifier.issuer) for identifier in reported(cell, issuer)] == [(number, state)]


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("00009113Q / 00012244R", ["00009113Q", "00012244R"]), ("00009113Q; 00012244R", ["00009113Q", "00012244R"]),
        ("00009113Q AND 00012244R", ["00009113Q", "00012244R"]), ("00009113Q / N/A", ["00009113Q"]), ("N/A", []),
        ("PENDING", []), ("1.23E+05", []),
    ],
)  # fmt: skip
def test_several_state_ids_of_one_cell_are_several(cell: str, numbers: list[str]) -> None:
    assert [identifier.value for identifier in reported(cell)] == numbers


@pytest.mark.parametrize("issuer", ["Ontario", "XX", "NYPD", "U.S."])
def test_what_is_no_state_is_refused_when_the_watch_is_saved(issuer: str) -> None:
    (fault,) = never_hits(a_watch("00009113Q", issuer), TODAY, lambda _agency: True)
    assert (fault.location, "no state" in fault.mend) == (("identifier", "issuer"), True)


def test_a_number_of_another_state_is_another_number() -> None:
    (identifier,) = reported("00009113Q", "NJ")
    assert not a_watch("00009113Q", "NY").identifier.same_as(identifier)


def test_what_is_stored_stays_as_it_is() -> None:
    identifier = Identifier(kind=IdentifierKind.SID, value="00009113Q", issuer="NY")
    assert Identifier.model_validate_json(identifier.model_dump_json()) == identifier


@pytest.mark.parametrize(("text", "code"), [("ny", "NY"), ("New York", "NY"), ("State of New York", "NY"), ("NB", "NE"),
                                            ("District of Columbia", "DC"), ("York", None), ("", None)])  # fmt: skip
def test_a_state_is_read_from_its_letters_or_its_name(text: str, code: str | None) -> None:
    assert state_code(text) == code
