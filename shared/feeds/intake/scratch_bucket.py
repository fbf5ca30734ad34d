"""The scratch bucket: what the tasks of a large drop hand on to each other. It keeps objects for a day.

Keys below `<drop id>/<run id>/`:

    plan                               the split plan, with the profile that every worker uses
    read/<range>                       the result of reading a range
    piles/<partition>/<range>          the records of a range that belong to a partition
    store/<partition>                  the result of storing a partition
    rejects/<step>/<number>            the rejects of a task

A task that runs again writes the same objects again. Nothing of them passes through the execution's own state, which
holds at most 256 KB and is shown to operators.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import Field, TypeAdapter

from shared.arrests.identity_events.event import IdentityEvent
from shared.arrests.seals.seal import Seal
from shared.feeds.copies.bucket import CleanedCopy
from shared.feeds.drops.volume_check import VolumeVerdict
from shared.feeds.formats.tabular.split_ranges import FileSplit
from shared.feeds.intake.dependencies import LargeDropStep, SplitDeps
from shared.feeds.intake.receipt import Tally
from shared.feeds.normalise.duplicates import ParsedRecord
from shared.feeds.profiles.model import Profile
from shared.feeds.record import Reject
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_records = TypeAdapter(list[ParsedRecord])
_rejects = TypeAdapter(list[Reject])


class SplitPlan(FrozenModel):
    """How a large drop was split. There are as many partitions as ranges, and so as many tasks in either step.

    The profile is the one by which the file was cut; every range is read by it, even if a newer profile is live.
    """

    profile: Profile
    cutting: FileSplit
    volume: VolumeVerdict = Field(alias="amount")
    may_seal: bool = False
    cleaned: CleanedCopy | None = None  # from which the drop is read again

    @property
    def tasks_a_step(self) -> int:
        return len(self.cutting.ranges)


class TaskResult(FrozenModel):
    """What one task counted, and the commands that it read. Its records are in the partitions."""

    tally: Tally
    commands: tuple[Seal | IdentityEvent, ...] = Field(default=(), alias="orders")


class ScratchBucket:
    """The scratch objects of one reading of one drop."""

    def __init__(self, s3: "S3Client", split: SplitDeps, drop_id: str, run_id: str) -> None:
        self._s3, self._bucket, self._folder = s3, split.scratch_bucket, f"{drop_id}/{run_id}/"

    def put_plan(self, plan: SplitPlan) -> None:
        self._put("plan", plan.model_dump_json().encode())

    def plan(self) -> SplitPlan:
        return SplitPlan.model_validate_json(self._get("plan"))

    def put_result(self, step: LargeDropStep, number: int, result: TaskResult, rejects: Sequence[Reject]) -> None:
        self._put(f"rejects/{step}/{number:05d}", _rejects.dump_json(list(rejects)))
        self._put(f"{step}/{number:05d}", result.model_dump_json().encode())

    def results(self, step: LargeDropStep, count: int) -> Iterator[TaskResult]:
        """Yields the results of the tasks 0 to count - 1."""
        return (TaskResult.model_validate_json(self._get(f"{step}/{number:05d}")) for number in range(count))

    def rejects(self, step: LargeDropStep, number: int) -> list[Reject]:
        return _rejects.validate_json(self._get(f"rejects/{step}/{number:05d}"))

    def put_records(self, partition: int, range_number: int, records: Sequence[ParsedRecord]) -> None:
        self._put(f"piles/{partition:05d}/{range_number:05d}", _records.dump_json(list(records)))

    def records(self, partition: int) -> Iterable[ParsedRecord]:
        """Yields the records of a partition in the order of the file."""
        for key in sorted(self._keys(f"piles/{partition:05d}/")):
            yield from _records.validate_json(self._get(key))

    def _put(self, name: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=self._folder + name, Body=zlib.compress(body, 1))

    def _get(self, name: str) -> bytes:
        body: Any = self._s3.get_object(Bucket=self._bucket, Key=self._folder + name)["Body"]
        return zlib.decompress(body.read())

    def _keys(self, prefix: str) -> Iterator[str]:
        """Yields the keys with this prefix, relative to the folder of this reading."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._folder + prefix)
        for page in pages:
            yield from (stored["Key"].removeprefix(self._folder) for stored in page.get("Contents", ()))
