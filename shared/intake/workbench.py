"""What the workers on a large drop hand on to each other, in a bucket that keeps it for a day.

Below `<drop id>/<turn>/`: `plan`, what was read of each range under `read/`, its records by pile under
`piles/<pile>/`, and what became of each pile under `stored/`. A piece is done when its object is there, and whoever
writes the last one sees them all, because S3 lists what was just written.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from shared.domain.identity_events import IdentityEvent
from shared.domain.rhythm import Amount
from shared.domain.sealing import Seal
from shared.domain.value import Value
from shared.feeds.contract import Reject
from shared.feeds.profile import Profile
from shared.feeds.ranges import Cutting
from shared.feeds.reading import Record
from shared.intake.answering import Tally
from shared.intake.contract import Sharing, Step

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_records = TypeAdapter(list[Record])
_rejects = TypeAdapter(list[Reject])


class Plan(Value):
    """The profile is the one that the file was cut with: every range is read by the same. There are as many piles as
    ranges."""

    profile: Profile
    cutting: Cutting
    amount: Amount

    @property
    def pieces(self) -> int:
        return len(self.cutting.ranges)


class Piece(Value):
    """What one task found; the records that are to become arrests lie in the piles."""

    tally: Tally
    orders: tuple[Seal | IdentityEvent, ...] = ()


class Workbench:
    def __init__(self, s3: "S3Client", sharing: Sharing, drop_id: str, turn: str) -> None:
        self._s3, self._bucket, self._folder = s3, sharing.bucket, f"{drop_id}/{turn}/"

    def keep_plan(self, plan: Plan) -> None:
        self._put("plan", plan.model_dump_json().encode())

    def plan(self) -> Plan:
        return Plan.model_validate_json(self._get("plan"))

    def keep(self, step: Step, number: int, piece: Piece, rejects: Sequence[Reject]) -> None:
        """The last thing that a task does."""
        self._put(f"rejects/{step}/{number:05d}", _rejects.dump_json(list(rejects)))
        self._put(f"{step}/{number:05d}", piece.model_dump_json().encode())

    def done(self, step: Step) -> set[int]:
        return {int(key.rpartition("/")[2]) for key in self._keys(f"{step}/")}

    def pieces(self, step: Step, count: int) -> Iterator[Piece]:
        return (Piece.model_validate_json(self._get(f"{step}/{number:05d}")) for number in range(count))

    def rejects(self, step: Step, number: int) -> list[Reject]:
        return _rejects.validate_json(self._get(f"rejects/{step}/{number:05d}"))

    def close(self) -> None:
        self._put("closed", b"")

    def is_closed(self) -> bool:
        return any(True for _ in self._keys("closed"))

    def put_on_pile(self, pile: int, number: int, records: Sequence[Record]) -> None:
        self._put(f"piles/{pile:05d}/{number:05d}", _records.dump_json(list(records)))

    def pile(self, pile: int) -> Iterable[Record]:
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
