"""The way of one drop: from the bucket through its profile to the arrests table, its receipt and its reject file."""

import io
from collections.abc import Callable
from datetime import datetime

from shared.errors import Rejected
from shared.feeds.copies.bucket import CleanedCopy
from shared.feeds.copies.cleaned import CleanedWriter
from shared.feeds.drops.model import ENTERED, Drop, DropRecord
from shared.feeds.drops.receipt import Receipt
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.intake.copies import find_cleaned, keep_cleaned, keep_unread, retire_file, with_other_layout
from shared.feeds.intake.dependencies import IntakeDeps, SplitDeps
from shared.feeds.intake.executions import LargeDropRun, run_of
from shared.feeds.intake.quarantine import load_baseline
from shared.feeds.intake.receipt import refused_receipt
from shared.feeds.intake.s3_object import open_drop, put_results
from shared.feeds.intake.split_large import find_record, is_large, may_drop_seal, split_drop
from shared.feeds.intake.store_and_count import begin_volume_check, store_and_count
from shared.feeds.intake.together.choose import FileAlone, choose_files
from shared.feeds.intake.together.process import process_together
from shared.feeds.layouts.files import read_named_files
from shared.feeds.manual import submit
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.normalise.read_drop import ParsedDrop, read_drop, read_records, understand
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.parse import parse_profile
from shared.pseudonyms import Pseudonyms


def process_drop(drop: Drop, deps: IntakeDeps, clock: Callable[[], datetime]) -> Receipt | None:
    """Reads and stores a drop and returns its receipt; None for a large drop, whose execution is only started here.

    The whole file is read before anything of it is stored. May run any number of times for the same drop: the arrests,
    the reject file and the receipt's counts stay the same.
    """
    record = deps.drops.begin(drop, drop.id(deps.pseudonyms))
    cleaned = find_cleaned(record, deps)
    try:
        profile = load_profile(drop, deps)
        if profile.layouts:
            chosen = choose_files(record, profile, deps, clock())
            if not isinstance(chosen, FileAlone):
                return process_together(chosen, profile, deps, clock)
            record, profile = chosen
        baseline = begin_volume_check(record, profile, deps)
        if deps.split and is_large(drop, profile, cleaned, deps.split, deps):
            deps.split.start(run_of(record))
            return None
        parsed, writer = _read(record, profile, cleaned, deps, clock())
    except Rejected as rejection:
        return _refuse(record, rejection, cleaned, deps, clock())
    if drop.is_manual_entry:
        parsed = submit.mark_manual(parsed)
    record, parsed, receipt = store_and_count(parsed, record, profile, baseline, deps, clock)
    if writer:
        keep_cleaned(record, writer, parsed, profile, deps)
    receipt = put_results(with_other_layout(receipt, cleaned, profile), parsed.rejects, deps)
    retire_file(record, receipt, deps)
    return receipt


def cut_drop(
    run: LargeDropRun, split: SplitDeps, deps: IntakeDeps, clock: Callable[[], datetime]
) -> tuple[int, Receipt | None]:
    """Does the first task of a large drop: cuts it into ranges, and returns how many they are.

    Returns 0 when nothing is to be done any more: with a receipt when nothing of the file can be read, and with none
    when somebody has decided about the drop since.
    """
    record = find_record(run, deps)
    if record is None:
        return 0, None
    cleaned = find_cleaned(record, deps)
    try:
        profile = load_profile(record.drop, deps)
        if profile.layouts:
            chosen = choose_files(record, profile, deps, clock())
            if not isinstance(chosen, FileAlone):  # the profile has changed since the execution was started
                return 0, process_together(chosen, profile, deps, clock)
            record, profile = chosen
        plan = split_drop(record, profile, load_baseline(record.drop, profile, deps), cleaned, split, deps)
    except Rejected as rejection:
        return 0, _refuse(record, rejection, cleaned, deps, clock())
    return plan.tasks_a_step, None


def _refuse(
    record: DropRecord, rejection: Rejected, cleaned: CleanedCopy | None, deps: IntakeDeps, now: datetime
) -> Receipt:
    refused = put_results(refused_receipt(record.drop, record.drop_id, rejection, now), (), deps)
    if cleaned is None:
        keep_unread(record, deps)
    return refused


def _read(
    record: DropRecord, profile: Profile, cleaned: CleanedCopy | None, deps: IntakeDeps, now: datetime
) -> tuple[ParsedDrop, CleanedWriter | None]:
    """Reads the drop: its cleaned copy if there is one, else the file, whose cleaned copy the writer then holds."""
    drop = record.drop
    may_seal = may_drop_seal(drop, profile, deps)
    normaliser = Normaliser(profile, deps.pseudonyms, drop.day(profile.zone), may_seal=may_seal)
    if cleaned and deps.copies:
        results = deps.copies.read(drop.agency, record.drop_id, cleaned, range(cleaned.parts))
        return understand(results, normaliser, deps.pseudonyms), None
    writer = CleanedWriter(drop.agency, deps.pseudonyms)
    results = read_records(_open_checked(drop, deps, now), profile)
    return understand(results, normaliser, deps.pseudonyms, writer.add if deps.copies else None), writer


def _open_checked(drop: Drop, deps: IntakeDeps, now: datetime) -> Readable:
    """Returns the drop's bytes. Raises Rejected for what lies among the manual entries and is none."""
    if not drop.is_manual_entry:
        return open_drop(drop, deps)
    content = open_drop(drop, deps).read(submit.MAX_ENTRY_BYTES)
    submit.check_entered(drop, content, deps.entry_keys(), now)
    return io.BytesIO(content)


def parse_drop(stream: Readable, profile: Profile, drop: Drop, pseudonyms: Pseudonyms, *, may_seal: bool) -> ParsedDrop:
    """Reads the whole file. Raises Rejected when nothing of it can be read."""
    if profile.layouts:
        today = drop.day(profile.zone)
        return read_named_files([(drop.file, stream)], profile, pseudonyms, today, may_seal=may_seal)
    return read_drop(stream, profile, pseudonyms, drop.day(profile.zone), may_seal=may_seal)


def load_profile(drop: Drop, deps: IntakeDeps) -> Profile:
    """Returns the profile by which a drop is read. Raises Rejected when there is none, or it is another agency's."""
    if drop.folder not in ("in", ENTERED):
        raise Rejected("prefix", "The file is in no agency's `in/` folder.", "Drop it as <agency>/in/<file>.")
    if drop.is_named_like_folder:
        raise Rejected("name", "The file's name ends in `/`, as a folder's does.", "Drop it again without the `/`.")
    text = deps.profile_of(drop.agency)
    if text is None:
        raise Rejected("profile", f"No profile is known for `{drop.agency}`.", "Enrol the agency with its profile.")
    profile = parse_profile(text)
    if profile.agency != drop.agency:
        raise Rejected(
            "profile",
            f"The profile of `{drop.agency}` names the agency `{profile.agency}`.",
            "Let `agency` be the name of the folder.",
        )
    return submit.manual_profile_of(profile) if drop.is_manual_entry else profile
