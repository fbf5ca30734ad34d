from datetime import UTC, datetime, timedelta

from tests.builders import NAME_WATCH, a_wish
from tests.office_api.conftest import ADA

TODAY = datetime.now(UTC).date()
SUBSCRIPTIONS = "/v1/subscriptions"
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
STRANGE = "0" * 32


def made(call, **facts) -> dict:
    return call("POST", SUBSCRIPTIONS, a_wish(**facts)).body


def test_17_s8_a_watch_is_validated_renewed_cancelled_and_uncancelled_through_the_api(call):
    one = made(call, ends=f"{TODAY + timedelta(days=60)}")
    path = f"{SUBSCRIPTIONS}/{one['subscription_id']}"
    assert one["validation_due"] == one["ends"]
    assert call("POST", f"{path}/validate").body["validated_by"] == ADA["email"]
    renewed = call("POST", f"{path}/renew", {"ends": None}).body
    assert renewed["ends"] is None
    assert renewed["validation_due"] > one["validation_due"]
    assert call("DELETE", path).body["ended_by"] == ADA["email"]
    refused = call("POST", f"{path}/validate")
    assert (refused.status, refused.content_type) == (409, "application/problem+json")
    assert "un-cancel" in refused.body["detail"]
    assert call("POST", f"{path}/uncancel").body["status"] == "active"


def test_18_many_at_once_have_a_result_each_and_one_bad_id_fails_nobody_else(call):
    one, two = made(call), made(call, criterion=NAME_WATCH)
    ids = [one["subscription_id"], STRANGE, two["subscription_id"], one["subscription_id"]]
    items = call("POST", f"{SUBSCRIPTIONS}/cancellations", {"ids": ids}).body["items"]
    assert [(item["subscription_id"], item["done"]) for item in items] == list(
        zip(ids[:3], (True, False, True), strict=True)
    )
    assert "no such subscription" in items[1]["problem"]
    items = call("POST", f"{SUBSCRIPTIONS}/validations", {"ids": ids[:2]}).body["items"]
    assert [item["done"] for item in items] == [False, False]
    call("POST", f"{SUBSCRIPTIONS}/{ids[0]}/uncancel")
    items = call("POST", f"{SUBSCRIPTIONS}/validations", {"ids": ids[:3]}).body["items"]
    assert [item["done"] for item in items] == [True, False, False]
    assert items[0]["validation_due"]


def test_16_another_offices_watch_is_neither_validated_nor_cancelled(call):
    one = made(call)
    for act in ("validate", "renew", "uncancel"):
        path = f"{SUBSCRIPTIONS}/{one['subscription_id']}/{act}"
        assert call("POST", path, {"ends": None} if act == "renew" else None, claims=QUINN).status == 404
    [item] = call("POST", f"{SUBSCRIPTIONS}/cancellations", {"ids": [one["subscription_id"]]}, QUINN).body["items"]
    assert not item["done"]
    assert (
        call("GET", f"{SUBSCRIPTIONS}/{one['subscription_id']}").body
        | {name: one[name] for name in ("past", "tells_of", "notice")}
        == one
    )


def test_69_the_list_is_narrowed_to_how_they_stand(call):
    soon = made(call, ends=f"{TODAY + timedelta(days=20)}")
    far = made(call, criterion=NAME_WATCH)
    gone = made(call, basis={"kind": "warrant", "case_number": "W-1"})
    call("DELETE", f"{SUBSCRIPTIONS}/{gone['subscription_id']}")
    found = {
        stands: [one["subscription_id"] for one in call("GET", SUBSCRIPTIONS, query=f"stands={stands}").body["items"]]
        for stands in ("expiring", "active", "cancelled", "overdue")
    }
    assert found == {
        "expiring": [soon["subscription_id"]], "active": [far["subscription_id"]],
        "cancelled": [gone["subscription_id"]], "overdue": [],
    }  # fmt: skip


def test_s11_s12_recipients_come_and_go_one_by_one_and_a_private_text_stays_private(call):
    bo = ADA | {"email": "bo@da.example.gov"}
    one = made(call, note={"private": "informant Q", "public": "call first"})
    path = f"{SUBSCRIPTIONS}/{one['subscription_id']}"
    after = call("POST", f"{path}/recipients", {"add": [{"email": "bo@da.example.gov"}]}).body
    assert [recipient["email"] for recipient in after["recipients"]] == [ADA["email"], "bo@da.example.gov"]
    refused = call("POST", f"{path}/recipients", {"add": [{"email": "eve@press.example.com"}]})
    assert (refused.status, refused.body["errors"][0]["field"]) == (403, "recipients.2.email")
    assert call("POST", f"{path}/validate", claims=bo).status == 403
    for answer in (call("GET", path, claims=bo), call("GET", SUBSCRIPTIONS, claims=bo)):
        assert answer.status == 200
        assert "informant" not in str(answer.body)
        assert "call first" in str(answer.body)
    assert call("GET", path).body["note"]["private"] == "informant Q"
