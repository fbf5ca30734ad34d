"""Delivering: alerts a second through the real functions, the calls they make, and what 100,000 alerts cost.

The functions run on moto, over the tables of the template; what AWS would bill for is observed (`metering.py`), and
what they print is measured, because it is paid for as well.
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
from moto import mock_aws

from shared.alerts.delivery.dependencies import DeliveryDeps, DeliveryOutcome
from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.delivery.queue import delivery_enqueuer
from shared.alerts.delivery.send import deliver
from shared.alerts.match_arrests import Enqueue, MatchDeps, match_versions
from shared.alerts.table import AlertsTable
from shared.arrests.model import Arrest, Provenance
from shared.arrests.table import ArrestsTable, Version
from shared.channels import CHANNELS
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.offices.users_table import UsersTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.table import SubscriptionsTable
from tests.alerts.delivery.killed_workers import many
from tests.bench.finding import arrest
from tests.bench.metering import Bill, Meter
from tests.bench.population import MEASURED_ON
from tests.builders import NOW, PSEUDONYMS, a_subscription, a_user, an_office
from tests.local.deployment import assembly

TARGET = 1.00  # dollars for 100,000 alerts, without messaging fees
A_MAIL = 0.10 / 1_000  # Amazon SES, beside the target
ALERTS = 100

# us-east-1, dollars: DynamoDB on demand a write or read request unit, Lambda (arm64) a GB-second and a request, SQS a
# request, SNS a publication (SES publishes its events; SNS to SQS is free), CloudWatch Logs a GB, S3 a put.
WRITE_UNIT, READ_UNIT = 0.625 / 1e6, 0.125 / 1e6
GB_SECOND, INVOCATION = 0.0000133334, 0.20 / 1e6
SQS_REQUEST, SNS_PUBLICATION, LOGGED_GB, PUT_OBJECT = 0.40 / 1e6, 0.50 / 1e6, 0.50, 5.00 / 1e6
BATCH = 10  # deliveries or events an invocation: what it receives and deletes in one request each
A_CALL, A_MAIL_TAKES = 0.005, 0.06  # seconds of waiting, which are paid for as well
A_CORE = 1.769  # GB that come with one whole core; less memory is less of a core
PLATFORM_LINES = 900  # bytes that Lambda itself logs of an invocation
A_LINK = 1_000  # events of who was told and what was sent, for which AWS waits 20 seconds
TABLES = ("Alerts", "Arrests", "Offices", "Subscriptions", "Chains")
SETTINGS = {
    "ALERTS_TABLE": "Alerts", "ARRESTS_TABLE": "Arrests", "OFFICES_TABLE": "Offices",
    "SUBSCRIPTIONS_TABLE": "Subscriptions", "SENDER": "alerts@example.gov", "CONFIGURATION_SET": "mail",
    "CHAINS_TABLE": "Chains", "AUDIT_BUCKET": "audit",
    "ALERTS_TOPIC": "arn:aws:sns:us-east-1:123456789012:alerts", "CONSOLE_URL": "https://alerts.example.gov",
    "PROVIDER_EVENTS_QUEUE": "provider-events", "CLAIM_LEASE_SECONDS": "900", "PSEUDONYM_SECRET": "pseudonyms",
    "MAILS_A_SECOND": "1000",
    "TEXTS_A_SECOND": "1000", "POWERTOOLS_SERVICE_NAME": "send_alerts", "POWERTOOLS_METRICS_NAMESPACE": "ArrestAlert",
    "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none",
}  # fmt: skip
ADA = "ada.example@da.example.gov"


class Phase:
    """What ALERTS alerts took: on AWS's bill and on the log, in a function of so much memory."""

    def __init__(self, meter: Meter, gb: float, log: io.StringIO, waited: float = 0) -> None:
        self.gb, self.waited, self.bill, self.logged = gb, waited, Bill(), 0
        self._meter, self._log = meter, log

    def __enter__(self) -> None:
        self._meter.bill, self.logged = self.bill, -self._log.tell()

    def __exit__(self, *_: object) -> None:
        self.logged += self._log.tell()

    def calls(self, service: str) -> int:
        return sum(count for what, count in self.bill.calls.items() if what.startswith(service))


def main(count: int = 2_000) -> None:
    ours, sdk = 1 / rate(count), sdk_seconds()
    print(f"\nDelivering by mail with full detail, one core: {1 / ours:,.0f} alerts a second of our own code;"
          f" {sdk * 1e3:.1f} ms of AWS's SDK a call")  # fmt: skip
    os.environ.update(SETTINGS)
    with mock_aws(), redirect_stdout(io.StringIO()) as log:
        phases = observed(log)
    print(f"  an alert {'':12}written  (indexes)   read   log bytes   calls")
    for name, phase in phases.items():
        print_phase(name, phase)
    print_cost(list(phases.values()), ours, sdk)


def rate(count: int) -> float:
    """DynamoDB in memory: what our own code can do."""
    client: Any = many(count)
    at = DeliveryDeps(
        alerts=AlertsTable(client, "Alerts"), arrests=ArrestsTable(client, "Arrests"),
        offices=OfficesTable(client, "Offices"), subscriptions=SubscriptionsTable(client, "Subscriptions"),
        preferences=PreferencesTable(client, "Subscriptions"),
        senders=dict.fromkeys(CHANNELS, lambda _, __, delivery_id: f"m-{delivery_id}"),
        console="https://alerts.example.gov", lease=timedelta(minutes=15), clock=lambda: NOW,
    )  # fmt: skip
    keys = [DeliveryKey(key[0], 1, "email") for key in client.tables["Alerts"] if key[1] != "alert"]
    start = time.process_time()
    assert all(deliver(key, at) is DeliveryOutcome.SENT for key in keys)
    return count / (time.process_time() - start)


def sdk_seconds(calls: int = 300) -> float:
    """Of one core, that boto3 takes to ask DynamoDB and to read the answer, which is here before it is asked."""
    client = boto3.client("dynamodb", aws_access_key_id="none", aws_secret_access_key="none", region_name="us-east-1")
    body = json.dumps({"Item": {"doc": {"S": "x" * 1_000}}}).encode()
    answer = SimpleNamespace(status_code=200, headers={}, content=body, text=body.decode(), raw=io.BytesIO(body))
    answers: Any = lambda **_: answer  # noqa: E731 - the stubs believe that no hook answers
    client.meta.events.register("before-send.dynamodb", answers)
    start = time.process_time()
    for _ in range(calls):
        client.get_item(TableName="Alerts", Key={"alert_id": {"S": "x"}, "part": {"S": "alert"}}, ConsistentRead=True)
    return (time.process_time() - start) / calls


def observed(log: io.StringIO) -> dict[str, Phase]:
    dynamodb, sqs, indexes = boto3.client("dynamodb"), boto3.client("sqs"), create_tables()
    url = sqs.create_queue(QueueName="alerts")["QueueUrl"]
    boto3.client("sesv2").create_email_identity(EmailIdentity="alerts@example.gov")
    boto3.client("secretsmanager").create_secret(Name="pseudonyms", SecretString="a key for tests only")
    versions = watched_arrests(dynamodb)
    boto3.client("s3").create_bucket(Bucket="audit")
    functions = ("send_alerts", "record_delivery_events", "chain_audit")
    sender, noter, chainer = (importlib.import_module(f"functions.{name}.handler") for name in functions)
    meter, telling = Meter(dynamodb, indexes), boto3.client("dynamodb")
    for client in (
        telling,
        sender.dependencies.dynamodb,
        sender.dependencies.channels.ses,
        noter.dependencies.dynamodb,
        chainer.dependencies.dynamodb,
        chainer.dependencies.chain.s3,
    ):
        meter.watch(client)
    phases = {"telling": Phase(meter, 1.0, log), "sending": Phase(meter, 0.5, log, A_MAIL_TAKES),
              "two events": Phase(meter, 0.25, log), "written down": Phase(meter, 0.5, log)}  # fmt: skip
    with phases["telling"]:
        meter.watch(queue := boto3.client("sqs"))
        tell_all(versions, telling, dynamodb, delivery_enqueuer(queue, url))
    queued = list(received(sqs, url))
    assert len(queued) == ALERTS
    with phases["sending"]:
        handle(sender, queued, meter)
    with phases["two events"]:
        handle(noter, [event(json.loads(body), kind) for body in queued for kind in ("Send", "Delivery")], meter)
    stored = dynamodb.scan(TableName="Alerts")["Items"]
    told = [{"dynamodb": {"NewImage": one}} for one in stored if one["part"]["S"] == "alert" or "state" in one]
    assert len(told) == 2 * ALERTS  # each alert, and its delivery
    with phases["written down"]:
        for start in range(0, len(told), A_LINK):
            chainer.handler({"Records": told[start : start + A_LINK]}, SimpleNamespace())
            meter.bill.calls["lambda Invocation"] += 1
    return phases


def create_tables() -> dict[str, list[tuple[str, ...]]]:
    """As the template has them; returns the keys of each one's indexes."""
    dynamodb, found = boto3.client("dynamodb"), {}
    template = json.loads(next(assembly("local").glob("*.template.json")).read_text())
    tables = [one for one in template["Resources"].items() if one[1]["Type"] == "AWS::DynamoDB::GlobalTable"]
    for name in TABLES:
        said = next(one["Properties"] for logical, one in tables if name in logical)
        wanted = ("KeySchema", "AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes")
        dynamodb.create_table(TableName=name, **{key: said[key] for key in wanted if key in said})
        indexes = said.get("GlobalSecondaryIndexes", ())
        found[name] = [tuple(part["AttributeName"] for part in index["KeySchema"]) for index in indexes]
    return found


def watched_arrests(dynamodb: Any) -> list[Version]:
    """Invented arrests, each watched by one user: six in ten by state ID, two by name and date of birth, two by a
    charge in a precinct."""
    by, now = random.Random(MEASURED_ON), datetime.now(UTC)
    OfficesTable(dynamodb, "Offices").enrol(an_office(alerts_an_hour=10 * ALERTS))
    UsersTable(dynamodb, "Subscriptions").add(a_user(ADA))
    watch_list = SubscriptionIndex(dynamodb, "Subscriptions", PSEUDONYMS)
    arrests = [arrest(by, number) for number in range(ALERTS)]
    ArrestsTable(dynamodb, "Arrests").store(arrests, Provenance(drop_id="x", dropped_at=now), now)
    for number, one in enumerate(arrests):
        basis = {"kind": "open case", "case_number": f"2026-KN-{number:06d}"}
        watch_list.add(a_subscription(criterion_for(one, number % 10), basis=basis, recipients=[{"email": ADA}]))
    return [Version(one, None, now, now) for one in arrests]


def criterion_for(one: Arrest, kind: int) -> dict[str, Any]:
    name, [sid] = one.person.names[0], one.person.identifiers
    if kind < 6:
        return {"watch": "identifier", "identifier": sid.model_dump()}
    if kind < 8:
        said = {"surname": name.surname, "given": name.given, "date_of_birth": one.person.date_of_birth}
        return {"watch": "person"} | said
    where = {"watch": "place", "agency": "nypd", "precinct": one.place.precinct if one.place else ""}
    number = {"watch": "identifier", "identifier": sid.model_dump()}
    return {"all": [{"watch": "charge", "statute": one.charges[0].statute}, where, number]}


def tell_all(versions: list[Version], metered: Any, dynamodb: Any, enqueue: Enqueue) -> None:
    """As the matchers do. Looking up who watches is paid for by every arrest (`finding.py`), and is no part of this."""
    at = MatchDeps(
        SubscriptionIndex(dynamodb, "Subscriptions", PSEUDONYMS), SubscriptionsTable(metered, "Subscriptions"),
        OfficesTable(metered, "Offices"), AlertsTable(metered, "Alerts"), PSEUDONYMS, enqueue,
    )  # fmt: skip
    for start in range(0, len(versions), BATCH):
        match_versions(versions[start : start + BATCH], at, datetime.now(UTC))


def received(sqs: Any, url: str) -> Iterator[str]:
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        yield from (one["Body"] for one in messages)


def event(key: dict[str, Any], kind: str) -> str:
    tag = f"{key['alert_id']}-{key['revision']}-{key['channel']}"
    return json.dumps({"eventType": kind, "mail": {"messageId": "m", "tags": {"delivery": [tag]}}})


def handle(function: Any, bodies: list[str], meter: Meter) -> None:
    """Ten messages an invocation, each received and deleted with the others."""
    context = SimpleNamespace(aws_request_id="x", function_name="x")
    for start in range(0, len(bodies), BATCH):
        batch = bodies[start : start + BATCH]
        records = [{"messageId": str(at), "body": one, "eventSource": "aws:sqs"} for at, one in enumerate(batch)]
        assert function.handler({"Records": records}, context) == {"batchItemFailures": []}
        meter.bill.calls.update({"lambda Invocation": 1, "sqs ReceiveMessage": 1, "sqs DeleteMessageBatch": 1})


def print_phase(name: str, phase: Phase) -> None:
    bill = phase.bill
    calls = ", ".join(f"{count / ALERTS:.2g} {what.split()[-1]}" for what, count in sorted(bill.calls.items()))
    print(f"  {name:20}{bill.writes / ALERTS:>9.2f}{bill.entries / ALERTS:>10.2f}{bill.reads / ALERTS:>8.2f}"
          f"{phase.logged / ALERTS:>11,.0f}   {calls}")  # fmt: skip


def print_cost(phases: list[Phase], ours: float, sdk: float) -> None:
    """Of 100,000 alerts. `ours`, `sdk`: seconds of a core an alert, and a call."""
    cost = {"DynamoDB": 0.0, "Lambda": 0.0, "SQS": 0.0, "Logs": 0.0, "S3": 0.0}
    for one in phases:
        asked = one.calls("dynamodb") + one.calls("sqs SendMessage") + one.calls("sesv2") + one.calls("s3")
        busy = asked * (A_CALL + sdk * A_CORE / one.gb) + ALERTS * (one.waited + ours * A_CORE / one.gb)
        cost["DynamoDB"] += one.bill.writes * WRITE_UNIT + one.bill.reads * READ_UNIT
        cost["Lambda"] += busy * one.gb * GB_SECOND + one.calls("lambda") * INVOCATION
        cost["SQS"] += one.calls("sqs") * SQS_REQUEST
        cost["S3"] += one.calls("s3") * PUT_OBJECT
        cost["Logs"] += (one.logged + one.calls("lambda") * PLATFORM_LINES) / 1e9 * LOGGED_GB
    for name, dollars in cost.items():
        print(f"  100,000 alerts, {name:14}{dollars * 1e5 / ALERTS:>38.2f} $")
    print(f"  100,000 alerts, together{sum(cost.values()) * 1e5 / ALERTS:>45.2f} $   target {TARGET:.2f} $")
    print(f"  and in messaging fees: SES {1e5 * A_MAIL:.2f} $, what it says of each mail through SNS"
          f" {2e5 * SNS_PUBLICATION:.2f} $")  # fmt: skip


if __name__ == "__main__":
    main()
