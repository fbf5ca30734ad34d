"""A large drop, read and stored by many workers, is what a small one is: the same arrests, one receipt, one file of
rejects, whatever is done twice, in another order, or dies on the way."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice

import pytest

from shared.feeds.drops.decide import DropAction, DropDecisionDeps, decide_drop
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.drops.volume_check import VolumeVerdict
from shared.feeds.intake.dependencies import LargeDropStep, LargeDropTask, SplitDeps
from shared.feeds.intake.executions import LargeDropRun
from shared.feeds.intake.process_drop import cut_drop, process_drop
from shared.feeds.intake.split_large import run_task
from tests.conftest import Tables
from tests.feeds.intake.test_process_drop import DEMO, Feeds
from tests.feeds.small_drops import PROFILE, a_drop, a_row, zipped
from tests.widths import thorough

CHARGES = PROFILE.replace("testville", "charges") + "charges: row per charge\n"
EVENTS = """
agency: jail
format: delimited
time_zone: America/New_York
sid_issuer: NY
columns: {event: Event, number: "No", arrested: Date, surname: Last, sid: SID, former_sid: Old}
dates: ["%m/%d/%Y"]
codes: {event: {A: arrest, M: identity merged, S: seal}}
"""


def clock() -> datetime:
    return datetime.now(UTC)


class Workers:
    """Do the tasks of executions in the order of the state machine, where a step begins when the one before is done."""

    def __init__(self, feeds: Feeds, *, rows: int = 6) -> None:
        feeds.s3.create_bucket(Bucket="work")
        self.feeds = feeds
        self.started, self.waiting = set[str](), list[LargeDropRun]()
        self.split = SplitDeps("work", self.start, split_above_bytes=100, range_rows=rows)
        self.intake = replace(feeds.intake, split=self.split)
        self.ranges = dict[str, int]()
        self.receipts = list[Receipt]()

    def start(self, run: LargeDropRun) -> None:
        if run.execution_name not in self.started:
            self.started.add(run.execution_name)
            self.waiting.append(LargeDropRun.model_validate_json(run.model_dump_json()))

    def take_in(self, drop: Drop) -> Receipt:
        assert process_drop(drop, self.intake, clock) is None
        return self.done()

    def done(self) -> Receipt:
        self.work()
        receipt = self.receipts.pop()
        assert self.receipts == []
        return receipt

    def work(self) -> None:
        while self.waiting:
            for task in self.tasks(self.waiting.pop(0)):
                self.do(task)

    def tasks(self, run: LargeDropRun, chance: random.Random | None = None) -> Iterator[LargeDropTask]:
        """Yields the tasks of an execution. Each is to be done before the next one is asked for. With `chance`, the
        tasks of a step come in any order, and some of them again."""
        yield LargeDropTask(step=LargeDropStep.CUT, run=run)
        numbers = range(self.ranges.pop(run.execution_name))
        for step in (
            (LargeDropStep.READ, LargeDropStep.COMMAND, LargeDropStep.STORE, LargeDropStep.CLOSE) if numbers else ()
        ):
            is_map = step in (LargeDropStep.READ, LargeDropStep.STORE)
            tasks = [LargeDropTask(step=step, run=run, number=number) for number in (numbers if is_map else [0])]
            if chance:
                chance.shuffle(tasks)
                tasks += chance.choices(tasks, k=2)
            yield from tasks

    def do(self, task: LargeDropTask) -> None:
        if task.step is LargeDropStep.CUT:
            self.ranges[task.run.execution_name], receipt = cut_drop(task.run, self.split, self.intake, clock)
        else:
            receipt = run_task(task, self.split, self.intake, clock)
        if receipt:
            self.receipts.append(receipt)


@pytest.fixture
def feeds(tables: Tables) -> Feeds:
    return Feeds(tables, charges=CHARGES, jail=EVENTS)


@pytest.fixture
def workers(feeds: Feeds) -> Workers:
    return Workers(feeds)


SPREAD = a_drop(
    a_row(1), a_row(2), a_row(3, Date="never"), a_row(4, Charge='"in\ntwo lines"'), "short", a_row(1, Statute="PL 2"),
    "", a_row(5, Class="Q"), a_row(6), a_row(2, Statute="PL 3"), a_row(7), a_row(7, Last="Stranger"), '"lone',
    a_row(8, No=""), a_row(8, No=""), a_row(9, SID="x"), a_row(1, Statute="PL 9"),
)  # fmt: skip


def answers(feeds: Feeds, receipt: Receipt) -> tuple[dict[str, object], bytes]:
    """Beside what tells one drop from another."""
    own = {"drop_id", "key", "size", "dropped_at", "finished_at", "rejects_key"}
    return receipt.model_dump(exclude=own), feeds.body(receipt.rejects_key) if receipt.rejects_key else b""


def stored(feeds: Feeds) -> dict[str, str]:
    return {item["arrest_id"]["S"]: item["content"]["S"] for item in feeds.arrests() if "content" in item}


@pytest.mark.parametrize("agency", ["charges", *thorough("testville")])
def test_a_large_drop_gives_what_a_small_one_gives(feeds: Feeds, workers: Workers, agency: str) -> None:
    in_parts = workers.take_in(feeds.drop(SPREAD, f"{agency}/in/large.csv"))
    after, (receipt_key,) = stored(feeds), feeds.keys("receipts")
    for item in feeds.arrests():
        feeds.tables.client.delete_item(TableName="Arrests", Key={"arrest_id": item["arrest_id"]})
    whole = feeds.take_in(feeds.drop(SPREAD, f"{agency}/in/small.csv"))

    assert answers(feeds, in_parts) == answers(feeds, whole)
    assert after == stored(feeds)
    assert in_parts.rows.read == 17
    assert Receipt.model_validate_json(feeds.body(receipt_key)) == in_parts


def test_a_drop_of_a_demo_agency_is_the_same_in_parts(feeds: Feeds) -> None:
    workers = Workers(feeds, rows=12)
    for agency in ("harris",):
        body = (DEMO / f"{agency}.csv").read_bytes()
        whole = feeds.take_in(feeds.drop(body, f"{agency}/in/day.csv"))
        before = stored(feeds)
        in_parts = workers.take_in(feeds.drop(body, f"{agency}/in/day.csv"))
        assert stored(feeds) == before
        assert in_parts.rows.unchanged == whole.rows.accepted
        assert (in_parts.rejected, in_parts.dropped_columns) == (whole.rejected, whole.dropped_columns)


def test_the_seals_and_mergers_of_a_large_drop_come_before_its_arrests(feeds: Feeds, workers: Workers) -> None:
    rows = [f"A,{number},09/01/2026,Last,S{number}," for number in range(8)]
    drop = "\n".join(["Event,No,Date,Last,SID,Old", *rows, "S,3,,,,", "M,,,,S9,S8", ""]).encode()
    receipt = workers.take_in(feeds.drop(drop, "jail/in/day.csv"))
    assert (receipt.rows.accepted, receipt.seals, receipt.identity_events) == (9, 1, 1)
    assert receipt.skipped == {"the arrest is sealed or expunged": 1}
    assert receipt.rows.read == 10


def test_a_newer_drop_that_is_done_first_is_not_overwritten(feeds: Feeds, workers: Workers) -> None:
    older = feeds.drop(a_drop(*(a_row(number) for number in range(9))))
    newer = feeds.drop(a_drop(*(a_row(number, Class="F") for number in range(3))))
    feeds.take_in(newer)
    receipt = workers.take_in(older)
    assert (receipt.rows.accepted, receipt.rows.skipped) == (6, 3)


@pytest.mark.parametrize("seed", [0, *thorough(1, 2)])
def test_tasks_in_any_order_and_more_than_once_give_one_receipt(feeds: Feeds, workers: Workers, seed: int) -> None:
    chance = random.Random(seed)
    drop = feeds.drop(SPREAD, "charges/in/day.csv")
    for _ in range(2):  # S3 tells of a drop at least once
        assert process_drop(drop, workers.intake, clock) is None
    (run,) = workers.waiting
    for task in workers.tasks(run, chance):
        workers.do(task)
    assert process_drop(drop, workers.intake, clock) is None
    assert workers.waiting == [run], "and starts one execution, even when it is done"
    (receipt,) = workers.receipts
    assert receipt.rows.read == 17
    (key,) = feeds.keys("receipts")
    versions = feeds.s3.list_object_versions(Bucket="feeds", Prefix=key)["Versions"]
    assert len(versions) == 1


class Killed(BaseException):
    """What no code of ours can catch."""


def killed_at(nth: int, feeds: Feeds, moment: str) -> Callable[[], None]:
    """The worker dies at the nth call to AWS from now on, before it is made or when it is answered. Returns what
    ends it."""
    count = 0

    def die(**_: object) -> None:
        nonlocal count
        count += 1
        if count == nth:
            raise Killed

    clients = (feeds.s3, feeds.tables.client)
    for client in clients:
        client.meta.events.register(moment, die)

    def live() -> None:
        for client in clients:
            client.meta.events.unregister(moment, die)

    return live


def lives(workers: Workers, drop: Drop, nth: int, moment: str) -> bool:
    """Whether the work was done before its nth call; what was under way when the worker died is done again."""
    end, died = killed_at(nth, workers.feeds, moment), False

    def retried(work: Callable[[], object]) -> None:
        nonlocal died
        try:
            work()
        except Killed:
            died = True
            work()

    try:
        retried(lambda: process_drop(drop, workers.intake, clock))
        (run,) = workers.waiting
        workers.waiting.clear()
        for task in workers.tasks(run):
            retried(partial(workers.do, task))
    finally:
        end()
    return not died


@pytest.mark.parametrize("moment", ["before-call", *thorough("after-call")])
def test_a_worker_killed_on_the_way_changes_nothing(feeds: Feeds, workers: Workers, moment: str) -> None:
    _killed_at_every(feeds, workers, moment, (9, 30, 45))


@pytest.mark.exhaustive
@pytest.mark.parametrize("moment", ["before-call", "after-call"])
def test_a_worker_killed_at_any_call_changes_nothing(feeds: Feeds, workers: Workers, moment: str) -> None:
    _killed_at_every(feeds, workers, moment, range(1, 1_000))


def _killed_at_every(feeds: Feeds, workers: Workers, moment: str, calls: Iterable[int]) -> None:
    whole = feeds.take_in(feeds.drop(SPREAD, "charges/in/first.csv"))
    content = stored(feeds)
    for nth in calls:
        for item in feeds.arrests():
            feeds.tables.client.delete_item(TableName="Arrests", Key={"arrest_id": item["arrest_id"]})
        name = f"{nth}.csv"
        lived = lives(workers, feeds.drop(SPREAD, f"charges/in/{name}"), nth, moment)
        assert stored(feeds) == content, nth
        (key,) = (key for key in feeds.keys("receipts") if f"/{name}." in key)
        assert len(feeds.s3.list_object_versions(Bucket="feeds", Prefix=key)["Versions"]) == 1
        assert answers(feeds, Receipt.model_validate_json(feeds.body(key))) == answers(feeds, whole), nth
        if lived:
            break


def test_what_is_packed_or_small_or_no_text_is_not_shared_out(feeds: Feeds, workers: Workers) -> None:
    rows = [a_row(number) for number in range(30)]
    for body in (zipped(a_drop(*rows)) + b" " * 200, a_drop(a_row(1))):
        assert process_drop(
            feeds.drop(body), replace(workers.intake, split=replace(workers.split, split_above_bytes=180)), clock
        )
    assert workers.waiting == []


def test_a_large_file_that_cannot_be_read_is_refused_before_it_is_shared_out(feeds: Feeds, workers: Workers) -> None:
    receipt = workers.take_in(feeds.drop(b"No,Date\n" + b"1,2\n" * 100))
    assert (receipt.state, receipt.code) == ("refused", "header")


def test_a_large_drop_is_read_with_the_profile_that_it_was_cut_with(feeds: Feeds, workers: Workers) -> None:
    drop = feeds.drop(a_drop(*(a_row(number) for number in range(9))))
    process_drop(drop, workers.intake, clock)
    for task in workers.tasks(workers.waiting.pop()):
        workers.do(task)
        feeds.profiles["testville"] = PROFILE.replace("Last", "Other")
    (receipt,) = workers.receipts
    assert receipt.rows.accepted == 9


FLOOD = a_drop(*(a_row(number) for number in range(51)))


@pytest.fixture
def wary(feeds: Feeds) -> Workers:
    """Two rows are usual of `testville`."""
    feeds.profiles["testville"] = PROFILE + "rhythm: {records: 2}\n"
    return Workers(feeds, rows=20)


def quiet(feeds: Feeds) -> set[str]:
    return {item.get("quiet", {}).get("S", "told") for item in feeds.arrests()}


def decided(feeds: Feeds, drop_id: str, wish: DropAction) -> Drop:
    """The drop as it is announced again."""
    announced: list[Drop] = []
    record = feeds.tables.drops.find("testville", drop_id)
    assert record
    decide_drop(
        record,
        wish,
        "kay@da.example.gov",
        DropDecisionDeps(feeds.tables.drops, announced.append, lambda _: True),
        clock(),
    )
    (drop,) = announced
    return drop


def test_a_large_flood_is_held_before_anything_of_it_is_stored(feeds: Feeds, wary: Workers) -> None:
    receipt = wary.take_in(feeds.drop(FLOOD))
    assert (receipt.state, receipt.code, receipt.volume) == (ReceiptState.HELD, "held", VolumeVerdict.FLOOD)
    assert "51 records" in receipt.reason
    assert (receipt.arrests.accepted, quiet(feeds)) == (51, {"held"})


def test_a_large_drop_that_is_decided_about_is_shared_out_again(feeds: Feeds, wary: Workers) -> None:
    held = wary.take_in(feeds.drop(FLOOD)).drop_id
    discarded = wary.take_in(decided(feeds, held, DropAction.DISCARD))
    assert (discarded.state, quiet(feeds)) == (ReceiptState.DISCARDED, {"held"})
    replayed = wary.take_in(decided(feeds, held, DropAction.REPLAY))
    assert (replayed.state, replayed.arrests.accepted, quiet(feeds)) == (ReceiptState.TAKEN, 51, {"told"})
    (key,) = feeds.keys("receipts")
    assert Receipt.model_validate_json(feeds.body(key)) == replayed
    feeds.profiles["testville"] = feeds.profiles["testville"].replace("M: misdemeanor", "M: felony")
    anew = wary.take_in(decided(feeds, held, DropAction.REPLAY_SILENTLY))
    assert (anew.arrests.updated, quiet(feeds)) == (51, {"silent"})


@pytest.mark.parametrize("done", [2, *thorough(1, 5, 6)])
def test_a_large_flood_that_is_released_while_it_is_read_is_told_of_whole(
    feeds: Feeds, wary: Workers, done: int
) -> None:
    """Of the execution that is under way, the tasks that come after the decision do nothing."""
    drop = feeds.drop(FLOOD)
    assert process_drop(drop, wary.intake, clock) is None
    tasks = wary.tasks(wary.waiting.pop())
    for task in islice(tasks, done):
        wary.do(task)
    released = decided(feeds, drop.id(wary.intake.pseudonyms), DropAction.RELEASE)
    assert process_drop(released, wary.intake, clock) is None
    for task in tasks:
        wary.do(task)
    assert wary.receipts == []
    receipt = wary.done()
    assert (receipt.state, receipt.arrests.accepted, quiet(feeds)) == (ReceiptState.TAKEN, 51, {"told"})


def test_an_execution_is_given_ids_and_no_name_of_a_file(feeds: Feeds, workers: Workers) -> None:
    drop = feeds.drop(SPREAD, "charges/in/Example, Pat.csv")
    process_drop(drop, workers.intake, clock)
    (run,) = workers.waiting
    assert run.model_dump() == {"agency": "charges", "drop_id": drop.id(workers.intake.pseudonyms), "run_id": "first"}
