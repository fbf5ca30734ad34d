"""What can be watched, as values. What each of them hits, and how it is found: `shared/matching/rules`, which needs
libraries that the rest of the product starts without."""

from shared.matching.criteria.criterion import Combination, Criterion, Leaf, is_about, positive_leaves
from shared.matching.criteria.reason import Grade, Reason, Term, Watch

__all__ = ["Combination", "Criterion", "Grade", "Leaf", "Reason", "Term", "Watch", "is_about", "positive_leaves"]
