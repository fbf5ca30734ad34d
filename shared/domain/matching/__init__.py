"""Who must be told of this arrest, and why: terms under which things meet, and what really holds."""

from shared.domain.matching.criteria import reason_of, watcher
from shared.domain.matching.facts import Facts
from shared.domain.matching.index import Unanchored, anchors_of, mention, posted_under, terms_of, terms_watched

__all__ = [
    "Facts",
    "Unanchored",
    "anchors_of",
    "mention",
    "posted_under",
    "reason_of",
    "terms_of",
    "terms_watched",
    "watcher",
]
