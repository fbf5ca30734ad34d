"""Once a day: tell each person how many possible matches wait for them, and since when. Names nobody.

Whoever gets a digest that day reads it there instead. Whoever wants no digest gets no mail; what waits stands in
`GET /v1/me` and in a report.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.alerts.delivery.messages.digest import daily_digest_id
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.notice_text import WAITING_PATH, waiting_sections, waiting_title
from shared.alerts.delivery.model import Enqueue
from shared.alerts.model import derived_id
from shared.alerts.reviews.waiting import WaitingReviews, waiting_reviews
from shared.alerts.table import AlertsTable
from shared.aws.rounds import Piece, Round, RoundsTable, go_on
from shared.offices.model import Office
from shared.offices.preferences import Preferences, first_instant, quiet_until
from shared.offices.preferences_table import PreferencesTable
from shared.offices.recipient import Recipient
from shared.offices.table import OfficesTable
from shared.subscriptions.table import SubscriptionsTable
from shared.words import words

_ROUND = timedelta(hours=1)


@dataclass(frozen=True)
class AnnounceDeps:
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    preferences: PreferencesTable
    alerts: AlertsTable
    enqueue: Enqueue
    rounds: RoundsTable


def announce_reviews(deps: AnnounceDeps, now: datetime) -> int:
    """Returns how many people were told, in a round through all offices that begins every hour. May run any number of
    times a day: each is told once."""

    def pieces(current: Round) -> Iterator[Piece]:
        for office in deps.offices.each_office(current.after):
            if not office.suspended:
                yield Piece(office.office_id, _announce_in(office, deps, now))

    return go_on(deps.rounds, "reviews", _ROUND, pieces, now)


def _announce_in(office: Office, deps: AnnounceDeps, now: datetime) -> int:
    waiting = waiting_reviews(office, deps.alerts.reviews, deps.subscriptions, now)
    return sum(_announce(office, email, waiting[email], deps, now) for email in sorted(waiting))


def _announce(office: Office, email: str, waiting: WaitingReviews, deps: AnnounceDeps, now: datetime) -> bool:
    preferences = deps.preferences.find(office.office_id, email)
    day = announcement_day(preferences, office.zone, now)
    if day is None or _reads_it_in_digest(office, email, preferences, day, deps):
        return False
    notice = Notice(
        notice_id=derived_id("reviews waiting", office.office_id, email, day.isoformat()),
        office_id=office.office_id,
        email=email,
        title=waiting_title(waiting),
        lines=(),
        sections=waiting_sections(waiting, preferences.zone(office.zone), now),
        path=WAITING_PATH,
        opens=words("waiting.open"),
        waiting=waiting.number,
        created_at=now,
    )
    if not deps.alerts.notices.store(notice):
        return False
    deps.enqueue([notice.delivery.key])
    return True


def announcement_day(preferences: Preferences, office_zone: ZoneInfo, now: datetime) -> date | None:
    """The day in the person's zone whose announcement is due: at the time of their digest or, if that lies in quiet
    hours, at their end, which may be on the next day. None while nothing is due."""
    zone = preferences.zone(office_zone)
    if not preferences.digest_by_mail or preferences.is_muted(now) or quiet_until(preferences.quiet, zone, now):
        return None
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        instant = first_instant(day, preferences.digest_at, zone)
        due = quiet_until(preferences.quiet, zone, instant) or instant
        if due <= now and due.astimezone(zone).date() == today:
            return day
    return None


def _reads_it_in_digest(office: Office, email: str, preferences: Preferences, day: date, deps: AnnounceDeps) -> bool:
    """Whether a digest of that day goes to this person. One of which nothing may be told does not go."""
    due = first_instant(day, preferences.digest_at, preferences.zone(office.zone)).astimezone(UTC)
    digest = deps.alerts.digests.find(daily_digest_id(office.office_id, Recipient.from_email(email), due))
    if digest is None:
        return False
    delivery = deps.alerts.deliveries.find(digest.delivery.key)
    return delivery is None or not delivery.state.missed_the_reader
