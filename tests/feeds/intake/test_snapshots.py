"""Full snapshots: who is missing from the next one was released, and nobody is released on a doubt."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from shared.arrests.model import Arrest, EventKind, Flag
from shared.feeds.drops.decide import DropAction
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.intake.dependencies import SplitDeps
from shared.feeds.intake.process_drop import process_drop
from shared.feeds.intake.split_large import is_large
from shared.feeds.snapshots.compare import AbsenceVerdict
from tests.conftest import Tables
from tests.feeds.cases import PROFILES, shipped
from tests.feeds.intake.test_copies import decided
from tests.feeds.intake.test_process_drop import DROPPED, Feeds
from tests.feeds.layouts.several_files import INMATES, a_file, an_inmate

AGENCY = "jail-snapshot"
TEXT = (PROFILES / f"{AGENCY}.yaml").read_text()


def a_list(numbers: Sequence[int], *more: str) -> bytes:
    return a_file(INMATES, *map(an_inmate, numbers), *more)


@pytest.fixture
def feeds(tables: Tables) -> Feeds:
    return Feeds(tables)


def dropped(feeds: Feeds, content: bytes) -> Drop:
    return feeds.drop(content, f"{AGENCY}/in/list.csv")


def handled(feeds: Feeds, drop: Drop) -> Receipt:
    now: datetime = DROPPED + timedelta(hours=1)
    receipt = process_drop(drop, feeds.intake, lambda: now)
    assert receipt
    return receipt


def sent(feeds: Feeds, numbers: Sequence[int], *more: str) -> Receipt:
    return handled(feeds, dropped(feeds, a_list(numbers, *more)))


def stored(feeds: Feeds, kind: EventKind = EventKind.RELEASE) -> list[str]:
    arrests = [Arrest.model_validate_json(item["doc"]["S"]) for item in feeds.versions() if "doc" in item]
    return sorted(arrest.number for arrest in arrests if arrest.kind is kind)


def test_who_is_missing_from_the_next_snapshot_was_released_once(feeds: Feeds) -> None:
    sent(feeds, range(5))
    assert stored(feeds) == []
    drop = dropped(feeds, a_list(range(4)))
    receipt = handled(feeds, drop)
    assert (receipt.rows.unchanged, receipt.absences) == (4, {AbsenceVerdict.RELEASED.value: 1})
    assert stored(feeds) == ["B-4"]
    (release,) = (
        arrest
        for arrest in (Arrest.model_validate_json(item["doc"]["S"]) for item in feeds.versions())
        if arrest.kind is EventKind.RELEASE
    )
    assert str(release.event_on) == "2026-11-20"
    assert release.person.names[0].surname == "SurnameE"
    assert Flag.MISSING_FROM_SNAPSHOT in release.flags
    handled(feeds, drop)
    sent(feeds, range(4))
    assert stored(feeds) == ["B-4"]


def test_who_is_back_in_the_third_snapshot_is_a_new_custody_and_leaves_again(feeds: Feeds) -> None:
    sent(feeds, range(5))
    sent(feeds, range(4))
    back = sent(feeds, range(5))
    assert (back.rows.accepted, back.rows.unchanged) == (1, 4)
    assert stored(feeds, EventKind.BOOKING).count("B-4") == 2
    assert sent(feeds, range(5)).rows.unchanged == 5
    sent(feeds, range(4))
    assert stored(feeds) == ["B-4", "B-4"]


@pytest.mark.parametrize("content", [a_list([]), a_list([1, 2]), a_list([50, 51])])
def test_a_snapshot_that_would_release_too_many_is_held_and_a_person_releases_it(feeds: Feeds, content: bytes) -> None:
    sent(feeds, range(10))
    drop = dropped(feeds, content)
    held = handled(feeds, drop)
    assert held.state is (ReceiptState.HELD)
    assert held.reason.startswith("The snapshot lacks ")
    assert stored(feeds) == []
    decided(feeds, held, DropAction.RELEASE)
    released = handled(feeds, drop)
    assert len(stored(feeds)) == released.absences[AbsenceVerdict.RELEASED.value] >= 8
    handled(feeds, drop)
    assert len(stored(feeds)) == released.absences[AbsenceVerdict.RELEASED.value]


def test_a_held_snapshot_that_is_released_after_a_newer_one_releases_nobody(feeds: Feeds) -> None:
    sent(feeds, range(10))
    drop = dropped(feeds, a_list([1]))
    held = handled(feeds, drop)
    sent(feeds, range(10))
    decided(feeds, held, DropAction.RELEASE)
    handled(feeds, drop)
    assert stored(feeds) == []


def test_a_discarded_or_refused_snapshot_releases_nobody(feeds: Feeds) -> None:
    sent(feeds, range(10))
    drop = dropped(feeds, a_list([1]))
    decided(feeds, handled(feeds, drop), DropAction.DISCARD)
    assert handled(feeds, drop).state is ReceiptState.DISCARDED
    assert handled(feeds, dropped(feeds, b"No,Such,Columns\n1,2,3\n")).state is ReceiptState.REFUSED
    assert sent(feeds, range(10)).absences == {}
    assert stored(feeds) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_snapshots_out_of_order_release_nobody_who_is_in_a_newer_one(tables: Tables, order: tuple[int, ...]) -> None:
    feeds = Feeds(tables)
    drops = [dropped(feeds, a_list(numbers)) for numbers in (range(6), range(5), range(6))]
    for number in order:
        handled(feeds, drops[number])
    in_order = [number for place, number in enumerate(order) if all(number > other for other in order[:place])]
    assert stored(feeds) == (["B-5"] if in_order[:2] == [0, 1] else [])
    assert handled(feeds, dropped(feeds, a_list(range(6)))).absences == {}


def test_a_rejected_row_whose_number_can_be_read_is_present(feeds: Feeds) -> None:
    sent(feeds, range(5))
    receipt = sent(feeds, range(4), an_inmate(4, booked="soon"))
    assert (receipt.rows.rejected, receipt.absences) == (1, {})
    mixed = sent(feeds, range(4), an_inmate(4, last="Other"), an_inmate(4, last="Another"))
    assert (mixed.rejected, mixed.absences) == ({"mixed-arrest": 2}, {})
    assert stored(feeds) == []


@pytest.mark.parametrize("row", ["B-4,too,few", an_inmate(4, number="", booked="soon"), '"B-4,lone,quote,,,,'])
def test_a_row_that_does_not_tell_whom_it_means_leaves_the_missing_for_the_next_snapshot(
    feeds: Feeds, row: str
) -> None:
    sent(feeds, range(5))
    assert sent(feeds, range(4), row).absences == {AbsenceVerdict.UNIDENTIFIED.value: 1}
    assert stored(feeds) == []
    assert sent(feeds, range(4), "TOTAL,,,,,,").absences == {AbsenceVerdict.RELEASED.value: 1}
    assert stored(feeds) == ["B-4"]


def test_a_file_that_may_be_cut_releases_nobody(feeds: Feeds) -> None:
    sent(feeds, range(5))
    cut = handled(feeds, dropped(feeds, a_list(range(4)).rstrip(b"\n")))
    assert cut.absences == {AbsenceVerdict.UNIDENTIFIED.value: 1}
    assert stored(feeds) == []


def test_a_release_that_another_file_told_is_not_told_again(tables: Tables) -> None:
    text = TEXT.replace("snapshot: {share: 0.2, number: 60}\n", "")
    layouts = """
layouts:
  inmates: {files: list*.csv, snapshot: true}
  releases: {files: out*.csv, event: release, optional: [Charge]}
"""
    feeds = Feeds(tables, **{AGENCY: text + layouts})
    sent(feeds, range(5))
    handled(feeds, feeds.drop(a_list([4]), f"{AGENCY}/in/out.csv"))
    assert stored(feeds) == ["B-4"]
    assert sent(feeds, range(5)).rows.unchanged == 5
    sent(feeds, range(4))
    assert stored(feeds) == ["B-4"]


def test_nobody_whose_arrest_is_sealed_is_released(tables: Tables) -> None:
    feeds = Feeds(tables, **{AGENCY: TEXT.replace("columns:", "columns:\n  event: Event")})
    rows = [f"{an_inmate(number)}," for number in range(5)]
    handled(feeds, dropped(feeds, a_file(f"{INMATES},Event", *rows)))
    handled(feeds, dropped(feeds, a_file(f"{INMATES},Event", *rows[:4], f"{an_inmate(4)},seal")))
    assert stored(feeds) == []
    assert stored(feeds, EventKind.BOOKING) == ["B-0", "B-1", "B-2", "B-3"]


def test_a_snapshot_of_more_bytes_than_are_cut_is_read_as_a_whole(feeds: Feeds) -> None:
    drop, split = dropped(feeds, a_list(range(3))), SplitDeps("scratch", lambda _: None, split_above_bytes=10)
    assert not is_large(drop, shipped(AGENCY), None, split, feeds.intake)
    assert is_large(drop, shipped(AGENCY).model_copy(update={"snapshot": None}), None, split, feeds.intake)
