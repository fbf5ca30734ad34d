"""Many subscriptions from one file: a preview of each row, then the same file again to create them."""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic import BaseModel, Field

from shared.access import Action
from shared.alerts.look_back import PastMatches
from shared.errors import Rejected
from shared.office_api import dependencies
from shared.office_api.answers.past import ALERT_PAST, past_of
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.answers.refused_texts import count_refused_texts
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.subscriptions.bulk.row_errors import IMMIGRATION
from shared.subscriptions.folders.model import FolderId
from shared.subscriptions.model import SubscriptionKey
from shared.value import FrozenModel

if TYPE_CHECKING:
    from shared.subscriptions.bulk.upload import UploadDeps

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


class FiledUpload(UploadFile):
    folder: FolderId | None = Field(
        default=None,
        description="The folder for every new row; none means your My tab. You must be its owner or editor.",
    )

    @property
    def folders(self) -> tuple[str, ...]:
        return (self.folder,) if self.folder else ()


class UploadCommit(FiledUpload):
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
    """`rejects` is a CSV file of the rows to correct, a list itself: correct it and upload it as it is. `past` is what
    the new subscriptions would have alerted of in the last seven days; null in a preview and if there is none."""

    seen: str
    counts: dict[str, int]
    lines: list[UploadLine]
    rejects: str
    past: PastMatches | None = None


@routes.post(
    "/v1/uploads/preview",
    action=Action.UPLOAD_SUBSCRIPTIONS,
    summary="Preview a list of subscriptions",
    example=examples.UPLOAD,
)
def preview_upload(file: FiledUpload) -> ListUpload:
    """Says what each row would become and stores nothing. Columns: surname, given, middle, suffix, date_of_birth, sex,
    sid, sid_state, fbi, statute, begins_with, agency, precinct, ori, address, city, basis, case_number, starts, ends,
    recipients (separated by ;), urgency, events (separated by ;), reference, contact, note, public_note, silent. All
    conditions in a row must hold. The columns line, code, reason and fix of `rejects` may stay; they say nothing. With
    `folder`, every new row goes there; a row that is watched already stays where it is."""
    from shared.subscriptions.bulk import upload  # noqa: PLC0415 - what reads files is loaded when there is one

    with file_rejections():
        deps = _upload_deps(file, current_request(router))
        upload_report = upload.preview(file.read(), file.format, deps)
    count_refused_texts(sum(line.code == IMMIGRATION for line in upload_report.lines))
    return ListUpload.model_validate(upload_report.model_dump())


class Line(Protocol):
    """What became of one row of a list."""

    became: str
    subscription_id: str


def ids_of_lines(document: Any) -> Ids:
    return {"lines": [[line["line"], line["became"], line["subscription_id"]] for line in document["lines"]]}


def _upload_again(ids: Ids, *, file: UploadCommit) -> ListUpload:
    """What became of each row is kept. Reasons and rejected rows are read from the file, which was sent again."""
    request, read = current_request(router), preview_upload(file)
    line_by_number = {line.line: line for line in read.lines}
    lines = [
        line_by_number[number].model_copy(update={"became": became, "subscription_id": subscription_id})
        for number, became, subscription_id in ids["lines"]
    ]
    counts = Counter(line.became for line in lines)
    return ListUpload(
        seen=read.seen,
        counts={result: counts[result] for result in read.counts},
        lines=lines,
        rejects=read.rejects,
        past=past_of_lines(lines, request, alert_past=False),
    )


@routes.post(
    "/v1/uploads",
    action=Action.UPLOAD_SUBSCRIPTIONS,
    summary="Create the subscriptions of a previewed list",
    example=examples.UPLOAD_COMMIT,
    replay=Replay(answer=_upload_again, ids=ids_of_lines),
)
def commit_upload(file: UploadCommit) -> ListUpload:
    """Creates a subscription for every valid row. `seen` must be that of the preview of the same file. Sending the file
    again changes nothing. One look back serves all rows: `past` says what it found in the time that it had."""
    from shared.subscriptions.bulk import upload  # noqa: PLC0415 - as above

    request = current_request(router)
    content = file.read()
    if upload.content_hash_of(content) != file.seen:
        problem = FieldProblem(field="seen", mend="is not of this file; preview the file first")
        raise RefusalError(HTTPStatus.CONFLICT, "This file was not previewed as it is.", [problem])
    with file_rejections():
        deps = _upload_deps(file, request)
        upload_report = upload.commit(content, file.format, deps)
    count_refused_texts(sum(line.code == IMMIGRATION for line in upload_report.lines))
    committed = ListUpload.model_validate(upload_report.model_dump())
    return committed.model_copy(update={"past": past_of_lines(committed.lines, request, alert_past=file.alert_past)})


def _upload_deps(file: FiledUpload, request: AuthorizedRequest) -> "UploadDeps":
    """Raises RefusalError unless the caller may put subscriptions into the folder."""
    from shared.subscriptions.bulk.upload import UploadDeps  # noqa: PLC0415 - as above

    for folder_id in file.folders:
        request.authorize_named("folder_id", folder_id, Action.FILE_SUBSCRIPTION)
    email, office = request.caller
    return UploadDeps(email, office, dependencies.subscribe_deps(), datetime.now(UTC), SECONDS, file.folders)


def past_of_lines(lines: Iterable[Line], request: AuthorizedRequest, *, alert_past: bool) -> PastMatches | None:
    """Looks back once for all rows that alert anew."""
    ids = [line.subscription_id for line in lines if line.became in _ALERT_ANEW]
    saved, _ = dependencies.subscriptions.read(SubscriptionKey(request.by.office.office_id, id_) for id_ in ids)
    return past_of(list(saved.values()), request, alert_past=alert_past)


@contextmanager
def file_rejections() -> Iterator[None]:
    """Raises RefusalError 422 for a file that cannot be read at all."""
    try:
        yield
    except Rejected as fault:
        problem = FieldProblem(field="content", mend=f"{fault.reason} {fault.fix}")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The file cannot be read.", [problem]) from fault
