"""P7: the breach record through the API, and who gets in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.breaches.model import BreachSteps
from shared.offices.users import Right
from tests.breaches.cases import a_breach_request
from tests.builders import a_user
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call

LOG = "/v1/breaches"
PAT = ADA | {"email": "pat@da.example.gov"}
BO = ADA | {"email": "bo@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}


@pytest.fixture
def breach(call: Call, tables: Tables) -> dict[str, Any]:
    """Bo, who has no right at all, recorded it; Pat has the right `privacy`."""
    tables.users.add(a_user(PAT["email"], rights=frozenset({Right.PRIVACY})))
    discovered = datetime.now(UTC) - timedelta(hours=2)
    recorded = call("POST", LOG, a_breach_request(discovered_at=discovered).model_dump(mode="json"), BO)
    assert recorded.status == 201
    body: dict[str, Any] = recorded.body
    return body


def test_cjis_ir_6_anybody_records_a_breach_and_a_late_step_stands_first(call: Call, breach: dict[str, Any]) -> None:
    assert [(step["step"], step["late"]) for step in breach["steps"]] == [("inside", True), ("privacy chief", False)]
    assert call("GET", LOG, claims=PAT).body["open"] == 1


def test_p7_only_who_recorded_it_and_the_privacy_officer_read_it_and_only_the_latter_goes_on(
    call: Call, breach: dict[str, Any]
) -> None:
    path = f"{LOG}/{breach['breach']['breach_id']}"
    assert [call("GET", path, claims=claims).status for claims in (BO, PAT, ADA, QUINN)] == [200, 200, 404, 404]
    assert [len(call("GET", LOG, claims=claims).body["items"]) for claims in (BO, PAT, ADA, QUINN)] == [1, 1, 0, 0]
    confirmation = {"people": 3, "risk": True}
    assert call("POST", f"{path}/confirm", confirmation, BO).status == 403
    assert call("POST", f"{path}/confirm", confirmation, ADA).status == 404


def test_p7_a_breach_is_confirmed_seen_to_step_by_step_and_closed(call: Call, breach: dict[str, Any]) -> None:
    path = f"{LOG}/{breach['breach']['breach_id']}"
    assert len(call("POST", f"{path}/confirm", {"people": 3, "risk": True}, PAT).body["steps"]) == 6
    step = {"step": "inside", "how": "Call to the desk", "done_at": datetime.now(UTC).isoformat()}
    ticked = call("POST", f"{path}/steps", step, PAT)
    assert ticked.body["steps"][-1]["taken"]["recorded_by"] == PAT["email"]
    assert call("POST", f"{path}/steps", step, PAT).status == 409
    assert call("POST", f"{path}/steps", step | {"step": "dance"}, PAT).status == 422
    closing = {"finding": "The list was found unread."}
    refused = call("POST", f"{path}/close", closing, PAT)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "left_out")
    left = [view["step"] for view in ticked.body["steps"] if view["taken"] is None]
    reasons = [{"step": name, "reason": "No data left the room."} for name in left]
    closed = call("POST", f"{path}/close", closing | {"left_out": reasons}, PAT)
    assert closed.body["breach"]["state"] == "closed"
    assert call("POST", f"{path}/confirm", {"people": 3, "risk": True}, PAT).status == 409
    assert call("GET", LOG, claims=PAT).body["open"] == 0


def test_p2_the_audit_names_the_breach_and_repeats_no_text(call: Call, breach: dict[str, Any], tables: Tables) -> None:
    stored = str(tables.everything_in("Audit"))
    assert f"breach:{breach['breach']['breach_id']}" in stored
    assert breach["breach"]["summary"] not in stored


def test_cjis_ir_6_an_offices_own_steps_take_the_place_of_those_that_are_shipped(
    call: Call, tables: Tables, breach: dict[str, Any]
) -> None:
    step = {"name": "sheriff", "title": "Tell the sheriff", "from": "suspected", "hours": 1, "source": "memo 7"}
    tables.subscriptions.breaches.save_rules("kings", BreachSteps.model_validate({"steps": [step]}))
    path = f"{LOG}/{breach['breach']['breach_id']}"
    read = call("GET", path, claims=PAT).body["steps"]
    assert [(each["step"], each["late"], each["source"]) for each in read] == [("sheriff", True, "memo 7")]
    shipped = call("POST", f"{path}/steps", {"step": "inside", "how": "called", "done_at": str(datetime.now(UTC))}, PAT)
    assert shipped.status == 422, "no step of this office"
