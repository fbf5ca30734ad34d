"""A browser without a network: calls the console as API Gateway does, with the cookie of a signed-in person."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import boto3
import pytest
from lxml import html

from tests.console.pool import POOL, Pool, a_pool
from tests.office_api.conftest import ADA, call, handler, tables

__all__ = ["call", "handler", "tables"]  # the fixtures of the office API: the console stands on it

URL = "https://console.example.gov"
SIGN_IN_URL = "https://sign-in.example.gov"


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: Mapping[str, str]
    cookies: list[str] = field(default_factory=list)

    @property
    def page(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    def texts(self, path: str) -> list[str]:
        """The text of every element of an XPath, with single blanks."""
        return [" ".join(element.text_content().split()) for element in self.page.xpath(path)]


@dataclass
class Browser:
    """One person's browser. `claims` are those of their ID token."""

    handler: Any
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, fields: Mapping[str, str | list[str]] | None = None, **headers: str) -> Answer:
        """Sends a form as a page of this session would: with its CSRF token and a key of its own."""
        sent = {"csrf": self.csrf, "form-key": f"key-{datetime.now(UTC).timestamp()}", **(fields or {})}
        content = {"content-type": "application/x-www-form-urlencoded", "origin": URL, **headers}
        return self.send("POST", path, urlencode(sent, doseq=True), content)

    def send(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        own, _, query = path.partition("?")
        event = {
            "version": "2.0", "routeKey": "ANY /console/{proxy+}", "rawPath": own, "rawQueryString": query,
            "queryStringParameters": dict(parse_qsl(query)), "headers": dict(headers or {}),
            "cookies": [f"{name}={value}" for name, value in self.cookies.items()],
            "requestContext": {
                "http": {"method": method, "path": own, "sourceIp": "192.0.2.1"}, "stage": "$default",
                "requestId": "r-1",
            },
            "isBase64Encoded": False, "body": body,
        }  # fmt: skip
        answer = self.handler(event, None)
        self._take(answer["cookies"])
        return Answer(answer["statusCode"], answer["body"], answer["headers"], answer["cookies"])

    @property
    def csrf(self) -> str:
        from functions.console import dependencies  # noqa: PLC0415 - imported as Lambda does, by the fixture
        from functions.console.sessions.model import COOKIE, hash_of  # noqa: PLC0415

        session = dependencies.sessions.find(hash_of(self.cookies.get(COOKIE, "")))
        return session.csrf if session else ""

    def _take(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in cookie:
                del self.cookies[name]


SignIn = Callable[..., Browser]


@pytest.fixture
def console(handler: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The console's handler as Lambda starts it, beside the office API's settings and tables."""
    monkeypatch.setenv("SESSIONS_TABLE", "Sessions")
    monkeypatch.setenv("CONSOLE_URL", URL)
    monkeypatch.setenv("SIGN_IN_URL", SIGN_IN_URL)
    monkeypatch.setenv("SIGN_IN_CLIENT", "console-client")
    monkeypatch.setenv("FEDERATED_CLIENT", "console-client")
    monkeypatch.setenv("PRODUCT_KEY", "alias/product")
    return importlib.import_module("functions.console.handler").handler


@pytest.fixture
def sign_in(console: Any) -> SignIn:
    """Signs a person in past the door (`tests/console/test_sign_in.py` goes through it)."""
    from functions.console import dependencies  # noqa: PLC0415 - imported as Lambda does, by the fixture
    from functions.console.sessions.model import COOKIE, Session, SignedInPerson, hash_of, new_session_id  # noqa: PLC0415
    from shared.offices.purposes import Purpose  # noqa: PLC0415

    def sign_in(claims: dict[str, str] = ADA, purpose: str | None = "investigation", **person: Any) -> Browser:
        now, session_id = datetime.now(UTC), new_session_id()
        office = person.pop("office", "Kings County District Attorney")
        dependencies.sessions.save(
            Session(
                session_hash=hash_of(session_id), claims=claims, csrf="a-token", began_at=now, seen_at=now,
                person=SignedInPerson(email=claims["email"], office=office, time_zone="America/New_York", **person),
                purpose=Purpose(purpose) if purpose else None,
            )
        )  # fmt: skip
        return Browser(console, {COOKIE: session_id})

    return sign_in


@pytest.fixture
def ada(sign_in: SignIn) -> Browser:
    return sign_in()


@pytest.fixture
def pool(console: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    from functions.console import dependencies  # noqa: PLC0415 - imported as Lambda does, by the fixture

    key = boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]
    with a_pool() as pool:
        monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", pool.address)
        settings = replace(
            dependencies.settings, user_pool=POOL, token_url=f"{pool.address}/oauth2/token", product_key=key
        )
        monkeypatch.setattr(dependencies, "settings", settings)
        for made_once in (dependencies.token_endpoint, dependencies.id_tokens, dependencies.token_cipher,
                          dependencies.user_pool):  # fmt: skip
            made_once.cache_clear()
        yield pool


@pytest.fixture
def browser(console: Any) -> Browser:
    return Browser(console)
