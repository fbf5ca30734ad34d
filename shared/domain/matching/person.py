from functools import lru_cache

from shared.domain.likeness.keys import keys_of
from shared.domain.likeness.persons import Described, Resemblance, resemblance
from shared.domain.likeness.tokens import words_of
from shared.domain.likeness.weights import WEIGHTS
from shared.domain.matching.contract import PERSON, Anchor, Matcher
from shared.domain.matching.facts import Facts
from shared.domain.watches import Grade, Reason, Term
from shared.domain.watches.person import PersonWatch


def anchor(watch: PersonWatch) -> Anchor:
    return Anchor(PERSON, tuple(("person", *key) for key in sorted(keys_of(watched(watch)))))


def terms(facts: Facts) -> list[Term]:
    return [("person", *key) for key in facts.person_keys] if facts.person.names else []


def matcher(watch: PersonWatch) -> Matcher:
    """The keys come last: they decide as much as the likeness, but hardly anybody is alike, and they cost more."""
    person = watched(watch)

    def reason(facts: Facts) -> Reason | None:
        found = resemblance(person, facts.person, WEIGHTS, facts.names)
        grade = grade_of(found) if found else None
        if found is None or grade is None or keys_of(person).isdisjoint(facts.person_keys):
            return None
        alias = "" if found.reported == facts.person.names[0] else " (an alias)"
        return Reason(
            sentence=_sentence(found, alias), grade=grade, score=round(found.bits, 1),
            watched=_shown(found.watched.shown, person), reported=_shown(found.reported.shown, facts.person),
        )  # fmt: skip

    return reason


@lru_cache(maxsize=16_384)
def watched(watch: PersonWatch) -> Described:
    return Described(tuple(map(words_of, watch.names)), watch.date_of_birth, None, watch.sex)


def grade_of(found: Resemblance) -> Grade | None:
    """Strong: name and date of birth equal, or alike beyond the strong threshold with dates that agree;
    never with the other sex."""
    if not found.other_sex and (found.exact or (found.bits >= WEIGHTS.strong and found.agreed)):
        return Grade.STRONG
    return Grade.POSSIBLE if found.bits >= WEIGHTS.possible else None


def _sentence(found: Resemblance, alias: str) -> str:
    if found.exact:
        return f"name and date of birth equal: {found.reported.shown}{alias}, born {found.born}"
    return f"{found.words}: {found.reported.shown}{alias}"


def _shown(name: str, person: Described) -> str:
    return f"{name}, born {person.born or person.birth_year or 'not supplied'}"
