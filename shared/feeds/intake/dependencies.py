"""What the intake reads and writes, and the tasks into which a large drop is split."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.seals.apply import SealDeps
from shared.arrests.seals.table import SealsTable
from shared.arrests.table import ArrestsTable
from shared.feeds.copies.bucket import CopiesBucket
from shared.feeds.drops.model import Drop
from shared.feeds.drops.table import DropsTable
from shared.feeds.layouts.table import BatchesTable
from shared.feeds.profiles.enrolment import SealPermission
from shared.feeds.snapshots.bucket import CustodyBucket
from shared.matching.agency_reference import AgencyReference
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class IntakeStep(StrEnum):
    """The two steps of a large drop. A task of the second step begins only when the first step is finished."""

    READ = "read"  # one range of the file's bytes
    STORE = "store"  # one partition of its arrests


class SplitTask(FrozenModel):
    """One task of a large drop. `number` is that of its range or partition, from 0.

    `run_id` names the reading of the drop to which the task belongs (`DropRecord.run_id`).
    """

    drop: Drop
    run_id: str = Field(alias="turn")
    step: IntakeStep
    number: int


@dataclass(frozen=True)
class SplitDeps:
    """How a large drop is split.

    Workers hand on their results in `scratch_bucket`, which keeps them for a day. Drops of more bytes than
    `split_above_bytes` are split into ranges of at most `range_rows` rows and about `range_bytes` bytes.
    """

    scratch_bucket: str
    send_tasks: Callable[[Iterable[SplitTask]], None]
    split_above_bytes: int = 8 << 20
    range_rows: int = 25_000
    range_bytes: int = 8 << 20


@dataclass(frozen=True)
class IntakeDeps:
    """`profile_of` returns an agency's profile as YAML, None for an agency that is not enrolled.

    `seal_permission_of` says what the agency has permitted. `reference_of` returns an agency's own code tables, None if
    it has none. Without `split`, large drops are read like any other. Without
    `copies`, a file stays where it is and is read again from there. Without `batches` no file waits for another,
    and without `custody` nobody is missed.
    """

    s3: "S3Client"
    feeds_bucket: str
    profile_of: Callable[[str], str | None]
    arrests: ArrestsTable
    seals: SealsTable
    identity_events: IdentityEventsTable
    pseudonyms: Pseudonyms
    drops: DropsTable
    split: SplitDeps | None = None
    copies: CopiesBucket | None = None
    batches: BatchesTable | None = None
    custody: CustodyBucket | None = None
    seal_permission_of: Callable[[str], SealPermission] = lambda _agency: SealPermission.NOT_GRANTED
    reference_of: Callable[[str], AgencyReference | None] = lambda _agency: None

    @property
    def seal_deps(self) -> SealDeps:
        return SealDeps(self.seals, self.pseudonyms)
