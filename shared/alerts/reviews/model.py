"""A possible match waits for a person's word. The word holds for the pair: what is watched, and the person reported."""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime

from shared.alerts.model import Match
from shared.arrests.minimisation import NO_FIELDS, UNSHARED, WithheldFields
from shared.arrests.model import Arrest
from shared.matching.criteria import Reason
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.model import Subscription
from shared.value import FrozenModel

MOST_ARRESTS = 20  # kept of one pair; the newest


class ReviewVerdict(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Review(FrozenModel):
    """`reason` shows both sides, as watched and as reported; `arrests` are those of this reported person."""

    review_id: str
    office_id: str
    subscription_id: str
    owner: str
    arrests: tuple[str, ...]
    agency: str = ""  # that reported the first of them, and what `reason` shows
    reason: Reason
    withheld: WithheldFields = NO_FIELDS  # what the agreement did not share when this was found
    verdict: ReviewVerdict = ReviewVerdict.WAITING
    created_at: AwareDatetime
    decided_by: str = ""
    decided_at: AwareDatetime | None = None

    def as_agreed(self, withheld: WithheldFields) -> "Review":
        """As it may be shown now: what rests on parts that are withheld since is said no more."""
        if withheld <= self.withheld:
            return self
        return self.model_copy(update={"reason": Reason(sentence=UNSHARED, grade=self.reason.grade)})

    def with_arrest(self, arrest_id: str) -> "Review":
        if arrest_id in self.arrests:
            return self
        return self.model_copy(update={"arrests": (*self.arrests, arrest_id)[-MOST_ARRESTS:]})

    def decided(self, verdict: ReviewVerdict, by: str, now: datetime) -> "Review":
        return self.model_copy(update={"verdict": verdict, "decided_by": by, "decided_at": now})


def review_of(match: Match, arrest: Arrest, of: Pseudonyms, now: datetime) -> Review:
    subscription = match.subscription
    return Review(
        review_id=review_id(subscription, arrest, of),
        office_id=subscription.office_id,
        reason=match.reason,
        withheld=match.withheld,
        created_at=now,
        subscription_id=subscription.subscription_id,
        owner=subscription.owner,
        arrests=(arrest.arrest_id,),
        agency=arrest.agency,
    )


def review_id(subscription: Subscription, arrest: Arrest, of: Pseudonyms) -> str:
    """Equal for the same watch and the same reported person, whatever else the arrest says."""
    person = arrest.person
    names = sorted("/".join((*name.key, name.middle.upper(), name.suffix.upper())) for name in person.names)
    born = person.date_of_birth or person.birth_year or ""
    pair = (*subscription.criterion.identity, *names, str(born), person.sex.value)
    return of.of("review", subscription.office_id, subscription.subscription_id, *pair)


def confirmed(reason: Reason, review: Review) -> Reason:
    """What the alert says then: still no more than possible, and who looked at it."""
    on = f" on {review.decided_at:%Y-%m-%d}" if review.decided_at else ""
    return reason.model_copy(update={"sentence": f"{reason.sentence}; confirmed by {review.decided_by}{on}"})
