"""A feed seals and expunges only where its agency has permitted that, in writing and on record."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.feeds.drops.receipt import Receipt
from shared.feeds.profiles.enrolment import AgencyEnrolment, SealPermission, permits_seals
from shared.feeds.profiles.parse import parse_profile
from tests.conftest import Tables
from tests.feeds.intake.test_events import HEADER, PROFILE
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.intake.test_split_large import Workers

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BOOKING, SEALS = (
    "BKG,7,11/01/2026,,Example,Pat,A1,,Theft",
    ["SEAL,7,,,,,,,CPL 160.50", "EXP,7,,,,,,,160.50", "XID,,,,,,A1,,"],
)


def a_file(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


@pytest.fixture
def jail(tables: Tables) -> Feeds:
    """The intake with the permissions as the product stores them."""
    feeds = Feeds(tables, jail=PROFILE)
    tables.agencies.enrol("jail", PROFILE)
    feeds.ask_table()
    return feeds


def enrolment(*, seals_by_feed: bool) -> AgencyEnrolment:
    return AgencyEnrolment(agency="jail", seals_by_feed=seals_by_feed, document="MOU 7", recorded_at=NOW)


@pytest.mark.parametrize("large", [False, True])
def test_tc1_a_feed_seals_only_with_its_agencys_recorded_permission(jail: Feeds, large: bool) -> None:
    def take_in(*rows: str) -> Receipt:
        drop = jail.drop(a_file(*rows), "jail/in/day.csv")
        return Workers(jail, rows=2).take_in(drop) if large and len(rows) > 1 else jail.take_in(drop)

    take_in(BOOKING)
    refused = take_in(*SEALS, BOOKING.replace("7", "8"))
    assert refused.rejected == {"seal-permission": 3}
    assert (refused.seals, refused.identity_events, refused.rows.accepted) == (0, 0, 1)
    rejects = jail.body(refused.rejects_key or "").decode()
    assert rejects.count("--seals-by-feed") == 3, "each row says what to ask for"
    assert all("doc" in item for item in jail.arrests()), "nothing is sealed"
    jail.tables.agencies.record_enrolment(enrolment(seals_by_feed=True))
    assert jail.take_in(jail.drop(a_file(*SEALS), "jail/in/again.csv")).rejected == {}
    assert [item["content"]["S"] for item in jail.arrests() if "content" in item].count("sealed") == 1
    jail.tables.agencies.record_enrolment(enrolment(seals_by_feed=False))
    assert jail.take_in(jail.drop(a_file(SEALS[0]), "jail/in/late.csv")).rejected == {"seal-permission": 1}


def test_tc1_a_profile_that_the_operator_stored_before_permissions_were_recorded_goes_on_until_it_is_replaced(
    jail: Feeds,
) -> None:
    """As the release before stored it: the same document, without the attribute."""
    agencies, key = jail.tables.agencies, {"agency": {"S": "jail"}, "part": {"S": "profile"}}
    forget: Any = {"TableName": "Agencies", "Key": key, "UpdateExpression": "REMOVE permissions_recorded"}
    jail.tables.client.update_item(**forget)
    assert agencies.seal_permission("jail") is SealPermission.AS_BEFORE
    assert jail.take_in(jail.drop(a_file(SEALS[0]), "jail/in/day.csv")).seals == 1
    without_words = parse_profile(PROFILE.replace("SEAL: seal, EXP: expungement", "X: release").replace(
        "XID: identity expunged,", ""))  # fmt: skip
    assert not permits_seals(SealPermission.AS_BEFORE, without_words), "a word in a column alone was no permission"
    agencies.replace("jail", PROFILE + "\n", 1, "kay@da.example.gov", NOW)
    jail.tables.client.update_item(**forget)
    assert agencies.seal_permission("jail") is SealPermission.NOT_GRANTED, "somebody with the right `feeds` stored it"
    agencies.enrol("jail", PROFILE)
    assert agencies.seal_permission("jail") is SealPermission.NOT_GRANTED
