"""A file that cannot be read is answered with one clear reason; a request that cannot be met, with what to mend."""

import gzip
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest

from shared.feeds.drops.receipt import Receipt, ReceiptState
from tests.builders import NAME_WATCH, a_wish
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Prosecutor, Scene, unused_name
from tests.local.deployed import Deployed

GOOD = roster(*(row(f"BK-{number}") for number in range(1, 200)))
RUBBISH = random.Random(1).randbytes(300_000)
FILES = {
    "empty.csv": b"",
    "only-blanks.csv": b"\n \n\r\n",
    "wrong-header.csv": b"Name;When\nExample;today\n",
    "no-header.csv": GOOD.split(b"\n", 1)[1],
    "cut.csv.gz": gzip.compress(GOOD)[:-200],
    "rubbish.bin": RUBBISH,
    "rubbish.gz": b"\x1f\x8b" + RUBBISH,
    "roster.pdf": b"%PDF-1.7\n" + RUBBISH,
    "one-line.csv": b"x" * (50 << 20),
    "bomb.gz": gzip.compress(b"0" * (1 << 20)) * 64,
    "arrests.xml": b"<arrests><arrest/></arrests>",
}


@pytest.fixture(scope="module")
def place(product: Deployed) -> Scene:
    return Scene(product, unused_name())


@pytest.fixture(scope="module")
def dropped(product: Deployed, place: Scene) -> Iterator[str]:
    """The agency that has dropped all of them."""
    agency = place.agency()
    for name, content in FILES.items():
        product.drop(agency, name, content)
    yield agency
    for name in FILES:
        product.s3.delete_object(Bucket=product.bucket, Key=f"{agency}/in/{name}")


def refused(product: Deployed, key: str) -> Receipt:
    receipt = product.receipt(key)
    assert receipt.reason.endswith(".")
    assert receipt.fix.endswith(".")
    assert receipt.rows.read == receipt.arrests.accepted == 0
    assert receipt.rejects_key is None
    return receipt


@pytest.mark.parametrize("name", FILES)
def test_an_unreadable_file_gets_a_receipt_with_one_reason(product: Deployed, dropped: str, name: str) -> None:
    receipt = refused(product, f"{dropped}/in/{name}")
    assert receipt.state is ReceiptState.REFUSED
    assert receipt.code


def test_nothing_of_an_unreadable_file_is_stored(product: Deployed, place: Scene, dropped: str) -> None:
    for name in FILES:
        product.receipt(f"{dropped}/in/{name}")
    assert place.arrests(dropped) == []
    assert "Contents" not in product.s3.list_objects_v2(Bucket=product.bucket, Prefix=f"{dropped}/rejects/")


@pytest.mark.parametrize("key", ["stray.csv", "nobody-enrolled/in/day.csv", "nobody-enrolled/elsewhere/day.csv"])
def test_a_drop_that_nobody_can_read_is_quarantined(product: Deployed, key: str) -> None:
    product.s3.put_object(Bucket=product.bucket, Key=key, Body=GOOD)
    receipt = refused(product, key)
    assert receipt.state is ReceiptState.QUARANTINED
    assert receipt.code in ("prefix", "profile")


def test_a_broken_profile_quarantines_the_drop(product: Deployed, scene: Scene) -> None:
    product.agencies.enrol(scene.name, "agency: [")
    receipt = refused(product, product.drop(scene.name, "day.csv", GOOD))
    assert (receipt.state, receipt.code) == (ReceiptState.QUARANTINED, "profile")


def test_te5_bad_files_crash_nothing(product: Deployed, dropped: str) -> None:
    for name in FILES:
        product.receipt(f"{dropped}/in/{name}")
    product.settle()
    assert product.waiting("FeedsDeadLetter") == 0
    said = [line for line in product.log_lines("ReceiveFeedFunction") if "Traceback" in line or '"ERROR"' in line]
    assert said == []


@pytest.fixture(scope="module")
def ada(place: Scene) -> Prosecutor:
    return place.prosecutor("ada")


@pytest.fixture(scope="module")
def token(ada: Prosecutor) -> str:
    assert ada.api.token
    return ada.api.token


def tampered(token: str) -> str:
    """One letter of the claims changed."""
    header, claims, signature = token.split(".")
    return ".".join([header, claims[:-10] + ("A" if claims[-10] != "A" else "B") + claims[-9:], signature])


@pytest.mark.parametrize("path", ["/v1/me", "/v1/subscriptions", "/v1/alerts", f"/v1/alerts/{'a' * 32}"])
def test_without_a_valid_token_there_is_no_answer(product: Deployed, token: str, path: str) -> None:
    unsigned = token.rpartition(".")[0] + "."
    for wrong in (None, "garbage", "a.b.c", tampered(token), unsigned):
        answer = product.api(wrong)("GET", path)
        assert answer.status == 401, wrong


def test_an_expired_token_is_no_token(product: Deployed, place: Scene) -> None:
    """The pool itself signs one that lives for a second."""
    pool, client = product.outputs["UserPoolId"], product.outputs["UserPoolClientId"]
    cognito = product.cloud.client("cognito-idp")
    cognito.update_user_pool_client(
        UserPoolId=pool, ClientId=client, IdTokenValidity=1, TokenValidityUnits={"IdToken": "seconds"}
    )
    try:
        short = place.prosecutor("brief").api
    finally:
        cognito.update_user_pool_client(
            UserPoolId=pool, ClientId=client, IdTokenValidity=60, TokenValidityUnits={"IdToken": "minutes"}
        )
    time.sleep(1.1)
    assert short("GET", "/v1/me").status == 401


def test_a_user_of_an_office_that_is_not_enrolled_is_refused(product: Deployed, scene: Scene) -> None:
    nobody = product.sign_in(f"ada@{scene.domain}", scene.office)
    assert nobody("GET", "/v1/me").status == 403


def wish(**facts: Any) -> dict[str, Any]:
    return a_wish(**{"criterion": NAME_WATCH} | facts)


def without(name: str) -> dict[str, Any]:
    return {field: said for field, said in wish().items() if field != name}


WRONG = {
    "not an object": (["criterion"], "body"),
    "no criterion": (without("criterion"), "criterion"),
    "no basis": (without("basis"), "basis"),
    "recipients of no list": (wish(recipients={}), "recipients"),
    "unknown kind of watch": (wish(criterion={"watch": "dream"}), "criterion"),
    "unknown field": (wish(colour="red"), "colour"),
    "wrong type": (wish(starts=["tomorrow"]), "starts"),
    "no such day": (wish(starts="2026-02-30"), "starts"),
    "end before start": (wish(starts="2026-05-01", ends="2026-04-01"), "body"),
    "half a name": (wish(criterion={**NAME_WATCH, "given": ""}), "criterion.given"),
    "no such basis": (wish(basis={"kind": "curiosity", "case_number": "1"}), "basis.kind"),
    "a statute that is all the law": (wish(criterion={"watch": "charge", "statute": "P"}), "criterion"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_told_which_field_and_what_to_do(ada: Prosecutor, name: str) -> None:
    body, field = WRONG[name]
    answer = ada.api("POST", "/v1/subscriptions", body)
    assert answer.status == 422, answer.body
    errors = {error["field"]: error["mend"] for error in answer.body["errors"]}
    assert field in errors, errors
    assert errors[field]


@pytest.mark.parametrize(
    "recipient",
    [{"email": "eve@elsewhere.example"}, {"sms": "+12125550100"}, {"topic": "gossip"}, {"pigeon": "7"},
     {"email": "not an address"}],
    ids=str,
)  # fmt: skip
def test_a_recipient_outside_the_office_is_refused(ada: Prosecutor, recipient: dict[str, str]) -> None:
    answer = ada.api("POST", "/v1/subscriptions", wish(recipients=[{"email": ada.email}, recipient]))
    assert answer.status == 403
    (error,) = answer.body["errors"]
    assert error["field"] == f"recipients.1.{next(iter(recipient))}"
    assert error["mend"]


def test_what_belongs_to_another_office_is_not_there(scene: Scene, ada: Prosecutor) -> None:
    theirs = scene.prosecutor("eve").watch(NAME_WATCH)
    path = f"/v1/subscriptions/{theirs['subscription_id']}"
    for method, body in (("GET", None), ("PUT", wish(recipients=[{"email": ada.email}])), ("DELETE", None)):
        assert ada.api(method, path, body).status == 404
    assert theirs["subscription_id"] not in str(ada.api("GET", "/v1/subscriptions").body)


@pytest.mark.parametrize("path", ["/v1/subscriptions/../../etc", "/v1/subscriptions/A", "/v1/alerts/%27%20OR%201"])
def test_a_made_up_id_finds_nothing(ada: Prosecutor, path: str) -> None:
    assert ada.api("GET", path).status in (404, 422)


def test_a_body_that_is_not_json_is_told_so(ada: Prosecutor) -> None:
    answer = ada.api("POST", "/v1/subscriptions", b"{criterion")
    assert answer.status == 422
    assert answer.body["errors"][0]["field"] == "body"


def test_refused_requests_leave_nothing(scene: Scene) -> None:
    eve = scene.prosecutor("eve")
    for body, _ in WRONG.values():
        eve.api("POST", "/v1/subscriptions", body)
    assert eve.api("GET", "/v1/subscriptions").body["items"] == []
