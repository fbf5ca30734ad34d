"""Possible matches that wait are announced: once a day, at the person's own time, in numbers alone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.alerts.announce_reviews import AnnounceDeps, announce_reviews, announcement_day
from shared.alerts.decide_review import ReviewDeps, decide_review
from shared.alerts.match_arrests import MatchDeps
from shared.alerts.reviews.model import ReviewVerdict
from shared.arrests.model import Arrest
from shared.aws.rounds import RoundsTable
from shared.offices.agreements import OfficeAgreements
from shared.offices.preferences import Preferences
from shared.subscriptions.folders.model import Folder, FolderTree, Role, Tab
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import (
    CHARGE_WATCH,
    NAME_WATCH,
    NOW,
    PSEUDONYMS,
    a_subscription,
    a_user,
    an_arrest,
    an_office,
    discard,
)
from tests.conftest import Tables
from tests.offices.test_agreements import an_agreement

BO, CY = "bo@da.example.gov", "cy@da.example.gov"
MORNING = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)  # 07:30 in New York, the next day


def nearly_pat(number: str, year: int) -> Arrest:
    return an_arrest(number, sid=None, born=date(year, 9, 28))


class Desk:
    """An office with its post, one watch of Ada's, and the hourly job."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.post = tables, Post(tables)
        tables.offices.enrol(an_office())
        for email in (ADA, BO, CY):
            tables.users.add(a_user(email))
        self.deps = AnnounceDeps(
            tables.offices,
            tables.subscriptions,
            tables.people,
            tables.alerts,
            self.post.queue.extend,
            RoundsTable(tables.client, "Subscriptions"),
        )

    def happens(self, *arrests: Arrest) -> None:
        for arrest in arrests:
            self.post.happens(arrest)
        self.post.queue.clear()

    def hour(self, now: datetime, times: int = 2) -> list[tuple[str, str]]:
        """The mails of one hour, in which the job runs so many times."""
        self.post.now, self.post.mails = now, []
        for _ in range(times):
            announce_reviews(self.deps, now)
        self.post.work()
        return sorted(self.post.sent_subjects())

    def decides(self, verdict: ReviewVerdict) -> None:
        review = next(self.tables.alerts.reviews.waiting("kings"))
        matching = MatchDeps(
            self.tables.watch_list, self.tables.subscriptions, self.tables.offices, self.tables.alerts, PSEUDONYMS,
            discard,
        )  # fmt: skip
        decide_review(review, verdict, ADA, ReviewDeps(matching, self.tables.arrests), self.post.now)


@pytest.fixture
def desk(tables: Tables) -> Desk:
    return Desk(tables)


def test_ta8_the_owner_hears_once_a_day_how_many_wait_and_since_when_and_no_name(desk: Desk) -> None:
    desk.post.watch(criterion=NAME_WATCH)
    desk.happens(nearly_pat("K-1", 1981), nearly_pat("K-2", 1982))

    told = [desk.hour(MORNING + timedelta(hours=hour)) for hour in range(-1, 25)]

    assert [mails for mails in told if mails] == [[(ADA, "2 possible matches are waiting for you")]] * 2
    assert [hour for hour, mails in enumerate(told) if mails] == [1, 25], "at her digest's time, and a day later"
    (text,) = (message.text for _, message, _ in desk.post.mails)
    assert "The oldest came on Fri, Nov 20, 2026 (1 day ago)." in text
    assert "/console/possible-matches" in text
    assert "PAT" not in text.upper().replace("PATH", "")


def test_ta8_what_was_decided_closed_or_is_not_shared_any_more_does_not_count(desk: Desk) -> None:
    desk.post.watch(criterion=NAME_WATCH)
    desk.happens(nearly_pat("K-1", 1981), nearly_pat("K-2", 1982))
    desk.decides(ReviewVerdict.DISMISSED)
    assert desk.hour(MORNING) == [(ADA, "1 possible match is waiting for you")]
    announce_reviews(desk.deps, MORNING + timedelta(days=1))
    desk.decides(ReviewVerdict.DISMISSED)
    desk.post.mails = []
    desk.post.work()
    assert desk.post.mails == [], "decided between the job and the sender"
    desk.happens(nearly_pat("K-3", 1973))
    ended = OfficeAgreements(office_id="kings", agreements=(an_agreement(ends=date(2026, 11, 1)),), revision=1)
    desk.tables.subscriptions.agreements.save(ended)
    assert desk.hour(MORNING + timedelta(days=2)) == []


def test_ta8_owners_and_editors_of_the_folder_hear_and_visitors_and_removed_users_do_not(desk: Desk) -> None:
    roles = {BO: Role.EDITOR, CY: Role.VISITOR, "gone@da.example.gov": Role.OWNER}
    desk.tables.users.add(a_user("gone@da.example.gov", deprovisioned_at=NOW))
    folder = Folder(folder_id=uuid4().hex, tab=Tab.TEAM, name="Gangs", roles=roles)
    desk.tables.subscriptions.folders.save(FolderTree(office_id="kings", folders=(folder,), revision=1))
    watch = a_subscription(NAME_WATCH, folders=(folder.folder_id,), recipients=[])
    desk.tables.watch_list.add(watch)
    desk.happens(nearly_pat("K-1", 1981))

    assert desk.hour(MORNING) == [(email, "1 possible match is waiting for you") for email in (ADA, BO)]


@pytest.mark.parametrize(
    ("preferences", "now", "day"),
    [
        ({}, "2026-11-21 06:59", None),
        ({}, "2026-11-21 07:00", "2026-11-21"),
        ({}, "2026-11-21 23:00", "2026-11-21"),
        ({"digest_at": "16:00"}, "2026-11-21 15:59", None),
        ({"time_zone": "America/Los_Angeles"}, "2026-11-21 09:59", None),
        ({"time_zone": "America/Los_Angeles"}, "2026-11-21 10:00", "2026-11-21"),
        ({"quiet": {"start": "06:00", "until": "09:00"}}, "2026-11-21 08:00", None),
        ({"quiet": {"start": "06:00", "until": "09:00"}}, "2026-11-21 09:00", "2026-11-21"),
        ({"quiet": {"start": "05:00", "until": "02:00"}}, "2026-11-21 03:00", "2026-11-20"),
        ({"digest_by_mail": False}, "2026-11-21 12:00", None),
        ({"muted_until": "2026-12-01T00:00:00Z"}, "2026-11-21 12:00", None),
    ],
)
def test_ta8_it_comes_at_the_time_of_the_digest_outside_quiet_hours_and_to_nobody_who_wants_none(
    preferences: dict[str, Any], now: str, day: str | None
) -> None:
    zone = an_office().zone
    instant = datetime.fromisoformat(now).replace(tzinfo=zone).astimezone(UTC)
    due = announcement_day(Preferences.model_validate(preferences), zone, instant)
    assert due == (date.fromisoformat(day) if day else None)


def test_ta8_whoever_gets_a_digest_that_day_reads_it_there_and_gets_no_second_mail(desk: Desk) -> None:
    desk.post.watch(criterion=NAME_WATCH)
    desk.post.watch(criterion=CHARGE_WATCH, urgency="digest")
    desk.post.happens(nearly_pat("K-1", 1981))
    desk.post.work()
    due = datetime.combine(MORNING.date(), time(7), an_office().zone).astimezone(UTC)
    assert desk.hour(due) == [], "the digest waits to be sent"

    desk.post.passes(hours=1)

    ((address, message, _),) = desk.post.mails
    assert (address, "1 possible match is waiting for you" in message.text) == (ADA, True)
    assert "in your digest" in message.subject
    assert desk.hour(due + timedelta(hours=2)) == []
