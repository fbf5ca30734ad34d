"""Each function as Lambda runs it: settings from the environment, dependencies made at cold start, one event."""

import gzip
import importlib
import json
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import DeliveryState
from shared.arrests.model import Provenance
from shared.arrests.seals.effect import SealEffect
from shared.arrests.seals.register import SealVerdict
from shared.audit.append_chain import ChainDeps, export_chain
from shared.aws.handshakes import HANDSHAKES
from shared.aws.settings import MissingSettingsError
from shared.aws.signing_keys import KeyPurpose
from shared.feeds.drops.model import Drop
from shared.retention.model import first_steps
from tests.alerts.test_model import a_match, an_alert
from tests.audit.test_chain import an_event
from tests.builders import NOW, an_arrest, an_office
from tests.conftest import Tables
from tests.disputes.cases import ARREST, a_dispute, no_disputes
from tests.feeds.intake.test_executions import a_state_machine
from tests.feeds.small_drops import HEADER, PROFILE, a_drop, a_row

ColdStart = Callable[[str], ModuleType]


@pytest.fixture
def environment(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the template sets, for all functions together."""
    s3, sqs = boto3.client("s3"), boto3.client("sqs")
    for bucket in ("feeds", "work", "copies", "audit-objects"):
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    secrets = boto3.client("secretsmanager")
    for name in ("pseudonyms", *(purpose.noun for purpose in KeyPurpose)):
        secrets.create_secret(Name=name, SecretString="a key for tests only")
    boto3.client("logs").create_log_group(logGroupName="sign-ins")
    environment = {f"{noun.upper()}_TABLE": noun for noun in ("Arrests", "Subscriptions", "Offices", "Alerts", "Audit")}
    juveniles_key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    environment |= {"JUVENILES_TABLE": "Juveniles", "JUVENILES_KEY": juveniles_key}
    environment |= {"AGENCIES_TABLE": "Agencies", "CHAINS_TABLE": "Chains", "PSEUDONYM_SECRET": "pseudonyms"}
    environment |= {f"{purpose.noun.upper()}_SECRET": purpose.noun for purpose in KeyPurpose}
    environment |= {"FEEDS_BUCKET": "feeds", "WORK_BUCKET": "work", "AUDIT_BUCKET": "audit-objects"}
    environment |= {"COPIES_BUCKET": "copies", "USER_POOL": "us-east-1_none", "SIGN_IN_LOG": "sign-ins"}
    environment |= {"SENDER": "alerts@example.gov", "CONFIGURATION_SET": "mail", "CLAIM_LEASE_SECONDS": "900"}
    environment |= {"ALERTS_TOPIC": "arn:aws:sns:us-east-1:123456789012:alerts", "CONSOLE_URL": "https://a.example.gov"}
    environment |= {"MAILS_A_SECOND": "14", "TEXTS_A_SECOND": "20"}
    for name in ("feed", "alerts", "provider_events", "purges", "exports"):
        environment[f"{name.upper()}_QUEUE"] = sqs.create_queue(QueueName=name)["QueueUrl"]
    environment |= {"LARGE_DROPS": a_state_machine()}
    environment |= {"POWERTOOLS_METRICS_NAMESPACE": "ArrestAlert", "POWERTOOLS_SERVICE_NAME": "tests"}
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    return environment


@pytest.fixture
def cold_start(environment: dict[str, str]) -> Iterator[ColdStart]:
    """Imports a function's handler as a new Lambda worker does, with everything that its own folder holds."""
    started: list[str] = []

    def forget(function: str) -> None:
        for name in [name for name in sys.modules if f"{name}.".startswith(f"functions.{function}.")]:
            del sys.modules[name]

    def start(function: str) -> ModuleType:
        forget(function)
        started.append(function)
        return importlib.import_module(f"functions.{function}.handler")

    yield start
    for function in started:
        forget(function)


def queued(url: str) -> list[str]:
    return [message["Body"] for message in boto3.client("sqs").receive_message(QueueUrl=url).get("Messages", [])]


def test_a_dropped_file_becomes_arrests_and_a_receipt(cold_start: ColdStart, tables: Tables) -> None:
    s3 = boto3.client("s3")
    tables.agencies.replace("testville", PROFILE, 0, "set-up", datetime.now(UTC))
    body = a_drop(a_row(1), a_row(2))
    version = s3.put_object(Bucket="feeds", Key="testville/in/day.csv", Body=body)["VersionId"]
    record = {
        "eventTime": "2026-11-20T09:00:00Z",
        "s3": {"object": {"key": "testville/in/day.csv", "size": len(body), "versionId": version, "sequencer": "01"}},
    }
    event = {"Records": [{"messageId": "1", "body": json.dumps({"Records": [record]})}]}
    assert cold_start("receive_feed").handler(event, SimpleNamespace()) == {"batchItemFailures": []}
    assert len(tables.everything_in("Arrests")) == 2
    keys = [stored["Key"] for stored in s3.list_objects_v2(Bucket="feeds")["Contents"]]
    assert any(key.startswith("testville/receipts/day.csv.") for key in keys)


def test_a_large_drop_is_begun_by_its_message_and_done_by_the_tasks_of_its_execution(
    cold_start: ColdStart, environment: dict[str, str], tables: Tables
) -> None:
    s3, states = boto3.client("s3"), boto3.client("stepfunctions")
    tables.agencies.replace("testville", PROFILE, 0, "set-up", datetime.now(UTC))
    unread = "5" * 900_000  # a column that the profile does not name
    body = a_drop(*(f"{a_row(number)},{unread}" for number in range(10)), header=f"{HEADER},Telephone")
    version = s3.put_object(Bucket="feeds", Key="testville/in/year.csv", Body=body)["VersionId"]
    s3_object = {"key": "testville/in/year.csv", "size": len(body), "versionId": version, "sequencer": "01"}
    record = {"eventTime": "2026-11-20T09:00:00Z", "s3": {"object": s3_object}}
    handler = cold_start("receive_feed").handler
    assert handler(an_sqs_event({"Records": [record]}), SimpleNamespace()) == {"batchItemFailures": []}
    [execution] = states.list_executions(stateMachineArn=environment["LARGE_DROPS"])["executions"]
    started = json.loads(states.describe_execution(executionArn=execution["executionArn"])["input"])
    numbers = handler({"step": "cut", **started}, None)
    assert numbers == [0, 1]
    for step, of_step in (("read", numbers), ("command", [0]), ("store", numbers), ("close", [0])):
        assert [handler({"step": step, "number": number, **started}, None) for number in of_step] == [[]] * len(of_step)
    assert len(tables.everything_in("Arrests")) == 10
    assert any("/receipts/" in stored["Key"] for stored in s3.list_objects_v2(Bucket="feeds")["Contents"])


def test_a_message_that_fails_is_given_back_to_the_queue(cold_start: ColdStart) -> None:
    event = {"Records": [{"messageId": "1", "body": "no JSON"}]}
    answer = cold_start("receive_feed").handler(event, SimpleNamespace())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_a_stored_audit_event_becomes_a_link_of_its_offices_chain(cold_start: ColdStart, tables: Tables) -> None:
    tables.audit.write(an_event(1))
    images = [{"dynamodb": {"NewImage": item}} for item in tables.everything_in("Audit")]
    assert cold_start("chain_audit").handler({"Records": images}, None) == {"batchItemFailures": []}
    deps = ChainDeps(tables.chains, boto3.client("s3"), "audit-objects")
    assert list(export_chain("kings", deps)) == [an_event(1)]


def test_a_batch_without_news_is_matched_without_a_fault(cold_start: ColdStart, tables: Tables) -> None:
    assert cold_start("match_arrests").handler({"Records": []}, None) == {"batchItemFailures": []}
    assert tables.everything_in("Alerts") == []


@pytest.mark.parametrize(("becomes", "state"), [("erased", "gone"), ("a juvenile's", "gone"), ("locked", "open")])
def test_p4_the_stream_ends_disputes_of_what_is_erased_or_a_juveniles_and_leaves_those_of_what_is_locked(
    cold_start: ColdStart, tables: Tables, becomes: str, state: str
) -> None:
    drop = Provenance(drop_id="d", dropped_at=NOW)
    tables.arrests.store([ARREST], drop, NOW)
    empty = no_disputes()
    tables.subscriptions.disputes.save(empty.with_dispute(a_dispute(stored=empty)))
    [before] = tables.everything_in("Arrests")
    later = Provenance(drop_id="e", dropped_at=NOW + timedelta(hours=1))
    if becomes == "erased":
        tables.seals.seal(ARREST.arrest_id, ARREST.agency, ["k" * 32], later, NOW, "CPL 160.50")
    elif becomes == "locked":
        tables.seals.settle(ARREST.arrest_id, SealVerdict(SealEffect.LOCK, frozenset({"k" * 32})), later, NOW)
    else:
        tables.arrests.store([ARREST.model_copy(update={"juvenile": True})], later, NOW + timedelta(hours=1))
    [after] = tables.everything_in("Arrests")
    records = [{"dynamodb": {"OldImage": before, "NewImage": after}}]
    assert cold_start("match_arrests").handler({"Records": records}, None) == {"batchItemFailures": []}
    stored = tables.subscriptions.disputes.find("kings", ARREST.arrest_id)
    [dispute] = stored.disputes
    assert (dispute.state, bool(dispute.claim)) == (state, state == "open")
    assert stored.hidden == (becomes == "locked"), "nobody is reminded of what nobody may decide"
    if becomes == "locked":
        tables.seals.settle(ARREST.arrest_id, SealVerdict(), later, NOW + timedelta(hours=2))
        [again] = tables.everything_in("Arrests")
        back = [{"dynamodb": {"OldImage": after, "NewImage": again}}]
        assert cold_start("match_arrests").handler({"Records": back}, None) == {"batchItemFailures": []}
        assert not tables.subscriptions.disputes.find("kings", ARREST.arrest_id).hidden


def an_sqs_event(*bodies: object) -> dict[str, Any]:
    records = [{"messageId": str(number), "body": json.dumps(body)} for number, body in enumerate(bodies)]
    return {"Records": [record | {"eventSource": "aws:sqs"} for record in records]}


def enveloped(text: str) -> dict[str, str]:
    """As SNS sends a message to a queue whose subscription does not ask for the message alone."""
    return {"Type": "Notification", "TopicArn": "arn:aws:sns:us-east-1:123456789012:mail", "Message": text}


@pytest.mark.parametrize("function", ["receive_feed", "record_delivery_events"])
@pytest.mark.parametrize("name", sorted(HANDSHAKES))
def test_a_handshake_of_a_provider_is_ignored_whoever_receives_it(
    cold_start: ColdStart, function: str, name: str
) -> None:
    text = HANDSHAKES[name].published
    bodies = [text, json.dumps(enveloped(text))] if function == "record_delivery_events" else [text]
    records = [{"messageId": str(number), "body": body, "eventSource": "aws:sqs"} for number, body in enumerate(bodies)]
    assert cold_start(function).handler({"Records": records}, SimpleNamespace()) == {"batchItemFailures": []}


def test_a_queued_notice_is_mailed_and_what_ses_reports_of_it_is_recorded(
    cold_start: ColdStart, tables: Tables
) -> None:
    boto3.client("sesv2").create_email_identity(EmailIdentity="alerts@example.gov")
    tables.offices.enrol(an_office())
    now = datetime.now(UTC)
    notice = Notice(
        notice_id="ab" * 16, office_id="kings", email="ada@da.example.gov", title="A watch has changed",
        lines=("It was ended.",), path="/v1/subscriptions/s1", created_at=now,
    )  # fmt: skip
    tables.alerts.notices.store(notice)
    key = notice.delivery.key
    batch = an_sqs_event(key._asdict())
    assert cold_start("send_alerts").handler(batch, SimpleNamespace()) == {"batchItemFailures": []}
    sent = tables.alerts.deliveries.find(key)
    assert sent is not None
    assert sent.state is DeliveryState.SENT
    event = {"eventType": "Delivery", "mail": {"messageId": "m", "tags": {"delivery": [key.delivery_id]}}}
    recorder = cold_start("record_delivery_events").handler
    unknown = {"eventType": "Delivery", "mail": {"tags": {"delivery": ["0-1-email"]}}}
    answer = recorder(an_sqs_event(event, enveloped(json.dumps(unknown)), {"eventType": "Open", "mail": {}}), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}, "an unknown delivery is looked at again"
    delivery = tables.alerts.deliveries.find(key)
    assert delivery is not None
    assert delivery.state is DeliveryState.DELIVERED


def test_each_line_of_a_log_group_is_queued_by_itself(cold_start: ColdStart, environment: dict[str, str]) -> None:
    document = {"messageType": "DATA_MESSAGE", "logEvents": [{"message": "first"}, {"message": "second"}]}
    log = {"awslogs": {"data": b64encode(gzip.compress(json.dumps(document).encode())).decode()}}
    handler = cold_start("record_delivery_events").handler
    handler(log, SimpleNamespace())
    replayed = handler(an_sqs_event(log), SimpleNamespace())
    assert replayed == {"batchItemFailures": []}
    bodies = [body for _ in range(4) for body in queued(environment["PROVIDER_EVENTS_QUEUE"])]
    assert sorted(bodies) == ["first", "first", "second", "second"]


def test_every_scheduled_job_runs_and_says_how_much_it_found(cold_start: ColdStart) -> None:
    handler = cold_start("scheduled_jobs").handler
    jobs = importlib.import_module("functions.scheduled_jobs.jobs").JOBS
    found = {task: handler({"task": task}, None)["found"] for task in jobs}
    assert found == dict.fromkeys(jobs, 0) | {"purges": len(first_steps(NOW.date(), []))}


def test_the_steps_of_a_days_purge_are_queued_and_purge_records_takes_them(
    cold_start: ColdStart, environment: dict[str, str], tables: Tables
) -> None:
    tables.drops.begin(Drop(key="testville/in/day.csv", size=7, dropped_at=NOW), "0" * 32)
    cold_start("scheduled_jobs").handler({"task": "purges"}, None)
    steps = first_steps(NOW.date(), ["nypd"])
    bodies = [body for _ in steps for body in queued(environment["PURGES_QUEUE"])]
    assert len(bodies) == len(steps)
    handler = cold_start("purge_records").handler
    assert [handler(an_sqs_event(json.loads(body)), SimpleNamespace()) for body in bodies] == [
        {"batchItemFailures": []}
    ] * len(steps)


def test_names_are_counted_once_a_week_and_the_log_says_of_which_agency_and_names_nobody(
    cold_start: ColdStart, tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    function: Any = cold_start("learn_names")
    born = [NOW.date() - timedelta(days=9_000 + number) for number in range(30)]
    arrests = [an_arrest(f"{day}", surname="Quillfeather", born=day) for day in born]
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=NOW), datetime.now(UTC))
    assert function.handler({}, SimpleNamespace()) == {"agencies": 1, "counted": 0}
    function.dependencies.learn = replace(function.dependencies.learn, min_persons=30)
    caplog.clear()
    assert function.handler({}, SimpleNamespace()) == {"agencies": 1, "counted": 1}
    [record] = caplog.records
    line = vars(record)
    assert (line["agency"], line["persons"], line["names"], line["outcome"]) == ("roster", 30, 2, "counted")
    assert len(line["version"]) == 16
    assert "quillfeather" not in str(line).lower()


def test_a_silent_agency_is_counted(cold_start: ColdStart, tables: Tables, capsys: pytest.CaptureFixture[str]) -> None:
    tables.drops.await_next("testville", datetime(2026, 1, 1, tzinfo=UTC))
    assert cold_start("scheduled_jobs").handler({"task": "silences"}, None) == {"found": 1}
    assert '"AgencySilent":[1.0]' in capsys.readouterr().out


def test_a_drop_whose_event_was_lost_is_queued_again(
    cold_start: ColdStart, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3.client("s3").put_object(Bucket="feeds", Key="testville/in/lost.csv", Body=b"x")
    handler = cold_start("scheduled_jobs").handler
    jobs: Any = importlib.import_module("functions.scheduled_jobs.jobs")
    monkeypatch.setattr(jobs, "YOUNGEST_DROP", -jobs.YOUNGEST_DROP)  # it was dropped just now
    assert handler({"task": "drops"}, None) == {"found": 1}
    (body,) = queued(environment["FEED_QUEUE"])
    assert json.loads(body)["Records"][0]["s3"]["object"]["key"] == "testville/in/lost.csv"


@pytest.mark.parametrize(
    "function",
    [
        "receive_feed",
        "match_arrests",
        "send_alerts",
        "record_delivery_events",
        "chain_audit",
        "purge_records",
        "export_records",
        "learn_names",
        "scheduled_jobs",
    ],
)
def test_a_function_without_its_settings_says_which_are_missing(
    cold_start: ColdStart, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    for name in environment:
        monkeypatch.delenv(name)
    with pytest.raises(MissingSettingsError, match=r"_TABLE.*, "):
        cold_start(function)


def test_the_canary_is_measured_by_itself_so_that_it_hides_no_silence_of_real_alerts(
    cold_start: ColdStart, capsys: pytest.CaptureFixture[str]
) -> None:
    record = cold_start("send_alerts").dependencies._record_latency
    for office_id, metric, other in (
        ("canary", "CanaryToSent", "DropToSent"), ("kings", "DropToSent", "CanaryToSent")
    ):  # fmt: skip
        capsys.readouterr()
        alert = an_alert(a_match()).model_copy(update={"office_id": office_id})
        record(alert, NOW + timedelta(seconds=7))
        line = capsys.readouterr().out
        assert f'"{metric}":[7.0]' in line
        assert other not in line


def test_the_canary_drops_an_arrest_where_it_is_set_up_and_nothing_elsewhere(
    cold_start: ColdStart, tables: Tables
) -> None:
    jobs = cold_start("scheduled_jobs")
    assert jobs.handler({"task": "canary"}, None) == {"found": 0}
    profile = Path(__file__).resolve().parents[2] / "functions" / "cli" / "canary" / "profile.yaml"
    tables.agencies.enrol("canary", profile.read_text())
    assert jobs.handler({"task": "canary"}, None) == {"found": 1}
    [dropped] = boto3.client("s3").list_objects_v2(Bucket="feeds")["Contents"]
    assert dropped["Key"].startswith("canary/in/C-")


def test_no_scheduled_job_reads_a_table_whole(cold_start: ColdStart, tables: Tables) -> None:
    """Each reads by an index of what is due, or by the keys of offices and agencies."""
    tables.offices.enrol(an_office())
    handler = cold_start("scheduled_jobs").handler
    jobs = sys.modules["functions.scheduled_jobs.jobs"]
    dependencies: Any = sys.modules["functions.scheduled_jobs.dependencies"]
    scans: dict[str, list[Any]] = {task: [] for task in jobs.JOBS}
    for task, of_task in scans.items():
        note = partial(_note, of_task)
        dependencies._dynamodb.meta.events.register("before-call.dynamodb.Scan", note)
        handler({"task": task}, SimpleNamespace())
        dependencies._dynamodb.meta.events.unregister("before-call.dynamodb.Scan", note)
    assert not any(scans.values()), scans


def _note(requests: list[Any], params: Any, **_: Any) -> None:
    requests.append(params["body"])
