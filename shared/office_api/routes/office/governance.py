"""The office's governance, its policy, and the caller's acknowledgement of it (CJIS Security Policy 6.0, PL-4)."""

from datetime import UTC, datetime
from http import HTTPStatus

from pydantic import BaseModel, Field

from shared.access import Action
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError, not_found
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.offices.governance.model import Governance, Policy, Requirement
from shared.offices.governance.personnel import Acknowledgement, acknowledged_until

# Who must see to something first states no purpose yet.
routes = Routes("me")
router = routes.router


class GovernanceView(BaseModel):
    """What is on record, and what is missing. `live` is false while an office that is new waits for it."""

    live: bool
    governance: Governance
    missing: list[Requirement]


class PolicyView(Policy):
    """`contact` answers for it. `acknowledged` is when you accepted this version; `again_by` when you must again."""

    text: str
    contact: str
    acknowledged: datetime | None
    again_by: datetime | None


class AcknowledgementView(Policy):
    acknowledged: datetime
    again_by: datetime = Field(description="Accept it again by then, or as soon as the policy changes.")


@routes.get(
    "/v1/governance",
    action=Action.READ_GOVERNANCE,
    summary="Read what is on record of your office's governance",
    needs_purpose=False,
    tag="office",
)
def read_governance() -> GovernanceView:
    """Policy, agreement, contact and rule of training. A new office goes live when all four are on record; whoever
    operates the product records them with the office's file. No purpose is needed."""
    office = current_request(router).caller.office
    governance = office.governance
    return GovernanceView(live=office.live, governance=governance, missing=list(governance.missing))


@routes.get("/v1/me/policy", action=Action.READ_ME, summary="Read your office's policy", needs_purpose=False)
def read_policy() -> PolicyView:
    """The text that you accept with `PUT /v1/me/acknowledgement`. 404 in an office that has recorded none. No purpose
    is needed."""
    by = current_request(router).by
    policy = by.office.governance.policy
    adopted = dependencies.policies.find(by.office.office_id, policy.version) if policy else None
    if adopted is None:
        raise not_found("policy")
    accepted = by.user.acknowledged
    is_of_this_version = accepted is not None and accepted.sha256 == adopted.sha256
    accepted_at = accepted.at if accepted and is_of_this_version else None
    return PolicyView(
        version=adopted.version,
        sha256=adopted.sha256,
        text=adopted.text,
        contact=by.office.governance.contact or "",
        acknowledged=accepted_at,
        again_by=acknowledged_until(accepted_at) if accepted_at else None,
    )


@routes.put(
    "/v1/me/acknowledgement",
    action=Action.ACKNOWLEDGE_POLICY,
    summary="Accept your office's policy",
    example=examples.ACKNOWLEDGEMENT,
    needs_purpose=False,
)
def acknowledge_policy(policy: Policy) -> AcknowledgementView:
    """Before anything is read, again every year, and when the policy changes. Send version and hash of the text that
    you have read: one that was replaced meanwhile is 409. A machine is let in by its keeper's. No purpose is needed."""
    by, now = current_request(router).by, datetime.now(UTC)
    if policy != by.office.governance.policy:
        problem = FieldProblem(field="version", mend="is not the one that holds now; read GET /v1/me/policy")
        raise RefusalError(HTTPStatus.CONFLICT, "Another policy holds now. Nothing was accepted.", [problem])
    acknowledged = Acknowledgement(version=policy.version, sha256=policy.sha256, at=now)
    after = by.user.model_copy(update={"acknowledged": acknowledged, "revision": by.user.revision + 1})
    dependencies.users.change(by.user, after)
    return AcknowledgementView(
        version=policy.version, sha256=policy.sha256, acknowledged=now, again_by=acknowledged_until(now)
    )
