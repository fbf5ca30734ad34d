"""Arrest features: everything that the rules ask of an arrest, computed once."""

from functools import cached_property, lru_cache
from typing import NamedTuple

from shared.arrests.addresses.parse import located
from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.model import Arrest
from shared.arrests.numbers import normal_code
from shared.arrests.person import Person
from shared.arrests.places import normal_precinct
from shared.arrests.states import state_code
from shared.arrests.statutes.notation import CALIFORNIA, NEW_YORK, StatuteCode, is_read, reported_codes
from shared.arrests.statutes.offense_families import NIBRS_FAMILIES, Family, family_of
from shared.matching.criteria import Term
from shared.matching.criteria.charge import SHORTEST_KEYWORD
from shared.matching.linkage.blocking_keys import Key, blocking_keys
from shared.matching.linkage.frequencies import TermFrequencies, census
from shared.matching.linkage.name_tokens import fold_name, tokens_of
from shared.matching.linkage.score import PersonDescription

_STATES = {NEW_YORK, CALIFORNIA}


class ChargeFeatures(NamedTuple):
    """`codes` are the texts of the charge's codes, `beginnings` those and everything above them. `terms` are the index
    terms of the charge, `pair_terms` those that it makes together with a precinct or beat."""

    shown: str
    codes: tuple[str, ...]
    beginnings: tuple[str, ...]
    charge_class: ChargeClass | None
    family: Family | None
    words: tuple[str, ...]
    pair_terms: tuple[Term, ...]
    terms: tuple[Term, ...]


class ArrestFeatures:
    """`frequencies` say how common names are where the arrest comes from: the agency's own, or else the census's."""

    def __init__(self, arrest: Arrest, frequencies: TermFrequencies | None = None) -> None:
        place, charges, state = arrest.place, arrest.charges, jurisdiction_of(arrest)
        self.arrest = arrest
        self.frequencies = frequencies or census()
        self.person = person_description(arrest.person)
        distinct_charges = charges if len(charges) < 2 else dict.fromkeys(charges)
        self.charges = [charge_features(charge, state) for charge in distinct_charges]
        self.precinct, self.beat = normal_precinct(place.precinct), normal_precinct(place.beat)
        self.address = located(place.address, place.city, place.state)
        self.ori = _normal_ori(arrest.ori)

    @cached_property
    def person_keys(self) -> set[Key]:
        """The blocking keys. Computed at first use: they cost more than all other features, and few watches ask."""
        return blocking_keys(self.person, reported=True)

    @property
    def unread_charges(self) -> int:
        """How many statutes the notation of their own state does not explain. They match by their own text."""
        state = jurisdiction_of(self.arrest)
        if state is None:
            return 0
        return sum(bool(charge.statute) and not is_read(charge.statute, state) for charge in self.arrest.charges)

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude."""
        place = self.arrest.place
        if place.latitude is None or place.longitude is None:
            return None
        return place.latitude, place.longitude


def person_description(person: Person) -> PersonDescription:
    all_tokens = map(tokens_of, person.names)
    names = tuple([tokens for tokens in all_tokens if tokens.surname or tokens.given])
    return PersonDescription(names, person.date_of_birth, person.birth_year, person.sex)


def jurisdiction_of(arrest: Arrest) -> str | None:
    """The state whose statutes the charges are: the one that begins the agency's ORI, else the one of the place."""
    return _jurisdiction(arrest.ori, arrest.place.state)


@lru_cache(maxsize=4_096)
def _jurisdiction(ori: str, state: str) -> str | None:
    return _known_state(ori[:2]) or _known_state(state)


def _known_state(text: str) -> str | None:
    state = state_code(text)
    return state if state in _STATES else None


_normal_ori = lru_cache(maxsize=4_096)(normal_code)


def charge_features(charge: Charge, state: str | None) -> ChargeFeatures:
    """Cached by the fields of the charge: hashing a charge is far slower than hashing its texts."""
    return _charge_features(charge.statute, charge.text, charge.charge_class, charge.family, state)


@lru_cache(maxsize=16_384)
def _charge_features(
    statute: str, text: str, charge_class: ChargeClass | None, family: Family | None, state: str | None
) -> ChargeFeatures:
    codes = reported_codes(statute, state)
    family = family or _family_of(codes, state)
    texts = tuple(dict.fromkeys(code.text for code in codes))
    beginnings = tuple(dict.fromkeys(text for code in codes for text in code.beginnings))
    words = tuple(f"{fold_name(text)} {fold_name(statute)}".split())
    code_terms: tuple[Term, ...] = (
        *(("charge=", text) for text in texts),
        *(("charge^", text) for text in beginnings),
        *([("family", family.value)] if family else []),
    )
    word_terms = [("word", word) for word in words if len(word) >= SHORTEST_KEYWORD]
    pair_terms: list[Term] = [("pair", *term) for term in code_terms]
    if charge_class:
        pair_terms.append(("pair", "class", charge_class))
    return ChargeFeatures(
        shown=_shown(statute or text, codes),
        codes=texts,
        beginnings=beginnings,
        charge_class=charge_class,
        family=family,
        words=words,
        pair_terms=tuple(pair_terms),
        terms=(*code_terms, *word_terms),
    )


def _shown(text: str, codes: tuple[StatuteCode, ...]) -> str:
    return f"{text} (attempt)" if any(code.attempted for code in codes) else text


def _family_of(codes: tuple[StatuteCode, ...], state: str | None) -> Family | None:
    """The first code that has a family. A NIBRS code tells its family in every state."""
    of_state = (family_of(code, state) for code in codes)
    nibrs = (NIBRS_FAMILIES[code.text] for code in codes if code.text in NIBRS_FAMILIES)
    return next((family for family in (*nibrs, *of_state) if family), None)
