"""A person's word on a possible match: confirmed, it is told; dismissed, it is remembered and never asked again."""

from dataclasses import dataclass
from datetime import datetime

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.reviews.model import Review, ReviewVerdict
from shared.arrests.table import ArrestsTable
from shared.subscriptions.index.table import ConflictError


@dataclass(frozen=True)
class ReviewDeps:
    alerting: MatchDeps
    arrests: ArrestsTable


def decide(review: Review, verdict: ReviewVerdict, by: str, deps: ReviewDeps, now: datetime) -> Review:
    """Raises ConflictError when somebody else said another word first. Confirming again tells again what was not told:
    the attempt before may have died between the two."""
    after = review if review.verdict is verdict else review.decided(verdict, by, now)
    if after is not review and not deps.alerting.alerts.reviews.decide(review, after):
        raise ConflictError
    if verdict is ReviewVerdict.CONFIRMED:
        match_versions(deps.arrests.versions(after.arrests), deps.alerting, now)
    return after
