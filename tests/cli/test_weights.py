import re
from dataclasses import replace
from datetime import date, timedelta

import boto3
import pytest

from functions.cli.main import main
from shared.alerts.backtest import BacktestDeps, backtest
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.view import ShownArrest
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.matching.agency_reference_table import AgencyReferenceTable
from shared.matching.criteria.person import PersonWatch
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_arrest, an_office, discard

TEMPLATE = """
Resources: {Nothing: {Type: AWS::SNS::Topic}}
Outputs: {ArrestsTable: {Value: Arrests}, AuditTable: {Value: Audit}, OfficesTable: {Value: Offices}}
"""
SOMEBODY = {"watch": "person", "surname": "Quillfeather", "given": "Pat", "date_of_birth": "1985-05-06"}


@pytest.fixture
def weights(tables, monkeypatch):
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=TEMPLATE)
    monkeypatch.setattr("functions.cli.commands.reference_data.MIN_PERSONS", 30)
    arrests = [an_arrest(str(at), surname="Quillfeather", born=date(1990, 1, 1) + timedelta(days=at))
               for at in range(30)]  # fmt: skip
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=NOW), NOW)
    return lambda agency, *words: main(["weights", "--stack", "here", "--agency", agency, *words])


@pytest.fixture
def waiting(tables):
    """How many possible matches a name without a date of birth puts before a person."""
    tables.offices.enrol(an_office())
    at = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    at = replace(at, frequencies_of=AgencyReferenceTable(tables.client, "Offices").frequencies_of)
    tables.watch_list.add(a_subscription(SOMEBODY))

    def one_more(number: str) -> int:
        arrest = an_arrest(number, sid=None, surname="Quillfeather", given=f"Pat {number}", born=None)
        return match_versions([Version(arrest, None, NOW, NOW)], at, NOW).waiting

    return one_more


def test_names_count_by_the_agencys_own_arrests_from_the_refresh_until_the_census_is_taken_back(
    weights, waiting, capsys
):
    assert waiting("first") == 1, "a name that hardly anybody bears, says the census"
    assert weights("roster", "--refresh") == 0
    assert re.search(r"30 persons, counted on \d{4}-\d\d-\d\d \(version [0-9a-f]{16}\)", capsys.readouterr().out)
    assert waiting("second") == 0, "there everybody bears it"
    assert weights("roster", "--shipped") == 0
    assert waiting("third") == 1
    assert weights("roster") == 0
    assert capsys.readouterr().out.endswith("nothing is learned until --refresh\n")


def test_the_command_says_whether_the_census_is_pinned_and_refreshing_ends_the_pin(weights, capsys):
    def says(*words: str) -> str:
        assert weights("roster", *words) == 0
        return capsys.readouterr().out

    assert "until 30 persons of its own are known, which is looked at every week" in says()
    assert "pinned on 20" in says("--shipped")
    assert "pinned on 20" in says(), "it lasts"
    assert "pinned" not in says("--refresh")
    assert "counted anew every week" in says()


def test_too_few_arrests_are_no_weights_and_change_nothing(weights, waiting, capsys):
    assert weights("nypd", "--refresh") == 1
    assert "0 different persons" in capsys.readouterr().err
    assert waiting("first") == 1


def test_a_backtest_goes_by_the_same_weights(weights, tables):
    at = BacktestDeps(tables.arrests, AgencyReferenceTable(tables.client, "Offices").frequencies_of)
    watch = PersonWatch.model_validate(SOMEBODY)
    found = []
    for wish in ("--shipped", "--refresh"):
        assert weights("roster", wish) == 0
        found.append(backtest(watch, 400, at, ShownArrest, NOW).possible)
    assert found[0] > found[1] == 0
