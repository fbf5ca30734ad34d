"""When a release is, and whether it was brought forward: by this the lateness of a notice is counted."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from shared.arrests.release import ReleaseMoment, is_brought_forward

EARLY, DAY, LATE = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
IN_NEW_YORK = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("before", "after", "is_forward"),
    [
        (ReleaseMoment(DAY), ReleaseMoment(EARLY), True),
        (ReleaseMoment(DAY), ReleaseMoment(DAY), False),
        (ReleaseMoment(DAY), ReleaseMoment(LATE), False),
        (ReleaseMoment(DAY, NOON), ReleaseMoment(DAY, NOON - timedelta(hours=1)), True),
        (ReleaseMoment(DAY, NOON), ReleaseMoment(DAY, NOON), False),
        (ReleaseMoment(DAY, NOON), ReleaseMoment(DAY, NOON + timedelta(hours=1)), False),
        (ReleaseMoment(DAY, NOON), ReleaseMoment(DAY), False),
        (ReleaseMoment(DAY), ReleaseMoment(DAY, NOON), False),
        (ReleaseMoment(DAY, NOON), ReleaseMoment(EARLY), True),
        (ReleaseMoment(None), ReleaseMoment(DAY), False),
        (ReleaseMoment(DAY), ReleaseMoment(None), False),
    ],
)
def test_correction_law_149_a_release_is_brought_forward_by_its_instants_or_else_its_days(
    before: ReleaseMoment, after: ReleaseMoment, *, is_forward: bool
) -> None:
    assert is_brought_forward(before, after) is is_forward


def test_correction_law_149_the_hour_counts_and_not_how_its_zone_writes_it() -> None:
    written_elsewhere = NOON.astimezone(IN_NEW_YORK)
    assert not is_brought_forward(ReleaseMoment(DAY, NOON), ReleaseMoment(DAY, written_elsewhere))
    later = (NOON + timedelta(hours=2)).astimezone(IN_NEW_YORK)
    assert str(later) < str(NOON), "as texts the later one comes first"
    assert not is_brought_forward(ReleaseMoment(DAY, NOON), ReleaseMoment(DAY, later))
