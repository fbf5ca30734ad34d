"""A person's word on a possible match: confirmed, it is told; dismissed, it is remembered and never asked again."""

from dataclasses import dataclass
from datetime import datetime

from shared.alerting import Alerting, tell
from shared.domain.reviews import Review, Verdict
from shared.tables.arrests import ArrestsTable
from shared.tables.watch_list import Overtaken


@dataclass(frozen=True)
class Reviewing:
    alerting: Alerting
    arrests: ArrestsTable


def decide(review: Review, verdict: Verdict, by: str, at: Reviewing, now: datetime) -> Review:
    """Raises Overtaken when somebody else said another word first. Confirming again tells again what was not told: the
    attempt before may have died between the two."""
    after = review if review.verdict is verdict else review.decided(verdict, by, now)
    if after is not review and not at.alerting.alerts.reviews.decide(review, after):
        raise Overtaken
    if verdict is Verdict.CONFIRMED:
        tell(at.arrests.versions(after.arrests), at.alerting, now)
    return after
