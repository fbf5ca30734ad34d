"""Last night's arrest is why somebody watches this morning."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Provenance
from shared.arrests.table import ArrestsTable, Version
from shared.offices.agreements import OfficeAgreements
from shared.offices.purposes import Purpose
from shared.offices.users import Machine, Right, Scope
from tests.builders import (
    CHARGE_WATCH,
    NAME_WATCH,
    PSEUDONYMS,
    a_subscription,
    a_user,
    a_wish,
    an_arrest,
    an_office,
    discard,
)
from tests.office_api.conftest import ADA
from tests.offices.test_agreements import an_agreement

NOW = datetime.now(UTC)
YESTERDAY = NOW.astimezone(an_office().zone).date() - timedelta(days=1)
SUBSCRIPTIONS = "/v1/subscriptions"
SYSTEM = {"token_use": "access", "sub": "c", "client_id": "c", "scope": "arrest-alert/subscriptions arrest-alert/lists"}
CASE = {"case_number": "2026-1", "prosecutor": "bo@da.example.gov", "state": "open", "sid": "01234567A",
        "sid_state": "NY"}  # fmt: skip


def a_wish_of_today(**facts):
    """Without a first day, as most people write it."""
    return {name: value for name, value in a_wish(**facts).items() if name != "starts"}


@pytest.fixture
def happened(tables):
    """Stores an arrest that was matched before anybody watched the person."""

    def store(number="K-1", ago=0, **facts):
        arrest, stored_at = an_arrest(number, **{"arrested_on": YESTERDAY} | facts), NOW - timedelta(days=ago)
        tables.arrests.store([arrest], Provenance(drop_id=number, dropped_at=stored_at), stored_at)
        return arrest

    return store


@pytest.fixture
def alerts(tables):
    def stored():
        return [item["doc"]["S"] for item in tables.everything_in("Alerts") if item["part"]["S"] == "alert"]

    return stored


@pytest.fixture
def head(tables):
    tables.users.add(a_user("head@da.example.gov", "kings", rights=frozenset({Right.SUPER_OWNER})))
    return ADA | {"email": "head@da.example.gov"}


@pytest.fixture
def system(tables):
    scopes = frozenset({Scope.SUBSCRIPTIONS, Scope.LISTS})
    machine = Machine(client_id="c", scopes=scopes, purpose=Purpose.INVESTIGATION)
    tables.users.add(a_user("cases@da.example.gov", machine=machine))
    tables.users.bind_machine("c", "kings", "cases@da.example.gov")
    return SYSTEM


def test_tf2_a_new_watch_says_which_arrests_of_the_last_days_it_would_have_alerted_of(call, happened, alerts):
    arrest = happened()
    happened("K-2", born=date(1981, 9, 28))
    happened("K-3", juvenile=True)
    happened("K-4", arrested_on=YESTERDAY - timedelta(days=30))
    happened("K-5", ago=20)
    past = call("POST", SUBSCRIPTIONS, a_wish_of_today(criterion=NAME_WATCH)).body["past"]
    assert (past["alerts"], past["possible"], past["complete"]) == (1, 1, True)
    assert past["hits"][0]["arrest_id"] == arrest.arrest_id
    assert past["sentence"] == (
        "In the last 7 days this would have alerted of 1 arrest, and 1 possible match would have waited."
    )
    assert alerts() == [], "nobody asked for that"


def test_tf2_a_watch_without_a_first_day_alerts_of_last_nights_arrest_that_comes_late(call, tables, alerts):
    assert call("POST", SUBSCRIPTIONS, a_wish_of_today()).body["starts"] == str(YESTERDAY - timedelta(days=6))
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    match_versions([Version(an_arrest(arrested_on=YESTERDAY), None, NOW, NOW)], deps, NOW)
    assert len(alerts()) == 1


def test_tf2_the_past_is_alerted_of_if_that_is_asked_for_once_and_for_nobody_else(call, tables, happened, alerts):
    theirs = a_subscription(owner="bo@da.example.gov", recipients=[{"email": "bo@da.example.gov"}])
    tables.watch_list.add(theirs)
    happened()
    for _ in range(2):
        answer = call("POST", SUBSCRIPTIONS, a_wish_of_today() | {"alert_past": True})
        assert answer.body["past"]["alerts"] == 1
        [alert] = call("GET", "/v1/alerts").body["items"]
        assert (alert["recipient"]["email"], alert["revision"]) == (ADA["email"], 1)
    assert len(alerts()) == 1


def test_tf2_an_alert_of_the_same_arrest_keeps_the_reasons_that_it_had(call, happened):
    happened()
    for criterion in (NAME_WATCH, CHARGE_WATCH):
        call("POST", SUBSCRIPTIONS, a_wish_of_today(criterion=criterion) | {"alert_past": True})
    [alert] = call("GET", "/v1/alerts").body["items"]
    assert (len(alert["because"]), alert["revision"]) == (2, 2)


def test_tf2_what_the_agreement_withholds_is_not_said_of_the_past_either(call, tables, happened):
    happened()
    over = an_agreement("roster", starts=date(2020, 1, 1), ends=date(2020, 12, 31))
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(over,), revision=1))
    past = call("POST", SUBSCRIPTIONS, a_wish_of_today()).body["past"]
    assert (past["alerts"], past["hits"]) == (0, [])


def test_tf2_a_change_looks_back_for_a_new_criterion_only(call, happened):
    happened()
    made = call("POST", SUBSCRIPTIONS, a_wish_of_today()).body["subscription_id"]
    path = f"{SUBSCRIPTIONS}/{made}"
    assert call("PUT", path, a_wish_of_today(reference="7")).body["past"] is None
    assert call("PUT", path, a_wish_of_today(criterion=CHARGE_WATCH)).body["past"]["alerts"] == 1


def test_tf2_a_list_looks_back_once_for_all_its_rows(call, happened, alerts, monkeypatch):
    happened()
    rows = "".join(f"Other,Sam,19{number}-01-01,open case,C-{number}\n" for number in range(50, 70))
    content = f"surname,given,date_of_birth,basis,case_number\nExample,Pat,1990-02-03,open case,C\n{rows}".encode()
    file = {"format": "csv", "content": b64encode(content).decode()}
    seen = call("POST", "/v1/uploads/preview", file).body["seen"]
    segments, since = [], ArrestsTable.since

    def counted(table, stored_at, segment, segments_of_the_scan):
        segments.append(segment)
        return since(table, stored_at, segment, segments_of_the_scan)

    monkeypatch.setattr(ArrestsTable, "since", counted)
    taken = call("POST", "/v1/uploads", file | {"seen": seen, "alert_past": True}).body
    assert (len(taken["lines"]), sorted(segments)) == (21, list(range(8)))
    [hit] = taken["past"]["hits"]
    assert hit["subscription_id"] == taken["lines"][0]["subscription_id"]
    assert len(alerts()) == 1
    assert call("POST", "/v1/uploads", file | {"seen": seen}).body["past"] is None, "nothing new"


def test_tf2_a_case_list_looks_back_and_alerts_the_prosecutor_if_asked(call, head, happened, alerts):
    happened()
    listed = call("POST", "/v1/lists/cases", {"rows": [CASE]}, head).body
    assert (listed["past"]["alerts"], alerts()) == (1, [])
    other = CASE | {"case_number": "2026-2"}
    call("POST", "/v1/lists/cases", {"rows": [CASE, other], "alert_past": True}, head)
    assert [("bo@da.example.gov" in alert, "2026-2" in alert) for alert in alerts()] == [(True, True)]


def test_tf2_a_machine_has_the_past_alerted_of_and_is_told_nothing_of_it(call, system, happened, alerts):
    happened()
    assert call("POST", "/v1/lists/cases", {"rows": [CASE], "alert_past": True}, system).body["past"] is None
    assert len(alerts()) == 1
    assert call("POST", SUBSCRIPTIONS, a_wish_of_today(), system).body["past"] is None


def test_tf2_a_look_back_that_runs_out_of_time_says_so(call, happened, monkeypatch):
    from shared.office_api.answers import past  # noqa: PLC0415 - imported as Lambda does, by the fixture

    monkeypatch.setattr(past, "SECONDS", -1.0)
    happened()
    answer = call("POST", SUBSCRIPTIONS, a_wish_of_today()).body["past"]
    assert answer["complete"] is False
    assert answer["sentence"].endswith("Not every arrest of these days could be read in time: there may be more.")
