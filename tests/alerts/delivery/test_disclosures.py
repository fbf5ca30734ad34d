"""P2: who was told of which arrest, and who was not, stands in the audit record, and costs the sending nothing."""

import json
from dataclasses import replace

import pytest

from shared.alerts.disclosures.stream import disclosures_in
from shared.alerts.match_arrests import match_versions
from shared.arrests.table import Version
from shared.audit.event import AuditEvent
from shared.offices.users_table import UsersTable
from tests.alerts.conftest import Desk
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import NAME_WATCH, a_user, an_arrest
from tests.offices.test_agreements import an_agreement


@pytest.fixture
def stream(post):
    """What the table's stream has said since it was asked last."""
    seen: dict[str, dict] = {}

    def since() -> list[AuditEvent]:
        now = {item["alert_id"]["S"] + item["part"]["S"]: item for item in post.tables.everything_in("Alerts")}
        images = [{"NewImage": item, "OldImage": seen.get(key)} for key, item in now.items() if seen.get(key) != item]
        seen.update(now)
        return sorted(disclosures_in({"dynamodb": one} for one in images), key=lambda event: event.action)

    return since


def said(events: list[AuditEvent]) -> list[tuple[str, str, str]]:
    return [(one.who, one.action, one.outcome.value) for one in events]


def test_p2_a_telling_and_its_message_are_an_event_each_with_ids_alone(post: Post, stream):
    post.watch({"email": ADA, "sms": "+12125550100"}, criterion=NAME_WATCH)
    arrest = post.happens()
    (told,) = stream()
    assert (told.who, told.action, told.outcome, told.purpose) == (ADA, "be told", "allowed", "prosecution")
    assert f"arrest:{arrest.arrest_id}" in told.subjects
    assert {one.partition(":")[0] for one in told.subjects} == {"alert", "arrest", "subscription"}
    post.work()
    sent = stream()
    assert said(sent) == [(ADA, "send alert", "allowed"), ("sms", "send alert", "allowed")]
    for canary in ("Example", "1990-02", "K-1001", "+1212"):
        assert canary not in json.dumps([one.model_dump(mode="json", exclude={"who"}) for one in [told, *sent]])


def test_p2_what_only_moves_on_is_no_second_event(post: Post, stream):
    post.watch()
    post.happens()
    post.work()
    stream()
    (delivery,) = (item for item in post.tables.everything_in("Alerts") if "state" in item)
    id_ = f"{delivery['alert_id']['S']}-1-email"
    post.reports("Delivery", id_)
    assert stream() == []
    post.reports("Bounce", id_, bounce={"bounceType": "Permanent"})
    assert said(stream())[-1] == (ADA, "send alert", "failed")


def test_p2_an_update_and_a_recall_are_events_of_their_own(post: Post, stream):
    post.watch()
    arrest = post.happens()
    (first,) = stream()
    post.work()
    stream()
    post.happens(an_arrest(statutes=("PL 120.05", "PL 160.10")), before=arrest)
    (update,) = stream()
    post.recalls(arrest)
    (recall,) = stream()
    assert [one.action for one in (first, update, recall)] == ["be told", "be told", "recall alert"]
    assert len({one.event_id for one in (first, update, recall)}) == 3


def test_p2_a_message_that_the_law_stops_at_the_last_moment_is_a_denial(post: Post, stream):
    post.watch()
    post.happens()
    stream()
    agreements = post.tables.subscriptions.agreements
    over = an_agreement(ends=post.now.date().replace(year=2026, month=1))
    agreements.save(agreements.of("kings").model_copy(update={"agreements": (over,), "revision": 1}))
    post.work()
    assert said(stream()) == [(ADA, "send alert", "denied")]


@pytest.fixture
def audited(post: Post) -> Desk:
    desk = Desk(post.tables)
    desk.deps = replace(desk.deps, audit=desk.tables.audit)
    return desk


def denied(desk: Desk) -> list[AuditEvent]:
    items = [item for item in desk.tables.everything_in("Audit") if item["pk"]["S"].startswith("office#")]
    return [AuditEvent.model_validate_json(item["doc"]["S"]) for item in items]


def test_p2_who_is_not_told_because_the_policy_says_no_is_written_down(audited: Desk, post: Post):
    UsersTable(audited.tables.client, "Subscriptions").add(
        a_user("ada@da.example.gov", deprovisioned_at=post.now)
    )  # fmt: skip
    one = audited.watch(NAME_WATCH)
    audited.watch(NAME_WATCH, "bo")
    told = audited.match(an_arrest(), an_arrest("K-2"))
    assert (told.alerts, told.refused) == (2, 2)
    (event,) = denied(audited)
    assert said([event]) == [("ada@da.example.gov", "be told", "denied")]
    assert f"subscription:{one.subscription_id}" in event.subjects
    assert len(event.subjects) == 3  # the watch, and both arrests


def test_p2_what_no_agreement_covers_is_a_denial_of_the_product_itself(audited: Desk, post: Post):
    audited.watch(NAME_WATCH)
    agreements = audited.tables.subscriptions.agreements
    over = an_agreement(ends=post.now.date().replace(year=2026, month=1))
    agreements.save(agreements.of("kings").model_copy(update={"agreements": (over,), "revision": 1}))
    arrest = an_arrest()
    match_versions([Version(arrest, None, post.now, post.now)], audited.deps, post.now)
    (event,) = denied(audited)
    assert said([event]) == [("arrest-alert", "be told", "denied")]
    about = audited.tables.audit.events_about("kings", f"arrest:{arrest.arrest_id}", 10, None)[0]
    assert about == [event]


def test_p2_a_watch_that_does_not_hit_is_nobodys_denial(audited: Desk, post: Post):
    UsersTable(audited.tables.client, "Subscriptions").add(a_user("ada@da.example.gov", deprovisioned_at=post.now))
    audited.watch(NAME_WATCH)
    audited.match(an_arrest(surname="Otherwise", given="Sam", sid=None))
    assert denied(audited) == []
