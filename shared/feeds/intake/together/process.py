"""Files that are read as one drop: joined, stored, and acknowledged with a receipt for each file."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from shared.errors import Rejected
from shared.feeds.copies.bucket import CleanedCopy, CopiedFile
from shared.feeds.copies.cleaned import CleanedWriter
from shared.feeds.drops.model import DropRecord
from shared.feeds.drops.receipt import ArrestCounts, Receipt, ReceiptState
from shared.feeds.formats.streams.unpack import unpack
from shared.feeds.intake.copies import keep_unread, layout_hash, retire_file, with_other_layout
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.intake.receipt import refused_receipt
from shared.feeds.intake.s3_object import open_drop, put_results
from shared.feeds.intake.split_large import may_drop_seal
from shared.feeds.intake.store_and_count import begin_volume_check, store_and_count
from shared.feeds.intake.together.choose import ARCHIVE, FileObject, FilesRefused, FilesTogether, FilesWaiting
from shared.feeds.layouts.files import check_complete, files_in, read_claimed
from shared.feeds.layouts.understand import DropFile, understand_files
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile
from shared.feeds.record import Reject

LARGEST_TOGETHER = 64 << 20  # bytes of all files as they were put: they are held in memory


class _Source(NamedTuple):
    """One file of the drop, the object that it comes from, and what writes its cleaned copy, if there is none yet."""

    file: DropFile
    object: FileObject
    writer: CleanedWriter | None


def process_together(
    chosen: FilesTogether | FilesWaiting | FilesRefused,
    profile: Profile,
    deps: IntakeDeps,
    clock: Callable[[], datetime],
) -> Receipt:
    """Returns the receipt of the drop. May run any number of times, as `process_drop` may."""
    match chosen:
        case FilesWaiting(record):
            return put_results(_waiting_receipt(chosen, clock()), (), deps)
        case FilesRefused(records, rejection):
            return _refuse(records, rejection, deps, clock())
        case FilesTogether(record, files):
            try:
                sources, parsed = _read(chosen, profile, deps)
            except Rejected as rejection:
                partners = [file.record for file in files if file.record != record]
                return _refuse([record, *partners], rejection, deps, clock())
            return _store(chosen, sources, parsed, profile, deps, clock)


def _read(chosen: FilesTogether, profile: Profile, deps: IntakeDeps) -> tuple[list[_Source], ParsedDrop]:
    """Raises Rejected when one of the files cannot be read."""
    if sum(file.record.drop.size for file in chosen.files) > LARGEST_TOGETHER:
        reason = f"The files that are joined have more than {LARGEST_TOGETHER >> 20} MiB."
        raise Rejected("too-large", reason, "Send them in batches of fewer arrests.")
    sources = [source for file in chosen.files for source in _sources_of(file, profile, deps)]
    order = ["", *profile.layouts]
    sources.sort(key=lambda source: order.index(source.file.layout) or len(order))
    missing = chosen.missing or check_complete((source.file.layout for source in sources), profile)
    drop = chosen.record.drop
    may_seal = may_drop_seal(drop, profile, deps)

    def normaliser_of(reading: Profile) -> Normaliser:
        return Normaliser(reading, deps.pseudonyms, drop.day(reading.zone), may_seal=may_seal)

    files = [source.file for source in sources]
    return sources, understand_files(files, profile, normaliser_of, deps.pseudonyms, missing)


def _sources_of(file: FileObject, profile: Profile, deps: IntakeDeps) -> Iterator[_Source]:
    record, copies = file.record, deps.copies
    if file.cleaned and copies:
        for number, copied in enumerate(file.cleaned.files):
            part = file.cleaned.of_file(copied)
            yield _Source(
                DropFile(copied.layout, copies.read(record.drop.agency, record.drop_id, part, [number])), file, None
            )
        return
    stream = open_drop(record.drop, deps)
    if file.layout == ARCHIVE:
        drop_files = files_in(stream, record.drop.file, profile)
    else:
        reading = profile.layouts[file.layout].profile
        drop_files = [DropFile(file.layout, read_claimed(partial(unpack, stream), reading))]
    for drop_file in drop_files:
        writer = CleanedWriter(record.drop.agency, deps.pseudonyms) if copies else None
        yield _Source(drop_file._replace(on_result=writer.add if writer else None), file, writer)


def _store(
    chosen: FilesTogether,
    sources: Sequence[_Source],
    parsed: ParsedDrop,
    profile: Profile,
    deps: IntakeDeps,
    clock: Callable[[], datetime],
) -> Receipt:
    baseline = begin_volume_check(chosen.record, profile, deps)
    record, parsed, receipt = store_and_count(parsed, chosen.record, profile, baseline, deps, clock)
    for file in chosen.files:
        _keep_cleaned(file, sources, parsed, profile, deps)
        receipt = with_other_layout(receipt, file.cleaned, _layout_of(file, profile))
    put_results(receipt, parsed.rejects, deps)
    for file in chosen.files:
        if file.record.drop_id != record.drop_id:
            put_results(_partner_receipt(receipt, file, profile), (), deps)
        retire_file(file.record, receipt, deps)
    return receipt


def _layout_of(file: FileObject, profile: Profile) -> Profile:
    """The profile that decides which texts of the object are read."""
    return profile if file.layout == ARCHIVE else profile.layouts[file.layout].profile


def _keep_cleaned(
    file: FileObject, sources: Sequence[_Source], parsed: ParsedDrop, profile: Profile, deps: IntakeDeps
) -> None:
    """Stores the cleaned copy of one object: a part for each of its files, not joined to anything."""
    own = [
        (source.writer, part, rejects)
        for source, part, rejects in zip(sources, parsed.parts, _rejects_by_file(parsed), strict=True)
        if source.object is file and source.writer
    ]
    if not own or deps.copies is None:
        return
    before, late_rows = own[0][1].before, dict[int, str]()
    for number, (writer, part, rejects) in enumerate(own):
        deps.copies.put_part(file.record.drop.agency, file.record.drop_id, number, writer.content())
        late_rows |= {
            reject.line - before: reject.row
            for reject in rejects
            if reject.line - part.before not in writer.rejected_lines
        }
    files = tuple(CopiedFile(layout=part.layout, before=part.before - before) for _, part, _ in own)
    copy = CleanedCopy(
        parts=len(own),
        layout=layout_hash(_layout_of(file, profile)),
        late_rows=late_rows,
        files=files,
        is_archive=file.layout == ARCHIVE,
    )
    deps.copies.complete(file.record.drop.agency, file.record.drop_id, copy)


def _rejects_by_file(parsed: ParsedDrop) -> list[list[Reject]]:
    """The rejects of each of the drop's files, in one walk: an archive may hold thousands of files."""
    before = [part.before for part in parsed.parts]
    by_file: list[list[Reject]] = [[] for _ in parsed.parts]
    for reject in parsed.rejects:
        by_file[bisect_left(before, reject.line) - 1].append(reject)
    return by_file


def _partner_receipt(receipt: Receipt, file: FileObject, profile: Profile) -> Receipt:
    """The receipt of a file that was read with the arrests of another: it counts its own rows alone."""
    drop, join = file.record.drop, profile.layouts[file.layout].join
    rows = next(counts.rows for counts in receipt.files if counts.layout == file.layout)
    nothing: dict[str, Any] = {"arrests": ArrestCounts(), "seals": 0, "seals_without_statute": ""}
    nothing |= {"identity_events": 0, "files": ()}
    nothing |= {"absences": {}, "rejected": {}, "skipped": {}, "flags": {}, "unknown_codes": {}}
    return receipt.model_copy(
        update=nothing
        | {
            "drop_id": file.record.drop_id,
            "key": drop.key,
            "size": drop.size,
            "dropped_at": drop.dropped_at,
            "rows": rows,
            "rejects_key": receipt.rejects_key if rows.rejected else None,
            "joined_to": receipt.drop_id,
            "reason": receipt.reason or f"It was read with the `{join.to if join else ''}` file.",
        }
    )


def _waiting_receipt(chosen: FilesWaiting, now: datetime) -> Receipt:
    record, (missing, until) = chosen
    names = " and ".join(f"`{name}`" for name in missing)
    reason = f"It waits for the {names} file until {until:%Y-%m-%d %H:%M} UTC."
    rejection = Rejected("waiting", reason, f"Send the {names} file of the same batch.")
    receipt = refused_receipt(record.drop, record.drop_id, rejection, now)
    return receipt.model_copy(update={"state": ReceiptState.WAITING, "waits_until": until})


def _refuse(records: Sequence[DropRecord], rejection: Rejected, deps: IntakeDeps, now: datetime) -> Receipt:
    """Refuses each of the files and returns the receipt of the first. One that was read before keeps what it has."""
    receipts = list[Receipt]()
    for record in records:
        if record.was_read and record.receipt:
            receipts.append(record.receipt)
            continue
        receipts.append(put_results(refused_receipt(record.drop, record.drop_id, rejection, now), (), deps))
        keep_unread(record, deps)
    return receipts[0]
