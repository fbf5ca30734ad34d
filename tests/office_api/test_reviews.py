from datetime import UTC, date, datetime

import pytest

from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.reviews.model import ReviewVerdict
from shared.arrests.charges import Charge
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.model import Provenance
from shared.arrests.stream import versions_in
from tests.builders import CHARGE_WATCH, NAME_WATCH, NOW, PSEUDONYMS, a_subscription, an_arrest
from tests.office_api.conftest import ADA

BO = ADA | {"email": "bo@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
NEARLY = {"surname": "Example", "given": "Pat", "born": date(1981, 9, 28), "sid": None}  # the name, another birthday


@pytest.fixture
def arrested(tables):
    """Stores an arrest and matches it, as its stream does."""
    queued: list[DeliveryKey] = []
    alerting = MatchDeps(
        tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, queued.extend
    )

    def arrest(**facts):
        one = an_arrest(**{**NEARLY, **facts})
        tables.arrests.store([one], Provenance(drop_id="d", dropped_at=NOW), NOW)
        key = {"arrest_id": {"S": one.arrest_id}}
        item = tables.client.get_item(TableName="Arrests", Key=key)["Item"]
        return match_versions(versions_in([{"dynamodb": {"NewImage": item}}]), alerting, NOW)

    return arrest


@pytest.fixture
def waiting(tables, arrested, call):
    tables.watch_list.add(a_subscription(NAME_WATCH))
    told = arrested()
    assert (told.alerts, told.waiting) == (0, 1)
    (review,) = call("GET", "/v1/reviews").body["items"]
    return f"/v1/reviews/{review['review_id']}"


def alerts_of(call):
    return call("GET", "/v1/alerts").body["items"]


def test_a_possible_match_notifies_nobody_and_waits_with_both_sides(call, waiting):
    assert alerts_of(call) == []
    shown = call("GET", waiting).body
    assert shown["review"]["reason"]["grade"] == "possible"
    assert shown["review"]["reason"]["watched"] == "EXAMPLE, PAT, born 1990-02-03"
    assert shown["review"]["reason"]["reported"] == "EXAMPLE, PAT, born 1981-09-28"
    assert shown["subscription"]["criterion"]["surname"] == "Example"
    assert shown["arrests"][0]["number"] == "K-1001"


def test_a_confirmed_match_is_told_and_says_who_confirmed_it(call, waiting):
    assert call("POST", f"{waiting}/confirm").body["verdict"] == "confirmed"
    (alert,) = alerts_of(call)
    assert alert["because"][0]["grade"] == "possible"
    assert f"Confirmed by {ADA['email']}" in alert["because"][0]["sentence"]
    assert call("POST", f"{waiting}/confirm").status == 200
    assert len(alerts_of(call)) == 1


def test_a_dismissed_pair_is_never_asked_again(call, waiting, arrested):
    assert call("POST", f"{waiting}/dismiss").body["verdict"] == "dismissed"
    told = arrested(number="K-2002")
    assert (told.alerts, told.waiting) == (0, 0)
    assert call("GET", "/v1/reviews").body["items"] == []
    assert len(call("GET", "/v1/reviews", query="verdict=dismissed").body["items"]) == 1


def test_another_person_of_the_name_is_another_pair(call, waiting, arrested):
    call("POST", f"{waiting}/dismiss")
    assert arrested(number="K-3003", born=date(1980, 1, 17)).waiting == 1


def test_a_second_arrest_of_the_same_pair_joins_the_one_that_waits(call, waiting, arrested):
    assert arrested(number="K-2002").waiting == 1
    assert len(call("GET", waiting).body["arrests"]) == 2
    call("POST", f"{waiting}/confirm")
    assert len(alerts_of(call)) == 2


def test_a_confirmed_pair_is_told_at_once_the_next_time(call, waiting, arrested):
    call("POST", f"{waiting}/confirm")
    assert arrested(number="K-4004").alerts == 1


@pytest.mark.parametrize("stranger", [BO, QUINN])
def test_nobody_else_sees_or_decides_a_review(call, waiting, stranger):
    assert call("GET", "/v1/reviews", claims=stranger).body["items"] == []
    for method, path in (("GET", waiting), ("POST", f"{waiting}/confirm"), ("POST", f"{waiting}/dismiss")):
        assert call(method, path, claims=stranger).status == 404


def decide(call, waiting, verdict, claims=ADA):
    """As somebody decides who has read the possible match first."""
    return call("POST", f"{waiting}/{verdict}", claims=claims, if_match=call("GET", waiting).headers["ETag"])


def test_ta7_dismissing_what_was_confirmed_withdraws_its_alerts_of_every_arrest(call, waiting, arrested, tables):
    call("POST", f"{waiting}/confirm")
    assert arrested(number="K-2002").alerts == 1, "a confirmed pair is told at once"
    assert [alert["withdrawn_at"] for alert in alerts_of(call)] == [None, None]
    assert decide(call, waiting, "dismiss").body["verdict"] == "dismissed"
    assert all(alert["withdrawn_at"] for alert in alerts_of(call))
    assert "1981-09-28" not in str(alerts_of(call))
    assert decide(call, waiting, "dismiss").status == 200
    assert {alert["revision"] for alert in alerts_of(call)} == {2}, "a second time changes nothing"
    assert arrested(number="K-3003").alerts == 0


def test_ta7_an_alert_with_another_reason_goes_on_without_the_one_that_was_dismissed(call, waiting, arrested, tables):
    tables.watch_list.add(a_subscription(CHARGE_WATCH))
    call("POST", f"{waiting}/confirm")
    [before] = alerts_of(call)
    assert len(before["because"]) == 2
    decide(call, waiting, "dismiss")
    [after] = alerts_of(call)
    others = [reason for reason in before["because"] if reason["grade"] != "possible"]
    assert (after["withdrawn_at"], after["because"], len(others)) == (None, others, 1)
    [ended] = after["ended"]
    assert ended.startswith("Name and date of birth are alike (EXAMPLE, PAT, born Sep 28, 1981).")


def test_ta7_what_was_dismissed_by_mistake_is_confirmed_and_told_again(call, waiting):
    for verdict in ("confirm", "dismiss", "confirm"):
        assert decide(call, waiting, verdict).status == 200
    [alert] = alerts_of(call)
    assert (alert["withdrawn_at"], alert["because"][0]["grade"], alert["revision"]) == (None, "possible", 3)


@pytest.mark.parametrize(("first", "second"), [("confirm", "dismiss"), ("dismiss", "confirm")])
def test_ta7_who_has_not_read_a_verdict_does_not_change_it(call, waiting, first, second):
    unread = call("GET", waiting).headers["ETag"]
    decided = call("POST", f"{waiting}/{first}").body
    refused = call("POST", f"{waiting}/{second}")
    assert (refused.status, refused.body["errors"][0]["field"]) == (409, "If-Match")
    assert refused.body["detail"].startswith(f"{ADA['email']} {decided['verdict']} this possible match")
    assert call("POST", f"{waiting}/{second}", if_match=unread).status == 412
    assert call("GET", waiting).body["review"] == decided


def test_ta7_a_dismissal_while_the_match_is_being_told_takes_it_back(call, waiting, tables, monkeypatch):
    """Somebody dismisses it after the other one's verdict is stored and before its alert is."""
    table, stored = tables.alerts.reviews, type(tables.alerts).store

    def store_after_a_dismissal(alerts, alert):
        review = table.find(waiting.rpartition("/")[2])
        if review.verdict is ReviewVerdict.CONFIRMED:
            assert table.replace(review, review.with_verdict(ReviewVerdict.DISMISSED, BO["email"], NOW))
        return stored(alerts, alert)

    monkeypatch.setattr(type(tables.alerts), "store", store_after_a_dismissal)
    assert call("POST", f"{waiting}/confirm").body["verdict"] == "dismissed"
    assert [bool(alert["withdrawn_at"]) for alert in alerts_of(call)] == [True]


def test_an_earlier_word_that_was_said_meanwhile_stands(call, waiting, tables):
    call("POST", f"{waiting}/dismiss")
    assert decide(call, waiting, "confirm").body["verdict"] == "confirmed"
    review = tables.alerts.reviews.find(waiting.rpartition("/")[2])
    assert not tables.alerts.reviews.replace(review.model_copy(update={"decided_by": "another"}), review)


@pytest.mark.parametrize("purpose", ["administration", "records"])
def test_cpl_160_57_a_possible_match_of_a_marked_arrest_is_not_there_for_a_purpose_that_may_not_have_it(
    call, waiting, tables, purpose
):
    tables.mark(an_arrest(), "x")
    assert call("GET", waiting).status == 200, "an investigation reads it"
    assert call("GET", waiting, purpose=purpose).status == 404
    assert call("GET", "/v1/reviews", purpose=purpose).body["items"] == []
    assert call("GET", "/v1/reports/possible-matches", purpose=purpose).body["rows"] == []


def test_28_cfr_20_21_b_a_possible_match_shows_the_ineligible_the_arrests_that_they_may_have(call, waiting, arrested):
    dismissed = Charge(statute="PL 120.05", disposition=Disposition(outcome=ChargeOutcome.DISMISSED))
    pending = {"charges": (Charge(statute="PL 155.25"),), "arrested_on": datetime.now(UTC).date()}
    arrested(**pending)
    arrested(number="K-2002", charges=(dismissed,))
    assert len(call("GET", waiting).body["review"]["arrests"]) == 2
    shown = call("GET", waiting, purpose="administration").body
    assert [arrest["number"] for arrest in shown["arrests"]] == ["K-1001"]
    assert shown["review"]["arrests"] == [shown["arrests"][0]["arrest_id"]]
