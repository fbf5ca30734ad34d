"""What the workers on a large drop hand on to each other, in a bucket that keeps it for a day.

Below `<drop id>/<turn>/`: `plan`, what was read of each range under `read/`, its records by pile under
`piles/<pile>/`, and what became of each pile under `stored/`. A piece is done when its object is there, and whoever
writes the last one sees them all, because S3 lists what was just written.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from shared.arrests.identity_events.event import IdentityEvent
from shared.arrests.seals.seal import Seal
from shared.feeds.drops.volume_check import VolumeVerdict
from shared.feeds.formats.tabular.split_ranges import Cutting
from shared.feeds.intake.dependencies import IntakeStep, SplitDeps
from shared.feeds.intake.receipt import Tally
from shared.feeds.normalise.read_drop import ParsedRecord
from shared.feeds.profiles.model import Profile
from shared.feeds.record import Reject
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_records = TypeAdapter(list[ParsedRecord])
_rejects = TypeAdapter(list[Reject])


class SplitPlan(FrozenModel):
    """The profile is the one that the file was cut with: every range is read by the same. There are as many piles as
    ranges."""

    profile: Profile
    cutting: Cutting
    amount: VolumeVerdict

    @property
    def pieces(self) -> int:
        return len(self.cutting.ranges)


class TaskResult(FrozenModel):
    """What one task found; the records that are to become arrests lie in the piles."""

    tally: Tally
    orders: tuple[Seal | IdentityEvent, ...] = ()


class ScratchBucket:
    def __init__(self, s3: "S3Client", sharing: SplitDeps, drop_id: str, turn: str) -> None:
        self._s3, self._bucket, self._folder = s3, sharing.scratch_bucket, f"{drop_id}/{turn}/"

    def keep_plan(self, plan: SplitPlan) -> None:
        self._put("plan", plan.model_dump_json().encode())

    def plan(self) -> SplitPlan:
        return SplitPlan.model_validate_json(self._get("plan"))

    def keep(self, step: IntakeStep, number: int, piece: TaskResult, rejects: Sequence[Reject]) -> None:
        """The last thing that a task does."""
        self._put(f"rejects/{step}/{number:05d}", _rejects.dump_json(list(rejects)))
        self._put(f"{step}/{number:05d}", piece.model_dump_json().encode())

    def done(self, step: IntakeStep) -> set[int]:
        return {int(key.rpartition("/")[2]) for key in self._keys(f"{step}/")}

    def pieces(self, step: IntakeStep, count: int) -> Iterator[TaskResult]:
        return (TaskResult.model_validate_json(self._get(f"{step}/{number:05d}")) for number in range(count))

    def rejects(self, step: IntakeStep, number: int) -> list[Reject]:
        return _rejects.validate_json(self._get(f"rejects/{step}/{number:05d}"))

    def close(self) -> None:
        self._put("closed", b"")

    def is_closed(self) -> bool:
        return any(True for _ in self._keys("closed"))

    def put_on_pile(self, pile: int, number: int, records: Sequence[ParsedRecord]) -> None:
        self._put(f"piles/{pile:05d}/{number:05d}", _records.dump_json(list(records)))

    def pile(self, pile: int) -> Iterable[ParsedRecord]:
        """In the order of the file."""
        for key in sorted(self._keys(f"piles/{pile:05d}/")):
            yield from _records.validate_json(self._get(key))

    def _put(self, name: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=self._folder + name, Body=zlib.compress(body, 1))

    def _get(self, name: str) -> bytes:
        body: Any = self._s3.get_object(Bucket=self._bucket, Key=self._folder + name)["Body"]
        return zlib.decompress(body.read())

    def _keys(self, prefix: str) -> Iterator[str]:
        """Without the folder's own."""
        whole = self._folder + prefix
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=whole):
            yield from (one["Key"].removeprefix(self._folder) for one in page.get("Contents", ()))
