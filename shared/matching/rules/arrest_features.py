"""An arrest as it is compared: everything that is derived from it, once."""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.model import Arrest
from shared.arrests.person import Person, normal_code
from shared.arrests.places import normal_address, normal_precinct
from shared.arrests.statutes.notation import CALIFORNIA, NEW_YORK, codes, is_read
from shared.arrests.statutes.offense_families import NIBRS_CODES, Family, family_of
from shared.matching.criteria import Term
from shared.matching.criteria.charge import SHORTEST_KEYWORD
from shared.matching.linkage.blocking_keys import Key, blocking_keys
from shared.matching.linkage.frequencies import TermFrequencies, census
from shared.matching.linkage.name_tokens import folded, tokens_of
from shared.matching.linkage.score import PersonDescription

_STATES = {NEW_YORK, CALIFORNIA}


PREFIXES = (3, 5, 7)  # lengths under which beginnings are posted: a book and a digit, an article, a section


class ChargeFeatures(NamedTuple):
    """`terms` are what it is looked up by, `pairs` what it is looked up by together with a precinct or a beat."""

    shown: str
    codes: tuple[str, ...]
    charge_class: ChargeClass | None
    family: Family | None
    words: tuple[str, ...]
    pairs: tuple[Term, ...]
    terms: tuple[Term, ...]


class ArrestFeatures:
    """Only the keys of a person wait until somebody asks: they cost more than all the rest, and few watches do.
    `names` is how common names are where the arrest comes from: the census, unless the agency's own are counted."""

    def __init__(self, arrest: Arrest, names: TermFrequencies | None = None) -> None:
        place, charges, state = arrest.place, arrest.charges, jurisdiction_of(arrest)
        self.arrest = arrest
        self.frequencies = names or census()
        self.person = person_description(arrest.person)
        self.charges = [
            charge_features(charge, state) for charge in (charges if len(charges) < 2 else dict.fromkeys(charges))
        ]
        self.precinct, self.beat, self.address = _where(place.precinct, place.beat, place.address)
        self.ori = _code_of_agency(arrest.ori)

    @cached_property
    def person_keys(self) -> set[Key]:
        return blocking_keys(self.person, reported=True)

    @property
    def unread_charges(self) -> int:
        """Statutes that the notation of their own state does not explain; they match by their own text."""
        state = jurisdiction_of(self.arrest)
        return sum(
            1 for charge in self.arrest.charges if state and charge.statute and not is_read(charge.statute, state)
        )

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude."""
        place = self.arrest.place
        if place.latitude is None or place.longitude is None:
            return None
        return place.latitude, place.longitude


def person_description(person: Person) -> PersonDescription:
    names = tuple([words for name in person.names if (words := tokens_of(name)).surname or words.given])
    return PersonDescription(names, person.date_of_birth, person.birth_year, person.sex)


def jurisdiction_of(arrest: Arrest) -> str | None:
    """Whose statutes its charges are: the state that begins the agency's ORI, else the one of the place."""
    return _jurisdiction(arrest.ori, arrest.place.state)


@lru_cache(maxsize=4_096)
def _jurisdiction(ori: str, state: str) -> str | None:
    return _state(ori[:2]) or _state(state)


@lru_cache(maxsize=16_384)
def _where(precinct: str, beat: str, address: str) -> tuple[str, str, str]:
    """As they are compared."""
    return normal_precinct(precinct), normal_precinct(beat), normal_address(address)


_code_of_agency = lru_cache(maxsize=4_096)(normal_code)


def _state(text: str) -> str | None:
    state = text.strip().upper()
    return state if state in _STATES else None


def charge_features(charge: Charge, state: str | None) -> ChargeFeatures:
    return _charge_facts(charge.statute, charge.text, charge.charge_class, charge.family, state)


@lru_cache(maxsize=16_384)
def _charge_facts(
    statute: str, text: str, charge_class: ChargeClass | None, family: Family | None, state: str | None
) -> ChargeFeatures:
    """Remembered by what is said: two charges are compared far more slowly than their texts."""
    found = codes(statute, state)
    family, words = family or _family(found, state), tuple(_words(statute, text))
    plain = tuple(_plain(found, family))
    terms = (*plain, *(("word", word) for word in words if len(word) >= SHORTEST_KEYWORD))
    pairs = [("pair", *term) for term in plain]
    if charge_class:
        pairs.append(("pair", "class", charge_class))
    return ChargeFeatures(statute or text, found, charge_class, family, words, tuple(pairs), terms)


def _plain(found: tuple[str, ...], family: Family | None) -> Iterator[Term]:
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


def _words(statute: str, text: str) -> list[str]:
    return f"{folded(text)} {folded(statute)}".split()
