"""A large drop, split among workers: read in ranges of bytes, partitioned by arrest, stored partition by partition.

The records of one arrest may stand anywhere in the file. So nothing is stored before every range is read, and all
records of one arrest go to the same partition (the shuffle of a map-reduce). Step Functions runs the steps one after
the other (`infra/capabilities/large_drops.py`). A task may run any number of times.
"""

import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from shared.arrests.model import Arrest, Provenance
from shared.feeds.copies.bucket import CleanedCopy
from shared.feeds.copies.cleaned import CleanedWriter
from shared.feeds.drops.model import Drop, DropRecord
from shared.feeds.drops.receipt import Receipt
from shared.feeds.drops.volume_check import VolumeBaseline
from shared.feeds.formats.streams.signatures import PEEKED, kind_of
from shared.feeds.formats.streams.unpack import is_packed
from shared.feeds.formats.streams.utf16 import utf16_of
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.formats.tabular.split_ranges import read_range, split_file
from shared.feeds.intake.dependencies import IntakeDeps, LargeDropStep, LargeDropTask, SplitDeps
from shared.feeds.intake.executions import LargeDropRun
from shared.feeds.intake.finish_large import finish_drop
from shared.feeds.intake.quarantine import hold_if_necessary
from shared.feeds.intake.receipt import NOTHING_STORED, StoredOutcomes, tally_of
from shared.feeds.intake.s3_object import open_drop
from shared.feeds.intake.scratch_bucket import ScratchBucket, SplitPlan, TaskResult
from shared.feeds.intake.short_notice import late_notices
from shared.feeds.intake.store import apply_commands, complete_drop, provenance_of, store_drop
from shared.feeds.normalise.duplicates import ParsedRecord
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.normalise.read_drop import Accumulator, ParsedDrop, accumulate, merge_duplicates
from shared.feeds.profiles.enrolment import permits_seals
from shared.feeds.profiles.model import Profile
from shared.feeds.record import ReadResult


def is_large(drop: Drop, profile: Profile, cleaned: CleanedCopy | None, split: SplitDeps, deps: IntakeDeps) -> bool:
    """Says whether a drop is to be split. Only delimited text can be cut, and only if it is not compressed, no UTF-16,
    and no row belongs to another or is missing from a snapshot; what was cut once is read again in the same parts."""
    if cleaned:
        return cleaned.cutting is not None
    if (
        drop.size <= split.split_above_bytes
        or profile.format != "delimited"
        or profile.record_types
        or profile.snapshot
    ):
        return False
    first = open_drop(drop, deps, 0, min(PEEKED, drop.size) - 1).read(PEEKED)
    return not is_packed(first[:4]) and kind_of(first) is None and utf16_of(first) is None


def may_drop_seal(drop: Drop, profile: Profile, deps: IntakeDeps) -> bool:
    """Whoever enters a seal has the right to; a feed needs its agency's permission."""
    return drop.is_manual_entry or permits_seals(deps.seal_permission_of(drop.agency), profile)


def split_drop(
    record: DropRecord,
    profile: Profile,
    baseline: VolumeBaseline,
    cleaned: CleanedCopy | None,
    split: SplitDeps,
    deps: IntakeDeps,
) -> SplitPlan:
    """Cuts the file into ranges and stores the plan. Raises Rejected when nothing of the file can be read."""
    cutting = cleaned.cutting if cleaned else None
    if cutting is None:
        cutting = split_file(open_drop(record.drop, deps), profile, split.range_rows, split.range_bytes)
    record, volume = hold_if_necessary(record, cutting.rows, profile, baseline, deps)
    may_seal = may_drop_seal(record.drop, profile, deps)
    plan = SplitPlan(profile=profile, cutting=cutting, volume=volume, may_seal=may_seal, cleaned=cleaned)
    ScratchBucket(deps.s3, split, record.drop_id, record.run_id).put_plan(plan)
    return plan


def find_record(run: LargeDropRun, deps: IntakeDeps) -> DropRecord | None:
    """Returns the drop's record; None when somebody has decided about the drop since this reading began. The decision
    started another reading of all of it."""
    record = deps.drops.find(run.agency, run.drop_id)
    return record if record and record.run_id == run.run_id else None


def run_task(task: LargeDropTask, split: SplitDeps, deps: IntakeDeps, clock: Callable[[], datetime]) -> Receipt | None:
    """Does one task of a drop that is cut. Returns the drop's receipt after the last one."""
    record = find_record(task.run, deps)
    if record is None:
        return None
    scratch = ScratchBucket(deps.s3, split, record.drop_id, record.run_id)
    plan = scratch.plan()
    provenance = provenance_of(record.drop, record, plan.profile)
    match task.step:
        case LargeDropStep.READ:
            _read_range(record, task.number, plan, scratch, deps)
        case LargeDropStep.COMMAND:
            results = scratch.results(LargeDropStep.READ, plan.tasks_a_step)
            commands = [command for result in results for command in result.commands]
            apply_commands(commands, record.drop.agency, deps, provenance, clock())
        case LargeDropStep.STORE:
            _store_partition(task.number, scratch, deps, record.drop.agency, provenance, clock())
        case LargeDropStep.CLOSE:
            return finish_drop(record, plan, scratch, deps, clock())
        case LargeDropStep.CUT:
            raise ValueError("`cut_drop` cuts a drop: there is no plan yet")
    return None


def _read_range(record: DropRecord, number: int, plan: SplitPlan, scratch: ScratchBucket, deps: IntakeDeps) -> None:
    """Reads one range, puts its records into the partitions, and its counts, commands and rejects into its result."""
    accumulated = _accumulate_range(record, number, plan, deps)
    records_by_partition: defaultdict[int, list[ParsedRecord]] = defaultdict(list)
    for parsed_record in accumulated.records():
        records_by_partition[partition_of(parsed_record.arrest, plan.tasks_a_step)].append(parsed_record)
    for partition, records in records_by_partition.items():
        scratch.put_records(partition, number, records)
    without_arrests = ParsedDrop(
        (),
        sorted(accumulated.rejects),
        accumulated.skipped,
        accumulated.unknown_codes,
        accumulated.dropped_columns,
        accumulated.commands,
        accumulated.applied_seals,
        accumulated.sealed_rows,
    )
    commands = (*without_arrests.seals(), *without_arrests.identity_events())
    result = TaskResult(tally=tally_of(without_arrests, NOTHING_STORED, None), commands=commands)
    scratch.put_result(LargeDropStep.READ, number, result, without_arrests.rejects)


def _accumulate_range(record: DropRecord, number: int, plan: SplitPlan, deps: IntakeDeps) -> Accumulator:
    """Reads the range and stores its part of the cleaned copy; or reads that part."""
    drop, drop_id, today = record.drop, record.drop_id, record.drop.day(plan.profile.zone)
    normaliser = Normaliser(plan.profile, deps.pseudonyms, today, may_seal=plan.may_seal)
    if plan.cleaned and deps.copies:
        return accumulate(deps.copies.read(drop.agency, drop_id, plan.cleaned, [number]), normaliser)
    writer = CleanedWriter(drop.agency, deps.pseudonyms)
    accumulated = accumulate(_read_file(drop, number, plan, deps), normaliser, writer.add if deps.copies else None)
    if deps.copies:
        deps.copies.put_part(drop.agency, drop_id, number, writer.content())
    return accumulated


def _read_file(drop: Drop, number: int, plan: SplitPlan, deps: IntakeDeps) -> Iterator[ReadResult]:
    byte_range = plan.cutting.ranges[number]
    stream: Readable = io.BytesIO()
    if byte_range.end > byte_range.start:
        stream = open_drop(drop, deps, byte_range.start, byte_range.end - 1)
    return read_range(stream, byte_range, plan.cutting, plan.profile)


def partition_of(arrest: Arrest, partitions: int) -> int:
    """Returns the partition of an arrest. All records of one arrest have its id and so the same partition."""
    return int(arrest.arrest_id[:8], 16) % partitions


def _store_partition(
    number: int, scratch: ScratchBucket, deps: IntakeDeps, agency: str, provenance: Provenance, now: datetime
) -> None:
    accumulated = Accumulator()
    for record in scratch.records(number):
        accumulated.add(record)
    parsed = merge_duplicates(accumulated, deps.pseudonyms)
    parsed = complete_drop(parsed, agency, deps)
    outcomes = store_drop(parsed, agency, deps, provenance, now)
    late = late_notices(parsed, outcomes, deps.arrests, provenance.dropped_at)
    tally = tally_of(parsed, StoredOutcomes(outcomes, late), provenance.notify_from)
    scratch.put_result(LargeDropStep.STORE, number, TaskResult(tally=tally), parsed.rejects)
