"""An export: asked for, made by a worker, fetched by whoever asked; and what it leaves out on which ground."""

from datetime import timedelta
from enum import StrEnum

from pydantic import AwareDatetime, Field

from shared.offices.model import Slug
from shared.records_requests.model import ExportContent
from shared.value import FrozenModel

EXPORT_ID = r"^\d{14}[0-9a-f]{18}$"  # begins with when it was asked for in UTC, so that ids are in order of time
KEPT_FOR = timedelta(days=7)  # the lifecycle rule of the bucket says the same
MOST_BYTES = 20_000_000  # of all files before they are packed
MOST_EVENTS = 5_000  # of the audit, about one arrest
MOST_EXPORTS = 99  # of one request


class ExportState(StrEnum):
    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"


class LeftOut(FrozenModel):
    """A content that is left out, and the ground by its code."""

    content: ExportContent
    code: str


class Export(FrozenModel):
    """`arrest_ids` are those that the disclosure allows. `purpose` is the one stated when it was asked for.

    `failure` says why there is none, and what to do. `sha256` and `size` are the ZIP's.
    """

    export_id: str = Field(pattern=EXPORT_ID)
    request_id: str
    office_id: Slug
    disclosure_id: str
    arrest_ids: tuple[str, ...] = Field(min_length=1)
    left_out: tuple[LeftOut, ...] = ()
    purpose: str
    asked_by: str
    asked_at: AwareDatetime
    state: ExportState = ExportState.QUEUED
    ready_at: AwareDatetime | None = None
    sha256: str = ""
    size: int = 0
    notes_to_review: int = 0
    failure: str = ""
    revision: int = 1


class ExportTask(FrozenModel):
    """The message that asks a worker for an export. It names nobody."""

    office_id: Slug
    export_id: str = Field(pattern=EXPORT_ID)
