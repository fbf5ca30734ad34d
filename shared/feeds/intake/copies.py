"""The copies that the intake makes of a drop, in the order that a crash cannot hurt.

The cleaned copy is complete before the receipt is written; the file itself is moved after it. A message that comes
again finds either the file and no receipt, or the receipt and the cleaned copy.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

from shared.arrests.seals.effect import SealEffect
from shared.arrests.seals.register import SealRegister
from shared.feeds.copies.bucket import CleanedCopy, CopiesBucket
from shared.feeds.copies.cleaned import CleanedWriter
from shared.feeds.drops.model import ENTERED, DropRecord
from shared.feeds.drops.receipt import SEALED, Receipt, ReceiptState
from shared.feeds.formats.tabular.split_ranges import FileSplit
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.layout import FileLayout
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile

OTHER_LAYOUT = {
    "code": "cleaned-copy",
    "reason": "It was read from its cleaned copy, which holds only the columns that the profile named at that time.",
    "fix": "Send the file again if the profile's new columns matter.",
}


def find_cleaned(record: DropRecord, deps: IntakeDeps) -> CleanedCopy | None:
    """Returns None for a drop that is read for the first time, and for one of which nothing could be read yet."""
    if deps.copies is None or not record.was_read:
        return None
    return deps.copies.find(record.drop.agency, record.drop_id)


def keep_cleaned(
    record: DropRecord, writer: CleanedWriter, parsed: ParsedDrop, profile: Profile, deps: IntakeDeps
) -> None:
    """Stores the cleaned copy of a drop that was read as a whole."""
    if deps.copies:
        late_rows = {reject.line: reject.row for reject in parsed.rejects if reject.line not in writer.rejected_lines}
        deps.copies.put_part(record.drop.agency, record.drop_id, 0, writer.content())
        complete_cleaned(record, 1, late_rows, profile, deps)


def complete_cleaned(
    record: DropRecord,
    parts: int,
    late_rows: Mapping[int, str],
    profile: Profile,
    deps: IntakeDeps,
    cutting: FileSplit | None = None,
) -> None:
    """Marks the cleaned copy as complete: from here on the drop is read from it."""
    if deps.copies:
        copy = CleanedCopy(parts=parts, layout=layout_hash(profile), late_rows=late_rows, cutting=cutting)
        deps.copies.complete(record.drop.agency, record.drop_id, copy)


def retire_file(record: DropRecord, receipt: Receipt, deps: IntakeDeps) -> None:
    """Takes what is sealed out of the cleaned copy, and moves the file to where the right `seal` alone opens it.

    Of a drop with an arrest that is sealed or locked, or a juvenile's, no raw version stays, because its rows cannot be
    taken out of every format, and nobody reads what is locked or, without a court's order, a juvenile's record.
    `receipt` is the drop's. A seal that comes meanwhile finds the cleaned copy, or is among the agency's keys here.
    """
    if deps.copies is None:
        return
    drop, drop_id = record.drop, record.drop_id
    register = deps.seals.register(drop.agency)
    keys = register.erasing
    is_erased = bool(keys) and deps.copies.erase(drop.agency, keys, drop_id) > 0
    may_be_locked = bool(receipt.seals or receipt.skipped.get(SEALED))  # else no line needs to be looked at
    is_locked = may_be_locked and _has_locked(drop.agency, drop_id, register, deps.copies)
    if is_erased or is_locked or receipt.arrests.juvenile:
        deps.copies.delete_file(drop, drop_id, deps.feeds_bucket)
        return
    deps.copies.lock_raw(drop, drop_id, deps.feeds_bucket)
    latest = deps.seals.register(drop.agency)
    if later := latest.erasing - keys:
        deps.copies.erase(drop.agency, later, drop_id)
    if latest != register and _has_locked(drop.agency, drop_id, latest, deps.copies):
        deps.copies.delete_raw(drop.agency, drop_id)


def _has_locked(agency: str, drop_id: str, register: SealRegister, copies: CopiesBucket) -> bool:
    if not (register.locking or register.linked):
        return False
    return copies.has_record(agency, drop_id, lambda keys: register.verdict(keys).effect is SealEffect.LOCK)


def keep_unread(record: DropRecord, deps: IntakeDeps) -> None:
    """Moves a file of which nothing could be read, so that it can be read with a corrected profile for seven days."""
    if deps.copies and record.drop.folder in ("in", ENTERED):
        deps.copies.keep_unread(record.drop, record.drop_id, deps.feeds_bucket)


def layout_hash(profile: Profile) -> str:
    """What decides which texts of a file are read."""
    if profile.layouts:
        texts = json.dumps([layout_hash(reading) for reading in profile.readings])
        return hashlib.sha256(texts.encode()).hexdigest()
    names: Iterable[str] = ("format", *FileLayout.model_fields)
    layout = {name: json.loads(profile.model_dump_json(include={name})) for name in names}
    return hashlib.sha256(json.dumps(layout, sort_keys=True).encode()).hexdigest()


def with_other_layout(receipt: Receipt, cleaned: CleanedCopy | None, profile: Profile) -> Receipt:
    """Returns the receipt, which says so if the profile reads other columns than the cleaned copy holds."""
    is_other = cleaned is not None and cleaned.layout != layout_hash(profile)
    return receipt.model_copy(update=OTHER_LAYOUT) if is_other and receipt.state is ReceiptState.TAKEN else receipt
