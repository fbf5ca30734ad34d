"""Many subscriptions from one file: an uploaded list, and the office's case and warrant lists (caselists)."""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from functions.office_api import dependencies
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import AuthorizedRequest, current_request
from functions.office_api.past import ALERT_PAST, past_of
from functions.office_api.problems import FieldProblem, RefusalError
from functions.office_api.routes import examples
from shared.access import Action
from shared.alerts.look_back import PastMatches
from shared.errors import Rejected
from shared.subscriptions.bulk.caselist_entry import CaselistKind
from shared.subscriptions.model import SubscriptionKey
from shared.value import FrozenModel

routes = Routes("lists")
router = routes.router
SECONDS = 20.0  # then the rest of the rows is "not reached"
_ALERT_ANEW = {"new", "again", "made", "changed", "reassigned", "reopened"}  # rows that are looked back for


class UploadFile(FrozenModel):
    """A table with a header line, as CSV (UTF-8) or as a workbook. `content` is base64, at most 3 MB of file."""

    format: Literal["csv", "xlsx"]
    content: str = Field(max_length=4_000_000)

    def read(self) -> bytes:
        try:
            return b64decode(self.content, validate=True)
        except ValueError as fault:  # other letters than base64's, or too few of them
            problem = FieldProblem(field="content", mend="is not base64; encode the bytes of the file")
            raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The file cannot be read.", [problem]) from fault


class UploadCommit(UploadFile):
    seen: str = Field(max_length=64, description="`seen` of the preview of the same file.")
    alert_past: bool = Field(default=False, description=ALERT_PAST)


class UploadLine(BaseModel):
    """`became` is one of: new, again (alerts again), known (unchanged), repeated, rejected, not reached (in time)."""

    line: int
    became: str
    subscription_id: str
    code: str
    reason: str
    fix: str


class ListUpload(BaseModel):
    """`rejects` is a CSV file of the rows to correct, each as it was sent. `past` is what the new subscriptions would
    have alerted of in the last seven days; null in a preview and if there is none."""

    seen: str
    counts: dict[str, int]
    lines: list[UploadLine]
    rejects: str
    past: PastMatches | None = None


class ListLine(BaseModel):
    """`became`: made, changed, reassigned, reopened, closed, unchanged, by hand, overdue, rejected, not reached."""

    line: int
    became: str
    case_number: str
    subscription_id: str
    reason: str
    fix: str


class ListResult(BaseModel):
    """`past` is what the new and changed subscriptions would have alerted of in the last seven days; null if there is
    none, and for a machine."""

    counts: dict[str, int]
    lines: list[ListLine]
    past: PastMatches | None = None


class ListRow(FrozenModel):
    """One defendant of one case or warrant. The fields have the names of the file's columns."""

    case_number: str = Field(min_length=1, max_length=200)
    defendant: str = Field(default="", max_length=100, description="Distinguishes the defendants of one case.")
    prosecutor: str = Field(
        max_length=254, description="The e-mail address of the prosecutor who owns the subscription."
    )
    state: Literal["open", "closed", "active", "cleared"]
    ends: str = Field(default="", max_length=10)
    surname: str = Field(default="", max_length=200)
    given: str = Field(default="", max_length=200)
    middle: str = Field(default="", max_length=200)
    suffix: str = Field(default="", max_length=40)
    date_of_birth: str = Field(default="", max_length=10)
    sex: str = Field(default="", max_length=1)
    sid: str = Field(default="", max_length=64)
    sid_state: str = Field(default="", max_length=64)
    fbi: str = Field(default="", max_length=64)


class CaselistUpload(FrozenModel):
    """Rows, or a file whose columns have the same names. `complete` says that this is the whole list: what an earlier
    list named and this one does not is closed, unless a row cannot be read."""

    complete: bool = False
    alert_past: bool = Field(default=False, description=ALERT_PAST)
    rows: tuple[ListRow, ...] = Field(default=(), max_length=500)
    file: UploadFile | None = None


@routes.post(
    "/v1/uploads/preview",
    action=Action.UPLOAD_SUBSCRIPTIONS,
    summary="Preview a list of subscriptions",
    example=examples.UPLOAD,
)
def preview_upload(file: UploadFile) -> ListUpload:
    """Says what each row would become and stores nothing. Columns: surname, given, middle, suffix, date_of_birth, sex,
    sid, sid_state, fbi, statute, begins_with, agency, precinct, ori, address, city, basis, case_number, starts, ends,
    recipients (separated by ;), urgency, reference, contact, note, public_note, silent. All conditions in a row must
    hold."""
    from shared.subscriptions.bulk import upload  # noqa: PLC0415 - what reads files is loaded when there is one

    email, office = current_request(router).caller
    with _file_rejections():
        deps = upload.UploadDeps(email, office, dependencies.subscribe_deps(), datetime.now(UTC), SECONDS)
        upload_report = upload.preview(file.read(), file.format, deps)
    return ListUpload.model_validate(upload_report.model_dump())


@routes.post(
    "/v1/uploads",
    action=Action.UPLOAD_SUBSCRIPTIONS,
    summary="Create the subscriptions of a previewed list",
    example=examples.UPLOAD_COMMIT,
)
def commit_upload(file: UploadCommit) -> ListUpload:
    """Creates a subscription for every valid row. `seen` must be that of the preview of the same file. Sending the file
    again changes nothing. One look back serves all rows: `past` says what it found in the time that it had."""
    from shared.subscriptions.bulk import upload  # noqa: PLC0415 - as above

    request = current_request(router)
    email, office = request.caller
    content = file.read()
    if upload.content_hash_of(content) != file.seen:
        problem = FieldProblem(field="seen", mend="is not of this file; preview the file first")
        raise RefusalError(HTTPStatus.CONFLICT, "This file was not previewed as it is.", [problem])
    with _file_rejections():
        deps = upload.UploadDeps(email, office, dependencies.subscribe_deps(), datetime.now(UTC), SECONDS)
        upload_report = upload.commit(content, file.format, deps)
    committed = ListUpload.model_validate(upload_report.model_dump())
    return committed.model_copy(update={"past": _past(committed.lines, request, alert_past=file.alert_past)})


@routes.post(
    "/v1/lists/{kind}",
    action=Action.KEEP_LISTS,
    summary="Send the office's case list or warrant list",
    example=examples.CASELIST,
)
def send_caselist(
    kind: Annotated[Literal["cases", "warrants"], Path(description="Which list it is.")], upload: CaselistUpload
) -> ListResult:
    """Each row keeps a subscription for its prosecutor only. Another prosecutor in a later list takes it over; `closed`
    or `cleared` ends it. Subscriptions that the list does not name stay as they are, unless the list is `complete`.
    They belong to the Pre-defined folder that keeps this list, if the office has one."""
    from shared.subscriptions.bulk import caselist_entry, sync_caselist  # noqa: PLC0415 - as above

    request = current_request(router)
    office, now = request.by.office, datetime.now(UTC)
    rows = [{name: text for name, text in list_row.model_dump().items() if text} for list_row in upload.rows]
    with _file_rejections():
        lines = caselist_entry.parse_caselist(rows)
        if upload.file:
            lines += caselist_entry.read_caselist(upload.file.read(), upload.file.format)
    sync_deps = sync_caselist.SyncDeps(
        dependencies.subscribe_deps(), dependencies.pseudonyms(), SECONDS, sent_by=request.caller.email
    )
    results = sync_caselist.sync_rows(lines, CaselistKind(kind), office, sync_deps, now)
    if upload.complete:
        results += sync_caselist.close_absent(lines, CaselistKind(kind), office, sync_deps, now)
    list_lines = [ListLine.model_validate(result.model_dump()) for result in results]
    counts = Counter(list_line.became for list_line in list_lines)
    past = _past(list_lines, request, alert_past=upload.alert_past)
    return ListResult(counts=counts, lines=list_lines, past=past)


def _past(
    lines: Iterable[UploadLine | ListLine], request: AuthorizedRequest, *, alert_past: bool
) -> PastMatches | None:
    """Looks back once for all rows that alert anew."""
    ids = [line.subscription_id for line in lines if line.became in _ALERT_ANEW]
    saved, _ = dependencies.subscriptions.read(SubscriptionKey(request.by.office.office_id, id_) for id_ in ids)
    return past_of(list(saved.values()), request, alert_past=alert_past)


@contextmanager
def _file_rejections() -> Iterator[None]:
    """Raises RefusalError 422 for a file that cannot be read at all."""
    try:
        yield
    except Rejected as fault:
        problem = FieldProblem(field="content", mend=f"{fault.reason} {fault.fix}")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The file cannot be read.", [problem]) from fault
