"""What forms may offer, and the agencies of an office."""

from datetime import UTC, date, datetime, timedelta

import boto3
import pytest

from shared.arrests.boundaries import Boundaries
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt
from shared.matching.agency_reference_table import BEAT, PRECINCT, AgencyReferenceTable
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Right
from tests.builders import a_user, an_office
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call
from tests.offices.test_agreements import an_agreement

DROPPED = datetime(2026, 11, 20, 9, tzinfo=UTC)
KAY = ADA | {"email": "kay@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
SQUARE = (((-74.0, 40.7), (-73.9, 40.7), (-73.9, 40.8), (-74.0, 40.7)),)


@pytest.fixture(autouse=True)
def agencies(tables: Tables) -> None:
    """Kings keeps one, may seal for another, has two agreements, of which one is over; a fifth only sends."""
    tables.offices.enrol(an_office(agencies=("testville",), may_seal=("county",)))
    agreed = an_agreement("nypd", ends=date(2999, 12, 31))
    over = an_agreement("old-town", starts=date(2020, 1, 1), ends=date(2020, 12, 31), reference="MOU 2")
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(agreed, over), revision=1))
    tables.drops.await_next("queensbridge-sheriff", DROPPED)
    tables.users.add(a_user(KAY["email"], rights=frozenset({Right.FEEDS})))


def test_kr5_a_form_is_offered_every_choice_with_its_title(call: Call) -> None:
    vocabulary = call("GET", "/v1/vocabulary", purpose="").body
    lists = [choices for choices in vocabulary.values() if isinstance(choices, list) and isinstance(choices[0], dict)]
    assert len(lists) == 12
    assert [choice for choices in lists for choice in choices if not choice["title"]] == []
    assert {"value": "misdemeanor", "title": "Misdemeanor"} in vocabulary["charge_classes"]
    suspicion = vocabulary["bases"][-1]
    assert (suspicion["value"], suspicion["years"], suspicion["most_years"]) == ("documented suspicion", 1, 5)
    titles = ["County", "NYPD", "Queensbridge Sheriff", "Testville"]
    assert [choice["title"] for choice in vocabulary["agencies"]] == titles


def test_kr5_precincts_and_beats_of_an_agency_are_in_the_order_in_which_people_count(
    call: Call, tables: Tables
) -> None:
    table = AgencyReferenceTable(boto3.client("dynamodb"), "Offices")
    table.load("nypd", PRECINCT, Boundaries(areas=dict.fromkeys(("101", "5", "40 North"), SQUARE)))
    table.load("nypd", BEAT, Boundaries(areas={"14B": SQUARE}))
    places = call("GET", "/v1/vocabulary", query="agency=nypd").body["places"]
    assert places == {"agency": "nypd", "precincts": ["5", "40 North", "101"], "beats": ["14B"]}
    assert call("GET", "/v1/vocabulary", query="agency=testville").body["places"]["precincts"] == []
    for closed in ("old-town", "nowhere"):
        assert call("GET", "/v1/vocabulary", query=f"agency={closed}").status == 404


def test_kr6_an_office_lists_its_agencies_and_those_that_are_open_to_it_and_which_is_silent(
    call: Call, tables: Tables
) -> None:
    items = {item["agency"]: item for item in call("GET", "/v1/agencies").body["items"]}
    assert set(items) == {"testville", "county", "nypd", "old-town", "queensbridge-sheriff"}
    assert [agency for agency, item in items.items() if not item["open"]] == ["old-town"]
    assert items["old-town"]["agreement"] == "expired"
    assert items["queensbridge-sheriff"]["silent_since"] == "2026-11-20T09:00:00Z"
    assert (items["testville"]["kept"], items["county"]["kept"], items["county"]["may_seal"]) == (True, False, True)
    assert {item["drops"] for item in items.values()} == {None}
    tables.offices.enrol(an_office("queens", allowed_domains=("queens.example.gov",), only_by_agreement=True))
    assert call("GET", "/v1/agencies", claims=QUINN).body["items"] == []


def test_kr6_who_may_read_the_drops_of_an_agency_sees_the_last_one_and_what_waits(call: Call, tables: Tables) -> None:
    for number in (1, 2):
        drop = Drop(key=f"testville/in/{number}.csv", size=9, dropped_at=DROPPED + timedelta(days=number))
        tables.drops.begin(drop, drop_id := f"{number:032x}")
        facts = {"agency": "testville", "drop_id": drop_id, "key": drop.key, "size": 9, "finished_at": DROPPED}
        tables.drops.record_receipt(Receipt(**facts, dropped_at=drop.dropped_at))
    tables.drops.hold("testville", f"{1:032x}", "too many")
    items = {item["agency"]: item["drops"] for item in call("GET", "/v1/agencies", claims=KAY).body["items"]}
    assert items.pop("testville") == {
        "last_drop_id": f"{2:032x}",
        "last_dropped_at": "2026-11-22T09:00:00Z",
        "last_state": "taken",
        "held": 1,
        "refused": 0,
    }
    assert set(items.values()) == {None}
