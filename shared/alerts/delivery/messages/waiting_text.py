"""What is said of possible matches that wait for their reader: how many, and since when. It names nobody. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.alerts.delivery.messages.page import Section
from shared.alerts.reviews.waiting import WaitingReviews

WAITING_PATH = "/v1/reviews"


def waiting_title(waiting: WaitingReviews) -> str:
    if waiting.number == 1:
        return "1 possible match waits for you"
    return f"{waiting.number} possible matches wait for you"


def waiting_sections(waiting: WaitingReviews, zone: ZoneInfo, now: datetime) -> tuple[Section, ...]:
    days = (now - waiting.oldest).days
    age = f"{days} day{'' if days == 1 else 's'}" if days else "less than a day"
    oldest = f"The oldest waits since {waiting.oldest.astimezone(zone):%Y-%m-%d} ({age})."
    return (
        Section(heading="Possible matches", lines=(f"{waiting_title(waiting)}. {oldest}",)),
        Section(
            heading="What to do",
            lines=("Compare both sides of each, and confirm or dismiss it. Nobody is alerted before that.",),
        ),
    )
