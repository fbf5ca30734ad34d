"""A whole criterion, made ready once and then asked about many arrests."""

from collections.abc import Iterator, Sequence

from shared.arrests.model import Arrest
from shared.matching.criteria import Combination, Grade, Leaf, Reason
from shared.matching.criteria.identifier import Holder, IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.registry import RULES
from shared.matching.rules.rule import Matcher

_SURENESS = (Grade.POSSIBLE, Grade.STRONG, Grade.IDENTIFIER)


def reason_of(criterion: Leaf | Combination, arrest: Arrest) -> Reason | None:
    return compile_rule(criterion)(ArrestFeatures(arrest))


def compile_rule(criterion: Leaf | Combination) -> Matcher:
    if not isinstance(criterion, Combination):
        return RULES[type(criterion)].matcher(criterion)
    needed, enough, excluded = (
        [compile_rule(one) for one in some] for some in (criterion.all, _who_is_meant(criterion.any), criterion.none)
    )

    def reason(facts: ArrestFeatures) -> Reason | None:
        reasons: list[Reason] = []
        for one in needed:
            held = one(facts)
            if held is None:
                return None
            reasons.append(held)
        if enough:
            either = _surest([held for one in enough if (held := one(facts))])
            if not either:
                return None
            reasons += either[:1] if len(either) == 1 else [_united(either, max(map(_sureness, either)))]
        for one in excluded:
            if (held := one(facts)) and held.grade is not Grade.POSSIBLE:
                return None
        return _united(reasons, _of_all(reasons)) if reasons else _nothing_excluded()

    return reason


def _who_is_meant(some: Sequence[Leaf | Combination]) -> Iterator[Leaf | Combination]:
    """`any` of an identifier and a person: the person is whose identifier it is believed to be."""
    person = next((one for one in some if isinstance(one, PersonWatch)), None)
    for one in some:
        if person and isinstance(one, IdentifierWatch) and one.holder is None:
            holder = Holder(surname=person.surname, given=person.given, date_of_birth=person.date_of_birth)
            yield one.model_copy(update={"holder": holder})
        else:
            yield one


def _surest(reasons: list[Reason]) -> list[Reason]:
    """What is merely possible is no news beside what is sure."""
    sure = [reason for reason in reasons if reason.grade is not Grade.POSSIBLE]
    return sure or reasons


def _of_all(reasons: list[Reason]) -> int:
    """As sure as its least sure part, where a plain fact (a charge, a place) is never less sure than a person."""
    grades = {reason.grade for reason in reasons}
    if Grade.POSSIBLE in grades:
        return 0
    return 2 if Grade.IDENTIFIER in grades else 1


def _sureness(reason: Reason) -> int:
    return _SURENESS.index(reason.grade)


def _united(reasons: list[Reason], sureness: int) -> Reason:
    if len(reasons) == 1:
        return reasons[0]
    parts = tuple(part for reason in reasons for part in (reason.parts or (reason,)))
    scores = [part.score for part in parts if part.score is not None]
    return Reason(
        sentence="; ".join(dict.fromkeys(part.sentence for part in parts)),
        grade=_SURENESS[sureness],
        score=max(scores) if scores else None,
        disagrees=any(part.disagrees for part in parts),
        parts=parts,
    )


def _nothing_excluded() -> Reason:
    return Reason(sentence="nothing that is excluded holds", grade=Grade.STRONG)
