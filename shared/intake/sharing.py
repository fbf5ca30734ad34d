"""A large drop, shared out: cut into ranges of bytes, read by many, sorted into piles by arrest, stored by many.

The rows of one arrest may stand anywhere in the file, as in a small one: so nothing is stored before every range is
read, and all records of one arrest come to the same pile. A task may run any number of times, and whoever finishes the
last one of a step begins the next.
"""

import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from shared.domain.arrests import Provenance
from shared.domain.drops import Drop, DropRecord
from shared.domain.receipts import Receipt
from shared.domain.rhythm import Norm
from shared.feeds.door.door import Door
from shared.feeds.profile import Profile
from shared.feeds.ranges import cut, read_range
from shared.feeds.reading import Pile, Reading, Record, piled, settled
from shared.feeds.unpack import is_packed
from shared.feeds.zipped import Readable
from shared.intake.answering import tally_of
from shared.intake.closing import close
from shared.intake.contract import Intake, Sharing, Step, Task
from shared.intake.holding import judged
from shared.intake.opening import opened, provenance
from shared.intake.storing import carry_out, completed, store
from shared.intake.workbench import Piece, Plan, Workbench


def is_large(drop: Drop, profile: Profile, sharing: Sharing, at: Intake) -> bool:
    """Only delimited text can be cut, and only where it is not packed."""
    if drop.size <= sharing.whole or profile.format != "delimited":
        return False
    return not is_packed(opened(drop, at, 0, 3).read(4))


def share_out(record: DropRecord, profile: Profile, usual: Norm, sharing: Sharing, at: Intake) -> None:
    """Raises Rejected when nothing of the file can be read."""
    cutting = cut(opened(record.drop, at), profile, sharing.range_rows, sharing.range_bytes)
    record, amount = judged(record, cutting.rows, profile, usual, at)
    plan = Plan(profile=profile, cutting=cutting, amount=amount)
    Workbench(at.s3, sharing, record.drop_id, record.turn).keep_plan(plan)
    sharing.send(_tasks(record, Step.READ, plan))


def work_on(task: Task, sharing: Sharing, at: Intake, clock: Callable[[], datetime]) -> Receipt | None:
    """The receipt of the whole drop, if this was its last task. Where somebody has decided about the drop since its
    turn began, another does all of it."""
    drop, drop_id = task.drop, task.drop.id(at.pseudonyms)
    bench = Workbench(at.s3, sharing, drop_id, task.turn)
    record = at.drops.find(drop.agency, drop_id)
    if record is None or record.turn != task.turn or bench.is_closed():
        return None
    plan, by = bench.plan(), provenance(drop, record.manner, at)
    if task.number not in bench.done(task.step):
        if task.step is Step.READ:
            _read(task, plan, bench, at)
        else:
            _store(task, bench, at, by, clock())
    if len(bench.done(task.step)) < plan.pieces:
        return None
    if task.step is Step.STORE:
        return close(record, plan, bench, at, clock())
    orders = [one for piece in bench.pieces(Step.READ, plan.pieces) for one in piece.orders]
    carry_out(orders, drop.agency, at, by, clock())
    sharing.send(_tasks(record, Step.STORE, plan))
    return None


def _tasks(record: DropRecord, step: Step, plan: Plan) -> Iterator[Task]:
    return (Task(drop=record.drop, turn=record.turn, step=step, number=number) for number in range(plan.pieces))


def _read(task: Task, plan: Plan, bench: Workbench, at: Intake) -> None:
    drop, profile, cutting = task.drop, plan.profile, plan.cutting
    here = cutting.ranges[task.number]
    empty: Readable = io.BytesIO()
    stream = opened(drop, at, here.start, here.end - 1) if here.end > here.start else empty
    door = Door(profile, at.pseudonyms, drop.day(profile.zone))
    pile = piled(read_range(stream, here, cutting, profile), door)
    by_pile: defaultdict[int, list[Record]] = defaultdict(list)
    for record in pile.records():
        by_pile[int(record.arrest.arrest_id[:8], 16) % plan.pieces].append(record)
    for number, records in by_pile.items():
        bench.put_on_pile(number, task.number, records)
    rest = Reading((), sorted(pile.rejects), pile.skipped, pile.unknown, pile.dropped, pile.orders)
    orders = (*rest.seals(), *rest.identity_events())
    bench.keep(task.step, task.number, Piece(tally=tally_of(rest, {}), orders=orders), rest.rejects)


def _store(task: Task, bench: Workbench, at: Intake, by: Provenance, now: datetime) -> None:
    drop, pile = task.drop, Pile()
    for record in bench.pile(task.number):
        pile.put(record)
    reading = completed(settled(pile, at.pseudonyms), at.knowledge_of(drop.agency))
    outcomes = store(reading, drop.agency, at, by, now)
    bench.keep(task.step, task.number, Piece(tally=tally_of(reading, outcomes)), reading.rejects)
