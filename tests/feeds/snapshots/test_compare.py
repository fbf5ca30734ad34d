"""Whoever leaves is released once, whatever snapshots come; which files belong together does not depend on events."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.feeds.drops.model import Drop
from shared.feeds.layouts.batches import BatchFile, BatchRule, files_of_batch
from shared.feeds.profiles.model import SnapshotRule
from shared.feeds.snapshots.compare import AbsenceVerdict, Custody, Snapshot, compare, custody_after

DAY = date(2026, 11, 20)
people = st.frozensets(st.sampled_from("abcde"))


@given(st.lists(st.tuples(people, st.booleans(), st.booleans()), max_size=12))
def test_everybody_who_leaves_is_released_once_and_nobody_who_is_there(
    snapshots: list[tuple[frozenset[str], bool, bool]],
) -> None:
    """Each snapshot lists people, may have a row of nobody, and may come a second time."""
    custody: Custody | None = None
    inside, rule = frozenset[str](), SnapshotRule(share=1, number=100)
    for number, (listed, is_doubtful, is_repeated) in enumerate(snapshots):
        snapshot = Snapshot(f"{number:03d}", listed, int(is_doubtful))
        released = list[str]()
        for _ in range(1 + is_repeated):
            comparison = compare(custody, snapshot, rule, is_checked=True)
            if comparison.verdict is AbsenceVerdict.RELEASED:
                released += comparison.missing
            custody = custody_after(custody, snapshot, comparison.verdict, DAY) or custody
        assert sorted(released) == ([] if is_doubtful else sorted(inside - listed))
        inside = listed | inside if is_doubtful else listed
        assert custody
        assert custody.present.keys() == inside


@given(st.integers(1, 300), st.integers(0, 300), st.integers(1, 50), st.sampled_from([0.1, 0.25, 0.5]))
def test_the_limit_holds_by_number_and_by_share(present: int, missing: int, number: int, share: float) -> None:
    everybody = [str(person) for person in range(present)]
    custody = Custody(order="1", present=dict.fromkeys(everybody, 0))
    gone = min(missing, present)
    snapshot = Snapshot("2", frozenset(everybody[gone:]))
    comparison = compare(custody, snapshot, SnapshotRule(share=share, number=number), is_checked=False)
    is_over = gone > number or gone > max(1, share * present) or gone == present
    assert (comparison.verdict is AbsenceVerdict.TOO_MANY) == is_over


@given(st.data(), st.booleans())
def test_files_belong_together_in_whatever_order_they_become_known(data: st.DataObject, is_stamped: bool) -> None:
    minutes = data.draw(st.lists(st.tuples(st.sampled_from(["bookings", "charges"]), st.integers(0, 200)), min_size=1))
    began = datetime(2026, 11, 20, 9, tzinfo=UTC)
    files = [
        BatchFile(
            layout=layout,
            drop=Drop(key="a/in/x", size=1, dropped_at=began + timedelta(minutes=minute), version_id=str(number)),
        )
        for number, (layout, minute) in enumerate(minutes)
    ]
    rule = BatchRule("bookings", ("bookings", "charges"), timedelta(minutes=30), is_stamped)
    for file in files:
        batch = files_of_batch(file, data.draw(st.permutations(files)), rule)
        assert batch == files_of_batch(file, files, rule)
        if not is_stamped:
            assert batch[file.layout] == file.drop
            times = [drop.dropped_at for drop in batch.values()]
            assert max(times) - min(times) <= rule.wait
