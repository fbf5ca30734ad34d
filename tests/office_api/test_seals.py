"""People answer seals that name no statute, and open by a court's order what is sealed: two of them."""

from datetime import date
from typing import Any

import boto3
import pytest

from shared.arrests.model import Flag
from shared.feeds.drops.model import Drop
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Right
from tests.arrests.test_unsealing import ORDER
from tests.builders import a_user, an_office
from tests.feeds.intake.test_process_drop import DROPPED, Feeds
from tests.feeds.small_drops import HEADER, PROFILE, a_drop, a_row
from tests.office_api.conftest import ADA
from tests.offices.test_agreements import an_agreement

SID, LEE, KAY = (ADA | {"email": f"{name}@da.example.gov"} for name in ("sid", "lee", "kay"))
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
HERE = "/v1/agencies/testville"


@pytest.fixture
def feeds(tables: Any) -> Feeds:
    tables.offices.enrol(an_office(agencies=("testville",)))
    tables.agencies.enrol("testville", PROFILE)
    for claims in (SID, LEE):
        tables.users.add(a_user(claims["email"], rights=frozenset({Right.SEAL, Right.ARRESTS})))
    tables.users.add(a_user(KAY["email"], rights=frozenset({Right.FEEDS})))
    feeds = Feeds(tables, testville=PROFILE)
    feeds.take_in(feeds.drop(a_drop(a_row(7), header=HEADER)))
    return feeds


def works_off(feeds: Feeds) -> None:
    """The intake reads what the API has entered."""
    pages = boto3.client("s3").list_object_versions(Bucket="feeds", Prefix="testville/entered/").get("Versions", [])
    for version in sorted(pages, key=lambda version: version["LastModified"]):
        feeds.dropped += 1
        feeds.take_in(
            Drop(
                key=version["Key"], size=version["Size"], dropped_at=DROPPED, version_id=version["VersionId"],
                sequencer=f"{feeds.dropped:x}",
            )
        )  # fmt: skip


def stands(feeds: Feeds) -> str:
    (item,) = (item for item in feeds.arrests() if "content" in item)
    return item["content"]["S"] if "doc" not in item else f"readable {item.get('mark', {}).get('S', '')}".strip()


def is_sealed(call: Any, feeds: Feeds, statute: str = "") -> None:
    body = {"number": "T-7"} | ({"seal_statute": statute} if statute else {})
    assert call("POST", HERE + "/seals", body, SID).status == 202
    works_off(feeds)


@pytest.mark.parametrize(
    ("statute", "after"),
    [("CPL 160.50", "sealed"), ("CPL 160.57", "readable CPL 160.57"), ("CPL 160.58", "readable"), ("", "readable")],
)
def test_p4_a_person_with_the_right_answers_which_statute_it_was(
    call: Any, feeds: Feeds, statute: str, after: str
) -> None:
    is_sealed(call, feeds)
    assert stands(feeds) == "locked"
    (waiting,) = call("GET", HERE + "/seals", claims=SID).body["items"]
    assert (waiting["lock"]["number"], waiting["lock"]["keys"]) == ("T-7", [])
    path = f"{HERE}/seals/{waiting['lock']['lock_id']}/answer"
    answer = {"statute": statute, "reason": "the clerk's notice"}
    assert call("POST", path, answer, KAY).status == 403
    assert call("POST", path, answer, QUINN).status == 404
    assert call("POST", path, answer | {"statute": "CPL 160.51"}, SID).status == 422
    assert call("POST", path, {"statute": statute}, SID).status == 422, "a reason is needed"
    assert call("POST", path, answer, SID).status == 202
    works_off(feeds)
    assert stands(feeds) == after
    assert call("GET", HERE + "/seals", claims=SID).body["items"] == []
    assert call("POST", path, answer, SID, idempotency_key="again").status == 409


def test_p4_an_order_opens_when_a_second_person_approves_it(call: Any, feeds: Feeds) -> None:
    is_sealed(call, feeds)
    order = ORDER | {"number": "T-7"}
    assert call("POST", HERE + "/unsealings", order, KAY).status == 403
    entered = call("POST", HERE + "/unsealings", order, SID)
    assert (entered.status, entered.body["state"], entered.body["statute"]) == (201, "waiting", "CPL 160.50")
    path = f"/v1/unsealings/{entered.body['unsealing_id']}"
    assert call("POST", path + "/approve", {"reason": "read"}, SID).status == 403, "the gate: his own"
    assert call("POST", path + "/approve", {"reason": "read"}, KAY).status == 404
    assert call("GET", path, claims=QUINN).status == 404
    works_off(feeds)
    assert stands(feeds) == "locked", "nothing is opened by one person"
    assert call("POST", path + "/approve", {"reason": "read"}, LEE).body["decided_by"] == LEE["email"]
    works_off(feeds)
    assert stands(feeds) == "readable"
    assert call("POST", path + "/refuse", {"reason": "no"}, LEE, idempotency_key="other").status == 409
    assert [item["state"] for item in call("GET", HERE + "/unsealings", claims=SID).body["items"]] == ["approved"]


def test_cpl_160_50_1_d_an_order_opens_once_and_not_what_is_sealed_afterwards(call: Any, feeds: Feeds) -> None:
    by_person = {"sid": "01234567A", "arrested": "2026-09-02"}
    arrest = by_person | {"number": "M-1", "surname": "Doe", "given": "Jo", "born": "1980-01-02"}
    assert call("POST", HERE + "/arrests", arrest, KAY).status == 202
    works_off(feeds)
    assert call("POST", HERE + "/seals", {"number": "M-1"}, SID).status == 202
    works_off(feeds)
    entered = call("POST", HERE + "/unsealings", ORDER | {"number": "M-1"}, SID)
    path = f"/v1/unsealings/{entered.body['unsealing_id']}"
    for key in ("first", "before-it-opened"):
        assert call("POST", path + "/approve", {"reason": "read"}, LEE, idempotency_key=key).status == 200
    works_off(feeds)
    assert "locked" not in standing(feeds)
    assert call("POST", HERE + "/seals", by_person, SID, idempotency_key="sealed-anew").status == 202
    works_off(feeds)
    assert "locked" in standing(feeds)
    refused = call("POST", path + "/approve", {"reason": "read"}, LEE, idempotency_key="afterwards")
    assert (refused.status, "another order" in refused.body["detail"]) == (409, True)


def standing(feeds: Feeds) -> list[str]:
    return ["readable" if "doc" in item else item["content"]["S"] for item in feeds.arrests() if "content" in item]


def test_p4_what_is_erased_is_not_opened_and_the_answer_says_what_to_do(call: Any, feeds: Feeds) -> None:
    is_sealed(call, feeds, "CPL 160.50")
    refused = call("POST", HERE + "/unsealings", ORDER | {"number": "T-7"}, SID)
    assert refused.status == 422
    assert "new tracking number" in refused.body["errors"][0]["mend"]
    assert call("GET", HERE + "/unsealings", claims=SID).body["items"] == []


def test_p4_an_order_is_not_approved_any_more_when_its_arrest_was_erased_since(call: Any, feeds: Feeds) -> None:
    is_sealed(call, feeds)
    entered = call("POST", HERE + "/unsealings", ORDER | {"number": "T-7"}, SID).body
    is_sealed(call, feeds, "CPL 160.50")
    path = f"/v1/unsealings/{entered['unsealing_id']}"
    assert call("POST", path + "/approve", {"reason": "read"}, LEE).status == 422
    assert call("POST", path + "/refuse", {"reason": "erased since"}, LEE).body["state"] == "refused"


def test_p4_seal_rules_say_who_may_open_what(call: Any, feeds: Feeds) -> None:
    rules = {rule["statute"]: rule for rule in call("GET", "/v1/seal-rules", claims=KAY).body["items"]}
    assert rules["FCA 375.1"]["objection_days"] == 8
    assert {access["subparagraph"] for access in rules["CPL 160.50"]["access"]} == {
        "160.50(1)(d)(i)", "160.50(1)(d)(ii)"
    }  # fmt: skip


def test_cpl_160_57_a_marked_record_is_nothing_to_a_purpose_outside_of_law_enforcement_duty(
    call: Any, feeds: Feeds
) -> None:
    is_sealed(call, feeds, "CPL 160.57")
    (item,) = (item for item in feeds.arrests() if "doc" in item)
    path = f"/v1/arrests/{item['arrest_id']['S']}"
    agreement = an_agreement("testville", ends=date(2999, 12, 31))
    feeds.tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1))
    permitted = call("GET", path, claims=SID, purpose="investigation")
    assert permitted.body["flags"][0] == Flag.SEALED_AND_OPEN.value, "the mark stands first"
    for purpose in ("administration", "audit", "records"):
        assert call("GET", path, claims=SID, purpose=purpose).status == 404, purpose
    search = {"agency": "testville", "number": "T-7"}
    assert len(call("POST", "/v1/arrests/search", search, SID).body["items"]) == 1
    assert call("POST", "/v1/arrests/search", search, SID, purpose="records").body["items"] == []
