"""Reviews: a possible match waits until an owner confirms or dismisses it (clerical review, in record linkage).

The verdict holds for the pair of a subscription and a reported person, not for one arrest.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import AwareDatetime

from shared.alerts.matches.model import Match
from shared.arrests.minimisation import NO_FIELDS, UNSHARED, WithheldFields
from shared.arrests.model import Arrest
from shared.matching.criteria import Grade, Reason
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.model import Subscription
from shared.value import FrozenModel

CLOSED_SENTENCE = "closed: no arrest of this person is left"
MAX_DECIDED_ARRESTS = 1_000  # of a pair that is confirmed: a dismissal takes the alerts of all of them back
MAX_ARRESTS = 20  # remembered of one pair; the newest


class ReviewVerdict(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    CLOSED = "closed"  # nobody decided it: its arrests are sealed, or are not of this person any more


class Review(FrozenModel):
    """`reason` shows both sides, as watched and as reported. `arrests` are the ids of the reported person's arrests."""

    review_id: str
    office_id: str
    subscription_id: str
    owner: str
    arrests: tuple[str, ...]
    agency: str = ""  # that reported the first arrest, whose values `reason` shows
    reason: Reason
    withheld: WithheldFields = NO_FIELDS  # what the agreement did not share at the time of the match
    verdict: ReviewVerdict = ReviewVerdict.WAITING
    created_at: AwareDatetime
    decided_by: str = ""
    decided_at: AwareDatetime | None = None
    revision: int = 1  # counts verdicts

    def redacted(self, withheld: WithheldFields) -> "Review":
        """Minimisation: the review as it may be shown now. A reason that rests on fields withheld since the match
        loses its sentence."""
        if withheld <= self.withheld:
            return self
        return self.model_copy(update={"reason": Reason(sentence=UNSHARED, grade=self.reason.grade)})

    def with_arrest(self, arrest_id: str) -> "Review":
        """The same review if it has this arrest already."""
        if arrest_id in self.arrests:
            return self
        most = MAX_ARRESTS if self.verdict is ReviewVerdict.WAITING else MAX_DECIDED_ARRESTS
        return self.model_copy(update={"arrests": (*self.arrests, arrest_id)[-most:]})

    def without_arrest(self, arrest_id: str) -> "Review":
        """Without its last arrest, nothing of the reported person is left. A verdict stays, so that nobody is asked
        again about the same pair; one that still waits is closed."""
        arrests = tuple(id_ for id_ in self.arrests if id_ != arrest_id)
        if arrests:
            return self.model_copy(update={"arrests": arrests})
        verdict = ReviewVerdict.CLOSED if self.verdict is ReviewVerdict.WAITING else self.verdict
        blank = Reason(sentence=CLOSED_SENTENCE, grade=self.reason.grade)
        return self.model_copy(update={"arrests": (), "reason": blank, "verdict": verdict})

    def with_verdict(self, verdict: ReviewVerdict, by: str, now: datetime) -> "Review":
        decision = {"verdict": verdict, "decided_by": by, "decided_at": now, "revision": self.revision + 1}
        return self.model_copy(update=decision)


class Triage(NamedTuple):
    """Matches that may be notified now, and possible ones that need a person's verdict first. `further` are reviews
    of pairs that were confirmed at an earlier arrest, each with this one: a later dismissal must find its alert."""

    confirmed: list[Match]
    to_review: list[Review]
    further: list[Review]


def triage(
    matches: Iterable[Match], arrest: Arrest, reviews: Mapping[str, Review], pseudonyms: Pseudonyms, now: datetime
) -> Triage:
    """Splits the matches of one arrest. `reviews` are the stored ones, by review_id.

    Identifier and strong matches are confirmed by themselves. A possible match is confirmed by its review; a dismissed
    one is dropped.
    """
    result = Triage([], [], [])
    for match in matches:
        if match.reason.grade is not Grade.POSSIBLE:
            result.confirmed.append(match)
            continue
        new_review = review_of(match, arrest, pseudonyms, now)
        review = reviews.get(new_review.review_id)
        if review is None or review.verdict in (ReviewVerdict.WAITING, ReviewVerdict.CLOSED):
            result.to_review.append(new_review)
        elif review.verdict is ReviewVerdict.CONFIRMED:
            result.confirmed.append(match.model_copy(update={"reason": confirmed_reason(match.reason, review)}))
            if arrest.arrest_id not in review.arrests:
                result.further.append(new_review)
    return result


def review_of(match: Match, arrest: Arrest, pseudonyms: Pseudonyms, now: datetime) -> Review:
    """A new review of this possible match, waiting for a verdict."""
    subscription = match.subscription
    return Review(
        review_id=review_id(subscription, arrest, pseudonyms),
        office_id=subscription.office_id,
        reason=match.reason,
        withheld=match.withheld,
        created_at=now,
        subscription_id=subscription.subscription_id,
        owner=subscription.owner,
        arrests=(arrest.arrest_id,),
        agency=arrest.agency,
    )


def review_id(subscription: Subscription, arrest: Arrest, pseudonyms: Pseudonyms) -> str:
    """A pseudonym of the pair: equal for the same watched and the same reported person, whatever else the arrest
    says."""
    person = arrest.person
    names = sorted("/".join((*name.key, name.middle.upper(), name.suffix.upper())) for name in person.names)
    birth = person.date_of_birth or person.birth_year or ""
    pair = (*subscription.criterion.identity, *names, str(birth), person.sex.value)
    return pseudonyms.of("review", subscription.office_id, subscription.subscription_id, *pair)


def is_of_person(review: Review, subscription: Subscription, arrest: Arrest, pseudonyms: Pseudonyms) -> bool:
    """Whether the arrest is of the reported person of this review, and no minor's."""
    return not arrest.juvenile and review_id(subscription, arrest, pseudonyms) == review.review_id


def confirmed_reason(reason: Reason, review: Review) -> Reason:
    """The reason as the alert gives it: its grade is still `possible`, and it says who confirmed it."""
    confirmed_on = review.decided_at.date() if review.decided_at else None
    return reason.model_copy(update={"confirmed_by": review.decided_by, "confirmed_on": confirmed_on})
