"""Correction Law 149: whether the notice of a release was late, over several files of one agency."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from shared.arrests.items import WriteOutcome
from shared.arrests.model import EventKind, Flag, Provenance
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt
from shared.feeds.intake.short_notice import late_notices
from shared.feeds.normalise.duplicates import ParsedArrest
from shared.feeds.normalise.read_drop import ParsedDrop
from tests.builders import an_arrest
from tests.conftest import Tables
from tests.feeds.intake.test_events import HEADER, PROFILE, stored
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.intake.test_split_large import Workers


class Jail:
    """An agency that sends a file a day. `large`: by the way of large drops."""

    def __init__(self, tables: Tables, *, large: bool) -> None:
        self.feeds = Feeds(tables, jail=PROFILE)
        self._workers = Workers(self.feeds, rows=2) if large else None

    def announces(self, release: str, *, on: int, sid: str = "A1") -> Drop:
        """The file of this day of November names this day of release."""
        rows = f"REL,7,,{release},Example,Pat,{sid},,", "BKG,8,11/01/2026,,Other,Bo,B2,,Theft" + "x" * 200
        drop = self.feeds.drop("\n".join([HEADER, *rows, ""]).encode(), f"jail/in/{on}.csv")
        return drop.model_copy(update={"dropped_at": datetime(2026, 11, on, 15, tzinfo=UTC)})

    def late(self, drop: Drop) -> int:
        return self._taken_in(drop).late_releases

    def _taken_in(self, drop: Drop) -> Receipt:
        return self._workers.take_in(drop) if self._workers else self.feeds.take_in(drop)

    @property
    def is_flagged(self) -> bool:
        return any(Flag.SHORT_NOTICE in arrest.flags for arrest in stored(self.feeds))


@pytest.fixture(params=[False, True], ids=["small", "large"])
def jail(request: pytest.FixtureRequest, tables: Tables) -> Jail:
    return Jail(tables, large=request.param)


def test_correction_law_149_a_notice_in_time_is_not_late_when_it_is_sent_again_in_the_last_two_days(jail: Jail) -> None:
    assert jail.late(jail.announces("11/25/2026", on=20)) == 0
    assert jail.late(jail.announces("11/25/2026", on=24)) == 0
    assert not jail.is_flagged
    assert jail.late(jail.announces("11/25/2026", on=24, sid="A9")) == 0, "nor with another correction"
    assert not jail.is_flagged
    assert jail.late(jail.announces("11/26/2026", on=25)) == 0, "nor when it is put off"
    assert not jail.is_flagged


def test_correction_law_149_a_release_that_is_moved_forward_counts_late_at_its_receipt_and_once(jail: Jail) -> None:
    assert jail.late(jail.announces("11/27/2026", on=20)) == 0
    forward = jail.announces("11/21/2026", on=20)
    assert jail.late(forward) == 1
    assert jail.is_flagged
    assert jail.late(jail.announces("11/21/2026", on=21)) == 0, "the same is not announced late twice"
    assert jail.is_flagged, "its notice was late, and stays so"
    assert jail.late(jail.announces("11/28/2026 09:00", on=21)) == 0
    assert jail.late(jail.announces("11/22/2026", on=21)) == 1


def test_correction_law_149_a_drop_that_is_read_again_counts_the_same(jail: Jail) -> None:
    jail.late(jail.announces("11/27/2026", on=20))
    forward = jail.announces("11/21/2026", on=20)
    assert jail.late(forward) == 1
    if jail._workers is None:
        assert jail.late(forward) == 1


def test_correction_law_149_a_notice_that_names_another_zone_for_a_later_hour_is_not_late(tables: Tables) -> None:
    """What the history says of a release are texts, of which the later one may come first."""
    in_new_york = timezone(timedelta(hours=-5))
    before, after = datetime(2026, 11, 25, 12, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=in_new_york)
    release: dict[str, Any] = {
        "kind": EventKind.RELEASE_SCHEDULED,
        "event_on": date(2026, 11, 25),
        "flags": (Flag.SHORT_NOTICE,),
    }
    versions = [an_arrest(**release, event_at=moment) for moment in (before, after)]
    drops = [datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (10, 11)]
    for version, dropped_at in zip(versions, drops, strict=True):
        outcomes = tables.arrests.store(
            [version], Provenance(drop_id=str(dropped_at), dropped_at=dropped_at), dropped_at
        )
    parsed = ParsedDrop([ParsedArrest(versions[1], 1, (1,))], [], Counter(), Counter())
    assert outcomes == {versions[1].arrest_id: WriteOutcome.UPDATED}
    assert late_notices(parsed, outcomes, tables.arrests, drops[1]) == 0
