"""Compiles a whole criterion once, so that it can be asked about many arrests."""

from collections.abc import Iterator, Sequence

from shared.arrests.model import Arrest
from shared.matching.criteria import Combination, Grade, Leaf, Reason, ReasonKind
from shared.matching.criteria.identifier import Holder, IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.registry import RULES
from shared.matching.rules.rule import Matcher

_LEAST_SURE_FIRST = (Grade.POSSIBLE, Grade.STRONG, Grade.IDENTIFIER)


def reason_of(criterion: Leaf | Combination, arrest: Arrest) -> Reason | None:
    return compile_rule(criterion)(ArrestFeatures(arrest))


def compile_rule(criterion: Leaf | Combination) -> Matcher:
    if isinstance(criterion, Combination):
        return _compile_combination(criterion)
    return RULES[type(criterion)].matcher(criterion)


def _compile_combination(criterion: Combination) -> Matcher:
    required = [compile_rule(part) for part in criterion.all]
    alternatives = [compile_rule(part) for part in _with_holders(criterion.any)]
    excluded = [compile_rule(part) for part in criterion.none]

    def reason(features: ArrestFeatures) -> Reason | None:
        reasons: list[Reason] = []
        for matcher in required:
            held = matcher(features)
            if held is None:
                return None
            reasons.append(held)
        if alternatives:
            either = _without_possible([held for matcher in alternatives if (held := matcher(features))])
            if not either:
                return None
            reasons.append(_united(either, max(either, key=_sureness).grade))
        for matcher in excluded:
            if (held := matcher(features)) and held.grade is not Grade.POSSIBLE:
                return None
        return _united(reasons, _grade_of_all(reasons)) if reasons else _nothing_excluded()

    return reason


def _with_holders(alternatives: Sequence[Leaf | Combination]) -> Iterator[Leaf | Combination]:
    """Where `any` lists an identifier and a person, the person is believed to hold the identifier."""
    person = next((part for part in alternatives if isinstance(part, PersonWatch)), None)
    for part in alternatives:
        if person and isinstance(part, IdentifierWatch) and part.holder is None:
            holder = Holder(surname=person.surname, given=person.given, date_of_birth=person.date_of_birth)
            yield part.model_copy(update={"holder": holder})
        else:
            yield part


def _without_possible(reasons: list[Reason]) -> list[Reason]:
    """A possible match says nothing beside a sure one."""
    sure = [reason for reason in reasons if reason.grade is not Grade.POSSIBLE]
    return sure or reasons


def _grade_of_all(reasons: list[Reason]) -> Grade:
    """As sure as the least sure reason, where a plain fact (a charge, a place) is never less sure than a person."""
    grades = {reason.grade for reason in reasons}
    if Grade.POSSIBLE in grades:
        return Grade.POSSIBLE
    return Grade.IDENTIFIER if Grade.IDENTIFIER in grades else Grade.STRONG


def _sureness(reason: Reason) -> int:
    return _LEAST_SURE_FIRST.index(reason.grade)


def _united(reasons: list[Reason], grade: Grade) -> Reason:
    if len(reasons) == 1:
        return reasons[0]
    subreasons = [subreason for reason in reasons for subreason in (reason.subreasons or (reason,))]
    scores = [subreason.score for subreason in subreasons if subreason.score is not None]
    return Reason(
        grade=grade,
        score=max(scores) if scores else None,
        disagrees=any(subreason.disagrees for subreason in subreasons),
        subreasons=tuple(subreasons),
    )


def _nothing_excluded() -> Reason:
    return Reason(kind=ReasonKind.NOTHING_EXCLUDED, grade=Grade.STRONG)
