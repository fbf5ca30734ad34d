from datetime import date, datetime

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from functions.office_api import parts
from functions.office_api.access import asked_on
from shared.domain.agreements import Recorded, State

router = APIGatewayHttpRouter()


class AgreementView(BaseModel):
    """`days_left` counts its last day; 0 when it is over."""

    agreement: Recorded
    state: State
    days_left: int


class Agreements(BaseModel):
    """`silent` are the agencies of which nothing is told or shown today, because the last agreement with them is over
    or none has begun. `others`: whether agencies with which none was ever recorded are open to your office."""

    items: list[AgreementView]
    silent: list[str]
    others: bool


@router.get("/v1/agreements", tags=["reports"], summary="What your office may hear of, from whom, until when")
def index() -> Agreements:
    """Those that end first come first. They are recorded with the office's file, by whoever operates the product: an
    office does not give itself access."""
    office = asked_on(router).caller.office
    today, some = datetime.now(office.zone).date(), parts.subscriptions.agreements.of(office.office_id)
    items = [_view(one, today) for one in sorted(some.made, key=lambda one: (one.ends, one.reference))]
    live = {one.agreement.agency for one in items if one.state is State.IN_FORCE}
    silent = sorted({one.agency for one in some.made} - live)
    return Agreements(items=items, silent=silent, others=not office.only_by_agreement)


def _view(one: Recorded, today: date) -> AgreementView:
    left = (one.ends - max(today, one.starts)).days + 1
    return AgreementView(agreement=one, state=one.state(today), days_left=max(left, 0))
