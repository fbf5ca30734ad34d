"""What the intake reads and writes, and the tasks of a large drop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.seals.certificate import SealCertificates
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.settle import SealDeps
from shared.arrests.seals.table import SealsTable
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.table import ArrestsTable
from shared.aws.signing_keys import SigningKeys
from shared.feeds.copies.bucket import CopiesBucket
from shared.feeds.drops.table import DropsTable
from shared.feeds.intake.executions import LargeDropRun
from shared.feeds.layouts.table import BatchesTable
from shared.feeds.profiles.enrolment import SealPermission
from shared.feeds.snapshots.bucket import CustodyBucket
from shared.matching.agency_reference import AgencyReference
from shared.offices.governance.model import Requirement
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class LargeDropStep(StrEnum):
    """The steps of a large drop, in this order. A step begins when every task of the step before is done."""

    CUT = "cut"  # the file into ranges of bytes; one task
    READ = "read"  # one range of the file's bytes
    COMMAND = "command"  # apply the seals and identity events of all ranges; one task
    STORE = "store"  # one partition of its arrests
    CLOSE = "close"  # write the reject file and the receipt; one task


class LargeDropTask(FrozenModel):
    """One task of a large drop. `number` is that of its range or partition, from 0."""

    step: LargeDropStep
    run: LargeDropRun
    number: int = 0


@dataclass(frozen=True)
class SplitDeps:
    """How a large drop is split.

    `start` starts the execution that reads it; one that was started is not started again. Its tasks hand on their
    results in `scratch_bucket`, which keeps them for a day. Drops of more bytes than
    `split_above_bytes` are split into ranges of at most `range_rows` rows and about `range_bytes` bytes.
    """

    scratch_bucket: str
    start: Callable[[LargeDropRun], None]
    split_above_bytes: int = 8 << 20
    range_rows: int = 25_000
    range_bytes: int = 8 << 20


@dataclass(frozen=True)
class IntakeDeps:
    """`profile_of` returns an agency's profile as YAML, None for an agency that is not enrolled.

    `seal_permission_of` says what the agency has permitted, `missing_before_live` what its governance lacks,
    `sharing_ended_on` when its last agreement with an office ended. `reference_of` returns an agency's own code tables,
    None if it has none. Without `split`, large drops are read like any other. Without
    `copies`, a file stays where it is and is read again from there. Without `batches` no file waits for another,
    and without `custody` nobody is missed.
    """

    s3: "S3Client"
    feeds_bucket: str
    profile_of: Callable[[str], str | None]
    arrests: ArrestsTable
    seals: SealsTable
    locks: LocksTable
    unsealings: UnsealingsTable
    identity_events: IdentityEventsTable
    pseudonyms: Pseudonyms
    drops: DropsTable
    entry_keys: Callable[[], SigningKeys]
    split: SplitDeps | None = None
    copies: CopiesBucket | None = None
    batches: BatchesTable | None = None
    custody: CustodyBucket | None = None
    seal_certificates: SealCertificates | None = None
    seal_permission_of: Callable[[str], SealPermission] = lambda _agency: SealPermission.NOT_GRANTED
    sharing_ended_on: Callable[[str], date | None] = lambda _agency: None
    missing_before_live: Callable[[str], tuple[Requirement, ...]] = lambda _agency: ()
    reference_of: Callable[[str], AgencyReference | None] = lambda _agency: None

    @property
    def seal_deps(self) -> SealDeps:
        return SealDeps(self.seals, self.locks, self.unsealings, self.pseudonyms)
