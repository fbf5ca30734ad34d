"""A scripted attack on the deployed API with IAM on. Every route of the document is attacked: a new one by itself.

Expected are no findings: no fault, no success where a refusal is due, nothing of another office in any answer, and one
audit event for each request that reached the function.
"""

import json
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.alerts.signed_links import LinkPurpose, signed_token
from shared.aws.secrets import read_signing_keys
from shared.aws.signing_keys import KeyPurpose
from shared.offices.purposes import Purpose
from shared.offices.users import Machine, Scope, User
from tests.builders import NOW
from tests.e2e.attack import hostile
from tests.e2e.attack.estate import Estate, settle
from tests.e2e.attack.requests import Attempt, Gateway, Outcome, Route, attempt, findings, routes
from tests.e2e.attack.tokens import forged_tokens, genuine_tokens_of_another_kind
from tests.e2e.scene import Prosecutor, Scene, unused_name
from tests.e2e.test_access import issued, token
from tests.local.cloud import PATIENCE
from tests.local.deployed import PASSWORD, Deployed, eventually
from tests.local.sign_in import Office as SignIn
from tests.office_api.test_matrix import MACHINES, PEOPLE, TABLE

pytestmark = pytest.mark.thorough
ROUTES = routes()
SIGNED_IN = [route for route in ROUTES if route.needs_sign_in]
# Parameters that name nothing of an office. A switch is of the office that makes it, and an agency without agreements
# is open to all.
OF_NO_RECORD = {"kind", "week", "source_kind", "source"}
Send = Callable[..., list[Outcome]]


@pytest.fixture(scope="module")
def victim(product: Deployed) -> Estate:
    return settle(product)


@pytest.fixture(scope="module")
def attacker(product: Deployed) -> Estate:
    """An office of its own with the same records; its olga may do everything there."""
    return settle(product)


@pytest.fixture(scope="module")
def gateway(product: Deployed) -> Gateway:
    return Gateway(product.cloud.api(product.outputs["ApiId"]))


@pytest.fixture
def send(product: Deployed, gateway: Gateway, victim: Estate) -> Send:
    """Sends the attempts. Fails with every finding."""

    def send(attempts: Iterable[Attempt], *, secrets: Iterable[str] = (victim.secret,)) -> list[Outcome]:
        before = _audited(product)
        outcomes = list(gateway.send_all(attempts))
        print(f"{len(outcomes):,} requests")
        wrong = list(findings(outcomes, secrets))
        reached = sum(outcome.came_from_function or outcome.status >= 500 for outcome in outcomes)
        if (recorded := _audited(product) - before) != reached:
            wrong.append(f"{reached} requests reached the function and {recorded} are in the audit")
        assert wrong == [], f"{len(wrong)} findings of {len(outcomes)} requests:\n" + "\n".join(wrong[:60])
        return outcomes

    return send


def _audited(product: Deployed) -> int:
    """How many requests are in the audit table, each once."""
    events = [
        json.loads(item["doc"]["S"]) for item in product.items("AuditTable") if item["pk"]["S"].startswith("office#")
    ]
    return sum("/v1/" in event["action"] and not event.get("continues") for event in events)


def _records_of(product: Deployed, estate: Estate) -> dict[str, Any]:
    """Everything that the office has in the tables, without what a request leaves: its idempotency record, what other
    offices have switched off for themselves, and the office at which a sweep stands, which goes on by the clock."""
    return {
        json.dumps([item[key] for key in ("pk", "sk", "alert_id", "part", "arrest_id") if key in item]): item
        for table in ("SubscriptionsTable", "AlertsTable", "OfficesTable", "ArrestsTable", "AgenciesTable")
        for item in product.items(table)
        if estate.scene.name in json.dumps(item) and "repeat#" not in json.dumps(item)
        if item.get("sk") != {"S": "round"}
        if item.get("sk") != {"S": "agreements"} or item["pk"] == {"S": f"office#{estate.scene.name}"}
    }


def _token(person: Prosecutor) -> str:
    assert person.api.token
    return person.api.token


def test_te1_no_forged_token_opens_any_route(product: Deployed, send: Send, victim: Estate, attacker: Estate) -> None:
    mine = _token(attacker.ada)
    pool = product.outputs["UserPoolId"]
    address = f"{product.cloud.endpoint}/{pool}/.well-known/jwks.json"
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - of our own loopback
        keys = json.loads(answer.read())
    claims = {"email": victim.ada.email, "custom:office": victim.scene.name, "cognito:username": victim.ada.email}
    forged = list(forged_tokens(mine, claims, keys))
    outcomes = send(attempt(what, route, victim.path(route), word) for route in SIGNED_IN for what, word in forged)
    assert {outcome.status for outcome in outcomes} <= {401, 403}
    assert len(outcomes) >= 2_000


def test_te1_no_token_of_another_kind_pool_or_client_opens_any_route(
    product: Deployed, send: Send, victim: Estate
) -> None:
    scene = victim.scene
    email = f"kim@{scene.domain}"
    sign_in = SignIn.enrol(
        product.cloud,
        pool_id=product.outputs["UserPoolId"],
        client_id=product.outputs["UserPoolClientId"],
        office=scene.name,
        email=email,
        password=PASSWORD,
    )
    product.users.add(User(office_id=scene.name, email=email, added_by="set-up", added_at=NOW, recertified_at=NOW))
    others = list(genuine_tokens_of_another_kind(product, scene.name, email, sign_in))
    send(attempt(what, route, victim.path(route), word) for route in SIGNED_IN for what, word in others)


def test_te2_another_office_gets_nothing_of_any_record(
    product: Deployed, send: Send, victim: Estate, attacker: Estate
) -> None:
    before = _records_of(product, victim)
    attempts = []
    for route in SIGNED_IN:
        names_a_record = bool(set(route.parameters) - OF_NO_RECORD)
        path = victim.path(route)
        attempts += [
            attempt("their id", route, path, _token(person), refused=names_a_record)
            for person in (attacker.olga, attacker.ada, attacker.nina)
        ]
        attempts += [
            attempt("their id", route, path, _token(attacker.olga), refused=names_a_record, purpose=purpose)
            for purpose in Purpose
        ]
        for parameter in set(route.parameters) - OF_NO_RECORD:  # one id of theirs beside our own
            mixed = route.path.format_map(attacker.ids | {parameter: victim.ids[parameter]})
            foreign_first = parameter == route.parameters[0]
            attempts.append(attempt("a mixture", route, mixed, _token(attacker.olga), refused=foreign_first))
        attempts += hostile.bodies_that_name_records_of(victim, route, attacker, _token(attacker.olga))
    send(attempts)
    assert _records_of(product, victim) == before
    assert len(attempts) >= 740


def test_te2_who_has_no_right_is_refused_on_every_route(product: Deployed, send: Send, victim: Estate) -> None:
    nina = PEOPLE.index("nobody")
    send(
        attempt("no right", route, victim.path(route), _token(victim.nina), refused=TABLE[route.key][nina] != "y")
        for route in SIGNED_IN
    )


def test_te2_who_was_removed_and_whose_office_is_suspended_is_refused_on_every_route(
    product: Deployed, send: Send, victim: Estate
) -> None:
    gone = victim.scene.prosecutor("gone")
    product.offices.enrol(victim.office)  # as it was: a scene enrols its office anew with each prosecutor
    assert victim.olga.api("DELETE", f"/v1/users/{gone.email}?end_watches=true").status == 200
    suspended = Scene(product, unused_name())
    theirs = suspended.prosecutor()
    product.offices.enrol(suspended.office.model_copy(update={"suspended": True}))
    send(
        attempt(what, route, victim.path(route), _token(person))
        for route in SIGNED_IN
        for what, person in (("removed", gone), ("suspended", theirs))
    )


def test_te2_a_machine_does_what_its_scope_says_and_nothing_else(product: Deployed, send: Send, victim: Estate) -> None:
    client_id, secret = issued(product, "--only")
    machine = Machine(client_id=client_id, scopes=frozenset({Scope.LISTS}), purpose=Purpose.INVESTIGATION)
    email = f"machine@{victim.scene.domain}"
    user = User(
        office_id=victim.scene.name, email=email, machine=machine, added_by="set-up", added_at=NOW, recertified_at=NOW
    )
    product.users.add(user)
    word, letter = token(product, client_id, secret), list(Scope).index(Scope.LISTS)
    send(
        attempt("a machine", route, victim.path(route), word, refused=MACHINES[route.key][letter] != "y")
        for route in SIGNED_IN
    )


@pytest.mark.parametrize(
    "kind", [hostile.hostile_bodies, hostile.hostile_queries, hostile.hostile_paths, hostile.hostile_headers]
)
def test_te2_hostile_requests_are_no_faults(
    send: Send, attacker: Estate, kind: Callable[[Route, Estate, str], Iterable[Attempt]]
) -> None:
    outcomes = send(made for route in ROUTES for made in kind(route, attacker, _token(attacker.olga)))
    assert len(outcomes) >= 200


def test_te3_a_link_in_which_anything_is_changed_does_nothing(product: Deployed, send: Send, victim: Estate) -> None:
    link, alert_id = victim.ids["token"], victim.ids["alert_id"]
    reader, now = product.cloud.client("secretsmanager"), datetime.now(UTC)
    keys = read_signing_keys(reader, product.outputs["LinksSecretArn"], KeyPurpose.LINKS)
    pseudonyms = reader.get_secret_value(SecretId=product.outputs["PseudonymSecretArn"])["SecretString"].encode()
    changed = [
        link[:place] + letter + link[place + 1 :] for place in range(50) for letter in "Az-" if link[place] != letter
    ]
    changed += [
        signed_token(LinkPurpose.ANSWER, alert_id, now - timedelta(days=15), keys),
        signed_token(LinkPurpose.NO_DIGEST, alert_id, now, keys),
        signed_token(LinkPurpose.ANSWER, alert_id, now, replace(keys, newest=b"another key")),
        signed_token(LinkPurpose.ANSWER, victim.ids["review_id"], now, keys),
        signed_token(LinkPurpose.ANSWER, alert_id, now, replace(keys, newest=pseudonyms)),
        link[::-1],
        link[:-1],
        link + "A",
        link.upper(),
        "A" * 50,
    ]
    (route,) = [route for route in ROUTES if route.key == "POST /v1/links/{token}"]
    before = _records_of(product, victim)
    outcomes = send(attempt("a changed link", route, f"/v1/links/{word}?say=acknowledge", None) for word in changed)
    assert _records_of(product, victim) == before
    assert {outcome.status for outcome in outcomes} <= {404, 410, 422}
    assert len(outcomes) >= 150
    assert (
        eventually(lambda: victim.ada.api("GET", f"/v1/alerts/{alert_id}").body)["answers"]["acknowledged_at"] is None
    )
