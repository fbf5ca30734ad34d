"""Rule for watched persons: index terms are blocking keys, the decision is a comparison by record linkage."""

from collections.abc import Iterator
from functools import lru_cache

from shared.matching.criteria import Contrast, Grade, Reason, ReasonKind, Term
from shared.matching.criteria.person import PersonWatch
from shared.matching.linkage.blocking_keys import blocking_keys, is_possible_undated
from shared.matching.linkage.doubts import Doubt
from shared.matching.linkage.name_tokens import MIDDLE, NameTokens, tokens_of
from shared.matching.linkage.score import PersonComparison, PersonDescription, compare_persons
from shared.matching.linkage.weights import WEIGHTS
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import Matcher, Rule, Selectivity, WatchTerms


def watch_terms(watch: PersonWatch) -> WatchTerms | None:
    """None for a common name without a date of birth: with half the people of its name the watch would be met, and with
    no weight that reaches the grade possible."""
    if watch.date_of_birth is None and not is_possible_undated(watched_person(watch)):
        return None
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
            kind=ReasonKind.PERSON,
            facts=_facts(comparison, features.person),
            contrasts=() if comparison.exact else tuple(_contrasts(comparison, person, features.person)),
            grade=grade,
            score=round(comparison.match_weight, 1),
            watched=_shown(comparison.watched_name.shown, person),
            reported=_shown(comparison.reported_name.shown, features.person),
        )

    return reason


@lru_cache(maxsize=16_384)
def watched_person(watch: PersonWatch) -> PersonDescription:
    return PersonDescription(tuple(map(tokens_of, watch.names)), watch.date_of_birth, watch.birth_year, watch.sex)


def grade_of(comparison: PersonComparison) -> Grade | None:
    """Strong when name and date of birth are equal, or when the match weight is above the strong threshold and the
    dates agree. With a doubt or another sex a match is never more than possible. None below the possible threshold."""
    is_strong = comparison.exact or (comparison.match_weight >= WEIGHTS.strong and comparison.dates_agree)
    if is_strong and not comparison.other_sex and not comparison.doubts:
        return Grade.STRONG
    return Grade.POSSIBLE if comparison.match_weight >= WEIGHTS.possible else None


def _facts(comparison: PersonComparison, reported: PersonDescription) -> dict[str, str]:
    """Which sentence says it, and what it names."""
    born = _born(reported)
    form = "same person" if comparison.exact else "like person" if born else "like name"
    if born and Doubt.BIRTH in comparison.doubts:
        form = "undated"
    by_alias = " by alias" if comparison.reported_name != reported.names[0] else ""
    facts = {"form": f"{form}{by_alias}", "name": comparison.reported_name.shown}
    if born:
        facts["born"] = born
    if comparison.doubts and not comparison.other_sex:
        facts["doubts"] = ",".join(comparison.doubts)
    return facts


def _contrasts(
    comparison: PersonComparison, watched: PersonDescription, reported: PersonDescription
) -> Iterator[Contrast]:
    """In what the two persons differ, as far as a reader can weigh it."""
    ours, theirs = comparison.watched_name, comparison.reported_name
    (surname, given), (other_surname, other_given) = _name_shown(ours), _name_shown(theirs)
    if ours.key[0] != theirs.key[0]:
        yield Contrast(field="surname", watched=surname, reported=other_surname)
    if ours.key[1] != theirs.key[1]:
        yield Contrast(field="given", watched=given, reported=other_given)
    elif MIDDLE in comparison.name_comparison.differing_parts:
        yield Contrast(field="middle", watched=" ".join(ours.middle), reported=" ".join(theirs.middle))
    if ours.suffix and theirs.suffix and ours.suffix != theirs.suffix:
        yield Contrast(field="suffix", watched=ours.suffix, reported=theirs.suffix)
    if _born(watched) != _born(reported):
        yield Contrast(field="born", watched=_born(watched), reported=_born(reported))
    if comparison.other_sex:
        yield Contrast(field="sex", watched=watched.sex.value, reported=reported.sex.value)


def _name_shown(name: NameTokens) -> tuple[str, str]:
    surname, _, given = name.shown.partition(",")
    return surname.strip(), given.strip()


def _born(person: PersonDescription) -> str:
    """An ISO day, or the year alone, or nothing."""
    return str(person.date_of_birth or person.birth_year or "")


def _shown(name: str, person: PersonDescription) -> str:
    return f"{name}, born {_born(person) or 'not supplied'}"


RULE = Rule(PersonWatch, matcher, watch_terms, arrest_terms)
