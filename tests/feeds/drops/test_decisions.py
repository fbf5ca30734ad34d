"""What may be decided about a drop, and when it is held: plain values, without a table or a bucket."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.arrests.model import NotifyMode
from shared.feeds.drops.decide import LONGEST_READING, DropAction, InvalidTransitionError, decision_for
from shared.feeds.drops.model import Drop, DropDecision, DropRecord, DropStatus
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.drops.volume_check import VolumeBaseline, VolumeVerdict
from shared.feeds.intake.quarantine import may_hold, reason_to_hold, with_drop_status

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
DROP = Drop(key="testville/in/day.csv", size=10, dropped_at=NOW)


def a_receipt(state: ReceiptState = ReceiptState.TAKEN) -> Receipt:
    return Receipt(drop_id="d", agency="testville", key=DROP.key, size=10, dropped_at=NOW, finished_at=NOW, state=state)


def a_record(status: DropStatus, *, read_before: bool = True) -> DropRecord:
    return DropRecord(
        drop=DROP,
        drop_id="d",
        status=status,
        held_because="Too large.",
        receipt=a_receipt() if read_before else None,
    )


@pytest.mark.parametrize(
    ("status", "action", "after", "mode"),
    [
        (DropStatus.HELD, DropAction.RELEASE, DropStatus.RELEASED, NotifyMode.NOTIFY),
        (DropStatus.RELEASED, DropAction.RELEASE, DropStatus.RELEASED, NotifyMode.NOTIFY),
        (DropStatus.HELD, DropAction.DISCARD, DropStatus.DISCARDED, NotifyMode.HELD),
        (DropStatus.PASSED, DropAction.REPLAY, DropStatus.RELEASED, NotifyMode.REMATCH),
        (DropStatus.DISCARDED, DropAction.REPLAY_SILENTLY, DropStatus.RELEASED, NotifyMode.SILENT),
    ],
)
def test_a_decision_says_the_drops_new_status_and_how_its_arrests_are_stored(
    status: DropStatus, action: DropAction, after: DropStatus, mode: NotifyMode
) -> None:
    decision = decision_for(a_record(status), action, "kay@da.example.gov", NOW, file_exists=True)
    assert decision == DropDecision(status=after, notify_mode=mode, decided_by="kay@da.example.gov", decided_at=NOW)


@pytest.mark.parametrize(
    ("status", "action", "possible"),
    [
        (DropStatus.PASSED, DropAction.RELEASE, "it can be: replay, replay silently"),
        (DropStatus.PASSED, DropAction.DISCARD, "it can be: replay, replay silently"),
        (DropStatus.HELD, DropAction.REPLAY, "it can be: release, discard"),
    ],
)
def test_a_decision_that_does_not_fit_the_status_says_which_do(
    status: DropStatus, action: DropAction, possible: str
) -> None:
    with pytest.raises(InvalidTransitionError, match=possible):
        decision_for(a_record(status), action, "kay@da.example.gov", NOW, file_exists=True)


def test_a_drop_without_a_receipt_is_replayed_when_no_reading_of_it_can_be_under_way_any_more() -> None:
    record = a_record(DropStatus.PASSED, read_before=False)
    with pytest.raises(InvalidTransitionError, match="wait for its receipt"):
        decision_for(record, DropAction.REPLAY, "kay", NOW + LONGEST_READING - timedelta(seconds=1), file_exists=True)
    replay = decision_for(record, DropAction.REPLAY, "kay", NOW + LONGEST_READING, file_exists=True)
    assert replay.status is DropStatus.RELEASED


def test_without_its_file_a_drop_can_only_be_discarded() -> None:
    record = a_record(DropStatus.HELD)
    assert decision_for(record, DropAction.DISCARD, "kay", NOW, file_exists=False).status is DropStatus.DISCARDED
    with pytest.raises(InvalidTransitionError, match="send it again"):
        decision_for(record, DropAction.RELEASE, "kay", NOW, file_exists=False)


def test_a_stored_decision_and_receipt_keep_their_stored_names() -> None:
    """Items and objects of earlier releases have these names, and the API and the log show them."""
    decision = DropDecision(status=DropStatus.HELD, notify_mode=NotifyMode.HELD, decided_by="kay", decided_at=NOW)
    assert set(decision.model_dump()) == {"standing", "manner", "by", "at"}
    assert DropDecision.model_validate_json(decision.model_dump_json()) == decision
    assert a_receipt().model_dump(include={"volume"}) == {"amount": "usual"}


@pytest.mark.parametrize("status", list(DropStatus))
@pytest.mark.parametrize("read_before", [False, True])
def test_only_a_drop_that_is_read_for_the_first_time_can_be_held(status: DropStatus, read_before: bool) -> None:
    assert may_hold(a_record(status, read_before=read_before)) is (status is DropStatus.PASSED and not read_before)


@pytest.mark.parametrize("volume", list(VolumeVerdict))
@pytest.mark.parametrize("ended", [None, date(2026, 11, 1)])
def test_a_flood_is_held_and_a_drop_of_an_agency_whose_last_agreement_has_ended(
    volume: VolumeVerdict, ended: date | None
) -> None:
    reason = reason_to_hold(volume, 120, VolumeBaseline(records=20), ended)
    assert bool(reason) is (volume is VolumeVerdict.FLOOD or ended is not None)
    if ended and reason:
        assert "ended on 2026-11-01" in reason, "however many records it has"


@pytest.mark.parametrize(
    ("status", "state", "code"),
    [
        (DropStatus.PASSED, ReceiptState.TAKEN, ""),
        (DropStatus.RELEASED, ReceiptState.TAKEN, ""),
        (DropStatus.HELD, ReceiptState.HELD, "held"),
        (DropStatus.DISCARDED, ReceiptState.DISCARDED, "discarded"),
    ],
)
def test_a_receipt_says_that_its_drop_is_held_or_discarded_and_why(
    status: DropStatus, state: ReceiptState, code: str
) -> None:
    receipt = with_drop_status(a_receipt(), a_record(status), VolumeVerdict.FLOOD)
    assert (receipt.state, receipt.code, receipt.volume) == (state, code, VolumeVerdict.FLOOD)
    assert (receipt.reason == "Too large.") is bool(code)
    assert bool(receipt.fix) is bool(code)


@pytest.mark.parametrize("state", [ReceiptState.REJECTED, ReceiptState.REFUSED, ReceiptState.QUARANTINED])
def test_a_receipt_of_what_was_not_taken_stays_what_it_is(state: ReceiptState) -> None:
    assert with_drop_status(a_receipt(state), a_record(DropStatus.HELD), VolumeVerdict.USUAL).state is state


def test_each_decision_begins_another_reading_of_the_drop() -> None:
    first = a_record(DropStatus.HELD)
    decision = decision_for(first, DropAction.RELEASE, "kay", NOW, file_exists=True)
    later = decision.model_copy(update={"decided_at": NOW + timedelta(microseconds=1)})
    readings = [first, *(first.model_copy(update={"decision": made}) for made in (decision, later))]
    assert len({record.run_id for record in readings}) == 3
