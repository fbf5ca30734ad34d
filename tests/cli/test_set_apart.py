"""`set-apart`: what an earlier release stored of juveniles among the arrests goes into its own store, and nothing is
lost."""

from datetime import date
from typing import Any

import boto3
import pytest

from functions.cli.main import main
from shared.arrests.items import APART
from shared.arrests.juveniles.table import JuvenilesTable
from shared.arrests.model import Arrest, NotifyMode, Provenance
from tests.builders import NOW, an_arrest
from tests.conftest import Tables

CHILD = an_arrest("J-1", born=date(2012, 5, 6), juvenile=True)
STACK = """
Resources: {Nothing: {Type: AWS::SNS::Topic}}
Outputs: {ArrestsTable: {Value: Arrests}, JuvenilesTable: {Value: Juveniles}, AuditTable: {Value: Audit}}
"""


@pytest.fixture
def earlier(tables: Tables) -> Tables:
    """Two records of juveniles, one of them held above an adult's version, as the release before wrote them."""
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=STACK)
    tables.arrests.store([an_arrest("K-1"), an_arrest("K-2")], Provenance(drop_id="d", dropped_at=NOW), NOW)
    put(tables, CHILD)
    put(tables, an_arrest("J-2", born=date(2012, 5, 6), juvenile=True), quiet="held", told=an_arrest("J-2"))
    return tables


def put(tables: Tables, arrest: Arrest, quiet: str = "", told: Arrest | None = None) -> None:
    by = Provenance(drop_id="e", dropped_at=NOW, notify_mode=NotifyMode.NOTIFY)
    as_adults = arrest.model_copy(update={"juvenile": False})
    item = tables.arrests.item_of(as_adults, by, NOW)
    item |= {"doc": {"S": arrest.model_dump_json()}, "content": {"S": arrest.content}}
    item |= {"quiet": {"S": quiet}, "told": {"S": told.model_dump_json()}} if told else {}
    tables.client.put_item(TableName="Arrests", Item=item)


def test_fca_381_3_before_it_is_run_nothing_of_them_is_readable(earlier: Tables) -> None:
    assert earlier.arrests.find(CHILD.arrest_id) is None
    assert earlier.arrests.versions([CHILD.arrest_id]) == []
    found = {arrest.number for page in earlier.arrests.since(NOW.replace(year=2020), 0, 1) for arrest in page}
    assert found == {"K-1", "K-2"}


def test_fca_381_3_each_record_moves_whole_and_a_second_run_finds_none(earlier: Tables, capsys: Any) -> None:
    adults = [item for item in earlier.everything_in("Arrests") if '"juvenile":true' not in item["doc"]["S"]]
    assert main(["set-apart", "--stack", "here"]) == 0
    assert capsys.readouterr().out == "2 records of juveniles were moved into their own store.\n"
    assert JuvenilesTable(earlier.client, "Juveniles").record(CHILD.arrest_id) == CHILD
    after = earlier.everything_in("Arrests")
    assert [item for item in after if item["content"] != {"S": APART}] == adults
    assert len(after) == 4
    for item in (item for item in after if item["content"] == {"S": APART}):
        assert not {"doc", "told", "place", "place_day", "history"} & set(item)
    assert main(["set-apart", "--stack", "here"]) == 0
    assert capsys.readouterr().out.startswith("0 records")


def test_a_record_that_was_moved_goes_on_as_one_that_was_stored_apart(earlier: Tables) -> None:
    main(["set-apart", "--stack", "here"])
    later = Provenance(drop_id="f", dropped_at=NOW.replace(hour=23))
    adult = an_arrest("J-1")
    earlier.arrests.store([adult], later, NOW)
    assert earlier.arrests.find(adult.arrest_id) == adult
    assert JuvenilesTable(earlier.client, "Juveniles").record(adult.arrest_id) is None
