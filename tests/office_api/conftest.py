import importlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from shared.arrests.juveniles.answer import JuvenileAnswer, JuvenileQuestion, OpeningDeps, answer
from shared.arrests.juveniles.ask import Ask
from shared.arrests.juveniles.table import JuvenilesTable
from shared.aws.secrets import load_pseudonyms
from tests.builders import a_user, an_office
from tests.conftest import Tables
from tests.feeds.cases import PROFILES
from tests.office_api.document import TOKEN_URL

ADA = {"token_use": "id", "email": "ada.example@da.example.gov", "custom:office": "kings"}
USERS = {ADA["email"]: "kings", "bo@da.example.gov": "kings", "quinn@queens.example.gov": "queens"}


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)


Call = Callable[..., Answer]


@pytest.fixture
def tables(tables: Tables) -> Tables:
    tables.offices.enrol(an_office())
    tables.offices.enrol(an_office("queens", allowed_domains=("queens.example.gov",), agreed_domains=(), topics=()))
    tables.agencies.enrol("roster", (PROFILES / "roster.yaml").read_text())  # the builders' watches of places name it
    for email, office_id in USERS.items():
        tables.users.add(a_user(email, office_id))
    return tables


@pytest.fixture
def handler(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The application as Lambda starts it: imported once, with its settings in the environment.

    AWS is empty at the start of each test; its tables and queues have the same names in all of them.
    """
    vault = boto3.client("secretsmanager")
    for name in ("pseudonyms", "links", "cursors", "entries"):
        vault.create_secret(Name=name, SecretString="a key for tests only")
    queue = boto3.client("sqs").create_queue(QueueName="alerts")["QueueUrl"]
    feed_queue = boto3.client("sqs").create_queue(QueueName="feeds")["QueueUrl"]
    exports_queue = boto3.client("sqs").create_queue(QueueName="exports")["QueueUrl"]
    environment = {
        "SUBSCRIPTIONS_TABLE": "Subscriptions", "OFFICES_TABLE": "Offices", "ALERTS_TABLE": "Alerts",
        "ARRESTS_TABLE": "Arrests", "AUDIT_TABLE": "Audit", "ALERTS_QUEUE": queue,
        "EXPORTS_QUEUE": exports_queue,
        "AGENCIES_TABLE": "Agencies", "FEEDS_BUCKET": "feeds", "COPIES_BUCKET": "copies", "FEED_QUEUE": feed_queue,
        "PSEUDONYM_SECRET": "pseudonyms", "LINKS_SECRET": "links", "CURSORS_SECRET": "cursors",
        "ENTRIES_SECRET": "entries", "OPEN_JUVENILE_RECORDS": "open_juvenile_records",
        "TOKEN_URL": TOKEN_URL, "USER_POOL": "us-east-1_none",
        "PUBLIC_DOCUMENTATION": "true", "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_METRICS_NAMESPACE": "ArrestAlert", "POWERTOOLS_SERVICE_NAME": "office_api",
    }  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    module = importlib.import_module("shared.office_api.application")
    monkeypatch.setattr("shared.office_api.dependencies.ask_about_juveniles", lambda: opener_of(tables))
    return module


def opener_of(tables: Tables) -> Ask:
    """What open_juvenile_records does, in this process: Lambda's way there and back is JSON."""
    juveniles = JuvenilesTable(tables.client, "Juveniles")
    deps = OpeningDeps(juveniles, lambda: load_pseudonyms("pseudonyms"), lambda: secrets.token_hex(9))

    def ask(question: JuvenileQuestion) -> JuvenileAnswer:
        asked = JuvenileQuestion.model_validate_json(question.model_dump_json())
        return JuvenileAnswer.model_validate_json(answer(asked, deps, datetime.now(UTC)).model_dump_json())

    return ask


@pytest.fixture
def call(handler: Any) -> Call:
    """Calls a route as API Gateway does, with the claims of a verified token. None means a call without a token."""

    def call(
        method: str,
        path: str,
        body: Any = None,
        claims: dict[str, str] | None = ADA,
        query: str = "",
        **extra: str,
    ) -> Answer:
        """`extra` are further headers, with underscores for hyphens; an empty one is left out. A PUT replaces any state
        of the resource, unless `if_match` names one."""
        headers = {"content-type": "application/json", "purpose": "investigation", "if_match": "*", **extra}
        headers["if_match"] = headers["if_match"] if method == "PUT" or "if_match" in extra else ""
        authorizer = {"authorizer": {"jwt": {"claims": claims, "scopes": None}}} if claims is not None else {}
        event = {
            "version": "2.0", "routeKey": f"{method} {path}", "rawPath": path, "rawQueryString": query,
            "headers": {name.replace("_", "-"): value for name, value in headers.items() if value},
            "isBase64Encoded": False,
            "queryStringParameters": dict(pair.split("=") for pair in query.split("&") if pair),
            "requestContext": {
                "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"}, "stage": "$default",
                "requestId": "r-1",
            } | authorizer,
            "body": body if isinstance(body, str) or body is None else json.dumps(body),
        }  # fmt: skip
        answer = handler.answer_request(event, None)
        content_type = answer.get("headers", {}).get("Content-Type", "")
        body = _read(answer["body"], content_type)
        return Answer(answer["statusCode"], body, content_type, answer.get("headers", {}))

    return call


def _read(body: str, content_type: str) -> Any:
    return json.loads(body) if "json" in content_type else body
