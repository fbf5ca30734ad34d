"""An arrest as it is compared: everything that is derived from it, once."""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from shared.domain.arrests import Arrest
from shared.domain.charges import Charge, ChargeClass
from shared.domain.charging.families import NIBRS_CODES, Family, family_of
from shared.domain.charging.statutes import CALIFORNIA, NEW_YORK, codes, is_read
from shared.domain.identity import Person, normal_code
from shared.domain.likeness.keys import Key, keys_of
from shared.domain.likeness.persons import Described
from shared.domain.likeness.tokens import folded, words_of
from shared.domain.places import normal_address, normal_precinct
from shared.domain.watches import Term
from shared.domain.watches.charge import SHORTEST_KEYWORD

_STATES = {NEW_YORK, CALIFORNIA}


PREFIXES = (3, 5, 7)  # lengths under which beginnings are posted: a book and a digit, an article, a section


class ChargeFacts(NamedTuple):
    """`terms` are what it is looked up by, `paired` those of them that are also paired with the precinct."""

    charge: Charge
    codes: tuple[str, ...]
    charge_class: ChargeClass | None
    family: Family | None
    words: tuple[str, ...]
    paired: tuple[Term, ...]
    terms: tuple[Term, ...]

    @property
    def shown(self) -> str:
        return self.charge.statute or self.charge.text


class Facts:
    def __init__(self, arrest: Arrest) -> None:
        self.arrest = arrest

    @cached_property
    def person(self) -> Described:
        return described(self.arrest.person)

    @cached_property
    def person_keys(self) -> set[Key]:
        return keys_of(self.person, reported=True)

    @cached_property
    def charges(self) -> tuple[ChargeFacts, ...]:
        state = jurisdiction_of(self.arrest)
        charges = self.arrest.charges
        return tuple(
            charge_facts(charge, state) for charge in (charges if len(charges) < 2 else dict.fromkeys(charges))
        )

    @property
    def unread_charges(self) -> int:
        """Statutes that the notation of their own state does not explain; they match by their own text."""
        state = jurisdiction_of(self.arrest)
        return sum(
            1 for charge in self.arrest.charges if state and charge.statute and not is_read(charge.statute, state)
        )

    @cached_property
    def precinct(self) -> str:
        return normal_precinct(self.arrest.place.precinct)

    @cached_property
    def beat(self) -> str:
        return normal_precinct(self.arrest.place.beat)

    @cached_property
    def address(self) -> str:
        return normal_address(self.arrest.place.address)

    @cached_property
    def ori(self) -> str:
        return normal_code(self.arrest.ori)

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude."""
        place = self.arrest.place
        if place.latitude is None or place.longitude is None:
            return None
        return place.latitude, place.longitude


def described(person: Person) -> Described:
    names = tuple(words for name in person.names if any((words := words_of(name)).key))
    return Described(names, person.date_of_birth, person.birth_year, person.sex)


def jurisdiction_of(arrest: Arrest) -> str | None:
    """Whose statutes its charges are: the state that begins the agency's ORI, else the one of the place."""
    for text in (arrest.ori[:2], arrest.place.state):
        if (state := text.strip().upper()) in _STATES:
            return state
    return None


@lru_cache(maxsize=16_384)
def charge_facts(charge: Charge, state: str | None) -> ChargeFacts:
    found = codes(charge.statute, state)
    family, words = charge.family or _family(found, state), tuple(_words(charge))
    paired = tuple(_paired(found, family))
    terms = (*paired, *(("word", word) for word in words if len(word) >= SHORTEST_KEYWORD))
    return ChargeFacts(charge, found, charge.charge_class, family, words, paired, terms)


def _paired(found: tuple[str, ...], family: Family | None) -> Iterator[Term]:
    for code in found:
        yield "charge=", code
        for length in PREFIXES:
            if len(code) >= length:
                yield "charge^", code[:length]
    if family:
        yield "family", family.value


def _family(found: tuple[str, ...], state: str | None) -> Family | None:
    """The last notation is the state's own. A NIBRS code tells its family in every state."""
    if not found:
        return None
    if found[0] in NIBRS_CODES:
        return family_of(found[0], None)
    return family_of(found[-1], state)


def _words(charge: Charge) -> Iterator[str]:
    return (word for word in f"{folded(charge.text)} {folded(charge.statute)}".split() if word)
