from functools import lru_cache

from shared.matching.criteria import Grade, Reason, Term
from shared.matching.criteria.person import PersonWatch
from shared.matching.linkage.blocking_keys import blocking_keys
from shared.matching.linkage.name_tokens import tokens_of
from shared.matching.linkage.score import Comparison, Described, compare_persons
from shared.matching.linkage.weights import WEIGHTS
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import PERSON, Anchor, Matcher


def anchor(watch: PersonWatch) -> Anchor:
    return Anchor(PERSON, tuple(("person", *key) for key in sorted(blocking_keys(watched(watch)))))


def terms(facts: ArrestFeatures) -> list[Term]:
    return [("person", *key) for key in facts.person_keys] if facts.person.names else []


def matcher(watch: PersonWatch) -> Matcher:
    """The keys come last: they decide as much as the likeness, but hardly anybody is alike, and they cost more."""
    person = watched(watch)

    def reason(facts: ArrestFeatures) -> Reason | None:
        found = compare_persons(person, facts.person, WEIGHTS, facts.names)
        grade = grade_of(found) if found else None
        if found is None or grade is None or blocking_keys(person).isdisjoint(facts.person_keys):
            return None
        alias = "" if found.reported == facts.person.names[0] else " (an alias)"
        return Reason(
            sentence=_sentence(found, alias), grade=grade, score=round(found.bits, 1),
            watched=_shown(found.watched.shown, person), reported=_shown(found.reported.shown, facts.person),
        )  # fmt: skip

    return reason


@lru_cache(maxsize=16_384)
def watched(watch: PersonWatch) -> Described:
    return Described(tuple(map(tokens_of, watch.names)), watch.date_of_birth, None, watch.sex)


def grade_of(found: Comparison) -> Grade | None:
    """Strong: name and date of birth equal, or alike beyond the strong threshold with dates that agree;
    never with the other sex."""
    if not found.other_sex and (found.exact or (found.bits >= WEIGHTS.strong and found.agreed)):
        return Grade.STRONG
    return Grade.POSSIBLE if found.bits >= WEIGHTS.possible else None


def _sentence(found: Comparison, alias: str) -> str:
    if found.exact:
        return f"name and date of birth equal: {found.reported.shown}{alias}, born {found.born}"
    return f"{found.words}: {found.reported.shown}{alias}"


def _shown(name: str, person: Described) -> str:
    return f"{name}, born {person.born or person.birth_year or 'not supplied'}"
