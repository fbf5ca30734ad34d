"""Lists in one file: watches to be made, and the office's case and warrant lists."""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from functions.office_api import dependencies
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from functions.office_api.problems import FieldProblem, RefusalError
from shared.access import Action
from shared.errors import Rejected
from shared.subscriptions.bulk.caselist_entry import CaselistKind
from shared.value import FrozenModel

routes = Routes("lists")
router = routes.router
SECONDS = 20.0  # after which it answers with what it has


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
    seen: str = Field(max_length=64, description="as the preview of the same file answered it")


class UploadLine(BaseModel):
    """`became`: new, again (revived), known (left as it is), repeated, rejected, not reached."""

    line: int
    became: str
    subscription_id: str
    code: str
    reason: str
    fix: str


class ListUpload(BaseModel):
    """`rejects` is a CSV file of the rows to mend, each as it came."""

    seen: str
    counts: dict[str, int]
    lines: list[UploadLine]
    rejects: str


class ListLine(BaseModel):
    """`became`: made, changed, reassigned, reopened, closed, unchanged, by hand, overdue, rejected, not reached."""

    line: int
    became: str
    case_number: str
    subscription_id: str
    reason: str
    fix: str


class ListResult(BaseModel):
    counts: dict[str, int]
    lines: list[ListLine]


class ListRow(FrozenModel):
    """One defendant of one case or warrant, in the words of the file's columns."""

    case_number: str = Field(min_length=1, max_length=200)
    defendant: str = Field(default="", max_length=100, description="tells the defendants of one case apart")
    prosecutor: str = Field(max_length=254, description="whose watch it is")
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
    """Rows, or a file whose columns have the same names. `complete`: it is the whole list, so what an earlier one named
    and this one does not is closed; nothing is while a row cannot be read."""

    complete: bool = False
    rows: tuple[ListRow, ...] = Field(default=(), max_length=500)
    file: UploadFile | None = None


@routes.post(
    "/v1/uploads/preview", action=Action.UPLOAD_SUBSCRIPTIONS, summary="What a list of watches would become, row by row"
)
def preview(file: UploadFile) -> ListUpload:
    """Nothing is stored. Columns: surname, given, middle, suffix, date_of_birth, sex, sid, sid_state, fbi, statute,
    begins_with, agency, precinct, ori, address, city, basis, case_number, starts, ends, recipients (parted by ;),
    urgency, reference, contact, note, public_note, silent. Everything that a row says must hold."""
    from shared.subscriptions.bulk import upload  # noqa: PLC0415 - what reads files is loaded when there is one

    email, office = current_request(router).caller
    with _file_rejections():
        deps = upload.UploadDeps(email, office, dependencies.subscribe_deps(), datetime.now(UTC), SECONDS)
        upload_report = upload.preview(file.read(), file.format, deps)
    return ListUpload.model_validate(upload_report.model_dump())


@routes.post(
    "/v1/uploads", action=Action.UPLOAD_SUBSCRIPTIONS, summary="Take a list of watches that you have looked at"
)
def commit(file: UploadCommit) -> ListUpload:
    """Every row that can be is taken; sending it again changes nothing that is there."""
    from shared.subscriptions.bulk import upload  # noqa: PLC0415 - as above

    email, office = current_request(router).caller
    content = file.read()
    if upload.content_hash_of(content) != file.seen:
        problem = FieldProblem(field="seen", mend="is not of this file; look at its preview first")
        raise RefusalError(HTTPStatus.CONFLICT, "Nobody has looked at this file as it is.", [problem])
    with _file_rejections():
        deps = upload.UploadDeps(email, office, dependencies.subscribe_deps(), datetime.now(UTC), SECONDS)
        upload_report = upload.commit(content, file.format, deps)
    return ListUpload.model_validate(upload_report.model_dump())


@routes.post(
    "/v1/lists/{kind}", action=Action.KEEP_LISTS, summary="The case list or the warrant list, or what changed in it"
)
def keep(kind: Annotated[Literal["cases", "warrants"], Path()], upload: CaselistUpload) -> ListResult:
    """A row makes a watch for its prosecutor and nobody else; another prosecutor takes it over, `closed` or `cleared`
    ends it, all within the request. What is not in the list stays as it is, unless the list is `complete`. Watches lie
    in the Pre-defined folder that keeps the list, where the office has one."""
    from shared.subscriptions.bulk import caselist_entry, sync_caselist  # noqa: PLC0415 - as above

    office, now = current_request(router).caller.office, datetime.now(UTC)
    rows = [{name: text for name, text in list_row.model_dump().items() if text} for list_row in upload.rows]
    with _file_rejections():
        lines = caselist_entry.parse_caselist(rows)
        if upload.file:
            lines += caselist_entry.read_caselist(upload.file.read(), upload.file.format)
    sync_deps = sync_caselist.SyncDeps(dependencies.subscribe_deps(), dependencies.pseudonyms(), SECONDS)
    results = sync_caselist.sync_rows(lines, CaselistKind(kind), office, sync_deps, now)
    if upload.complete:
        results += sync_caselist.close_absent(lines, CaselistKind(kind), office, sync_deps, now)
    list_lines = [ListLine.model_validate(result.model_dump()) for result in results]
    return ListResult(counts=Counter(list_line.became for list_line in list_lines), lines=list_lines)


@contextmanager
def _file_rejections() -> Iterator[None]:
    """A file that cannot be read at all is the sender's to mend."""
    try:
        yield
    except Rejected as fault:
        problem = FieldProblem(field="content", mend=f"{fault.reason} {fault.fix}")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The file cannot be read.", [problem]) from fault
