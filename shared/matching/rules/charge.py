"""Rule for watched charges: index terms are statute codes, their beginnings, families and keywords."""

from shared.arrests.person import normal_name
from shared.matching.criteria import Grade, Reason, ReasonKind, Term
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.rules.arrest_features import ArrestFeatures, ChargeFeatures
from shared.matching.rules.rule import Matcher, Rule, Selectivity, WatchTerms


def watch_terms(watch: ChargeWatch) -> WatchTerms | None:
    """None for a charge class alone: nearly everybody would be found."""
    if watch.statute and watch.begins_with:
        return WatchTerms(Selectivity.ARTICLE, tuple(("charge^", code) for code in watch.codes))
    if watch.statute:
        return WatchTerms(Selectivity.CODE, tuple(("charge=", code) for code in watch.codes))
    if watch.family:
        return WatchTerms(Selectivity.FAMILY, (("family", watch.family.value),))
    return WatchTerms(Selectivity.KEYWORD, (("word", max(watch.words, key=len)),)) if watch.keyword else None


def arrest_terms(features: ArrestFeatures) -> list[Term]:
    return [term for charge in features.charges for term in charge.terms]


def matcher(watch: ChargeWatch) -> Matcher:
    codes, words = frozenset(watch.codes), tuple(map(normal_name, watch.words))

    def covers(charge: ChargeFeatures) -> bool:
        reported = charge.beginnings if watch.begins_with else charge.codes
        return (
            (not watch.statute or not codes.isdisjoint(reported))
            and (watch.charge_class is None or watch.charge_class is charge.charge_class)
            and (watch.family is None or watch.family is charge.family)
            and (not words or _holds_in_sequence(charge.words, words))
        )

    def reason(features: ArrestFeatures) -> Reason | None:
        hits = sorted({charge.shown for charge in features.charges if covers(charge)})
        if not hits:
            return None
        reported = ", ".join(hits)
        return Reason(
            kind=ReasonKind.CHARGE,
            facts={"form": _form(watch)},
            grade=Grade.STRONG,
            watched=_watched_shown(watch),
            reported=reported,
        )

    return reason


def _holds_in_sequence(text: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the words stand in the text, one behind another."""
    return any(text[start : start + len(words)] == words for start in range(len(text) - len(words) + 1))


def _watched_shown(watch: ChargeWatch) -> str:
    conditions = (watch.statute, watch.charge_class, watch.family, watch.keyword and f"“{watch.keyword}”")
    return ", ".join(condition for condition in conditions if condition)


def _form(watch: ChargeWatch) -> str:
    """Which sentence says it: the code alone, its beginning, or several conditions."""
    if watch.statute and not (watch.charge_class or watch.family or watch.keyword):
        return "charge begins" if watch.begins_with else "charge"
    return "charge fits"


RULE = Rule(ChargeWatch, matcher, watch_terms, arrest_terms)
