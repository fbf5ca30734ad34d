"""Corrections: the recipients outside of the office who must be told that an agency corrected what they were given."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from shared.access import Action
from shared.disclosures.model import DISCLOSURE_ID, Disclosure, DisclosureMeans
from shared.disputes.decide import tick_off
from shared.disputes.model import NOTICE_ID, CorrectionNotice
from shared.office_api import dependencies
from shared.office_api.answers.problems import RefusalError
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.resources import disclosure_resource
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.value import FrozenModel

routes = Routes("disputes")
router = routes.router
DisclosureId = Annotated[str, Path(pattern=DISCLOSURE_ID, description="The id of the disclosure.")]
NoticeId = Annotated[str, Path(pattern=NOTICE_ID, description="The id of the notice.")]


class NoticeOfCorrection(BaseModel):
    """`late`: the day by which to tell has passed."""

    notice: CorrectionNotice
    recipient: str
    late: bool


class NoticesOfCorrection(BaseModel):
    """Those that wait first, by their day. You see those of disclosures that you may read."""

    waiting: int
    items: list[NoticeOfCorrection]


class RecipientTold(FrozenModel):
    means: DisclosureMeans
    told_on: date = Field(description="The day on which the recipient was told.")


@routes.get("/v1/corrections", action=Action.LIST_DISCLOSURES, summary="List who must be told of corrections")
def list_corrections() -> NoticesOfCorrection:
    """An agency corrected a fact of an arrest of which your office passed something on. Open the disclosure for who got
    it, and the arrest for what is right now."""
    request = current_request(router)
    notices = dependencies.subscriptions.disputes.notices(request.by.office.office_id)
    keys = [(notice.office_id, notice.disclosure_id) for notice in notices]
    resources = [disclosure_resource(request.by, disclosure) for disclosure in dependencies.disclosures.read(keys)]
    readable: list[Disclosure] = request.filter_allowed(Action.READ_DISCLOSURE, resources)
    by_id = {disclosure.disclosure_id: disclosure for disclosure in readable}
    items = [_view(notice, by_id[notice.disclosure_id]) for notice in notices if notice.disclosure_id in by_id]
    return NoticesOfCorrection(waiting=sum(item.notice.told_on is None for item in items), items=items)


def _told_again(_ids: Ids, *, disclosure_id: str, notice: str, **_arguments: object) -> NoticeOfCorrection:
    return _view(_find(disclosure_id, notice), current_request(router).resource(Disclosure))


@routes.post(
    "/v1/disclosures/{disclosure_id}/corrections/{notice}/told",
    action=Action.TELL_RECIPIENT,
    summary="Say that a recipient was told of a correction",
    replay=Replay(answer=_told_again),
    example=examples.RECIPIENT_TOLD,
)
def tell_recipient(disclosure_id: DisclosureId, notice: NoticeId, body: RecipientTold) -> NoticeOfCorrection:
    """Nothing is sent by this: you told them, and it is on record how and when."""
    request, now = current_request(router), datetime.now(UTC)
    ticked_off = tick_off(
        _find(disclosure_id, notice), request.caller.email, body.means, body.told_on, request.by.office.local_day(now)
    )
    dependencies.subscriptions.disputes.save_notice(ticked_off)
    return _view(ticked_off, request.resource(Disclosure))


def _find(disclosure_id: str, notice_id: str) -> CorrectionNotice:
    office_id = current_request(router).by.office.office_id
    notice = dependencies.subscriptions.disputes.find_notice(office_id, notice_id)
    if notice is None or notice.disclosure_id != disclosure_id:
        raise RefusalError(HTTPStatus.NOT_FOUND, "There is no such notice.")
    return notice


def _view(notice: CorrectionNotice, disclosure: Disclosure) -> NoticeOfCorrection:
    today = current_request(router).by.office.local_day(datetime.now(UTC))
    is_late = notice.told_on is None and notice.tell_by < today
    return NoticeOfCorrection(notice=notice, recipient=disclosure.request.recipient, late=is_late)
