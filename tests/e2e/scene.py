"""An office, its prosecutors and its agencies, in a deployment that other scenes use at the same time."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Literal
from uuid import uuid4

from shared.alerts.model import Alert
from shared.arrests.model import Arrest
from shared.feeds.drops.receipt import Receipt
from shared.offices.model import Office
from tests.builders import a_wish, an_office
from tests.local.deployed import Api, Deployed
from tests.local.probes import make_queue

PROFILES = Path(__file__).resolve().parents[2] / "shared" / "feeds" / "profiles"


def unused_name() -> str:
    """Returns a new name of letters only, because it serves as a person's name too."""
    return "s" + "".join(ascii_lowercase[int(digit, 16)] for digit in uuid4().hex[:10])


@dataclass(frozen=True)
class Prosecutor:
    email: str
    api: Api

    def leave(self) -> None:
        """Cancels every subscription, so that arrests of other scenes notify nobody of this one."""
        for subscription in self.api("GET", "/v1/subscriptions?limit=100").body["items"]:
            if subscription["status"] == "active":
                self.api("DELETE", f"/v1/subscriptions/{subscription['subscription_id']}")

    def watch(self, criterion: dict[str, Any], *recipients: dict[str, str], **facts: Any) -> dict[str, Any]:
        """Subscribes. Returns the subscription as stored. Without recipients it notifies the prosecutor by e-mail."""
        request = a_wish(criterion, recipients=recipients or [{"email": self.email}], **facts)
        answer = self.api("POST", "/v1/subscriptions", request)
        assert answer.status == 201, answer.body
        stored: dict[str, Any] = answer.body
        return stored


@dataclass
class Scene:
    """One test's office. `name` is its id.

    It agreed to full details in mails to its domain `<name>.example.gov`, and not to `plain.<name>.example.gov`.
    """

    product: Deployed
    name: str
    prosecutors: list[Prosecutor] = field(default_factory=list)

    @property
    def pat(self) -> dict[str, str]:
        """Roster columns of this scene's one person. Nobody else in the cloud has its surname, the scene's name."""
        return {"Last_Name": self.name, "First_Name": "Pat", "Date_of_Birth": "02/03/1990"}

    @property
    def watch_for_pat(self) -> dict[str, str]:
        return {"watch": "person", "surname": self.name.upper(), "given": "Pat", "date_of_birth": "1990-02-03"}

    def leave(self) -> None:
        for prosecutor in self.prosecutors:
            prosecutor.leave()

    @property
    def domain(self) -> str:
        return f"{self.name}.example.gov"

    @property
    def office(self) -> Office:
        domains = (self.domain, f"plain.{self.domain}")
        return an_office(self.name, allowed_domains=domains, agreed_domains=domains[:1])

    def prosecutor(self, name: str = "ada", *, plain: bool = False) -> Prosecutor:
        self.product.offices.enrol(self.office)
        email = f"{name}@{'plain.' if plain else ''}{self.domain}"
        self.prosecutors.append(Prosecutor(email, self.product.sign_in(email, self.office)))
        return self.prosecutors[-1]

    def agency(self, kind: str = "roster", **columns: str) -> str:
        """Enrols an agency with the shipped profile `kind` and further columns. Returns the agency's name."""
        name = f"{self.name}-{kind}"
        profile = (PROFILES / f"{kind}.yaml").read_text().replace(f"agency: {kind}", f"agency: {name}")
        more = "".join(f"\n  {field_name}: {header}" for field_name, header in columns.items())
        if "notify_arrests_of_last:" not in profile:
            profile += "\nnotify_arrests_of_last: any\n"  # the samples are of fixed days, and grow older
        self.product.agencies.enrol(name, profile.replace("\ncolumns:", f"\ncolumns:{more}"))
        return name

    def take_in(self, agency: str, name: str, content: bytes) -> Receipt:
        """Drops a file, waits until everything is processed, and returns the receipt."""
        receipt = self.product.receipt(self.product.drop(agency, name, content))
        self.product.settle()
        return receipt

    def arrests(self, agency: str) -> list[Arrest]:
        items = [
            item for item in self.product.items("ArrestsTable") if item.get("agency") == {"S": agency} and "doc" in item
        ]
        return [Arrest.model_validate_json(item["doc"]["S"]) for item in items]

    def alerts(self) -> list[Alert]:
        items = [item for item in self.product.items("AlertsTable") if item["part"]["S"] == "alert"]
        return [Alert.model_validate_json(item["doc"]["S"]) for item in items if item["office_id"]["S"] == self.name]

    def deliveries(self) -> list[dict[str, str]]:
        """Returns the delivery items of this office as plain dicts, without DynamoDB's types."""
        items = [item for item in self.product.deliveries() if item["office"]["S"] == self.name]
        return [{name: next(iter(value.values())) for name, value in item.items()} for item in items]

    def mails(self, address: str | None = None) -> list[dict[str, Any]]:
        """Returns the mails to one address, or to anybody of this office, oldest first."""
        return [
            mail
            for mail in self.product.cloud.emails()
            if (address in mail["To"] if address else any(to.endswith(self.domain) for to in mail["To"]))
        ]

    def texts(self, number: str) -> list[str]:
        return [text["Message"] for text in self.product.cloud.texts() if text["PhoneNumber"] == number]


def switch(product: Deployed, function: str, *, on: bool) -> None:
    """Switches the event sources of a function on or off. `function` is the name of a stack output."""
    service = product.cloud.client("lambda")
    mappings = service.list_event_source_mappings(FunctionName=f"{product.outputs[function]}:live")[
        "EventSourceMappings"
    ]
    for mapping in mappings:
        service.update_event_source_mapping(UUID=mapping["UUID"], Enabled=on)


@contextmanager
def switched_off(product: Deployed, function: str) -> Iterator[None]:
    switch(product, function, on=False)
    try:
        yield
    finally:
        switch(product, function, on=True)


VISIBILITY_TIMEOUT: Literal["VisibilityTimeout"] = "VisibilityTimeout"


@contextmanager
def handed_out_again_after(product: Deployed, queue: str, seconds: int) -> Iterator[None]:
    """Shortens a queue's visibility time-out, so that messages which a consumer did not finish come back sooner."""
    url, name = product.outputs[queue], VISIBILITY_TIMEOUT
    usual = product.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]
    product.sqs.set_queue_attributes(QueueUrl=url, Attributes={name: str(seconds)})
    try:
        yield
    finally:
        product.sqs.set_queue_attributes(QueueUrl=url, Attributes={name: usual})


def sweep(product: Deployed, task: str) -> int:
    """Runs a scheduled task. Returns how many records it put back into their queue."""
    answer = product.cloud.client("lambda").invoke(
        FunctionName=product.outputs["KeepHouseFunction"], Payload=json.dumps({"task": task})
    )
    assert "FunctionError" not in answer
    return int(json.loads(answer["Payload"].read())["found"])


def bodies(product: Deployed, queue_url: str) -> list[str]:
    """Returns the bodies of all messages in a queue. The messages are visible again after a second."""
    body_of: dict[str, str] = {}
    while answer := product.sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, VisibilityTimeout=1):
        if not (messages := answer.get("Messages")):
            break
        body_of |= {message["MessageId"]: message["Body"] for message in messages}
    return list(body_of.values())


def topic_inbox(product: Deployed, office: str) -> str:
    """Subscribes a new queue to everything that is published for this office. Returns the queue's URL."""
    url, arn = make_queue(product.cloud, f"{office}-inbox")
    topic = product.outputs["AlertsTopicArn"]
    allow_topic = {
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow_topic]})
    product.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    product.cloud.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn,
        Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"office": [office]})},
    )  # fmt: skip
    return url


def holding(lines: Iterable[str], words: Iterable[str]) -> list[tuple[str, str]]:
    """Returns each word that stands in one of the lines, with that line. Case makes no difference."""
    words = list(words)
    return [(word, line) for line in lines for word in words if word.casefold() in line.casefold()]
