"""Decide a review: an owner confirms or dismisses a possible match. A confirmed match is notified; a dismissed one is
remembered and never asked about again. Dismissing what was confirmed takes back what was told of it."""

from dataclasses import dataclass
from datetime import datetime

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.reviews.model import Review, ReviewVerdict
from shared.alerts.withdraw import WithdrawDeps, take_back_match
from shared.arrests.table import ArrestsTable
from shared.aws.optimistic_lock import ConflictError


@dataclass(frozen=True)
class ReviewDeps:
    matching: MatchDeps
    arrests: ArrestsTable


def decide_review(review: Review, verdict: ReviewVerdict, by: str, deps: ReviewDeps, now: datetime) -> Review:
    """Stores the verdict. Confirming matches the review's arrests again; dismissing takes back what was told of them.

    The same verdict twice does the same twice: an earlier attempt may have died after it stored the verdict. Raises
    ConflictError when somebody else has decided the review in between.
    """
    reviews = deps.matching.alerts.reviews
    after = review if review.verdict is verdict else review.with_verdict(verdict, by, now)
    if after is not review and not reviews.replace(review, after):
        raise ConflictError
    if verdict is ReviewVerdict.CONFIRMED:
        match_versions(deps.arrests.versions(after.arrests), deps.matching, now)
        after = reviews.find(after.review_id) or after
    if after.verdict is ReviewVerdict.DISMISSED:  # also if somebody did so while it was matched
        take_back_match(after, WithdrawDeps(deps.matching.alerts, deps.matching.enqueue), now)
    return after
