"""An agency's files beside the bucket: permission to upload one, and a small file in the request itself."""

from base64 import b64decode
from datetime import UTC, datetime
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, Field

from shared.access import Action
from shared.feeds.drops.model import Drop
from shared.feeds.manual.content_types import CONTENT_TYPES, MAX_UPLOAD_BYTES, content_type_of
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.routes import examples
from shared.office_api.routes.agencies.agencies import AgencyId
from shared.value import FrozenModel

routes = Routes("agencies")
router = routes.router
SECONDS = 300  # within which an upload must begin
MAX_FILE_BYTES = 4_000_000  # Lambda takes requests of 6 MB, and base64 makes four characters of three bytes


class NewUpload(FrozenModel):
    file: str = Field(
        max_length=150,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._()+-]*$",
        description=f"Its name ends in one of {', '.join(CONTENT_TYPES)}",
    )


class FeedUpload(BaseModel):
    """Send the file to `url` as multipart/form-data: first all `fields`, last `file`."""

    url: str
    fields: dict[str, str]
    key: str
    most_bytes: int
    seconds: int


class SmallFile(NewUpload):
    content: str = Field(
        min_length=1, max_length=4 * (MAX_FILE_BYTES // 3) + 4, description="The file in base64, at most 4 MB."
    )


class AcceptedEntry(BaseModel):
    """The receipt appears under `/v1/agencies/{agency_id}/drops/{drop_id}` within seconds."""

    drop_id: str


def _accepted(ids: Ids, **_arguments: object) -> AcceptedEntry:
    return AcceptedEntry(drop_id=ids["drop_id"])


ACCEPTED_AGAIN = Replay(answer=_accepted, ids=lambda document: {"drop_id": document["drop_id"]})


@routes.post(
    "/v1/agencies/{agency_id}/uploads",
    action=Action.SEND_FEED,
    summary="Get permission to upload one file",
    example=examples.NEW_UPLOAD,
)
def allow_upload(agency_id: AgencyId, new_upload: NewUpload) -> FeedUpload:
    """For five minutes, and for this name, type and size only. The file becomes a drop like any other."""
    kind = _content_type(new_upload.file)
    key = f"{agency_id}/in/{new_upload.file}"
    # A field that the policy does not name is refused, so nobody chooses another key than the bucket's own.
    presigned = dependencies.s3().generate_presigned_post(
        dependencies.settings.feeds_bucket,
        key,
        Fields={"Content-Type": kind},
        ExpiresIn=SECONDS,
        Conditions=[{"Content-Type": kind}, ["content-length-range", 1, MAX_UPLOAD_BYTES]],
    )
    return FeedUpload(
        url=presigned["url"], fields=presigned["fields"], key=key, most_bytes=MAX_UPLOAD_BYTES, seconds=SECONDS
    )


@routes.post(
    "/v1/agencies/{agency_id}/files",
    action=Action.SEND_FEED,
    summary="Send a small file of the agency",
    example=examples.SMALL_FILE,
    success=(HTTPStatus.ACCEPTED,),
    replay=ACCEPTED_AGAIN,
)
def send_file(agency_id: AgencyId, small_file: SmallFile) -> Response[AcceptedEntry]:
    """At most 4 MB, for who cannot upload to the bucket, such as a page without scripts. It becomes a drop like any
    other; a larger file goes through `/uploads`."""
    content = decoded(small_file.content)
    if not content:
        problem = FieldProblem(field="content", mend="is empty; send the bytes of the file")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The file is empty.", [problem])
    return put_drop(f"{agency_id}/in/{small_file.file}", content, _content_type(small_file.file))


def put_drop(key: str, content: bytes, content_type: str) -> Response[AcceptedEntry]:
    """Puts the bytes where drops go, and answers with the id that the drop will have."""
    stored = dependencies.s3().put_object(
        Bucket=dependencies.settings.feeds_bucket, Key=key, Body=content, ContentType=content_type
    )
    drop = Drop(key=key, size=len(content), dropped_at=datetime.now(UTC), version_id=stored.get("VersionId", ""))
    body = AcceptedEntry(drop_id=drop.id(dependencies.pseudonyms()))
    return Response(status_code=HTTPStatus.ACCEPTED, content_type="application/json", body=body)


def _content_type(file: str) -> str:
    kind = content_type_of(file)
    if kind is None:
        problem = FieldProblem(field="file", mend=f"has an unknown ending; use one of {', '.join(CONTENT_TYPES)}")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "Files of this kind are not accepted.", [problem])
    return kind


def decoded(content: str) -> bytes:
    """Raises RefusalError 422 for what is not base64."""
    try:
        return b64decode(content, validate=True)
    except ValueError as fault:
        problem = FieldProblem(field="content", mend="is not base64; encode the bytes of the file")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The file cannot be read.", [problem]) from fault
