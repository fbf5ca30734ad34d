from shared.arrests.person import normal_name
from shared.matching.criteria import Grade, Reason, Term
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.rules.arrest_features import PREFIXES, ArrestFeatures, ChargeFeatures
from shared.matching.rules.rule import ARTICLE, CODE, FAMILY, KEYWORD, Matcher, WatchTerms


def watch_terms(watch: ChargeWatch) -> WatchTerms | None:
    """None for a class alone: it is no way to find anybody."""
    if watch.statute:
        if not watch.begins_with:
            return WatchTerms(CODE, tuple(("charge=", code) for code in watch.codes))
        return WatchTerms(ARTICLE, tuple(("charge^", _posted_prefix(code)) for code in watch.codes))
    if watch.family:
        return WatchTerms(FAMILY, (("family", watch.family.value),))
    return WatchTerms(KEYWORD, (("word", max(watch.words, key=len)),)) if watch.keyword else None


def arrest_terms(facts: ArrestFeatures) -> list[Term]:
    return [term for charge in facts.charges for term in charge.terms]


def matcher(watch: ChargeWatch) -> Matcher:
    codes, words = watch.codes, tuple(map(normal_name, watch.words))

    def covers(charge: ChargeFeatures) -> bool:
        return (
            (not watch.statute or _code_covered(codes, charge.codes, watch.begins_with))
            and (watch.charge_class is None or watch.charge_class is charge.charge_class)
            and (watch.family is None or watch.family is charge.family)
            and (not words or _holds(charge.words, words))
        )

    def reason(facts: ArrestFeatures) -> Reason | None:
        hits = sorted({charge.shown for charge in facts.charges if covers(charge)})
        if not hits:
            return None
        said = ", ".join(hits)
        return Reason(sentence=f"charge {said} {_why(watch)}", grade=Grade.STRONG, watched=_asked(watch), reported=said)

    return reason


def _code_covered(watched: tuple[str, ...], reported: tuple[str, ...], begins_with: bool) -> bool:
    if begins_with:
        return any(code.startswith(one) for code in reported for one in watched)
    return not set(watched).isdisjoint(reported)


def _holds(said: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """The words stand there, one after another."""
    return any(said[at : at + len(wanted)] == wanted for at in range(len(said) - len(wanted) + 1))


def _posted_prefix(code: str) -> str:
    return code[: max(length for length in PREFIXES if length <= len(code))]


def _asked(watch: ChargeWatch) -> str:
    said = (watch.statute, watch.charge_class, watch.family, watch.keyword and f"“{watch.keyword}”")
    return ", ".join(part for part in said if part)


def _why(watch: ChargeWatch) -> str:
    if watch.statute and not (watch.charge_class or watch.family or watch.keyword):
        return f"begins with {watch.statute}" if watch.begins_with else "is watched"
    return f"is watched: {_asked(watch)}"
