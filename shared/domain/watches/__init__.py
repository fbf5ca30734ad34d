"""What can be watched, as values. What each of them hits, and how it is found: `shared/domain/matching`, which needs
libraries that the rest of the product starts without."""

from shared.domain.watches.contract import Grade, Reason, Term, Watch
from shared.domain.watches.criteria import Combination, Criterion, Leaf, is_about, meant

__all__ = ["Combination", "Criterion", "Grade", "Leaf", "Reason", "Term", "Watch", "is_about", "meant"]
