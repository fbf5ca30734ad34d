"""Where the intake reads and writes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.seals.apply import Sealing
from shared.arrests.seals.table import SealsTable
from shared.arrests.table import ArrestsTable
from shared.feeds.drops.model import Drop
from shared.feeds.drops.table import DropsTable
from shared.matching.agency_reference import LocalKnowledge
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class IntakeStep(StrEnum):
    READ = "read"  # a range of the file
    STORE = "store"  # a pile of its arrests


class SplitTask(FrozenModel):
    """One piece of the work on a large drop."""

    drop: Drop
    run_id: str = Field(alias="turn")
    step: IntakeStep
    number: int


@dataclass(frozen=True)
class SplitDeps:
    """How a large drop is shared out. `bucket` holds what its workers hand on, for a day; `send` gives them tasks. A
    drop of more than `whole` bytes is large; ranges have at most so many rows, and hardly more bytes."""

    scratch_bucket: str
    send_tasks: Callable[[Iterable[SplitTask]], None]
    split_above_bytes: int = 8 << 20
    range_rows: int = 25_000
    range_bytes: int = 8 << 20


@dataclass(frozen=True)
class IntakeDeps:
    """Where this use case reads and writes. `profile_of` gives an agency's YAML, None for an agency nobody enrolled."""

    s3: "S3Client"
    feeds_bucket: str
    profile_of: Callable[[str], str | None]
    arrests: ArrestsTable
    seals: SealsTable
    identity_events: IdentityEventsTable
    pseudonyms: Pseudonyms
    drops: DropsTable
    split: SplitDeps | None = None  # without it, a large drop is read like any other
    reference_of: Callable[[str], LocalKnowledge | None] = lambda _agency: None

    @property
    def seal_deps(self) -> Sealing:
        return Sealing(self.seals, self.pseudonyms)
