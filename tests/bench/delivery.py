"""Measures delivery: alerts a second through the real functions, the calls they make, the price of 100,000 alerts.

The functions run on moto with the tables of the template. `metering.py` counts what AWS would bill for. The log is
measured too, because AWS bills for it.
"""

import importlib
import io
import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3

from shared.alerts.delivery.dependencies import DeliveryDeps, DeliveryOutcome
from shared.alerts.delivery.model import DeliveryKey, Enqueue
from shared.alerts.delivery.queue import delivery_enqueuer
from shared.alerts.delivery.send import deliver
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.table import AlertsTable
from shared.arrests.model import Arrest, Provenance
from shared.arrests.table import ArrestsTable, Version
from shared.channels import CHANNELS
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.offices.users_table import UsersTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.table import SubscriptionsTable
from tests.alerts.delivery.killed_workers import alerts_just_stored
from tests.bench.finding import arrest as invented_arrest
from tests.bench.metering import Bill, Meter, http_answer
from tests.bench.population import MEASURED_ON
from tests.builders import NOW, PSEUDONYMS, a_subscription, a_user, an_office
from tests.in_process import in_process
from tests.local.deployment import assembly, product_template

TARGET = 1.00  # dollars for 100,000 alerts, without messaging fees
A_MAIL = 0.10 / 1_000  # Amazon SES, beside the target
ALERTS = 100

# us-east-1, dollars: DynamoDB on demand a write or read request unit, Lambda (arm64) a GB-second and a request, SQS a
# request, SNS a publication (SES publishes its events; SNS to SQS is free), CloudWatch Logs a GB, S3 a put.
WRITE_UNIT, READ_UNIT = 0.625 / 1e6, 0.125 / 1e6
GB_SECOND, INVOCATION = 0.0000133334, 0.20 / 1e6
SQS_REQUEST, SNS_PUBLICATION, LOGGED_GB, PUT_OBJECT = 0.40 / 1e6, 0.50 / 1e6, 0.50, 5.00 / 1e6
BATCH = 10  # deliveries or events an invocation; one request receives them, one deletes them
A_CALL, A_MAIL_TAKES = 0.005, 0.06  # seconds that a function waits; Lambda bills for them
A_CORE = 1.769  # GB with which Lambda gives one whole core; less memory gives less of it
PLATFORM_LINES = 900  # bytes that Lambda itself logs for an invocation
A_LINK = 1_000  # audit events in one link of the hash chain; AWS collects them for 20 seconds
TABLES = ("Alerts", "Arrests", "Juveniles", "Offices", "Subscriptions", "Chains")
SETTINGS = {
    "ALERTS_TABLE": "Alerts", "ARRESTS_TABLE": "Arrests", "OFFICES_TABLE": "Offices",
    "SUBSCRIPTIONS_TABLE": "Subscriptions", "SENDER": "alerts@example.gov", "CONFIGURATION_SET": "mail",
    "CHAINS_TABLE": "Chains", "AUDIT_BUCKET": "audit",
    "ALERTS_TOPIC": "arn:aws:sns:us-east-1:123456789012:alerts", "CONSOLE_URL": "https://alerts.example.gov",
    "PROVIDER_EVENTS_QUEUE": "provider-events", "CLAIM_LEASE_SECONDS": "900", "LINKS_SECRET": "links",
    "WEBHOOKS_SECRET": "webhooks",
    "MAILS_A_SECOND": "1000",
    "TEXTS_A_SECOND": "1000", "POWERTOOLS_SERVICE_NAME": "send_alerts", "POWERTOOLS_METRICS_NAMESPACE": "ArrestAlert",
    "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none",
}  # fmt: skip
ADA = "ada.example@da.example.gov"


class Phase:
    """What ALERTS alerts cost in one function: AWS's bill and bytes of log.

    `gb` is the function's memory; `waited` is the seconds that it waits for a provider, for each alert.
    """

    def __init__(self, meter: Meter, gb: float, log: io.StringIO, waited: float = 0) -> None:
        self.gb, self.waited, self.bill, self.logged = gb, waited, Bill(), 0
        self._meter, self._log = meter, log

    def __enter__(self) -> None:
        self._meter.bill, self.logged = self.bill, -self._log.tell()

    def __exit__(self, *_: object) -> None:
        self.logged += self._log.tell()

    def calls(self, service: str) -> int:
        return sum(count for call, count in self.bill.calls.items() if call.startswith(service))


def main(count: int = 2_000) -> None:
    ours, sdk = 1 / rate(count), sdk_seconds()
    print(f"\nDelivering by mail with full detail, one core: {1 / ours:,.0f} alerts a second of our own code;"
          f" {sdk * 1e3:.1f} ms of AWS's SDK a call")  # fmt: skip
    os.environ.update(SETTINGS)
    with in_process(), redirect_stdout(io.StringIO()) as log:
        phases = measure_phases(log)
    print(f"  an alert {'':12}written  (indexes)   read   log bytes   calls")
    for name, phase in phases.items():
        print_phase(name, phase)
    print_cost(list(phases.values()), ours, sdk)


def rate(count: int) -> float:
    """Returns alerts a second of our own code, with DynamoDB in memory and providers that answer at once."""
    client: Any = alerts_just_stored(count)
    deps = DeliveryDeps(
        alerts=AlertsTable(client, "Alerts"), arrests=ArrestsTable(client, "Arrests"),
        offices=OfficesTable(client, "Offices"), subscriptions=SubscriptionsTable(client, "Subscriptions"),
        preferences=PreferencesTable(client, "Subscriptions"),
        senders=dict.fromkeys(CHANNELS, lambda _, __, delivery_id: f"m-{delivery_id}"),
        console="https://alerts.example.gov", lease=timedelta(minutes=15), clock=lambda: NOW,
    )  # fmt: skip
    keys = [DeliveryKey(key[0], 1, "email") for key in client.tables["Alerts"] if key[1].startswith("delivery#")]
    start = time.process_time()
    assert all(deliver(key, deps) is DeliveryOutcome.SENT for key in keys)
    return count / (time.process_time() - start)


def sdk_seconds(calls: int = 300) -> float:
    """Returns the seconds of one core that boto3 takes for a call of DynamoDB. The answer comes without a network."""
    client = boto3.client("dynamodb", aws_access_key_id="none", aws_secret_access_key="none", region_name="us-east-1")
    answer = http_answer(json.dumps({"Item": {"doc": {"S": "x" * 1_000}}}))
    hook: Any = lambda **_: answer  # noqa: E731 - the stubs declare that a hook returns nothing
    client.meta.events.register("before-send.dynamodb", hook)
    start = time.process_time()
    for _ in range(calls):
        client.get_item(TableName="Alerts", Key={"alert_id": {"S": "x"}, "part": {"S": "alert"}}, ConsistentRead=True)
    return (time.process_time() - start) / calls


def measure_phases(log: io.StringIO) -> dict[str, Phase]:
    dynamodb, sqs, indexes = boto3.client("dynamodb"), boto3.client("sqs"), create_tables()
    url = sqs.create_queue(QueueName="alerts")["QueueUrl"]
    boto3.client("sesv2").create_email_identity(EmailIdentity="alerts@example.gov")
    for name in ("links", "webhooks"):
        boto3.client("secretsmanager").create_secret(Name=name, SecretString="a key for tests only")
    versions = watched_arrests(dynamodb)
    boto3.client("s3").create_bucket(Bucket="audit")
    functions = ("send_alerts", "record_delivery_events", "chain_audit")
    sender, recorder, chainer = (importlib.import_module(f"functions.{name}.handler") for name in functions)
    meter, matcher = Meter(dynamodb, indexes), boto3.client("dynamodb")
    for client in (
        matcher,
        sender.dependencies.dynamodb,
        sender.dependencies.channels.ses,
        recorder.dependencies.dynamodb,
        chainer.dependencies.dynamodb,
        chainer.dependencies.chain.s3,
    ):
        meter.watch(client)
    phases = {"matching": Phase(meter, 1.0, log), "sending": Phase(meter, 0.5, log, A_MAIL_TAKES),
              "two events": Phase(meter, 0.25, log), "audit": Phase(meter, 0.5, log)}  # fmt: skip
    with phases["matching"]:
        meter.watch(queue := boto3.client("sqs"))
        match_all(versions, matcher, dynamodb, delivery_enqueuer(queue, url))
    queued = list(received(sqs, url))
    assert len(queued) == ALERTS
    with phases["sending"]:
        handle(sender, queued, meter)
    with phases["two events"]:
        handle(recorder, [event(json.loads(body), kind) for body in queued for kind in ("Send", "Delivery")], meter)
    stored = dynamodb.scan(TableName="Alerts")["Items"]
    images = [{"dynamodb": {"NewImage": item}} for item in stored if item["part"]["S"] == "alert" or "state" in item]
    assert len(images) == 2 * ALERTS  # each alert, and its delivery
    with phases["audit"]:
        for start in range(0, len(images), A_LINK):
            chainer.handler({"Records": images[start : start + A_LINK]}, SimpleNamespace())
            meter.bill.calls["lambda Invocation"] += 1
    return phases


def create_tables() -> dict[str, list[tuple[str, ...]]]:
    """Creates the tables of the template. Returns the key attributes of each table's indexes."""
    dynamodb, keys_of_indexes = boto3.client("dynamodb"), {}
    template = product_template(assembly("local"))
    tables = {
        logical_id: resource["Properties"]
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == "AWS::DynamoDB::GlobalTable"
    }
    for name in TABLES:
        properties = next(table for logical_id, table in tables.items() if name in logical_id)
        used = ("KeySchema", "AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes")
        dynamodb.create_table(TableName=name, **{key: properties[key] for key in used if key in properties})
        indexes = properties.get("GlobalSecondaryIndexes", ())
        keys_of_indexes[name] = [tuple(part["AttributeName"] for part in index["KeySchema"]) for index in indexes]
    return keys_of_indexes


def watched_arrests(dynamodb: Any) -> list[Version]:
    """Returns invented arrests. One user watches each: six in ten by state ID, two by name and date of birth, two by a
    charge in a precinct."""
    rng, now = random.Random(MEASURED_ON), datetime.now(UTC)
    OfficesTable(dynamodb, "Offices").enrol(an_office(alerts_an_hour=10 * ALERTS))
    UsersTable(dynamodb, "Subscriptions").add(a_user(ADA))
    watch_list = SubscriptionIndex(dynamodb, "Subscriptions", PSEUDONYMS)
    arrests = [invented_arrest(rng, number) for number in range(ALERTS)]
    ArrestsTable(dynamodb, "Arrests", juveniles="Juveniles").store(
        arrests, Provenance(drop_id="x", dropped_at=now), now
    )
    for number, arrest in enumerate(arrests):
        basis = {"kind": "open case", "case_number": f"2026-KN-{number:06d}"}
        watch_list.add(a_subscription(criterion_for(arrest, number % 10), basis=basis, recipients=[{"email": ADA}]))
    return [Version(arrest, None, now, now) for arrest in arrests]


def criterion_for(arrest: Arrest, kind: int) -> dict[str, Any]:
    name, [sid] = arrest.person.names[0], arrest.person.identifiers
    if kind < 6:
        return {"watch": "identifier", "identifier": sid.model_dump()}
    if kind < 8:
        born = arrest.person.date_of_birth
        return {"watch": "person", "surname": name.surname, "given": name.given, "date_of_birth": born}
    where = {"watch": "place", "agency": "nypd", "precinct": arrest.place.precinct if arrest.place else ""}
    number = {"watch": "identifier", "identifier": sid.model_dump()}
    return {"all": [{"watch": "charge", "statute": arrest.charges[0].statute}, where, number]}


def match_all(versions: list[Version], metered: Any, dynamodb: Any, enqueue: Enqueue) -> None:
    """Matches as the matchers do. The look-up of candidates is not metered: every arrest costs it, see `finding.py`."""
    deps = MatchDeps(
        SubscriptionIndex(dynamodb, "Subscriptions", PSEUDONYMS), SubscriptionsTable(metered, "Subscriptions"),
        OfficesTable(metered, "Offices"), AlertsTable(metered, "Alerts"), PSEUDONYMS, enqueue,
    )  # fmt: skip
    for start in range(0, len(versions), BATCH):
        match_versions(versions[start : start + BATCH], deps, datetime.now(UTC))


def received(sqs: Any, url: str) -> Iterator[str]:
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        yield from (message["Body"] for message in messages)


def event(key: dict[str, Any], kind: str) -> str:
    tag = f"{key['alert_id']}-{key['revision']}-{key['channel']}"
    return json.dumps({"eventType": kind, "mail": {"messageId": "m", "tags": {"delivery": [tag]}}})


def handle(function: Any, bodies: list[str], meter: Meter) -> None:
    """Invokes the function with ten messages at a time, and bills one request to receive and one to delete them."""
    context = SimpleNamespace(aws_request_id="x", function_name="x", get_remaining_time_in_millis=lambda: 120_000)
    for start in range(0, len(bodies), BATCH):
        batch = bodies[start : start + BATCH]
        records = [
            {"messageId": str(number), "body": body, "eventSource": "aws:sqs"} for number, body in enumerate(batch)
        ]
        assert function.handler({"Records": records}, context) == {"batchItemFailures": []}
        meter.bill.calls.update({"lambda Invocation": 1, "sqs ReceiveMessage": 1, "sqs DeleteMessageBatch": 1})


def print_phase(name: str, phase: Phase) -> None:
    bill = phase.bill
    calls = ", ".join(f"{count / ALERTS:.2g} {call.split()[-1]}" for call, count in sorted(bill.calls.items()))
    print(f"  {name:20}{bill.writes / ALERTS:>9.2f}{bill.entries / ALERTS:>10.2f}{bill.reads / ALERTS:>8.2f}"
          f"{phase.logged / ALERTS:>11,.0f}   {calls}")  # fmt: skip


def print_cost(phases: list[Phase], ours: float, sdk: float) -> None:
    """Prints the price of 100,000 alerts.

    `ours` is the seconds of a core that our code takes for an alert, `sdk` those that boto3 takes for a call.
    """
    cost = {"DynamoDB": 0.0, "Lambda": 0.0, "SQS": 0.0, "Logs": 0.0, "S3": 0.0}
    for phase in phases:
        calls = phase.calls("dynamodb") + phase.calls("sqs SendMessage") + phase.calls("sesv2") + phase.calls("s3")
        busy = calls * (A_CALL + sdk * A_CORE / phase.gb) + ALERTS * (phase.waited + ours * A_CORE / phase.gb)
        cost["DynamoDB"] += phase.bill.writes * WRITE_UNIT + phase.bill.reads * READ_UNIT
        cost["Lambda"] += busy * phase.gb * GB_SECOND + phase.calls("lambda") * INVOCATION
        cost["SQS"] += phase.calls("sqs") * SQS_REQUEST
        cost["S3"] += phase.calls("s3") * PUT_OBJECT
        cost["Logs"] += (phase.logged + phase.calls("lambda") * PLATFORM_LINES) / 1e9 * LOGGED_GB
    for name, dollars in cost.items():
        print(f"  100,000 alerts, {name:14}{dollars * 1e5 / ALERTS:>38.2f} $")
    print(f"  100,000 alerts, together{sum(cost.values()) * 1e5 / ALERTS:>45.2f} $   target {TARGET:.2f} $")
    print(f"  and in messaging fees: SES {1e5 * A_MAIL:.2f} $, its events of each mail through SNS"
          f" {2e5 * SNS_PUBLICATION:.2f} $")  # fmt: skip


if __name__ == "__main__":
    main()
