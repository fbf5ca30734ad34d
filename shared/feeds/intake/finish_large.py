"""The end of a large drop: one file of rejects, one receipt."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from botocore.exceptions import ClientError

from shared.feeds.drops.model import DropRecord
from shared.feeds.drops.receipt import Receipt
from shared.feeds.intake.dependencies import IntakeDeps, IntakeStep
from shared.feeds.intake.quarantine import as_judged
from shared.feeds.intake.receipt import Tally, receipt_key, receipt_of_tally, rejects_file
from shared.feeds.intake.scratch_bucket import ScratchBucket, SplitPlan
from shared.feeds.record import Reject

_UPLOADED_AT_ONCE = 8 << 20  # bytes; S3 takes no part below 5 MiB but the last


def finish_drop(
    record: DropRecord, plan: SplitPlan, bench: ScratchBucket, deps: IntakeDeps, now: datetime
) -> Receipt | None:
    """None when another worker has written the receipt: it is written once, and once more after a decision."""
    pieces = chain(bench.pieces(IntakeStep.READ, plan.pieces), bench.pieces(IntakeStep.STORE, plan.pieces))
    whole = sum((piece.tally for piece in pieces), Tally())
    receipt = as_judged(receipt_of_tally(record.drop, record.drop_id, whole, now), record, plan.amount)
    if receipt.rejects_key:
        _upload(_rejects(plan, bench), receipt.rejects_key, deps)
    first: Any = {} if record.decision else {"IfNoneMatch": "*"}
    try:
        deps.s3.put_object(
            Bucket=deps.feeds_bucket,
            Key=receipt_key(receipt),
            Body=receipt.model_dump_json(indent=2).encode(),
            ContentType="application/json",
            **first,
        )
    except ClientError as refusal:
        if refusal.response["Error"]["Code"] not in ("PreconditionFailed", "ConditionalRequestConflict"):
            raise
        written = None
    else:
        written = receipt
    deps.drops.record_receipt(receipt)
    bench.close()
    return written


def _rejects(plan: SplitPlan, bench: ScratchBucket) -> Iterator[bytes]:
    """A range at a time, in the order of the file: what was rejected when it was read, and what when its arrest was
    put together."""
    late = sorted(reject for number in range(plan.pieces) for reject in bench.rejects(IntakeStep.STORE, number))
    yield rejects_file(())
    for number in range(plan.pieces):
        after = plan.cutting.ranges[number + 1].lines if number + 1 < plan.pieces else None
        here = [reject for reject in late if after is None or reject.line <= after]
        late = late[len(here) :]
        rejects: list[Reject] = sorted([*bench.rejects(IntakeStep.READ, number), *here])
        yield rejects_file(rejects, header=False)


def _upload(some: Iterator[bytes], key: str, deps: IntakeDeps) -> None:
    where: Any = {"Bucket": deps.feeds_bucket, "Key": key}
    upload = deps.s3.create_multipart_upload(**where, ContentType="text/csv; charset=utf-8")["UploadId"]
    parts: list[Any] = []
    for number, body in enumerate(_gathered(some), 1):
        answer = deps.s3.upload_part(**where, UploadId=upload, PartNumber=number, Body=body)
        parts.append({"PartNumber": number, "ETag": answer["ETag"]})
    deps.s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": parts})


def _gathered(some: Iterator[bytes]) -> Iterator[bytes]:
    held = b""
    for one in some:
        held += one
        if len(held) >= _UPLOADED_AT_ONCE:
            yield held
            held = b""
    if held:
        yield held
