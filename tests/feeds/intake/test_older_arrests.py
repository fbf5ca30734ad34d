"""Of arrests that were made before the last days that a profile names nobody is notified when they are first reported.
They are stored, counted in the receipt, and found by a watch that looks back."""

import itertools
from datetime import date

import pytest

from shared.errors import Rejected
from shared.feeds.drops.decide import DropAction
from shared.feeds.drops.receipt import ReceiptState
from shared.feeds.profiles.parse import parse_profile
from tests.conftest import Tables
from tests.feeds.cases import shipped
from tests.feeds.intake.test_process_drop import DEMO
from tests.feeds.intake.test_quarantine import Stage
from tests.feeds.small_drops import PROFILE, a_drop, a_row

OFF = "notify_arrests_of_last: any"
DAILY = PROFILE.replace(OFF, "notify_arrests_of_last: 30 days") + "rhythm: {hours: 24, records: 20}\n"
OLD, FRESH = {"Date": "10/20/2026"}, {"Date": "10/21/2026"}  # 31 and 30 days before the drops of these tests


@pytest.fixture
def stage(tables: Tables) -> Stage:
    stage = Stage(tables)
    stage.profiles["testville"] = DAILY
    return stage


def test_of_an_older_arrest_nobody_is_notified_and_the_receipt_says_how_many_and_why(stage: Stage) -> None:
    receipt, notified = stage.told_of(stage.drop(a_drop(a_row(1, **OLD), a_row(2, **FRESH), a_row(3, **OLD))))
    assert notified == ["T-2"]
    assert (receipt.arrests.accepted, receipt.arrests.older) == (3, 2)
    assert receipt.older_arrests.startswith("2 new arrests were made more than 30 days before the file came.")
    assert "nobody is notified" in receipt.older_arrests
    assert receipt.for_office().older_arrests == receipt.older_arrests


def test_the_receipt_of_the_same_event_again_is_the_same_and_of_the_next_snapshot_counts_none(stage: Stage) -> None:
    drop = stage.drop(a_drop(a_row(1, **OLD)))
    first, again = stage.take_in(drop), stage.take_in(drop)
    assert again.arrests == first.arrests
    snapshot = stage.take_in(stage.drop(a_drop(a_row(1, **OLD)), "testville/in/next.csv"))
    assert (snapshot.arrests.unchanged, snapshot.arrests.older, snapshot.older_arrests) == (1, 0, "")


def test_what_somebody_was_notified_of_is_corrected_however_old_it_is(stage: Stage) -> None:
    stage.profiles["testville"] = PROFILE
    stage.told_of(stage.drop(a_drop(a_row(1, **OLD))))
    stage.profiles["testville"] = DAILY
    assert stage.told_of(stage.drop(a_drop(a_row(1, Class="F", **OLD))))[1] == ["T-1"]


def test_an_older_arrest_stays_quiet_when_it_is_corrected_until_its_day_is(stage: Stage) -> None:
    stage.told_of(stage.drop(a_drop(a_row(1, **OLD))))
    for level in ("F", "M"):
        assert stage.told_of(stage.drop(a_drop(a_row(1, Class=level, Charge=level, **OLD))))[1] == []
    receipt, notified = stage.told_of(stage.drop(a_drop(a_row(1, **FRESH))))
    assert (notified, receipt.arrests.updated) == (["T-1"], 1)
    assert stage.told_of(stage.drop(a_drop(a_row(1, Class="F", **OLD))))[1] == ["T-1"], "somebody knows it now"


def test_readers_and_who_looks_back_find_an_older_arrest(stage: Stage) -> None:
    stage.told_of(stage.drop(a_drop(a_row(1, **OLD))))
    [item] = stage.arrests()
    [version] = stage.tables.arrests.versions([item["arrest_id"]["S"]])
    assert not version.silent, "whoever asks to be alerted of the past is"
    assert version.arrest.number == "T-1"


@pytest.mark.parametrize("cells", [{"Date": ""}, {"Date": "11/20/2026"}])
def test_an_arrest_without_a_day_or_of_today_is_notified(stage: Stage, cells: dict[str, str]) -> None:
    assert stage.told_of(stage.drop(a_drop(a_row(1, **cells))))[1] == ["T-1"]


def test_a_release_of_somebody_arrested_long_ago_is_news(stage: Stage) -> None:
    stage.profiles["testville"] = DAILY + "event: release\n"
    assert stage.told_of(stage.drop(a_drop(a_row(1, **OLD))))[1] == ["T-1"]


def test_a_held_drop_that_is_released_notifies_of_its_fresh_arrests_alone(stage: Stage) -> None:
    rows = [a_row(number, **(FRESH if number % 2 else OLD)) for number in range(120)]
    receipt, _ = stage.told_of(stage.drop(a_drop(*rows)))
    assert receipt.state is ReceiptState.HELD
    released, notified = stage.told_of(stage.decide(receipt, DropAction.RELEASE))
    assert (len(notified), released.arrests.older) == (60, 60)
    ids = [item["arrest_id"]["S"] for item in stage.arrests()]
    assert len(stage.tables.arrests.versions(ids)) == 120, "the others can be read"
    assert stage.told_of(stage.decide(receipt, DropAction.REPLAY))[1] == notified


def test_a_drop_that_is_read_again_with_the_setting_off_notifies_of_all(stage: Stage) -> None:
    receipt, _ = stage.told_of(stage.drop(a_drop(a_row(1, **OLD))))
    stage.profiles["testville"] = PROFILE
    replayed, notified = stage.told_of(stage.decide(receipt, DropAction.REPLAY))
    assert (notified, replayed.arrests.older) == (["T-1"], 0)
    stage.profiles["testville"] = DAILY
    assert stage.told_of(stage.drop(a_drop(a_row(1, Class="F", **OLD))))[1] == ["T-1"]


def test_in_every_order_of_held_silent_and_usual_drops_an_older_arrest_stays_quiet(stage: Stage) -> None:
    flood = [a_row(number, **FRESH) for number in range(1000, 1120)]
    for order in itertools.permutations(("usual", "held", "silent")):
        number = "-".join(order)
        for step, way in enumerate(order):
            drop = stage.drop(a_drop(a_row(1, No=number, Charge=f"{step}", **OLD), *(flood if way == "held" else ())))
            receipt, notified = stage.told_of(drop)
            if way == "held":
                notified += stage.told_of(stage.decide(receipt, DropAction.RELEASE))[1]
            elif way == "silent":
                notified += stage.told_of(stage.decide(receipt, DropAction.REPLAY_SILENTLY))[1]
            assert number not in notified, order


@pytest.mark.parametrize("text", ["0 days", "30", "a month", "-1 days", "30 days ago", "ANY", "", "999999 days", "[]"])
def test_a_period_that_cannot_be_read_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(Rejected, match="notify_arrests_of_last"):
        parse_profile(PROFILE.replace(OFF, f'notify_arrests_of_last: "{text}"'))


def test_thirty_days_count_where_the_profile_says_nothing_and_no_day_is_before_the_first() -> None:
    assert parse_profile(PROFILE.replace(OFF, "")).notify_from(date(2026, 11, 20)) == date(2026, 10, 21)
    assert parse_profile(PROFILE).notify_from(date(2026, 11, 20)) is None
    far = parse_profile(PROFILE.replace(OFF, "notify_arrests_of_last: 99999 days"))
    assert far.notify_from(date(100, 1, 1)) == date.min


@pytest.mark.parametrize("agency", sorted({file.stem.partition("_")[0] for file in DEMO.glob("*.csv")}))
def test_the_drops_of_the_demo_alert_however_old_they_become(agency: str) -> None:
    assert shipped(agency).notify_arrests_of_last == "any"
