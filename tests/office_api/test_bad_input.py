"""Whatever a request holds: a 4xx that names the field and says what to write, and one audit event."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.aws.signing_keys import KeyPurpose
from shared.office_api.middleware.security_headers import SECURITY_HEADERS
from tests.builders import A_KEY, a_wish, signing_keys
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call
from tests.office_api.document import committed
from tests.office_api.test_subscriptions import mends

OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in committed()["paths"].items()
    for method, operation in operations.items()
]
PAGED = [
    (method, path)
    for method, path, operation in OPERATIONS
    if any(parameter["name"] == "after" for parameter in operation.get("parameters", ()))
]
SIGNED_IN = [(method, path) for method, path, operation in OPERATIONS if operation.get("security") != []]
FOREIGN = ["w6k", "_w", "%00", "AAAA", "x" * 400, b64encode("é".encode() * 40).decode().rstrip("=")]
IDS = {
    "agency_id": "nypd", "token": "A" * 50, "kind": "cases", "email": "bo@da.example.gov", "drop_id": "d" * 32,
    "channel": "email",
}  # fmt: skip


def path_of(template: str) -> str:
    """A path of the route, whose ids name nothing that exists."""
    return "/".join(IDS.get(part[1:-1], "a" * 32) if part[:1] == "{" else part for part in template.split("/"))


@pytest.mark.parametrize("cursor", FOREIGN)
@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path in PAGED if "{" not in path])
def test_td1_a_cursor_of_nobody_is_refused_on_every_list(call: Call, method: str, path: str, cursor: str) -> None:
    answer = call(method, path, None if method == "GET" else {}, query=f"after={cursor}")
    assert answer.status in (403, 422)  # Ada has not every right
    if answer.status == 422:
        assert "next" in mends(answer)["after"]


def test_td1_some_lists_are_open_to_ada(call: Call) -> None:
    statuses = [call("GET", path, query="after=w6k").status for method, path in PAGED if "{" not in path + method]
    assert statuses.count(422) >= 3


def test_a_list_is_paged_on_through_a_rotation_of_the_cursors_key_and_not_through_a_leak(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        call("POST", "/v1/subscriptions", a_wish(), idempotency_key=uuid4().hex)
    cursor = call("GET", "/v1/subscriptions", query="limit=1").body["next"]
    now = datetime.now(UTC)
    for keys, status in (
        (signing_keys(KeyPurpose.CURSORS, b"the new key", A_KEY, now), 200),
        (signing_keys(KeyPurpose.CURSORS, b"the new key", A_KEY, now - timedelta(minutes=26)), 422),
        (signing_keys(KeyPurpose.CURSORS, b"the new key", since=now), 422),
    ):
        monkeypatch.setattr("shared.office_api.dependencies.cursor_keys", lambda keys=keys: keys)
        assert call("GET", "/v1/subscriptions", query=f"limit=1&after={cursor}").status == status


BODIES = {
    "nested": '{"criterion":' + "[" * 100_000,
    "half a letter": '{"criterion": "\\ud800"}',
    "a long number": '{"criterion": ' + "9" * 5_000 + "}",
    "no number": '{"criterion": NaN}',
    "infinite": '{"criterion": 1e999}',
    "a name twice": '{"silent": true, "silent": false}',
    "nothing of JSON": "criterion=1",
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/subscriptions"), ("PUT", f"/v1/subscriptions/{'a' * 32}")])
def test_td2_a_body_that_breaks_a_limit_is_refused_before_anything(
    call: Call, tables: Tables, method: str, path: str, name: str
) -> None:
    answer = call(method, path, BODIES[name])
    assert answer.status == 422
    assert mends(answer)["body"].startswith("It ")
    assert answer.headers.items() >= SECURITY_HEADERS.items()


@pytest.mark.parametrize(("method", "path"), [pair for pair in SIGNED_IN if pair[0] in ("POST", "PUT")])
def test_td2_no_route_that_changes_something_sees_an_unreadable_body(call: Call, method: str, path: str) -> None:
    assert mends(call(method, path_of(path), "[" * 100_000))["body"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "Application/JSON"]
)
def test_td2_a_body_of_another_type_is_refused_with_the_header(call: Call, content_type: str) -> None:
    answer = call("POST", "/v1/subscriptions", a_wish(), content_type=content_type)
    assert answer.status == 422
    assert "application/json" in mends(answer)["Content-Type"]


def test_a_readable_body_is_taken_with_any_way_to_write_its_type(call: Call) -> None:
    assert call("POST", "/v1/subscriptions", a_wish(), content_type="application/json; charset=utf-8").status == 201
    assert call("POST", "/v1/subscriptions", json.dumps(a_wish()), content_type="").status == 200


@pytest.mark.parametrize("path", ["/v1/subscriptions", "/v1/alerts", "/v1/me"])
def test_td3_an_unknown_parameter_is_named_and_the_known_ones_are_listed(call: Call, path: str) -> None:
    answer = call("GET", path, query="limit_=3&stand=active")
    known = {
        parameter["name"]
        for parameter in committed()["paths"][path]["get"].get("parameters", ())
        if parameter["in"] == "query"
    }
    assert answer.status == 422
    assert mends(answer).keys() == {"limit_", "stand"}
    for mend in mends(answer).values():
        assert all(name in mend for name in known)


def test_td3_whoever_may_not_call_is_told_that_first(call: Call) -> None:
    assert call("GET", "/v1/subscriptions", claims={**ADA, "custom:office": "nowhere"}, query="x=1").status == 403


def test_td3_a_link_page_takes_what_a_mail_scanner_adds(call: Call) -> None:
    assert call("GET", f"/v1/links/{'A' * 50}", query="utm_source=mail", claims=None).status == 410


def answers_of_all_kinds(call: Call) -> dict[str, dict[str, str]]:
    subscription = call("POST", "/v1/subscriptions", a_wish())
    return {
        "made": subscription.headers,
        "read": call("GET", f"/v1/subscriptions/{subscription.body['subscription_id']}").headers,
        "a list": call("GET", "/v1/alerts").headers,
        "invalid": call("POST", "/v1/subscriptions", {}).headers,
        "unreadable": call("POST", "/v1/subscriptions", "{").headers,
        "no token": call("GET", "/v1/me", claims={}).headers,
        "no right": call("GET", "/v1/audit").headers,
        "no record": call("GET", f"/v1/alerts/{'a' * 32}").headers,
        "no route": call("GET", "/v1/nothing").headers,
        "a link that is over": call("GET", f"/v1/links/{'A' * 50}", claims=None).headers,
        "no link": call("GET", "/v1/links/short", claims=None).headers,
        "the document": call("GET", "/v1/openapi.json", claims=None).headers,
        "the page": call("GET", "/v1/swagger", claims=None).headers,
    }


def test_td10_every_answer_is_kept_by_nobody_and_taken_for_what_it_says_it_is(call: Call) -> None:
    for kind, headers in answers_of_all_kinds(call).items():
        names = [name.lower() for name in headers]
        assert headers.items() >= SECURITY_HEADERS.items(), kind
        assert len(names) == len(set(names)), kind


def test_td10_no_answer_is_framed_and_none_but_the_page_runs_a_script(call: Call) -> None:
    for kind, headers in answers_of_all_kinds(call).items():
        policy = headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert part in policy, kind
        assert ("script-src" in policy) == (kind == "the page"), kind
