from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.rhythm import Amount, Norm, Past, Rhythm, amount, awaited_by, norm

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
DAILY = Rhythm(hours=24, records=400)


def days(*records: int) -> list[Past]:
    return [Past(BEGAN + timedelta(days=nth), count) for nth, count in enumerate(records)]


def test_what_is_declared_holds_until_enough_is_known_and_then_what_is_learned():
    assert norm(days(100, 100), DAILY) == Norm(timedelta(days=1), 400)
    assert norm(days(100, 90, 110, 100, 100), Rhythm(hours=1, records=9)) == Norm(timedelta(days=1), 100)
    assert norm([], Rhythm()) == Norm(None, None)


def test_one_odd_drop_does_not_move_what_is_usual():
    assert norm(days(100, 100, 90_000, 100, 100, 0), DAILY).records == 100


def test_only_the_newest_drops_count():
    assert norm(days(*[1_000] * 20, *[100] * 20), DAILY).records == 100


@pytest.mark.parametrize(
    ("records", "wanted"),
    [(400, Amount.USUAL), (2_000, Amount.USUAL), (2_001, Amount.FLOOD), (80, Amount.USUAL), (79, Amount.THIN),
     (0, Amount.THIN)],
)  # fmt: skip
def test_67_more_than_five_times_the_usual_is_a_flood_and_less_than_a_fifth_is_thin(records, wanted):
    assert amount(norm([], DAILY), DAILY, records) is wanted


def test_a_few_records_are_no_flood_and_nothing_known_is_nothing_unusual():
    assert amount(Norm(records=2), Rhythm(), 50) is Amount.USUAL
    assert amount(Norm(records=2), Rhythm(), 51) is Amount.FLOOD
    assert amount(Norm(), Rhythm(), 1_000_000) is Amount.USUAL


def test_a_feed_is_silent_after_twice_its_interval_and_one_that_never_came_is_not():
    usual = Norm(timedelta(days=1))
    assert awaited_by(BEGAN, usual) == BEGAN + timedelta(hours=48)
    assert awaited_by(BEGAN, Norm()) is None
