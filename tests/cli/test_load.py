import json

import pytest

from functions.cli.main import main
from shared.arrests.places import Place
from shared.matching.agency_reference_table import AgencyReferenceTable
from tests.builders import an_arrest
from tests.cli.test_enrol import table  # noqa: F401 - a fixture
from tests.matching.test_agency_reference import TABLE, WEST, geojson


def test_an_agencys_tables_are_loaded_as_data_and_a_new_one_takes_the_place_of_the_old(table, tmp_path):  # noqa: F811
    statutes, precincts = tmp_path / "statutes.csv", tmp_path / "precincts.geojson"
    statutes.write_text(TABLE)
    tables = AgencyReferenceTable(table, "Offices")
    assert tables.reference("roster") is None
    for name in ("first", "second"):
        precincts.write_text(json.dumps(geojson(**{name: WEST})))
        assert main(["load-statutes", "--stack", "here", "--agency", "roster", str(statutes)]) == 0
        assert main(["load-boundaries", "--stack", "here", "--agency", "roster", str(precincts)]) == 0
        arrest = an_arrest(statutes=["9-104"], place=Place(latitude=0.5, longitude=0.5))
        filled = tables.reference("roster").complete(arrest)
        assert (filled.place.precinct, filled.charges[0].charge_class) == (name, "misdemeanor")
    assert tables.reference("roster") is tables.reference("roster"), "kept until another is live"
    assert tables.reference("nypd") is None


@pytest.mark.parametrize(
    ("command", "text", "says"),
    [
        ("load-statutes", "code\n1\n", "Name the columns statute, class, family"),
        ("load-boundaries", "{}", "FeatureCollection"),
        ("load-boundaries", "{", "not valid JSON"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_a_reason(table, tmp_path, capsys, command, text, says):  # noqa: F811
    path = tmp_path / "table"
    path.write_text(text)
    assert main([command, "--stack", "here", "--agency", "roster", str(path)]) == 1
    assert says in capsys.readouterr().err


def test_a_table_larger_than_an_item_is_kept_in_parts(table, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr("shared.matching.agency_reference_table._CHUNK_SIZE", 50)
    path = tmp_path / "statutes.csv"
    path.write_text(TABLE)
    assert main(["load-statutes", "--stack", "here", "--agency", "roster", str(path)]) == 0
    filled = AgencyReferenceTable(table, "Offices").reference("roster").complete(an_arrest(statutes=["9-104"]))
    assert filled.charges[0].family == "larceny"
