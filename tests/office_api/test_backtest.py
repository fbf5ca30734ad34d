from datetime import UTC, date, datetime, timedelta

from shared.arrests.model import Provenance
from tests.builders import CHARGE_WATCH, NAME_WATCH, an_arrest

NOW = datetime.now(UTC)


def stored(tables, arrests, ago=0):
    at = NOW - timedelta(days=ago)
    tables.arrests.store(arrests, Provenance(drop_id=f"d{ago}", dropped_at=at), at)


def test_s6_a_criterion_is_tried_on_what_is_stored_before_it_is_saved(call, tables):
    assaults = [an_arrest(number=f"K-{number}", born=date(1970, 1, 1)) for number in range(3)]
    stored(tables, [*assaults, an_arrest(number="K-9", statutes=["VTL 511"]), an_arrest(number="K-8", juvenile=True)])
    stored(tables, [an_arrest(number="K-7")], ago=30)
    answer = call("POST", "/v1/backtest", {"criterion": CHARGE_WATCH, "days": 7})
    assert answer.status == 200
    assert (answer.body["searched"], answer.body["alerts"], answer.body["complete"]) == (5, 3, True)
    assert {hit["number"] for hit in answer.body["hits"]} == {"K-0", "K-1", "K-2"}
    assert call("POST", "/v1/backtest", {"criterion": CHARGE_WATCH, "days": 60}).body["alerts"] == 4
    assert tables.everything_in("Alerts") == []


def test_s6_possible_matches_are_counted_apart(call, tables):
    stored(tables, [an_arrest(), an_arrest(number="K-2", born=date(1971, 9, 28))])
    body = call("POST", "/v1/backtest", {"criterion": NAME_WATCH, "days": 7}).body
    assert (body["alerts"], body["possible"]) == (1, 1)


def test_a_criterion_that_watches_everybody_cannot_be_tried_either(call):
    assert call("POST", "/v1/backtest", {"criterion": {"watch": "event", "kinds": ["arrest"]}}).status == 422
    assert call("POST", "/v1/backtest", {"criterion": CHARGE_WATCH}, claims=None).status == 401
