"""A link in a mail outlives the rights of whom it was sent to: at each use everything is asked again."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.alerts.delivery.messages.digest import digest_for
from shared.alerts.model import Alert
from shared.alerts.signed_links import LinkPurpose, signed_token
from shared.arrests.model import Provenance
from shared.audit.event import AuditEvent
from shared.aws.signing_keys import KeyPurpose
from shared.offices.agreements import RecordedAgreement
from shared.subscriptions.model import Status
from tests.builders import NOW, an_arrest, an_office, signing_keys
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call
from tests.office_api.test_alerts import alert_ids  # noqa: F401 - a fixture

KEYS = signing_keys(KeyPurpose.LINKS)
OTHER_KEYS = signing_keys(KeyPurpose.LINKS, b"another key")
LONG_AGO, YESTERDAY = datetime(2026, 1, 1, tzinfo=UTC).date(), (datetime.now(UTC) - timedelta(days=2)).date()


@pytest.fixture
def alert(tables: Tables, alert_ids: list[str]) -> Alert:  # noqa: F811 - the fixture
    alert = tables.alerts.find(alert_ids[0])
    assert alert
    return alert


@pytest.fixture
def path(alert: Alert) -> str:
    return f"/v1/links/{signed_token(LinkPurpose.ANSWER, alert.alert_id, datetime.now(UTC), KEYS)}"


def remove_user(tables: Tables, _: Alert) -> None:
    user = tables.users.find("kings", ADA["email"])
    assert user
    tables.users.change(user, user.model_copy(update={"deprovisioned_at": NOW, "revision": user.revision + 1}))


def suspend_office(tables: Tables, _: Alert) -> None:
    tables.offices.enrol(an_office(suspended=True))


def take_domain_away(tables: Tables, _: Alert) -> None:
    tables.offices.enrol(an_office(allowed_domains=("plain.example.gov",), agreed_domains=()))


def end_agreement(tables: Tables, alert: Alert) -> None:
    agreement = RecordedAgreement(
        agency=alert.agency, reference="MOU-1", starts=LONG_AGO, ends=YESTERDAY, recorded_by="set-up", recorded_at=NOW
    )
    agreements = tables.subscriptions.agreements
    agreements.save(agreements.of("kings").with_agreement(agreement))


def cancel_subscription(tables: Tables, alert: Alert) -> None:
    subscription = tables.subscriptions.find("kings", alert.because[0].subscription_id)
    assert subscription
    tables.watch_list.replace(subscription, subscription.model_copy(update={"status": Status.CANCELLED}))


def leave_recipients(tables: Tables, alert: Alert) -> None:
    subscription = tables.subscriptions.find("kings", alert.because[0].subscription_id)
    assert subscription
    others = [{"email": "bo@da.example.gov"}]
    tables.watch_list.replace(
        subscription, type(subscription).model_validate(subscription.model_dump(mode="json") | {"recipients": others})
    )


LOSSES: dict[str, Callable[[Tables, Alert], None]] = {
    "the user was removed": remove_user,
    "the office is suspended": suspend_office,
    "the office may not write to the domain any more": take_domain_away,
    "the agreement has ended": end_agreement,
    "the subscription is cancelled": cancel_subscription,
    "the subscription notifies somebody else": leave_recipients,
}


def answers(tables: Tables, alert: Alert) -> list[dict[str, Any]]:
    items = tables.everything_in("Alerts")
    return [item for item in items if item["part"]["S"] == "answers" and item["alert_id"]["S"] == alert.alert_id]


@pytest.mark.parametrize("loss", LOSSES)
def test_ta6_a_link_is_closed_for_whom_the_alert_could_not_be_sent_to_any_more(
    call: Call, tables: Tables, alert: Alert, path: str, loss: str
) -> None:
    LOSSES[loss](tables, alert)
    for method, query in (("GET", ""), ("POST", "say=acknowledge"), ("POST", "say=wrong person")):
        answer = call(method, path, claims=None, query=query)
        assert answer.status == 410
        assert alert.number not in answer.body
    assert answers(tables, alert) == []
    open_ = [item for item in tables.everything_in("Alerts") if item["alert_id"]["S"] == alert.alert_id]
    assert any(item.get("open") for item in open_), "it goes on escalating or waiting"


def test_ta6_the_link_of_an_alert_that_is_about_somebody_else_by_now_says_that_it_is_withdrawn(
    call: Call, tables: Tables, alert: Alert, path: str
) -> None:
    number = next(n for n in ("K-1", "K-2") if an_arrest(n).arrest_id == alert.arrest_id)
    corrected = an_arrest(number, sid="99999999Z", surname="Otter", given="Sam")
    tables.arrests.store([corrected], Provenance(drop_id="d2", dropped_at=NOW), NOW)
    for method in ("GET", "POST"):
        answer = call(method, path, claims=None, query="say=acknowledge")
        assert "Withdrawn. Do not act on it" in answer.body
        assert "Otter" not in answer.body
    assert answers(tables, alert) == []


def test_ta6_the_digest_link_of_a_removed_user_stops_nothing(call: Call, tables: Tables, alert: Alert) -> None:
    digest = digest_for(alert, NOW, flood=False)
    delivery = tables.alerts.deliveries.of_alert(alert.alert_id)[0]
    tables.alerts.deliveries.claim(delivery.key, NOW, timedelta(minutes=15))
    assert tables.alerts.digests.gather(delivery.model_copy(update={"attempt": 1}), digest)
    path = f"/v1/links/{signed_token(LinkPurpose.NO_DIGEST, digest.digest_id, datetime.now(UTC), KEYS)}"
    remove_user(tables, alert)
    assert call("POST", path, "List-Unsubscribe=One-Click", claims=None).status == 410
    assert tables.people.find("kings", ADA["email"]).digest_by_mail is True


def test_ta6_a_link_that_is_used_again_changes_nothing(call: Call, alert: Alert, path: str) -> None:
    said = ("say=acknowledge", "say=right person")
    for query in said:
        assert call("POST", path, claims=None, query=query).status == 200
    first = call("GET", f"/v1/alerts/{alert.alert_id}").body["answers"]
    for query in (*said, "say=wrong person", "say=not useful"):
        assert call("POST", path, claims=None, query=query).status == 200
    assert call("GET", f"/v1/alerts/{alert.alert_id}").body["answers"] | {"opened_at": None} == first | {
        "opened_at": None
    }
    assert call("PUT", f"/v1/alerts/{alert.alert_id}/verdict", {"verdict": "useful"}).status == 200
    assert call("POST", path, claims=None, query="say=wrong person").status == 200
    assert call("GET", f"/v1/alerts/{alert.alert_id}").body["answers"]["verdict"] == "useful"


def test_ta6_a_link_page_shows_the_number_and_buttons_and_nothing_of_the_alert(
    call: Call, alert: Alert, path: str
) -> None:
    fresh = call("GET", path, claims=None).body
    assert re.findall(r"<button[^>]*>([^<]+)", fresh) == [
        "I have it", "Right person", "Wrong person", "Useful", "Not useful",
    ]  # fmt: skip
    assert re.findall(r"<h1[^>]*>([^<]+)", fresh) == [f"Arrest alert {alert.short_number}"]
    call("POST", path, claims=None, query="say=acknowledge")
    answered = call("POST", path, claims=None, query="say=right person").body
    assert "<button" not in answered
    for page in (fresh, answered):
        text = re.sub(r"<style>.*</style>|<[^>]*>", " ", page)
        assert not {word for word in text.split() if "@" in word or re.search(r"\d{4}-\d\d", word)}


def test_ta6_a_link_is_used_twenty_times_a_minute_and_then_says_when_to_come_back(
    call: Call, tables: Tables, alert: Alert, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.office_api.routes.alerts.links._USES_OF_A_LINK", 2)
    uses = [call("GET", path, claims=None) for _ in range(5)]  # a new minute may begin in between, once
    assert [use.status for use in uses[:2]] == [200, 200]
    refused = [use for use in uses if use.status == 429]
    assert refused
    assert all(1 <= int(use.headers["Retry-After"]) <= 60 for use in refused)
    monkeypatch.setattr("shared.office_api.routes.alerts.links._USES_OF_A_LINK", 0)
    assert call("POST", path, claims=None, query="say=acknowledge").status == 429
    assert answers(tables, alert) == []
    counts = [item["alert_id"]["S"] for item in tables.everything_in("Alerts") if item["part"]["S"] == "rate"]
    assert counts
    assert not [key for key in counts if alert.alert_id in key or "192.0.2.1" in key], "keys name no link and nobody"


def test_ta6_a_network_address_tries_six_hundred_links_a_minute(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.office_api.routes.alerts.links._USES_OF_AN_ADDRESS", 3)
    statuses = [call("GET", f"/v1/links/{letter * 50}", claims=None).status for letter in "ABCDEFGH"]
    assert statuses[:3] == [410] * 3
    assert 429 in statuses


def events(tables: Tables, office: str) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...], str]]:
    """(who, action, subjects, denied, outcome) of the office's link events, in order, without intents. The action has
    the gateway's name of the route, which in these tests is the path itself."""
    items = (item for item in tables.everything_in("Audit") if item["pk"]["S"].startswith(f"office#{office}#"))
    stored = (AuditEvent.model_validate_json(item["doc"]["S"]) for item in items)
    of_links = sorted((event for event in stored if "/links/" in event.action), key=lambda event: event.occurred_at)
    return [(event.who, event.action, event.subjects, event.denied, event.outcome.value) for event in of_links]


def test_ta6_the_use_of_a_link_is_an_audit_event_of_the_office_with_who_what_and_the_alert(
    call: Call, tables: Tables, alert: Alert, path: str
) -> None:
    for method, query in (("GET", ""), ("POST", "say=acknowledge"), ("POST", "say=useful")):
        assert call(method, path, claims=None, query=query).status == 200
    remove_user(tables, alert)
    assert call("POST", path, claims=None, query="say=acknowledge").status == 410
    about, nothing = (f"alert:{alert.alert_id}",), ()
    assert events(tables, "kings") == [
        (ADA["email"], f"GET {path} open", about, nothing, "allowed"),
        (ADA["email"], f"POST {path} acknowledge", about, nothing, "allowed"),
        (ADA["email"], f"POST {path} verdict", about, nothing, "allowed"),
        (ADA["email"], f"POST {path} acknowledge", nothing, about, "denied"),
    ]


def test_ta6_a_forged_link_is_an_event_of_no_office(call: Call, tables: Tables, alert: Alert) -> None:
    forged = signed_token(LinkPurpose.ANSWER, alert.alert_id, datetime.now(UTC), OTHER_KEYS)
    call("POST", f"/v1/links/{forged}", claims=None, query="say=acknowledge")
    assert events(tables, "kings") == []
    assert events(tables, "-") == [("-", f"POST /v1/links/{forged}", (), (), "denied")]
