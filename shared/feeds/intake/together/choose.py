"""Which layout reads a drop, and with which other drops it is read. Gathers, and lets pure functions decide."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from shared.errors import Rejected
from shared.feeds.copies.bucket import CleanedCopy
from shared.feeds.drops.model import Drop, DropRecord
from shared.feeds.formats.streams.unpack import unpacked_beginning
from shared.feeds.formats.streams.zipped import SIGNATURES
from shared.feeds.intake.copies import find_cleaned
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.intake.s3_object import open_drop
from shared.feeds.layouts.batches import (
    BatchFile,
    BatchRule,
    ReadTogether,
    RefuseBatch,
    Waiting,
    decide_batch,
    files_of_batch,
    rule_of,
)
from shared.feeds.layouts.claimed import PEEKED_FOR_HEADER, claimed_by
from shared.feeds.layouts.files import partner_missing
from shared.feeds.profiles.model import Profile

ARCHIVE = ""  # stands for the layout of a ZIP, whose files each have their own


class FileObject(NamedTuple):
    """An object that an agency put, with its record, its layout and its cleaned copy, if it has one."""

    record: DropRecord
    layout: str
    cleaned: CleanedCopy | None


class FilesTogether(NamedTuple):
    """Files that are read as one drop: that of `record`. Those of the layouts `missing` did not come."""

    record: DropRecord
    files: Sequence[FileObject]
    missing: tuple[str, ...] = ()


class FilesWaiting(NamedTuple):
    """The drop of `record` waits for other files."""

    record: DropRecord
    waiting: Waiting


class FilesRefused(NamedTuple):
    """None of these files is read."""

    records: Sequence[DropRecord]
    rejection: Rejected


class FileAlone(NamedTuple):
    """The file is read by this profile like any other drop."""

    record: DropRecord
    profile: Profile


Choice = FileAlone | FilesTogether | FilesWaiting | FilesRefused


def choose_files(record: DropRecord, profile: Profile, deps: IntakeDeps, now: datetime) -> Choice:
    """Raises Rejected when no layout claims the file, or more than one."""
    cleaned = find_cleaned(record, deps)
    layout = _layout_of(record, profile, cleaned, deps)
    if layout == ARCHIVE:
        return FilesTogether(record, [FileObject(record, ARCHIVE, cleaned)])
    record = deps.drops.set_layout(record.drop.agency, record.drop_id, layout)
    stamp = profile.layouts[layout].claim.stamp_of(record.drop.file) or ""
    folder = record.drop.file.rpartition("/")[0]
    rule = rule_of(layout, profile, is_stamped=bool(stamp or folder))
    if rule is None or deps.batches is None:
        return FileAlone(record, profile.layouts[layout].profile)
    batch_id = deps.pseudonyms.of("batch", rule.arrests, folder, stamp)
    file = BatchFile(layout=layout, drop=record.drop)
    known = deps.batches.add(record.drop.agency, batch_id, record.drop_id, file, now)
    drops = files_of_batch(file, known, rule)
    if drops.get(layout) != record.drop:
        return FilesRefused([record], _SUPERSEDED)
    return _choose_of_batch(record, drops, rule, profile, deps, now)


def _choose_of_batch(
    record: DropRecord, drops: Mapping[str, Drop], rule: BatchRule, profile: Profile, deps: IntakeDeps, now: datetime
) -> Choice:
    decision = decide_batch(drops, rule, profile.partners_of(rule.arrests), now)
    if isinstance(decision, Waiting):
        return FilesWaiting(record, decision)
    files = [_file_object(layout, drop, deps) for layout, drop in drops.items()]
    if isinstance(decision, RefuseBatch):
        return FilesRefused([file.record for file in files], partner_missing(decision.missing))
    return _together(files, rule, decision)


def _together(files: Sequence[FileObject], rule: BatchRule, decision: ReadTogether) -> FilesTogether:
    of_arrests = next(file for file in files if file.layout == rule.arrests)
    return FilesTogether(of_arrests.record, files, decision.missing)


def _file_object(layout: str, drop: Drop, deps: IntakeDeps) -> FileObject:
    record = deps.drops.begin(drop, drop.id(deps.pseudonyms))
    return FileObject(record, layout, find_cleaned(record, deps))


def _layout_of(record: DropRecord, profile: Profile, cleaned: CleanedCopy | None, deps: IntakeDeps) -> str:
    """That by which it was read before, if the profile still has it: its file may be gone."""
    if cleaned and cleaned.is_archive:
        return ARCHIVE
    if record.layout in profile.layouts:
        return record.layout
    drop = record.drop
    last_byte = min(PEEKED_FOR_HEADER, drop.size) - 1
    first = open_drop(drop, deps, 0, last_byte).read(PEEKED_FOR_HEADER) if drop.size else b""
    try:
        return claimed_by(drop.file, unpacked_beginning(first, PEEKED_FOR_HEADER), profile.layouts)
    except Rejected:
        if first[:4] in SIGNATURES:
            return ARCHIVE
        raise


_SUPERSEDED = Rejected(
    "superseded",
    "A newer file of the same layout and batch came before this one was read, and was read in its place.",
    "Nothing is to be done. If both are wanted, send them under names of their own batches.",
)
