from functools import lru_cache

from shared.matching.criteria import Grade, Reason, Term
from shared.matching.criteria.person import PersonWatch
from shared.matching.linkage.blocking_keys import blocking_keys
from shared.matching.linkage.name_tokens import tokens_of
from shared.matching.linkage.score import PersonComparison, PersonDescription, compare_persons
from shared.matching.linkage.weights import WEIGHTS
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import PERSON, Matcher, WatchTerms


def watch_terms(watch: PersonWatch) -> WatchTerms:
    return WatchTerms(PERSON, tuple(("person", *key) for key in sorted(blocking_keys(watched(watch)))))


def arrest_terms(facts: ArrestFeatures) -> list[Term]:
    return [("person", *key) for key in facts.person_keys] if facts.person.names else []


def matcher(watch: PersonWatch) -> Matcher:
    """The keys come last: they decide as much as the likeness, but hardly anybody is alike, and they cost more."""
    person = watched(watch)

    def reason(facts: ArrestFeatures) -> Reason | None:
        comparison = compare_persons(person, facts.person, WEIGHTS, facts.frequencies)
        grade = grade_of(comparison) if comparison else None
        if comparison is None or grade is None or blocking_keys(person).isdisjoint(facts.person_keys):
            return None
        alias = "" if comparison.reported == facts.person.names[0] else " (an alias)"
        return Reason(
            sentence=_sentence(comparison, alias),
            grade=grade,
            score=round(comparison.match_weight, 1),
            watched=_shown(comparison.watched.shown, person),
            reported=_shown(comparison.reported.shown, facts.person),
        )

    return reason


@lru_cache(maxsize=16_384)
def watched(watch: PersonWatch) -> PersonDescription:
    return PersonDescription(tuple(map(tokens_of, watch.names)), watch.date_of_birth, None, watch.sex)


def grade_of(comparison: PersonComparison) -> Grade | None:
    """Strong: name and date of birth equal, or alike beyond the strong threshold with dates that agree;
    never with the other sex."""
    if not comparison.other_sex and (
        comparison.exact or (comparison.match_weight >= WEIGHTS.strong and comparison.dates_agree)
    ):
        return Grade.STRONG
    return Grade.POSSIBLE if comparison.match_weight >= WEIGHTS.possible else None


def _sentence(comparison: PersonComparison, alias: str) -> str:
    if comparison.exact:
        return f"name and date of birth equal: {comparison.reported.shown}{alias}, born {comparison.born}"
    return f"{comparison.explanation}: {comparison.reported.shown}{alias}"


def _shown(name: str, person: PersonDescription) -> str:
    return f"{name}, born {person.date_of_birth or person.birth_year or 'not supplied'}"
