"""What the names of columns claim: abbreviations that no list has are read, and ordinary words are left alone."""

import pytest

from shared.feeds.suggest.columns.column_names import claims_of, says_something

CERTAIN = 0.95


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("DEFN_MDL_NM", "middle"),
        ("Mddl Initial", "middle"),
        ("Distrct", "precinct"),
        ("Sttt Cd", "statute"),
        ("Resdnc", "(home)"),
        ("HCITY", "(home)"),
        ("ALOC", "address"),
        ("policebeat", "beat"),
        ("Fecha de Nacimiento", "born"),
        ("Núm. de Arresto", "number"),
        ("Apellido Materno", "surname"),
        ("birth_state", "(unused)"),
    ],
)
def test_a_name_is_understood_though_no_list_spells_it(name: str, field: str) -> None:
    assert claims_of(name)[0].field == field


@pytest.mark.parametrize("name", ["Mddl Name", "Distrct", "Sttt Cd"])
def test_a_guessed_abbreviation_alone_is_never_certain(name: str) -> None:
    assert claims_of(name)[0].strength < CERTAIN


@pytest.mark.parametrize("name", ["Team", "Shift", "Reason", "Squad", "Region", "Ward", "Score"])
def test_an_ordinary_word_is_no_abbreviation_of_ours(name: str) -> None:
    assert not claims_of(name)


def test_a_name_that_only_counts_columns_says_nothing() -> None:
    assert not any(map(says_something, ("FIELD_07", "Column 3", "F12")))
    assert all(map(says_something, ("Charge 1", "CHG2", "offense_07")))
