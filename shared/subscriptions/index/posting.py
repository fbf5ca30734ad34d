"""A posting: the entry of one subscription under one index term, with its criterion and dates.

A posting holds enough to reject most candidates, so that the document of a subscription which an arrest does not hit is
never read.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from shared.arrests.model import Arrest
from shared.aws.dynamodb import Item
from shared.matching.criteria import STORED, Criterion
from shared.matching.rules import ArrestFeatures, compile_rule
from shared.matching.rules.rule import Matcher
from shared.subscriptions.index.items import posting_texts_in
from shared.subscriptions.model import Status, Subscription, SubscriptionKey
from shared.subscriptions.validity import last_day

_MAX_CRITERION_BYTES = 550  # a longer criterion is left out of the posting
_criterion: TypeAdapter[Criterion] = TypeAdapter(Criterion)


class Posting(NamedTuple):
    """`first` and `last` are the days between which the subscription alerts. `matcher` is None if the posting cannot
    tell whether the criterion holds, because the criterion is too long or cannot be read."""

    key: SubscriptionKey
    first: date | None
    last: date | None
    matcher: Matcher | None

    def may_hit(self, features: ArrestFeatures, today: date) -> bool:
        """Whether the arrest may hit the subscription, so that its document must be read.

        `today` is the day in UTC. The dates are compared with a tolerance of one day, for the offices' time zones.
        """
        if self.first and self.first > today + timedelta(days=1):
            return False
        is_over = self.last and self.last < today - timedelta(days=1)
        if is_over and not _happened_by(features.arrest, self.last):
            return False
        return self.matcher is None or self.matcher(features) is not None


def posting_text(subscription: Subscription) -> str:
    """Returns the stored form, JSON with one-letter keys: `o` office id, `r` revision, `f` and `l` first and last day,
    `c` the criterion as JSON. An empty string for a subscription that is not active: it has no postings."""
    if subscription.status is not Status.ACTIVE:
        return ""
    last = last_day(subscription)
    fields: dict[str, Any] = {
        "o": subscription.office_id,
        "r": subscription.revision,
        "f": subscription.starts.isoformat(),
        "l": last.isoformat() if last else None,
    }
    criterion = subscription.criterion.model_dump_json(exclude_defaults=True)
    if len(criterion.encode()) <= _MAX_CRITERION_BYTES:
        fields["c"] = criterion
    return json.dumps(fields, separators=(",", ":"))


@lru_cache(maxsize=65_536)
def parse_posting(subscription_id: str, text: str) -> Posting | None:
    """Returns None if not even the office can be read; a posting without dates and matcher if only the rest cannot."""
    try:
        fields = json.loads(text)
        key = SubscriptionKey(fields["o"], subscription_id)
    except (ValueError, KeyError, TypeError):
        return None
    try:
        matcher = compile_rule(_criterion.validate_json(fields["c"], context=STORED)) if "c" in fields else None
        first, last = (date.fromisoformat(fields[name]) if fields.get(name) else None for name in ("f", "l"))
    except (ValidationError, ValueError, TypeError):
        return Posting(key, None, None, None)
    return Posting(key, first, last, matcher)


def postings_in(shard_item: Item) -> Iterator[Posting]:
    """Yields the postings of a shard; one whose text cannot be read at all is left out."""
    for subscription_id, text in posting_texts_in(shard_item):
        if posting := parse_posting(subscription_id, text):
            yield posting


def _happened_by(arrest: Arrest, last: date | None) -> bool:
    """Whether the arrest happened by then: an office may go by the day of the arrest instead of today."""
    return last is not None and arrest.happened_on is not None and arrest.happened_on <= last
