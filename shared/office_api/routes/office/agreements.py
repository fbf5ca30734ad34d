"""Agreements of the caller's office: which agencies share what, and until when."""

from datetime import date, datetime

from pydantic import BaseModel

from shared.access import Action
from shared.office_api import dependencies
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.offices.agreements import AgreementState, RecordedAgreement

routes = Routes("reports")
router = routes.router


class AgreementView(BaseModel):
    """`days_left` counts the last day too; 0 when the agreement is over."""

    agreement: RecordedAgreement
    state: AgreementState
    days_left: int


class AgreementsView(BaseModel):
    """`silent` lists agencies whose arrests are not shown today, because the last agreement is over or none has begun.
    `others` says whether your office sees agencies with which no agreement was ever recorded."""

    items: list[AgreementView]
    silent: list[str]
    others: bool


@routes.get("/v1/agreements", action=Action.READ_AGREEMENTS, summary="List your office's agreements")
def list_agreements() -> AgreementsView:
    """Those that end first come first. Whoever operates the product records them with the office's file: an office does
    not give itself access."""
    office = current_request(router).caller.office
    today, agreements = datetime.now(office.zone).date(), dependencies.subscriptions.agreements.of(office.office_id)
    items = [
        _view(recorded, today)
        for recorded in sorted(agreements.agreements, key=lambda recorded: (recorded.ends, recorded.reference))
    ]
    in_force = {
        agreement_view.agreement.agency for agreement_view in items if agreement_view.state is AgreementState.IN_FORCE
    }
    silent = sorted({recorded.agency for recorded in agreements.agreements} - in_force)
    return AgreementsView(items=items, silent=silent, others=not office.only_by_agreement)


def _view(recorded: RecordedAgreement, today: date) -> AgreementView:
    left = (recorded.ends - max(today, recorded.starts)).days + 1
    return AgreementView(agreement=recorded, state=recorded.state(today), days_left=max(left, 0))
