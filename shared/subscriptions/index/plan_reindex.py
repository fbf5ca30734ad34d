"""Decides how the postings of a subscription change when the subscription changes. Pure: plain values in and out.

A DynamoDB transaction takes 100 writes, so a subscription that moves from many terms to many others may not fit into
one. New postings come first, because a missing posting would be a missed arrest. Obsolete ones that do not fit overflow
into a second transaction; until then they can only bring up a candidate that its document rejects.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

MAX_TRANSACTION_WRITES = 100
"""Quota of TransactWriteItems."""


class ReindexPlan(NamedTuple):
    """Terms are hashes. The mappings are term -> the shard in which the posting lies."""

    keep: dict[str, int]  # postings that stay in their shard
    rewrite: frozenset[str]  # those of `keep` whose text changes
    add: frozenset[str]  # terms without a posting yet; the shard is chosen when the posting is written
    drop: dict[str, int]  # obsolete postings that are removed in the same transaction
    overflow: dict[str, int]  # obsolete postings that stay for the next transaction


def plan_reindex(
    before: str, after: str, terms: AbstractSet[str], current: Mapping[str, int], max_writes: int
) -> ReindexPlan:
    """Plans the postings of one subscription.

    `before` and `after` are the texts of its postings (`posting.py`), `terms` those under which it must lie, `current`
    those under which it lies, with their shards. `max_writes` is how many postings one transaction may write; rewritten
    and added ones take precedence over dropped ones.
    """
    keep = {term: shard for term, shard in current.items() if term in terms}
    add = frozenset(terms - current.keys())
    rewrite = frozenset(keep) if before != after else frozenset[str]()
    obsolete = [term for term in current if term not in terms]
    room = max(0, max_writes - len(add) - len(rewrite))
    return ReindexPlan(
        keep=keep,
        rewrite=rewrite,
        add=add,
        drop={term: current[term] for term in obsolete[:room]},
        overflow={term: current[term] for term in obsolete[room:]},
    )
