"""Files that come as objects of their own and belong together: whichever comes first, twice, late or never."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from shared.feeds.drops.decide import DropAction, InvalidTransitionError
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.drops.waiting import overdue_drops
from shared.feeds.intake.process_drop import process_drop
from tests.conftest import Tables
from tests.feeds.cases import PROFILES
from tests.feeds.intake.test_copies import decided, forget_arrests, in_copies, in_feeds, rejects, texts
from tests.feeds.intake.test_process_drop import DROPPED, Feeds
from tests.feeds.layouts.several_files import BOOKINGS, CHARGES, RELEASES, a_booking, a_charge, a_file, archive

AGENCY = "sheriff-files"
TEXT = (PROFILES / f"{AGENCY}.yaml").read_text()
TWO_BOOKINGS = a_file(BOOKINGS, a_booking(1), a_booking(2))
THREE_CHARGES = a_file(CHARGES, a_charge(1), a_charge(1, "PL 155.30"), a_charge(9))


@pytest.fixture
def feeds(tables: Tables) -> Feeds:
    return Feeds(tables)


def dropped(feeds: Feeds, name: str, content: bytes) -> Drop:
    return feeds.drop(content, f"{AGENCY}/in/{name}")


def handled(feeds: Feeds, drop: Drop, after: timedelta = timedelta(minutes=10)) -> Receipt:
    """Handles the event of a drop so long after the first drop."""
    now: datetime = DROPPED + after
    receipt = process_drop(drop, feeds.intake, lambda: now)
    assert receipt
    return receipt


def stored_receipt(feeds: Feeds, drop: Drop) -> Receipt:
    record = feeds.tables.drops.find(AGENCY, drop.id(feeds.intake.pseudonyms))
    assert record
    assert record.receipt
    return record.receipt


def what_is_stored(feeds: Feeds) -> set[str]:
    return {item["doc"]["S"] for item in feeds.versions()}


def handled_in_all(feeds: Feeds, drops: Iterable[Drop]) -> None:
    for drop in drops:
        handled(feeds, drop)


def test_a_file_waits_for_its_partner_and_both_get_their_receipts(feeds: Feeds) -> None:
    charges = dropped(feeds, "charges_1120.csv", THREE_CHARGES)
    waiting = handled(feeds, charges)
    assert (waiting.state, waiting.code) == (ReceiptState.WAITING, "waiting")
    assert waiting.reason == "It waits for the `bookings` file until 2026-11-20 10:01 UTC."
    assert feeds.arrests() == []
    assert feeds.tables.drops.attention.of(AGENCY).waiting == {waiting.drop_id}

    bookings = dropped(feeds, "bookings_1120.csv", TWO_BOOKINGS)
    receipt = handled(feeds, bookings)
    assert receipt.state is ReceiptState.TAKEN
    assert (receipt.rows.read, receipt.rows.accepted, receipt.rows.rejected) == (5, 4, 1)
    assert [(file.layout, file.rows.read, file.rows.rejected) for file in receipt.files] == [
        ("bookings", 2, 0),
        ("charges", 3, 1),
    ]
    joined = stored_receipt(feeds, charges)
    assert (joined.joined_to, joined.rows.read, joined.rows.accepted) == (receipt.drop_id, 3, 2)
    assert joined.rejects_key == receipt.rejects_key
    assert joined.arrests.read == 0
    assert len(feeds.arrests()) == 2


ORDERS = list(permutations(range(3)))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("events", [1, 2])
def test_the_same_is_stored_in_whatever_order_and_however_often_the_events_come(
    tables: Tables, order: tuple[int, ...], events: int
) -> None:
    feeds = Feeds(tables)
    drops = [
        dropped(feeds, "charges_1120.csv", THREE_CHARGES),
        dropped(feeds, "bookings_1120.csv", TWO_BOOKINGS),
        dropped(feeds, "charges_1120.csv", a_file(CHARGES, a_charge(1), a_charge(2))),  # sent again, corrected
    ]
    for _ in range(events):
        handled_in_all(feeds, [drops[number] for number in order])
    statutes = sorted(text.count('"statute"') for text in what_is_stored(feeds))
    assert statutes == [1, 1], "the charges that were sent last count"
    receipt = stored_receipt(feeds, drops[1])
    assert (receipt.state, receipt.rows.read, receipt.rows.rejected) == (ReceiptState.TAKEN, 4, 0)
    assert stored_receipt(feeds, drops[2]).joined_to == receipt.drop_id


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (1, 0, 3, 2), (3, 2, 0, 1), (0, 3, 1, 2)])
def test_files_without_a_stamp_belong_together_if_they_came_together(feeds: Feeds, order: tuple[int, ...]) -> None:
    first = [dropped(feeds, "bookings.csv", TWO_BOOKINGS), dropped(feeds, "charges.csv", THREE_CHARGES)]
    second = [
        dropped(feeds, "charges.csv", a_file(CHARGES, a_charge(4))),
        dropped(feeds, "bookings.csv", a_file(BOOKINGS, a_booking(4))),
    ]
    drops = [*first, *second]
    handled_in_all(feeds, [drops[number] for number in order])
    assert stored_receipt(feeds, first[1]).joined_to == stored_receipt(feeds, first[0]).drop_id
    assert (stored_receipt(feeds, first[0]).rows.read, stored_receipt(feeds, second[1]).rows.read) == (5, 2)
    assert sorted(text.count('"statute"') for text in what_is_stored(feeds)) == [0, 1, 2]


def test_a_partner_that_does_not_come_refuses_the_file_and_one_that_comes_late_has_it_read(feeds: Feeds) -> None:
    bookings = dropped(feeds, "bookings_1120.csv", TWO_BOOKINGS)
    assert handled(feeds, bookings).state is ReceiptState.WAITING
    refused = handled(feeds, bookings, timedelta(minutes=61))
    assert (refused.state, refused.code) == (ReceiptState.REFUSED, "partner-missing")
    assert feeds.arrests() == []
    charges = dropped(feeds, "charges_1120.csv", THREE_CHARGES)
    assert handled(feeds, charges, timedelta(hours=3)).state is ReceiptState.TAKEN
    assert stored_receipt(feeds, bookings).state is ReceiptState.TAKEN
    assert len(feeds.arrests()) == 2


def test_a_file_is_read_without_its_partner_where_the_profile_says_so_and_corrected_by_a_late_one(
    tables: Tables,
) -> None:
    feeds = Feeds(tables, **{AGENCY: TEXT.replace("missing: refuse", "missing: read")})
    bookings = dropped(feeds, "bookings_1120.csv", TWO_BOOKINGS)
    handled(feeds, bookings)
    alone = handled(feeds, bookings, timedelta(minutes=61))
    assert (alone.rows.accepted, [*alone.flags.values()]) == (2, [2])
    late = handled(feeds, dropped(feeds, "charges_1120.csv", THREE_CHARGES), timedelta(minutes=70))
    assert (late.rows.updated, late.flags) == (4, {})
    assert len(feeds.arrests()) == 2


def test_files_of_an_archive_are_one_drop_and_wait_for_nobody(feeds: Feeds) -> None:
    members = {
        "bookings.csv": TWO_BOOKINGS,
        "charges.csv": THREE_CHARGES,
        "releases.csv": a_file(RELEASES, "B-1,SurnameB,Given,04/05/1981,11/20/2026"),
    }
    receipt = handled(feeds, dropped(feeds, "day.zip", archive(members)))
    assert [(file.layout, file.rows.read) for file in receipt.files] == [
        ("bookings", 2),
        ("charges", 3),
        ("releases", 1),
    ]
    del members["charges.csv"]
    assert handled(feeds, dropped(feeds, "other.zip", archive(members))).code == "partner-missing"


def test_a_file_that_no_layout_claims_is_refused_with_their_patterns(feeds: Feeds) -> None:
    receipt = handled(feeds, dropped(feeds, "roster.csv", TWO_BOOKINGS))
    assert (receipt.state, receipt.code) == (ReceiptState.REFUSED, "layout")
    assert "`bookings*.csv` (bookings), `charges*.csv` (charges), `releases*.csv` (releases)" in receipt.reason


def test_a_file_that_stands_alone_is_read_by_its_layout_and_again_by_it(feeds: Feeds) -> None:
    rows = a_file(RELEASES, "B-1,SurnameB,Given,04/05/1981,11/20/2026")
    drop = dropped(feeds, "releases.csv", rows)
    first = handled(feeds, drop)
    assert first.rows.accepted == 1
    forget_arrests(feeds)
    decided(feeds, first, DropAction.REPLAY)
    assert handled(feeds, drop).rows.accepted == 1


@pytest.mark.parametrize("way", ["objects", "archive"])
def test_a_replay_reads_the_cleaned_copies_of_all_files_with_the_same_result(feeds: Feeds, way: str) -> None:
    bookings = a_file(BOOKINGS, a_booking(1), a_booking(2), a_booking(3), a_booking(3, last="Other"))
    charges = a_file(CHARGES, a_charge(1), a_charge(9), a_charge(3))
    if way == "archive":
        drop = dropped(feeds, "day.zip", archive({"bookings.csv": bookings, "charges.csv": charges}))
        drops = [drop]
    else:
        drop = dropped(feeds, "bookings_1.csv", bookings)
        drops = [drop, dropped(feeds, "charges_1.csv", charges)]
    handled_in_all(feeds, drops)
    first, stored = stored_receipt(feeds, drop), what_is_stored(feeds)
    assert (first.rows.accepted, first.rows.rejected) == (3, 4)
    rejected = rejects(feeds, first)
    assert in_feeds(feeds) == []
    for key in [key for key in in_copies(feeds) if key.startswith("raw/")]:
        feeds.s3.delete_object(Bucket="copies", Key=key)
    forget_arrests(feeds)
    decided(feeds, first, DropAction.REPLAY)
    again = handled(feeds, drop)
    assert again.model_dump(exclude={"finished_at"}) == first.model_dump(exclude={"finished_at"})
    assert what_is_stored(feeds) == stored
    assert rejects(feeds, again) == rejected


def test_a_partner_cannot_be_replayed_by_itself_and_a_waiting_file_not_at_all(feeds: Feeds) -> None:
    charges = dropped(feeds, "charges_1.csv", THREE_CHARGES)
    waiting = handled(feeds, charges)
    with pytest.raises(InvalidTransitionError, match="waits for other files"):
        decided(feeds, waiting, DropAction.REPLAY)
    receipt = handled(feeds, dropped(feeds, "bookings_1.csv", TWO_BOOKINGS))
    with pytest.raises(InvalidTransitionError, match=f"read with the drop {receipt.drop_id}"):
        decided(feeds, stored_receipt(feeds, charges), DropAction.REPLAY)


def test_a_seal_takes_the_rows_of_its_arrest_out_of_the_copies_of_all_files(tables: Tables) -> None:
    text = TEXT.replace("    event: release\n", "    event: seal\n")
    feeds = Feeds(tables, **{AGENCY: text.replace("event_date: Released", "seal_statute: Released")})
    drops = [dropped(feeds, "bookings_1.csv", TWO_BOOKINGS), dropped(feeds, "charges_1.csv", THREE_CHARGES)]
    handled_in_all(feeds, drops)
    assert texts(feeds).count("B-1") == 4
    sealed = handled(feeds, dropped(feeds, "releases.csv", a_file(RELEASES, "B-1,,,,CPL 160.50")))
    assert sealed.seals == 1
    assert "B-1" not in texts(feeds)
    first = stored_receipt(feeds, drops[0])
    decided(feeds, first, DropAction.REPLAY)
    again = handled(feeds, drops[0])
    assert (again.rows.read, again.rows.skipped, again.rows.rejected) == (5, 3, 1)
    assert [(file.rows.read, file.rows.skipped) for file in again.files] == [(2, 1), (3, 2)]


def test_the_sweep_finds_files_that_waited_long_enough_and_forgets_those_that_were_read(feeds: Feeds) -> None:
    waiting, read = dropped(feeds, "bookings_1.csv", TWO_BOOKINGS), dropped(feeds, "bookings_2.csv", TWO_BOOKINGS)
    handled_in_all(feeds, [waiting, read, dropped(feeds, "charges_2.csv", THREE_CHARGES)])
    drops = feeds.tables.drops
    assert len(drops.attention.of(AGENCY).waiting) == 2
    assert [*overdue_drops(drops, DROPPED + timedelta(minutes=30))] == []
    assert len(drops.attention.of(AGENCY).waiting) == 1
    assert [*overdue_drops(drops, DROPPED + timedelta(minutes=62))] == [waiting]
    handled(feeds, waiting, timedelta(minutes=62))
    assert [*overdue_drops(drops, DROPPED + timedelta(minutes=63))] == []
    assert drops.attention.of(AGENCY).refused == {waiting.id(feeds.intake.pseudonyms)}
