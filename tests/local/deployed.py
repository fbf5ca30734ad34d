"""The product on a local cloud, and what its users do with it: they drop files, sign in, call the API."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from mypy_boto3_sqs.literals import QueueAttributeNameType

from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable
from shared.audit.append_chain import ChainDeps
from shared.audit.chain_heads_table import ChainHeadsTable
from shared.feeds.drops.receipt import Receipt
from shared.feeds.profiles.table import AgenciesTable
from shared.offices.model import Office
from shared.offices.table import OfficesTable
from shared.offices.users import Right, User
from shared.offices.users_table import UsersTable
from shared.subscriptions.table import SubscriptionsTable
from tests.local.cloud import PATIENCE, LocalCloud
from tests.local.deployment import assembly, deploy
from tests.local.sign_in import Office as SignIn

QUIET_SECONDS, LONG_QUIET_SECONDS = 1.5, 6  # seconds
PASSWORD = "An-invented-1-phrase!"
T = TypeVar("T")


class TookTooLongError(Exception):
    """Something did not happen in time. The message says what."""


def eventually(look: Callable[[], T | None], *, seconds: float = PATIENCE, what: str = "it") -> T:
    """Returns what `look` returns as soon as that is true. Raises TookTooLongError when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := look():
            return result
        time.sleep(0.2)
    raise TookTooLongError(f"{what} did not happen within {seconds:.0f} s")


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


@dataclass(frozen=True)
class Api:
    """The office API with one user's token, or without one."""

    base: str
    token: str | None

    def __call__(self, method: str, path: str, body: Any = None, **more_headers: str) -> Answer:
        """`more_headers` have underscores for hyphens; the purpose is an investigation unless they name another."""
        headers = {"content-type": "application/json", "purpose": "investigation"}
        headers |= {"if-match": "*"} if method == "PUT" else {}
        headers |= {name.replace("_", "-"): value for name, value in more_headers.items()}
        headers |= {"authorization": f"Bearer {self.token}"} if self.token else {}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        # Only ever of our own loopback.
        request = urllib.request.Request(self.base + path, data=data, headers=headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return Answer(answer.status, _read(answer.read()))
        except urllib.error.HTTPError as refusal:
            return Answer(refusal.code, _read(refusal.read()))


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")


class Deployed:
    def __init__(self, cloud: LocalCloud, outputs: dict[str, str]) -> None:
        self.cloud, self.outputs = cloud, outputs
        self.s3, self.sqs = cloud.client("s3"), cloud.client("sqs")
        self.dynamodb = cloud.client("dynamodb")
        self.bucket = outputs["FeedsBucket"]
        self._unmatched = self._unlogged = 0  # versions of arrests
        self.agencies = AgenciesTable(self.dynamodb, outputs["AgenciesTable"])
        self.offices = OfficesTable(self.dynamodb, outputs["OfficesTable"])
        self.arrests = ArrestsTable(self.dynamodb, outputs["ArrestsTable"], juveniles=outputs["JuvenilesTable"])
        self.subscriptions = SubscriptionsTable(self.dynamodb, outputs["SubscriptionsTable"])
        self.users = UsersTable(self.dynamodb, outputs["SubscriptionsTable"])
        self.chaining = ChainDeps(
            ChainHeadsTable(self.dynamodb, outputs["ChainsTable"]), self.s3, outputs["AuditBucket"]
        )
        self.alerts = AlertsTable(self.dynamodb, outputs["AlertsTable"])

    def enrol(self, email: str, office: Office, rights: frozenset[Right] = frozenset()) -> SignIn:
        """A user of the office, with an account in the pool: password and authenticator app."""
        user = SignIn.enrol(
            self.cloud, pool_id=self.outputs["UserPoolId"], client_id=self.outputs["UserPoolClientId"],
            office=office.office_id, email=email, password=PASSWORD,
        )  # fmt: skip
        now = datetime.now(UTC)
        added = User(
            office_id=office.office_id, email=email, rights=rights, added_by="set-up", added_at=now, recertified_at=now
        )
        if self.users.find(office.office_id, email) is None:
            self.users.add(added)
        return user

    def sign_in(self, email: str, office: Office) -> Api:
        return self.api(self.enrol(email, office).id_token())

    def api(self, token: str | None) -> Api:
        return Api(self.cloud.api(self.outputs["ApiId"]), token)

    def drop(self, agency: str, name: str, content: bytes) -> str:
        """Drops a file, and returns its key."""
        key = f"{agency}/in/{name}"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)
        return key

    def receipts(self, agency: str) -> list[Receipt]:
        """Returns all receipts of the agency, oldest first."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{agency}/receipts/")
        entries = sorted((entry["LastModified"], entry["Key"]) for page in pages for entry in page.get("Contents", []))
        return [Receipt.model_validate_json(self.read(key)) for _, key in entries]

    def receipt(self, key: str, *, seconds: float = PATIENCE, number: int = 1) -> Receipt:
        """Waits for the receipt of the `number`th drop under this key, and returns it."""

        def look() -> Receipt | None:
            agency = key.partition("/")[0] if "/" in key else "unknown"
            receipts = [receipt for receipt in self.receipts(agency) if receipt.key == key]
            receipts.sort(key=lambda receipt: receipt.dropped_at)
            return receipts[number - 1] if len(receipts) >= number else None

        return eventually(look, seconds=seconds, what=f"the receipt of {key}")

    def read(self, key: str) -> bytes:
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def items(self, table: str) -> list[dict[str, Any]]:
        """Returns everything in a table. `table` is the name of a stack output."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.outputs[table], ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def deliveries(self) -> list[dict[str, Any]]:
        return [item for item in self.items("AlertsTable") if item["part"]["S"].startswith("delivery#")]

    def waiting(self, queue: str) -> int:
        """Counts the messages in a queue, those in flight included. `queue` is the name of a stack output."""
        names: list[QueueAttributeNameType] = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.outputs[queue], AttributeNames=names)["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def executions(self, state: str) -> list[str]:
        """Returns the ARNs of the executions of large drops in this state, newest first."""
        listed = self.cloud.client("stepfunctions").list_executions(
            stateMachineArn=self.outputs["LargeDrops"], statusFilter=state
        )
        return [execution["executionArn"] for execution in listed["executions"]]

    def settle(self, *, seconds: float = PATIENCE) -> None:
        """Waits until everything that was dropped is stored, matched, sent, and the providers' events are recorded.

        The matchers' own log says how far they are. Under load the emulator brings a line of it late, or never. From
        then on nothing may move for QUIET_SECONDS, and what is missing after LONG_QUIET_SECONDS is taken for lost.
        """
        deadline, still_since, before = time.monotonic() + seconds, time.monotonic(), (-1, -1)
        while True:
            moving = self._moving()
            if moving or before != (before := (self._unmatched, len(self.items("AlertsTable")))):
                still_since = time.monotonic()
            still = time.monotonic() - still_since
            enough = LONG_QUIET_SECONDS if self._unmatched > 0 else QUIET_SECONDS if self._unlogged else 0
            if not moving and still >= enough:
                self._unlogged += self._unmatched
                return
            if time.monotonic() > deadline:
                missing = moving or f"{self._unmatched} arrests to match"
                raise TookTooLongError(f"not quiet within {seconds:.0f} s: {missing}")
            time.sleep(0.2)

    def _moving(self) -> str:
        """Returns what is still under way, nothing if all is done. It asks in the order in which work travels, so no
        work slips past between two questions.
        """
        if waiting := self.waiting("FeedsQueue"):
            return f"{waiting} drops in the queue"
        if running := self.executions("RUNNING"):
            return f"{len(running)} large drops being read"
        self._unmatched = self._written() - self._matched() - self._unlogged
        if waiting := self.waiting("AlertsQueue"):
            return f"{waiting} deliveries in the queue"
        if opened := [part for part in self.items("AlertsTable") if part.get("open") == {"S": "yes"}]:
            return f"{len(opened)} deliveries open: {opened[0]}"
        waiting = self.waiting("ProviderEventsQueue")
        return f"{waiting} provider's events in the queue" if waiting else ""

    def _written(self) -> int:
        """Counts how often arrests were written: the records that the stream of the table has had."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.outputs["ArrestsTable"], ProjectionExpression="version", ConsistentRead=True
        )
        return sum(int(item["version"]["N"]) for page in pages for item in page["Items"] if "version" in item)

    def _matched(self) -> int:
        """Counts the records that the matchers handled, by their own log, or put into their dead letter."""
        lines = [line for line in self.log_lines("MatchArrestsFunction") if '"arrests matched"' in line]
        return sum(int(json.loads(line)["arrests"]) for line in lines) + self.waiting("UnmatchedDeadLetter")

    def log_lines(self, function: str) -> list[str]:
        """Returns everything that a function has logged. `function` is the name of a stack output."""
        events = self.cloud.client("logs").get_paginator("filter_log_events")
        pages = events.paginate(logGroupName=self._log_group(function))
        return [event["message"] for page in pages for event in page["events"]]

    @cache  # noqa: B019 - there are as many of us as deployments
    def _log_group(self, function: str) -> str:
        service = self.cloud.client("lambda")
        return str(service.get_function_configuration(FunctionName=self.outputs[function])["LoggingConfig"]["LogGroup"])


@contextmanager
def deployed() -> Iterator[Deployed]:
    """Yields a local cloud with the product on it, and removes everything afterwards."""
    with LocalCloud(auth=True) as cloud:
        yield Deployed(cloud, deploy(cloud, assembly("local")))
