from datetime import UTC, datetime, timedelta

import pytest

from shared.feeds.drops.volume_check import (
    PastDrop,
    VolumeBaseline,
    VolumeProfile,
    VolumeVerdict,
    baseline_of,
    check_volume,
    overdue_at,
)

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
DAILY = VolumeProfile(hours=24, records=400)


def days(*records: int) -> list[PastDrop]:
    return [PastDrop(BEGAN + timedelta(days=nth), count) for nth, count in enumerate(records)]


def test_what_is_declared_holds_until_enough_is_known_and_then_what_is_learned():
    assert baseline_of(days(100, 100), DAILY) == VolumeBaseline(timedelta(days=1), 400)
    assert baseline_of(days(100, 90, 110, 100, 100), VolumeProfile(hours=1, records=9)) == VolumeBaseline(
        timedelta(days=1), 100
    )
    assert baseline_of([], VolumeProfile()) == VolumeBaseline(None, None)


def test_one_odd_drop_does_not_move_what_is_usual():
    assert baseline_of(days(100, 100, 90_000, 100, 100, 0), DAILY).records == 100


def test_only_the_newest_drops_count():
    assert baseline_of(days(*[1_000] * 20, *[100] * 20), DAILY).records == 100


@pytest.mark.parametrize(
    ("records", "wanted"),
    [
        (400, VolumeVerdict.USUAL),
        (2_000, VolumeVerdict.USUAL),
        (2_001, VolumeVerdict.FLOOD),
        (80, VolumeVerdict.USUAL),
        (79, VolumeVerdict.THIN),
        (0, VolumeVerdict.THIN),
    ],
)
def test_67_more_than_five_times_the_usual_is_a_flood_and_less_than_a_fifth_is_thin(records, wanted):
    assert check_volume(baseline_of([], DAILY), DAILY, records) is wanted


def test_a_few_records_are_no_flood_and_nothing_known_is_nothing_unusual():
    assert check_volume(VolumeBaseline(records=2), VolumeProfile(), 50) is VolumeVerdict.USUAL
    assert check_volume(VolumeBaseline(records=2), VolumeProfile(), 51) is VolumeVerdict.FLOOD
    assert check_volume(VolumeBaseline(), VolumeProfile(), 1_000_000) is VolumeVerdict.USUAL


def test_a_feed_is_silent_after_twice_its_interval_and_one_that_never_came_is_not():
    usual = VolumeBaseline(timedelta(days=1))
    assert overdue_at(BEGAN, usual) == BEGAN + timedelta(hours=48)
    assert overdue_at(BEGAN, VolumeBaseline()) is None
