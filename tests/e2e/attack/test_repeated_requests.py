"""An Idempotency-Key repeats a request for whom it was made, as it was made, and for nobody and nothing else."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.offices.purposes import Purpose
from tests.e2e.attack.estate import Estate, settle
from tests.e2e.attack.requests import Gateway, Outcome, Route, attempt, routes
from tests.e2e.scene import Prosecutor
from tests.local.deployed import Deployed

pytestmark = pytest.mark.thorough
IDEMPOTENT = [route for route in routes() if route.is_idempotent and route.needs_sign_in]
AT_ONCE = 12


@pytest.fixture(scope="module")
def gateway(product: Deployed) -> Gateway:
    return Gateway(product.cloud.api(product.outputs["ApiId"]))


@pytest.fixture(scope="module")
def estate(product: Deployed) -> Estate:
    return settle(product)


@pytest.fixture(scope="module")
def other(product: Deployed) -> Estate:
    return settle(product)


@pytest.mark.parametrize("route", IDEMPOTENT, ids=lambda route: route.key)
def test_te2_a_key_gives_nobody_the_answer_to_another_request(
    gateway: Gateway, estate: Estate, other: Estate, route: Route
) -> None:
    key, strangers = route.key.replace(" ", "-"), dict[str, Outcome]()

    def ask(person: Prosecutor, purpose: str = "investigation", body: bytes | None = None) -> Outcome:
        word = person.api.token
        return gateway.send(attempt("", route, estate.path(route), word, body, purpose=purpose, idempotency_key=key))

    first = ask(estate.olga)
    assert first.status < 500
    people = {"another office": other.olga, "another user": estate.ada, "nobody": estate.nina}
    strangers |= {name: ask(person) for name, person in people.items()}
    strangers |= {purpose: ask(estate.olga, purpose) for purpose in Purpose if purpose != "investigation"}
    assert {name for name, outcome in strangers.items() if "idempotent-replayed" in outcome.headers} == set()
    if first.status < 300:
        assert ask(estate.olga).headers.get("idempotent-replayed") == "true"
    if route.example is not None and first.status < 300:
        assert ask(estate.olga, body=json.dumps(route.example, indent=1).encode()).status == 422


def test_te2_of_many_equal_requests_at_once_one_takes_effect(gateway: Gateway, estate: Estate) -> None:
    (route,) = [route for route in IDEMPOTENT if route.key == "POST /v1/folders"]
    body = {"name": "At once", "tab": "team"}
    made = attempt("", route, route.path, estate.olga.api.token, body, idempotency_key="at-once")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(gateway.send, [made] * AT_ONCE))
    assert {outcome.status for outcome in outcomes} <= {201, 409}
    folders = estate.olga.api("GET", "/v1/folders").body["items"]
    assert [item["path"] for item in folders].count("At once") == 1
