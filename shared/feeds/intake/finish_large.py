"""The end of a large drop: one reject file and one receipt, from the results of all its tasks."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from shared.feeds.drops.model import DropRecord
from shared.feeds.drops.receipt import Receipt
from shared.feeds.intake.copies import complete_cleaned, retire_file, with_other_layout
from shared.feeds.intake.dependencies import IntakeDeps, LargeDropStep
from shared.feeds.intake.quarantine import with_drop_status
from shared.feeds.intake.receipt import Tally, receipt_of_tally, rejects_file
from shared.feeds.intake.s3_object import REJECTS_TYPE, put_receipt
from shared.feeds.intake.scratch_bucket import ScratchBucket, SplitPlan

_PART_BYTES = 8 << 20  # S3 takes no part below 5 MiB, except the last


def finish_drop(
    record: DropRecord, plan: SplitPlan, scratch: ScratchBucket, deps: IntakeDeps, now: datetime
) -> Receipt | None:
    """Writes the reject file and the receipt. Returns None when the receipt was written already.

    The first reading of a drop writes its receipt once. A reading after a decision writes over it.
    """
    results = chain(
        scratch.results(LargeDropStep.READ, plan.tasks_a_step), scratch.results(LargeDropStep.STORE, plan.tasks_a_step)
    )
    tally = sum((result.tally for result in results), Tally())
    receipt = with_drop_status(
        receipt_of_tally(record.drop, record.drop_id, tally, plan.profile, now), record, plan.volume
    )
    if plan.cleaned is None:
        complete_cleaned(record, plan.tasks_a_step, _late_rows(plan, scratch), plan.profile, deps, plan.cutting)
    receipt = with_other_layout(receipt, plan.cleaned, plan.profile)
    if receipt.rejects_key:
        _upload(_reject_file(plan, scratch), receipt.rejects_key, deps)
    is_written = put_receipt(receipt, deps, only_if_new=record.decision is None)
    deps.drops.record_receipt(receipt)
    retire_file(record, receipt, deps)
    return receipt if is_written else None


def _late_rows(plan: SplitPlan, scratch: ScratchBucket) -> dict[int, str]:
    """The rows of records that were rejected only when those of one arrest were merged, by line."""
    numbers = range(plan.tasks_a_step)
    return {reject.line: reject.row for number in numbers for reject in scratch.rejects(LargeDropStep.STORE, number)}


def _reject_file(plan: SplitPlan, scratch: ScratchBucket) -> Iterator[bytes]:
    """Yields the reject file, one range after the other, with its lines in the order of the drop's file.

    A record is rejected when its range is read, or later when its arrest is put together from several records.
    """
    rejected_late = sorted(
        reject for number in range(plan.tasks_a_step) for reject in scratch.rejects(LargeDropStep.STORE, number)
    )
    yield rejects_file(())
    for number in range(plan.tasks_a_step):
        is_last = number + 1 == plan.tasks_a_step
        last_line = None if is_last else plan.cutting.ranges[number + 1].lines
        in_range = [reject for reject in rejected_late if last_line is None or reject.line <= last_line]
        rejected_late = rejected_late[len(in_range) :]
        yield rejects_file(sorted([*scratch.rejects(LargeDropStep.READ, number), *in_range]), header=False)


def _upload(chunks: Iterable[bytes], key: str, deps: IntakeDeps) -> None:
    """Puts an object in parts, so that no more than one part is in memory."""
    target: Any = {"Bucket": deps.feeds_bucket, "Key": key}
    upload_id = deps.s3.create_multipart_upload(**target, ContentType=REJECTS_TYPE)["UploadId"]
    uploaded: list[Any] = []
    for number, body in enumerate(_joined(chunks, _PART_BYTES), 1):
        answer = deps.s3.upload_part(**target, UploadId=upload_id, PartNumber=number, Body=body)
        uploaded.append({"PartNumber": number, "ETag": answer["ETag"]})
    deps.s3.complete_multipart_upload(**target, UploadId=upload_id, MultipartUpload={"Parts": uploaded})


def _joined(chunks: Iterable[bytes], min_bytes: int) -> Iterator[bytes]:
    """Joins chunks until they have at least this size; the last one may be smaller."""
    joined = b""
    for chunk in chunks:
        joined += chunk
        if len(joined) >= min_bytes:
            yield joined
            joined = b""
    if joined:
        yield joined
