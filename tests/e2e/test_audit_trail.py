"""P2 on the whole way: what was asked through the API stands in a locked chain, and the command proves it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from shared.audit.append_chain import export_chain, verify_chain
from shared.audit.event import AuditEvent, AuditOutcome
from shared.audit.table import AuditTable
from shared.aws.idempotency_table import IdempotencyTable
from tests.builders import a_wish
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene, sweep
from tests.local.deployed import Deployed, eventually

EQUAL = 50


def test_p2_what_was_asked_and_denied_stands_in_a_locked_chain_within_seconds(product: Deployed, scene: Scene) -> None:
    ada = scene.prosecutor()
    watched = ada.watch(scene.watch_for_pat)
    assert ada.api("GET", f"/v1/alerts/{'0' * 32}").status == 404

    at = product.chaining

    expected = {("POST /v1/subscriptions", "allowed"), ("GET /v1/alerts/{id}", "denied")}

    def both_events() -> list[AuditEvent] | None:
        events = list(export_chain(scene.name, at))
        return events if {(event.action, event.outcome.value) for event in events} >= expected else None

    chained = eventually(both_events, what="both events")

    assert any(f"subscription:{watched['subscription_id']}" in event.subjects for event in chained)
    assert scene.name not in json.dumps([event.subjects for event in chained])
    assert verify_chain(scene.name, at) == []
    key = at.heads.head(scene.name).key
    versions = product.s3.list_object_versions(Bucket=at.bucket, Prefix=key)["Versions"]
    with pytest.raises(ClientError, match="AccessDenied"):
        product.s3.delete_object(Bucket=at.bucket, Key=key, VersionId=versions[0]["VersionId"])


def test_p2_who_was_told_and_who_was_not_stands_in_the_chain(product: Deployed, scene: Scene) -> None:
    agency, ada, bob, at = scene.agency(), scene.prosecutor(), scene.prosecutor("bob"), product.chaining
    for one in (ada, bob):
        one.watch(scene.watch_for_pat)
    gone = product.users.find(scene.name, bob.email)
    assert gone
    now = datetime.now(UTC)
    out = gone.model_copy(update={"deprovisioned_at": now, "revision": gone.revision + 1})
    product.users.change(gone, out)
    scene.take_in(agency, "day.csv", roster(row("A-1", **scene.pat)))
    product.users.change(out, gone.model_copy(update={"revision": out.revision + 1}))
    (arrest,) = scene.arrests(agency)

    def chained() -> set[tuple[str, str, str]]:
        return {(one.who, one.action, one.outcome.value) for one in export_chain(scene.name, at)}

    wanted = {(ada.email, "be told", "allowed"), (ada.email, "send alert", "allowed"), (bob.email, "be told", "denied")}
    assert eventually(lambda: wanted <= chained(), what="tellings in the chain")
    about = [one for one in export_chain(scene.name, at) if f"arrest:{arrest.arrest_id}" in one.subjects]
    assert {one.who for one in about} == {ada.email, bob.email}
    assert verify_chain(scene.name, at) == []


def test_tb1_a_request_whose_worker_died_is_closed_counted_and_shown(product: Deployed, scene: Scene) -> None:
    ada = scene.prosecutor()
    begun = datetime.now(UTC) - timedelta(minutes=10)
    intent = AuditEvent(
        event_id=uuid4().hex, occurred_at=begun, office_id=scene.name, who=ada.email,
        action="DELETE /v1/subscriptions/{id}", purpose="investigation", outcome=AuditOutcome.BEGUN,
    )  # fmt: skip
    audit = AuditTable(product.dynamodb, product.outputs["AuditTable"])
    audit.intents.begin(intent)
    assert sweep(product, "outcomes") >= 1
    [shown] = audit.events_by_user(scene.name, ada.email, 10, None)[0]
    assert shown == intent.ended(AuditOutcome.UNKNOWN)
    assert any('"AuditOutcomeUnknown"' in line for line in product.log_lines("KeepHouseFunction"))


@pytest.mark.parametrize(
    "at_once",
    [pytest.param(3, marks=pytest.mark.thorough), pytest.param(EQUAL, marks=pytest.mark.exhaustive)],
)
def test_fifty_equal_creates_give_one_resource(product: Deployed, scene: Scene, at_once: int) -> None:
    """Each that is asked at once is answered by a process of its own, as in Lambda. A small machine does not start
    fifty in time: who got no answer asks again."""
    ada = scene.prosecutor()
    wish = a_wish(scene.watch_for_pat, recipients=[{"email": ada.email}])

    def ask(number: int) -> tuple[int, str]:
        key = {"idempotency_key": "one-and-the-same"} if number % 2 else {}
        for _ in range(5 if at_once == EQUAL else 1):
            answer = ada.api("POST", "/v1/subscriptions", wish, **key)
            if answer.status < 500:
                break
        return answer.status, answer.body.get("subscription_id", "")

    with ThreadPoolExecutor(at_once) as pool:
        answers = list(pool.map(ask, range(EQUAL)))

    assert {status for status, _ in answers} <= {200, 201, 409}
    assert len({id_ for status, id_ in answers if status < 300}) == 1
    assert len(ada.api("GET", "/v1/subscriptions").body["items"]) == 1


def test_of_fifty_equal_requests_at_once_one_takes_the_key(product: Deployed, scene: Scene) -> None:
    table = IdempotencyTable(product.dynamodb, product.outputs["SubscriptionsTable"])
    now = datetime.now(UTC)
    with ThreadPoolExecutor(EQUAL) as pool:
        took = list(pool.map(lambda _: table.begin(scene.name, "a key", "a request", now), range(EQUAL)))
    assert took.count(None) == 1
    assert all(one == ("a request", None) for one in took if one is not None)
