"""A flood is stored and held; somebody releases or discards it. A drop that would tell too many people, likewise."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.receive_feed.events import drops_in
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.matches.circuit_breaker import CircuitBreaker
from shared.arrests.stream import versions_in
from shared.feeds.copies.bucket import file_check
from shared.feeds.drops.decide import DropAction, DropDecisionDeps, InvalidTransitionError, decide_drop
from shared.feeds.drops.model import DropStatus
from shared.feeds.drops.queue import s3_event_of
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.drops.volume_check import VolumeVerdict
from tests.builders import PSEUDONYMS, a_subscription, a_user, an_office, discard
from tests.conftest import Tables
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.small_drops import PROFILE, a_drop, a_row

DAILY = PROFILE + "rhythm: {hours: 24, records: 20, most_told: 3}\n"
USUAL = a_drop(*(a_row(number) for number in range(20)))
FLOOD = a_drop(*(a_row(number) for number in range(101)))
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


class Stage(Feeds):
    """Feeds with the matchers behind the table: `told` is what the table's stream would tell them."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables, testville=DAILY)
        self.sent: list[str] = []
        tables.offices.enrol(an_office())
        tables.users.add(a_user())
        breaker = CircuitBreaker(tables.drops, tables.arrests, PSEUDONYMS)
        self.match_deps = MatchDeps(
            tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard, breaker
        )

    def told_of(self, drop: Any) -> tuple[Receipt, list[str]]:
        """The receipt, and the numbers of the arrests that somebody may be notified of because of this drop."""
        before = {item["arrest_id"]["S"]: item for item in self.arrests()}
        receipt = self.take_in(drop)
        changed = [
            {"dynamodb": {"NewImage": item, "OldImage": before.get(item["arrest_id"]["S"])}}
            for item in self.arrests()
            if item != before.get(item["arrest_id"]["S"])
        ]
        return receipt, [version.arrest.number for version in versions_in(changed) if not version.silent]

    @property
    def deciding(self) -> DropDecisionDeps:
        return DropDecisionDeps(self.tables.drops, self._announced, file_check(self.s3, "feeds", self.copies))

    def decide(self, receipt: Receipt, wish: DropAction) -> Any:
        record = self.tables.drops.find("testville", receipt.drop_id)
        assert record
        decide_drop(
            record,
            wish,
            "kay@da.example.gov",
            DropDecisionDeps(self.tables.drops, self._announced, file_check(self.s3, "feeds", self.copies)),
            NOW,
        )
        (drop,) = drops_in(self.sent[-1])
        return drop

    def _announced(self, drop: Any) -> None:
        self.sent.append(s3_event_of(drop, "feeds"))

    def standing(self, receipt: Receipt) -> DropStatus:
        return self.tables.drops.find("testville", receipt.drop_id).status


@pytest.fixture
def stage(tables: Tables) -> Stage:
    return Stage(tables)


def test_a_flood_is_stored_and_held_and_its_retry_is_held_too(stage: Stage) -> None:
    drop = stage.drop(FLOOD)
    receipt, notified = stage.told_of(drop)
    assert (receipt.state, receipt.code, notified) == (ReceiptState.HELD, "held", [])
    assert "101" in receipt.reason
    assert "release" in receipt.fix
    assert len(stage.arrests()) == 101
    assert stage.tables.arrests.find(stage.arrests()[0]["arrest_id"]["S"]) is None, "nobody reads it"
    again, notified = stage.told_of(drop)
    assert (again.state, notified, stage.standing(receipt)) == (ReceiptState.HELD, [], DropStatus.HELD)


def test_p6_after_the_last_agreement_a_file_is_held_whatever_its_size_and_released_when_one_follows(
    stage: Stage,
) -> None:
    stage.tables.agencies.set_sharing_ended_on("testville", date(2026, 11, 1))

    receipt, notified = stage.told_of(stage.drop(USUAL))

    assert (receipt.state, notified) == (ReceiptState.HELD, [])
    assert "ended on 2026-11-01" in receipt.reason
    stage.tables.agencies.set_sharing_ended_on("testville", None)
    after, notified = stage.told_of(stage.decide(receipt, DropAction.RELEASE))
    assert (after.state, len(notified)) == (ReceiptState.TAKEN, 20), "nothing of the days between is lost"


def test_a_released_flood_is_told_of_whole_and_once(stage: Stage) -> None:
    receipt, _ = stage.told_of(stage.drop(FLOOD))
    released = stage.decide(receipt, DropAction.RELEASE)
    after, notified = stage.told_of(released)
    assert (after.state, after.arrests.accepted, len(notified)) == (ReceiptState.TAKEN, 101, 101)
    assert (after.drop_id, stage.standing(receipt)) == (receipt.drop_id, DropStatus.RELEASED)
    assert stage.told_of(stage.decide(receipt, DropAction.RELEASE))[1] == []


def test_a_discarded_flood_is_never_told_of_until_a_later_drop_says_it_again(stage: Stage) -> None:
    receipt, _ = stage.told_of(stage.drop(FLOOD))
    discarded, notified = stage.told_of(stage.decide(receipt, DropAction.DISCARD))
    assert (discarded.state, notified) == (ReceiptState.DISCARDED, [])
    _, notified = stage.told_of(stage.drop(a_drop(a_row(7))))
    assert notified == ["T-7"]
    with pytest.raises(InvalidTransitionError, match="replay"):
        stage.decide(receipt, DropAction.RELEASE)


def test_of_what_was_told_before_a_flood_changes_nothing_for_readers_until_it_is_released(stage: Stage) -> None:
    stage.told_of(stage.drop(a_drop(a_row(1))))
    (item,) = stage.arrests()
    before = stage.tables.arrests.find(item["arrest_id"]["S"])
    receipt, _ = stage.told_of(stage.drop(a_drop(*(a_row(number, Class="F") for number in range(101)))))
    assert receipt.state is ReceiptState.HELD
    assert stage.tables.arrests.find(item["arrest_id"]["S"]) == before
    stage.told_of(stage.decide(receipt, DropAction.RELEASE))
    assert stage.tables.arrests.find(item["arrest_id"]["S"]).charges[0].charge_class == "felony"


def test_a_drop_whose_file_is_gone_is_told_of_no_more_and_can_be_discarded(stage: Stage) -> None:
    drop = stage.drop(FLOOD)
    receipt, _ = stage.told_of(drop)
    stage.s3.delete_object(Bucket="feeds", Key=drop.key)  # that version itself is still there
    stage.decide(receipt, DropAction.RELEASE)
    stage.decide(receipt, DropAction.REPLAY)
    another = stage.drop(FLOOD.replace(b"T-", b"U-"))
    receipt, _ = stage.told_of(another)
    for stored in stage.s3.list_objects_v2(Bucket="copies")["Contents"]:  # as the lifecycle does, after its days
        stage.s3.delete_object(Bucket="copies", Key=stored["Key"])
    sent = len(stage.sent)
    with pytest.raises(InvalidTransitionError, match="send it again"):
        stage.decide(receipt, DropAction.RELEASE)
    stage.decide(receipt, DropAction.DISCARD)
    assert (stage.standing(receipt), len(stage.sent)) == (DropStatus.DISCARDED, sent)


def test_a_drop_that_is_being_read_is_not_read_anew(stage: Stage) -> None:
    drop = stage.drop(USUAL)
    stage.tables.drops.begin(drop, drop.id(PSEUDONYMS))
    record = stage.tables.drops.find("testville", drop.id(PSEUDONYMS))
    assert record
    with pytest.raises(InvalidTransitionError, match="wait for its receipt"):
        decide_drop(record, DropAction.REPLAY, "kay@da.example.gov", stage.deciding, NOW)


def test_what_is_usual_is_learned_from_what_was_taken(stage: Stage) -> None:
    for nth in range(5):
        stage.take_in(stage.drop(a_drop(a_row(nth)), "elsewhere/in/x.csv"))
        rows = (a_row(nth * 100 + number) for number in range(30))
        assert stage.take_in(stage.drop(a_drop(*rows))).state is ReceiptState.TAKEN
    assert stage.take_in(stage.drop(FLOOD)).state is ReceiptState.TAKEN
    assert stage.take_in(stage.drop(a_drop(a_row(1)))).volume is VolumeVerdict.THIN


def test_a_replay_tells_of_everything_again_or_of_nothing(stage: Stage) -> None:
    receipt, _ = stage.told_of(stage.drop(USUAL))
    assert len(stage.told_of(stage.decide(receipt, DropAction.REPLAY))[1]) == 20
    stage.profiles["testville"] = DAILY.replace("M: misdemeanor", "M: felony")
    after, notified = stage.told_of(stage.decide(receipt, DropAction.REPLAY_SILENTLY))
    assert (after.arrests.updated, notified) == (20, [])
    assert {document["charges"][0]["charge_class"] for document in map(_document, stage.arrests())} == {"felony"}
    with pytest.raises(InvalidTransitionError, match="replay"):
        stage.decide(receipt, DropAction.DISCARD)


def test_a_drop_that_would_tell_more_people_than_its_profile_allows_is_held_from_there_on(stage: Stage) -> None:
    names = ("Quillfeather", "Ostrander", "Abernathy", "Zimmermann", "Livingwell", "Bosworth")
    for nth, surname in enumerate(names):
        email, born = f"p{nth}@da.example.gov", f"{1960 + 5 * nth}-0{nth + 1}-1{nth}"
        stage.tables.users.add(a_user(email))
        watch = {"watch": "person", "surname": surname, "given": "Given", "date_of_birth": born}
        stage.tables.watch_list.add(a_subscription(watch, owner=email, recipients=[{"email": email}]))
    rows = (a_row(nth, Last=surname, Born=f"0{nth + 1}/1{nth}/{1960 + 5 * nth}") for nth, surname in enumerate(names))
    receipt = stage.take_in(stage.drop(a_drop(*rows)))
    records = [{"dynamodb": {"NewImage": item}} for item in stage.arrests()]
    versions = versions_in(records)
    summaries = [match_versions([version], stage.match_deps, NOW) for version in versions]
    assert ([summary.alerts for summary in summaries], [summary.held for summary in summaries]) == (
        [1, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 1, 1],
    )
    assert stage.standing(receipt) is DropStatus.HELD
    _, notified = stage.told_of(stage.decide(receipt, DropAction.RELEASE))
    assert len(notified) == 3
    assert (
        sum(
            match_versions([version], stage.match_deps, NOW).alerts
            for version in versions
            if version.arrest.number in notified
        )
        == 3
    )


def _document(item: dict[str, Any]) -> Any:
    return json.loads(item["doc"]["S"])


def test_68_an_agency_is_silent_when_its_next_drop_does_not_come_within_twice_its_interval(stage: Stage) -> None:
    older, drop = stage.drop(a_drop(a_row(1))), stage.drop(a_drop(a_row(2)))
    stage.take_in(drop)
    stage.take_in(older)  # read late, it moves nothing back
    last = drop.dropped_at
    assert stage.tables.drops.silent_agencies(last + timedelta(hours=48)) == []
    assert stage.tables.drops.silent_agencies(last + timedelta(hours=49)) == ["testville"]
    stage.take_in(stage.drop(a_drop(a_row(3))))
    assert stage.tables.drops.silent_agencies(last + timedelta(hours=48, seconds=30)) == []


def test_an_agency_of_which_no_interval_is_known_is_never_silent(stage: Stage) -> None:
    stage.take_in(stage.drop(a_drop(a_row(1)), "elsewhere/in/day.csv"))
    assert stage.tables.drops.silent_agencies(NOW + timedelta(days=900)) == []
