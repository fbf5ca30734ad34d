"""Rule for watched persons: index terms are blocking keys, the decision is a comparison by record linkage."""

from functools import lru_cache

from shared.matching.criteria import Grade, Reason, Term
from shared.matching.criteria.person import PersonWatch
from shared.matching.linkage.blocking_keys import blocking_keys
from shared.matching.linkage.name_tokens import tokens_of
from shared.matching.linkage.score import PersonComparison, PersonDescription, compare_persons
from shared.matching.linkage.weights import WEIGHTS
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import Matcher, Rule, Selectivity, WatchTerms


def watch_terms(watch: PersonWatch) -> WatchTerms:
    keys = sorted(blocking_keys(watched_person(watch)))
    return WatchTerms(Selectivity.PERSON, tuple(("person", *key) for key in keys))


def arrest_terms(features: ArrestFeatures) -> list[Term]:
    return [("person", *key) for key in features.person_keys] if features.person.names else []


def matcher(watch: PersonWatch) -> Matcher:
    """Persons that share no blocking key are no match, however alike: the index would never bring them together."""
    person = watched_person(watch)

    def reason(features: ArrestFeatures) -> Reason | None:
        comparison = compare_persons(person, features.person, WEIGHTS, features.frequencies)
        grade = grade_of(comparison) if comparison else None
        # The keys are tested last: they cost more than a comparison, and hardly anybody is alike.
        if comparison is None or grade is None or blocking_keys(person).isdisjoint(features.person_keys):
            return None
        return Reason(
            sentence=_sentence(comparison, is_alias=comparison.reported_name != features.person.names[0]),
            grade=grade,
            score=round(comparison.match_weight, 1),
            watched=_shown(comparison.watched_name.shown, person),
            reported=_shown(comparison.reported_name.shown, features.person),
        )

    return reason


@lru_cache(maxsize=16_384)
def watched_person(watch: PersonWatch) -> PersonDescription:
    return PersonDescription(tuple(map(tokens_of, watch.names)), watch.date_of_birth, None, watch.sex)


def grade_of(comparison: PersonComparison) -> Grade | None:
    """Strong when name and date of birth are equal, or when the match weight is above the strong threshold and the
    dates agree. With another sex a match is never more than possible. None below the possible threshold."""
    is_strong = comparison.exact or (comparison.match_weight >= WEIGHTS.strong and comparison.dates_agree)
    if is_strong and not comparison.other_sex:
        return Grade.STRONG
    return Grade.POSSIBLE if comparison.match_weight >= WEIGHTS.possible else None


def _sentence(comparison: PersonComparison, *, is_alias: bool) -> str:
    name = f"{comparison.reported_name.shown}{' (an alias)' if is_alias else ''}"
    if comparison.exact:
        return f"name and date of birth equal: {name}, born {comparison.reported_date_of_birth}"
    return f"{comparison.explanation}: {name}"


def _shown(name: str, person: PersonDescription) -> str:
    return f"{name}, born {person.date_of_birth or person.birth_year or 'not supplied'}"


RULE = Rule(PersonWatch, matcher, watch_terms, arrest_terms)
