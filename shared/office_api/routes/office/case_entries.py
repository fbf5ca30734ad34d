"""What a person of the caller's office enters about the end of a case, because no feed says it: by it the clock of a
class begins, stops or begins anew."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, StringConstraints

from shared.access import Action
from shared.arrests.retention.case_entry import CaseEntry, CaseEntryKind
from shared.arrests.retention.hold import HoldText
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.answers.readable_arrests import arrests_numbered
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.subscriptions.refused_words import check_texts
from shared.value import FrozenModel

routes = Routes("retention")
router = routes.router
EntryId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="the id of the entry")]


class NewCaseEntry(FrozenModel):
    """`number` is an alert's; the entry is about its arrest, whichever agencies reported it. `source` is the paper that
    says so, such as an order of the court. It names nobody."""

    number: Annotated[str, StringConstraints(max_length=40)]
    kind: CaseEntryKind
    day: date
    source: HoldText


class CaseEntryView(BaseModel):
    """`counts_from` is the day from which its clock runs: no earlier than the day on which it was entered. `counts` is
    false once it was taken back."""

    entry: CaseEntry
    counts_from: date
    counts: bool


class CaseEntriesView(BaseModel):
    """The newest first."""

    items: list[CaseEntryView]


def _view(entry: CaseEntry) -> CaseEntryView:
    return CaseEntryView(entry=entry, counts_from=entry.counts_from, counts=entry.taken_back_at is None)


def _find(entry_id: str) -> CaseEntry:
    entry = dependencies.case_entries.find(current_request(router).by.office.office_id, entry_id)
    if entry is None:
        raise RefusalError(HTTPStatus.NOT_FOUND, "There is no such entry.")
    return entry


def _entered(ids: Ids, **_: object) -> Response[CaseEntryView]:
    return _created(_find(ids["entry_id"]))


def _as_it_is_now(_ids: Ids, *, entry: str, **_: object) -> CaseEntryView:
    return _view(_find(entry))


@routes.get("/v1/case-entries", action=Action.KEEP_HOLDS, summary="List what was entered about ends of cases")
def list_case_entries() -> CaseEntriesView:
    """What was taken back is listed as well."""
    office = current_request(router).by.office
    return CaseEntriesView(items=[_view(entry) for entry in dependencies.case_entries.of_office(office.office_id)])


@routes.post(
    "/v1/case-entries",
    action=Action.KEEP_HOLDS,
    summary="Enter what ended a case, or opened it again",
    example=examples.NEW_CASE_ENTRY,
    success=(HTTPStatus.CREATED,),
    replay=Replay(answer=_entered, ids=lambda document: {"entry_id": document["entry"]["entry_id"]}),
)
def enter_case_entry(new_entry: NewCaseEntry) -> Response[CaseEntryView]:
    """A conviction closes a case once its appeals are exhausted; an appeal that is taken opens it again. It counts for
    your office's copies, and for the arrest itself where your office runs the agency's feed."""
    request, now = current_request(router), datetime.now(UTC)
    check_texts({"source": new_entry.source})
    if new_entry.day > request.by.office.local_day(now):
        problem = FieldProblem(field="day", mend="lies in the future; write the day once it has come")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "That has not happened yet.", [problem])
    entry = CaseEntry(
        entry_id=uuid4().hex,
        office_id=request.by.office.office_id,
        arrest_ids=tuple(arrests_numbered(request, new_entry.number, "number")),
        kind=new_entry.kind,
        day=new_entry.day,
        source=new_entry.source,
        entered_by=request.caller.email,
        entered_at=now,
    )
    dependencies.case_entries.store(entry)
    return _created(entry)


@routes.post(
    "/v1/case-entries/{entry}/take-back",
    action=Action.KEEP_HOLDS,
    summary="Take an entry about a case back",
    replay=Replay(answer=_as_it_is_now),
)
def take_case_entry_back(entry: EntryId) -> CaseEntryView:
    """It counts no more, and stays on record with who took it back."""
    stored = _find(entry)
    if stored.taken_back_at:
        return _view(stored)
    after = stored.taken_back(current_request(router).caller.email, datetime.now(UTC))
    dependencies.case_entries.store(after)
    return _view(after)


def _created(entry: CaseEntry) -> Response[CaseEntryView]:
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=_view(entry))
