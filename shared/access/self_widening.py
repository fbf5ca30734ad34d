"""Self-widening: nobody gives himself more than he has; a second person does that. Pure.

Users' rights, roles on folders and relations to a subscription all follow it. A super-owner administers folders and
subscriptions without reading their private notes or their alerts, and cannot make himself somebody who does.
"""

from collections.abc import Set as AbstractSet

from shared.access.authorize import Relation

SECOND_PERSON = "Another super-owner must do that for you."
_RANKS: tuple[frozenset[Relation], ...] = (
    frozenset({Relation.MAKER, Relation.OWNER}),  # read the private note
    frozenset({Relation.EDITOR}),
    frozenset({Relation.RECIPIENT, Relation.VISITOR}),  # are notified
)


def is_wider(before: AbstractSet[Relation], after: AbstractSet[Relation]) -> bool:
    """Whether the relations after a change let their holder read or do more than those before it."""
    return _rank(after) < _rank(before)


def _rank(relations: AbstractSet[Relation]) -> int:
    """0 is the highest."""
    return next((rank for rank, members in enumerate(_RANKS) if not members.isdisjoint(relations)), len(_RANKS))
