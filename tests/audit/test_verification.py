"""Whatever is done to a row of the audit table or to its copy in the chain is found, in both directions."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from functions.cli.commands import audit as command
from shared.alerts.disclosures.events import BE_TOLD
from shared.audit.append_chain import ChainDeps, append_events, export_chain
from shared.audit.event import AuditEvent, AuditOutcome
from shared.audit.hash_chain import append_link
from shared.audit.stream import altered_rows, events_in
from tests.audit.test_chain import BUCKET, an_event, deps  # noqa: F401 - a fixture
from tests.conftest import Tables

HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)
ARREST, ALERT = f"arrest:{'a' * 32}", f"alert:{'b' * 32}"
Row = dict[str, Any]


@pytest.fixture
def trail(tables: Tables, deps: ChainDeps) -> list[AuditEvent]:  # noqa: F811 - the fixture
    """Five requests an hour ago, in the table and in the chain, as their streams would have it."""
    for number in range(5):
        intent = an_event(number, at=HOUR_AGO + timedelta(seconds=number), outcome=AuditOutcome.BEGUN, status=0)
        tables.audit.intents.begin(intent)
        tables.audit.write(intent.ended(AuditOutcome.ALLOWED, 200, {ARREST, ALERT}))
    append_events(events_in({"dynamodb": {"NewImage": row}} for row in rows(tables)), deps, HOUR_AGO)
    return [event for event in export_chain("kings", deps) if not event.is_intent]


def rows(tables: Tables, prefix: str = "") -> list[Row]:
    return [row for row in tables.everything_in("Audit") if row["pk"]["S"].startswith(prefix)]


@pytest.fixture
def verify(deps: ChainDeps, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: F811
    """Runs the command on these tables. Returns its exit status and what it prints."""
    outputs = {"ChainsTable": "Chains", "AuditTable": "Audit", "AuditBucket": BUCKET}
    monkeypatch.setattr(command, "outputs_of", lambda _stack: outputs)
    monkeypatch.setattr(command, "sleep", lambda _: None)

    def run(office: str | None = None) -> tuple[int, str]:
        status = command.run(argparse.Namespace(stack="arrest-alert-local", office=office, what="verify"))
        return status, capsys.readouterr().out

    return run


def test_tb3_a_whole_trail_has_nothing_wrong(verify: Any, trail: list[AuditEvent]) -> None:
    assert len(trail) == 5
    assert verify() == (0, "kings: 1 links, nothing wrong\n")


def test_tb4_a_link_that_is_on_its_way_is_no_fault_and_one_that_never_comes_is(
    verify: Any,
    trail: list[AuditEvent],
    deps: ChainDeps,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The head moves first, then the object is put. The command is recorded itself, so it often comes in between."""
    head = deps.heads.head("kings")
    after = append_link(head, [an_event(9)], HOUR_AGO)
    assert deps.heads.advance(head, after)
    assert "link 2 is missing" in verify()[1]
    body = after.text.encode()
    monkeypatch.setattr(command, "sleep", lambda _: deps.s3.put_object(Bucket=BUCKET, Key=after.key, Body=body))
    assert "kings: 2 links, nothing wrong" in verify()[1]


def another_outcome(row: Row) -> None:
    row["doc"]["S"] = row["doc"]["S"].replace('"allowed"', '"refused"')


def another_user(row: Row) -> None:
    row["who"]["S"] = "kings#nobody@da.example.gov"


def another_end(row: Row) -> None:
    row["expires"]["N"] = "1"


def unreadable(row: Row) -> None:
    row["doc"]["S"] = "{}"


@pytest.mark.parametrize("alter", [another_outcome, another_user, another_end, unreadable])
def test_tb3_a_row_that_was_put_in_anothers_place_is_found(
    verify: Any, tables: Tables, trail: list[AuditEvent], alter: Callable[[Row], None]
) -> None:
    """PutItem is what the API's role is allowed, so the row can be replaced."""
    row = rows(tables, "office#")[2]
    alter(row)
    tables.client.put_item(TableName="Audit", Item=row)
    status, text = verify()
    assert status == 1
    assert row["sk"]["S"].partition("#")[2] in text


@pytest.mark.parametrize("prefix", ["office#", "intent#", "subject#"])
def test_tb3_a_row_that_is_gone_is_found(verify: Any, tables: Tables, trail: list[AuditEvent], prefix: str) -> None:
    row = rows(tables, prefix)[3]
    tables.client.delete_item(TableName="Audit", Key={"pk": row["pk"], "sk": row["sk"]})
    status, text = verify("kings")
    assert status == 1
    assert row["sk"]["S"].partition("#")[2] in text


def test_tb3_a_row_that_no_chain_knows_is_found(verify: Any, tables: Tables, trail: list[AuditEvent]) -> None:
    tables.audit.write(an_event(77, at=HOUR_AGO))
    status, text = verify()
    assert (status, UUID(int=77).hex in text, "is missing in the chain" in text) == (1, True, True)


def test_tb3_a_row_that_was_deleted_and_put_anew_is_found_by_both_links(
    verify: Any,
    tables: Tables,
    trail: list[AuditEvent],
    deps: ChainDeps,  # noqa: F811
) -> None:
    """The stream then carries the forged event into the chain, where the first one still is."""
    row = rows(tables, "office#")[0]
    another_outcome(row)
    tables.client.put_item(TableName="Audit", Item=row)
    append_events([an_event(50)], deps, HOUR_AGO)
    append_events(events_in([{"eventName": "INSERT", "dynamodb": {"NewImage": row}}]), deps, HOUR_AGO)
    status, text = verify()
    assert (status, "is twice in the chain, and the two differ" in text) == (1, True)


def test_tb3_what_expired_and_what_the_alerts_table_proves_need_no_row(
    verify: Any,
    trail: list[AuditEvent],
    deps: ChainDeps,  # noqa: F811
) -> None:
    told = an_event(60, at=HOUR_AGO, action=BE_TOLD, status=0)
    long_ago = an_event(61, at=HOUR_AGO - timedelta(days=402))
    append_events([told, long_ago], deps, HOUR_AGO)
    assert verify()[0] == 0


def test_tb1_verify_names_requests_without_an_outcome(
    verify: Any,
    tables: Tables,
    trail: list[AuditEvent],
    deps: ChainDeps,  # noqa: F811
) -> None:
    lost, unknown = (an_event(number, at=HOUR_AGO, outcome=AuditOutcome.BEGUN, status=0) for number in (70, 71))
    closed = unknown.ended(AuditOutcome.UNKNOWN)
    for intent in (lost, unknown):
        tables.audit.intents.begin(intent)
    tables.audit.write(closed)
    append_events([lost, unknown, closed], deps, HOUR_AGO)
    status, text = verify()
    assert status == 1, "the job that closes events did not see one of them"
    assert f"{lost.event_id} of {HOUR_AGO:%Y-%m-%d %H:%M} began and nobody recorded its outcome" in text
    assert f"{unknown.event_id} of {HOUR_AGO:%Y-%m-%d %H:%M} has an unknown outcome: ada@da.example.gov" in text


STREAM_KEY = {"pk": {"S": "office#kings#2026-11-20"}, "sk": {"S": "2026-11-20T15:30:00.000000+00:00#" + "0" * 32}}


@pytest.mark.parametrize(
    ("name", "by", "altered"),
    [
        ("INSERT", None, False),
        ("MODIFY", None, True),
        ("REMOVE", None, True),
        ("REMOVE", {"type": "Service", "principalId": "dynamodb.amazonaws.com"}, False),
    ],
)
def test_tb3_the_stream_says_what_was_replaced_or_deleted_before_its_time(
    name: str, by: dict[str, str] | None, altered: bool
) -> None:
    record = {"eventID": "1", "eventName": name, "dynamodb": {"Keys": STREAM_KEY}} | (
        {"userIdentity": by} if by else {}
    )
    events = list(altered_rows([record], HOUR_AGO))
    assert [event.office_id for event in events] == (["kings"] if altered else [])
    alerts_row = {"eventName": name, "dynamodb": {"Keys": {"alert_id": {"S": "a"}, "part": {"S": "alert"}}}}
    assert list(altered_rows([alerts_row], HOUR_AGO)) == []


def test_tb3_an_altered_row_stands_in_the_chain_for_good(
    verify: Any,
    trail: list[AuditEvent],
    deps: ChainDeps,  # noqa: F811
) -> None:
    record = {"eventID": "1", "eventName": "MODIFY", "dynamodb": {"Keys": STREAM_KEY}}
    append_events(list(altered_rows([record], HOUR_AGO)), deps, HOUR_AGO)
    status, text = verify()
    assert (status, STREAM_KEY["sk"]["S"] in text) == (1, True)
