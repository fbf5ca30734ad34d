"""What a posting says of its subscription, so that an arrest which it does not hit need not read the document."""

import json
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from shared.arrests.model import Arrest
from shared.matching.criteria import Criterion
from shared.matching.rules import ArrestFeatures, compile_rule
from shared.matching.rules.rule import Matcher
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import SubscriptionKey

_LONGEST = 550  # bytes of a criterion that are kept in a posting
_criterion: TypeAdapter[Criterion] = TypeAdapter(Criterion)


class Posting(NamedTuple):
    """`holds` is None where the document must be asked: its criterion is long, or the posting cannot be read."""

    key: SubscriptionKey
    first: date | None
    last: date | None
    matcher: Matcher | None

    def may_hit(self, facts: ArrestFeatures, today: date) -> bool:
        """Whether the document is worth reading. A day is allowed either way for the offices' time zones."""
        if self.first and self.first > today + timedelta(days=1):
            return False
        if self.last and self.last < today - timedelta(days=1) and not _earlier(facts.arrest, self.last):
            return False
        return self.matcher is None or self.matcher(facts) is not None


def posting_text(subscription: Subscription) -> str:
    assert subscription.status is Status.ACTIVE  # noqa: S101 - nothing else is posted
    until = [day.isoformat() for day in (subscription.ends, subscription.validation_due) if day]
    criterion = subscription.criterion.model_dump_json(exclude_defaults=True)
    said = {
        "o": subscription.office_id,
        "r": subscription.revision,
        "f": subscription.starts.isoformat(),
        "l": min(until, default=None),
    }
    return json.dumps(said | ({"c": criterion} if len(criterion.encode()) <= _LONGEST else {}), separators=(",", ":"))


@lru_cache(maxsize=65_536)
def parse_posting(subscription_id: str, text: str) -> Posting | None:
    """None when not even the office can be made out."""
    try:
        said = json.loads(text)
        key = SubscriptionKey(said["o"], subscription_id)
    except (ValueError, KeyError, TypeError):
        return None
    try:
        holds = compile_rule(_criterion.validate_json(said["c"])) if "c" in said else None
        first, last = (date.fromisoformat(said[name]) if said.get(name) else None for name in ("f", "l"))
    except (ValidationError, ValueError, TypeError):
        return Posting(key, None, None, None)
    return Posting(key, first, last, holds)


def _earlier(arrest: Arrest, last: date) -> bool:
    """An office may go by the day of the arrest instead of today."""
    return arrest.happened_on is not None and arrest.happened_on <= last
