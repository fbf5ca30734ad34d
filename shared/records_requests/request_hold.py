"""The hold that an open request places on what it covers. Pure."""

from datetime import date

from shared.arrests.retention.hold import Hold, HoldKind
from shared.records_requests.model import DECISIONS, RecordsRequest, RequestState, StepKind

_REASON = "a records request covers it"


def hold_for(request: RecordsRequest, kind: HoldKind) -> Hold:
    """The hold that is placed before the request is entered."""
    return Hold(
        hold_id=request.hold_id,
        office_id=request.office_id,
        kind=kind,
        reason=_REASON,
        reference=request.request_id,
        arrest_ids=request.arrest_ids,
        placed_by=request.entered_by,
        placed_at=request.entered_at,
        request_id=request.request_id,
    )


def hold_after(hold: Hold, request: RecordsRequest) -> Hold:
    """A FOIL hold ends with the answer and the time to appeal it, or with the decision of the appeal; any other with
    the request. The same hold where nothing changes."""
    days: dict[str, date | None] = {"ended_on": None, "appealed_on": None, "appeal_decided_on": None}
    last = request.steps[-1]
    if hold.kind is HoldKind.FOIL:
        decision = request.last(*DECISIONS, StepKind.WITHDRAWN)
        appeal, decided = request.last(StepKind.APPEALED), request.last(StepKind.APPEAL_DECIDED)
        ended = decision or appeal
        days = {
            "ended_on": ended.day if ended else None,
            "appealed_on": appeal.day if appeal else None,
            "appeal_decided_on": decided.day if decided else None,
        }
    elif request.state is RequestState.CLOSED:
        days["ended_on"] = last.day
    if all(getattr(hold, name) == day for name, day in days.items()):
        return hold
    return hold.model_copy(update={**days, "ended_by": last.by, "end_reason": _REASON, "revision": hold.revision + 1})
