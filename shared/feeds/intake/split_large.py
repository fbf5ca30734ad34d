"""A large drop, shared out: cut into ranges of bytes, read by many, sorted into piles by arrest, stored by many.

The rows of one arrest may stand anywhere in the file, as in a small one: so nothing is stored before every range is
read, and all records of one arrest come to the same pile. A task may run any number of times, and whoever finishes the
last one of a step begins the next.
"""

import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from shared.arrests.model import Provenance
from shared.feeds.drops.model import Drop, DropRecord
from shared.feeds.drops.receipt import Receipt
from shared.feeds.drops.volume_check import VolumeBaseline
from shared.feeds.formats.streams.unpack import is_packed
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.formats.tabular.split_ranges import cut, read_range
from shared.feeds.intake.dependencies import IntakeDeps, IntakeStep, SplitDeps, SplitTask
from shared.feeds.intake.finish_large import finish_drop
from shared.feeds.intake.quarantine import judged
from shared.feeds.intake.receipt import tally_of
from shared.feeds.intake.s3_object import open_drop, provenance_of
from shared.feeds.intake.scratch_bucket import ScratchBucket, SplitPlan, TaskResult
from shared.feeds.intake.store import apply_commands, fill_from_reference, store
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.normalise.read_drop import Accumulator, ParsedDrop, ParsedRecord, accumulate, merge_duplicates
from shared.feeds.profiles.model import Profile


def is_large(drop: Drop, profile: Profile, sharing: SplitDeps, deps: IntakeDeps) -> bool:
    """Only delimited text can be cut, and only where it is not packed."""
    if drop.size <= sharing.split_above_bytes or profile.format != "delimited":
        return False
    return not is_packed(open_drop(drop, deps, 0, 3).read(4))


def split_drop(
    record: DropRecord, profile: Profile, usual: VolumeBaseline, sharing: SplitDeps, deps: IntakeDeps
) -> None:
    """Raises Rejected when nothing of the file can be read."""
    cutting = cut(open_drop(record.drop, deps), profile, sharing.range_rows, sharing.range_bytes)
    record, amount = judged(record, cutting.rows, profile, usual, deps)
    plan = SplitPlan(profile=profile, cutting=cutting, amount=amount)
    ScratchBucket(deps.s3, sharing, record.drop_id, record.run_id).keep_plan(plan)
    sharing.send_tasks(_tasks(record, IntakeStep.READ, plan))


def run_task(task: SplitTask, sharing: SplitDeps, deps: IntakeDeps, clock: Callable[[], datetime]) -> Receipt | None:
    """The receipt of the whole drop, if this was its last task. Where somebody has decided about the drop since its
    turn began, another does all of it."""
    drop, drop_id = task.drop, task.drop.id(deps.pseudonyms)
    bench = ScratchBucket(deps.s3, sharing, drop_id, task.run_id)
    record = deps.drops.find(drop.agency, drop_id)
    if record is None or record.run_id != task.run_id or bench.is_closed():
        return None
    plan, by = bench.plan(), provenance_of(drop, record.notify_mode, deps)
    if task.number not in bench.done(task.step):
        if task.step is IntakeStep.READ:
            _read(task, plan, bench, deps)
        else:
            _store(task, bench, deps, by, clock())
    if len(bench.done(task.step)) < plan.pieces:
        return None
    if task.step is IntakeStep.STORE:
        return finish_drop(record, plan, bench, deps, clock())
    orders = [one for piece in bench.pieces(IntakeStep.READ, plan.pieces) for one in piece.orders]
    apply_commands(orders, drop.agency, deps, by, clock())
    sharing.send_tasks(_tasks(record, IntakeStep.STORE, plan))
    return None


def _tasks(record: DropRecord, step: IntakeStep, plan: SplitPlan) -> Iterator[SplitTask]:
    return (
        SplitTask(drop=record.drop, run_id=record.run_id, step=step, number=number) for number in range(plan.pieces)
    )


def _read(task: SplitTask, plan: SplitPlan, bench: ScratchBucket, deps: IntakeDeps) -> None:
    drop, profile, cutting = task.drop, plan.profile, plan.cutting
    here = cutting.ranges[task.number]
    empty: Readable = io.BytesIO()
    stream = open_drop(drop, deps, here.start, here.end - 1) if here.end > here.start else empty
    door = Normaliser(profile, deps.pseudonyms, drop.day(profile.zone))
    pile = accumulate(read_range(stream, here, cutting, profile), door)
    by_pile: defaultdict[int, list[ParsedRecord]] = defaultdict(list)
    for record in pile.records():
        by_pile[int(record.arrest.arrest_id[:8], 16) % plan.pieces].append(record)
    for number, records in by_pile.items():
        bench.put_on_pile(number, task.number, records)
    rest = ParsedDrop((), sorted(pile.rejects), pile.skipped, pile.unknown, pile.dropped, pile.orders)
    orders = (*rest.seals(), *rest.identity_events())
    bench.keep(task.step, task.number, TaskResult(tally=tally_of(rest, {}), orders=orders), rest.rejects)


def _store(task: SplitTask, bench: ScratchBucket, deps: IntakeDeps, by: Provenance, now: datetime) -> None:
    drop, pile = task.drop, Accumulator()
    for record in bench.pile(task.number):
        pile.put(record)
    reading = fill_from_reference(merge_duplicates(pile, deps.pseudonyms), deps.reference_of(drop.agency))
    outcomes = store(reading, drop.agency, deps, by, now)
    bench.keep(task.step, task.number, TaskResult(tally=tally_of(reading, outcomes)), reading.rejects)
