"""A name as words that can be compared: folded to bare capitals, particles and suffixes apart, hyphens opened."""

import re
import unicodedata
from functools import cached_property, lru_cache
from typing import NamedTuple

from shared.arrests.person import PersonName

_BARE_LETTERS = str.maketrans(
    {"Ø": "O", "Ł": "L", "Đ": "D", "Ħ": "H", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ð": "D", "ẞ": "SS", "ß": "SS", "ı": "I"}
)
_APOSTROPHES = re.compile(r"['’ʼ`´ʻʿʾ.]")
_WORD = re.compile(r"[^\W\d_]+")
_PARTICLES = frozenset(
    "AL EL BIN IBN BEN BINT ABU DE DEL DELA DELLA DELLE DEI DER DEN DES DI DA DAS DO DOS DU LA LAS LE LES LO LOS "
    "VAN VON VOM ZU ZUR TER TEN SAN SANTA ST AF AV Y E MC MAC O".split()
)
_SUFFIXES = {"JR": "JR", "JUNIOR": "JR", "SR": "SR", "SENIOR": "SR", "II": "II", "III": "III", "IV": "IV", "2ND": "II",
             "3RD": "III", "4TH": "IV"}  # fmt: skip
_TITLES = frozenset("MR MRS MS MISS DR PROF REV HON SIR SGT LT CAPT".split())


SURNAME, GIVEN, MIDDLE = "surname", "given", "middle"


class NameTokenFields(NamedTuple):
    surname: tuple[str, ...]
    given: tuple[str, ...]
    middle: tuple[str, ...]
    suffix: str = ""
    shown: str = ""


class NameTokens(NameTokenFields):
    """One name, ready to be compared. What follows from it is kept, because it is compared with many more persons than
    it is about, and made when it is first asked for, because most names are compared with nobody's."""

    @cached_property
    def key(self) -> tuple[str, str]:
        """Surname and given name without any gap, as they are indexed."""
        return "".join(self.surname), "".join(self.given)

    @cached_property
    def forms(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Surname and given name by each of their words and without gaps: JO ANN is JO, ANN and JOANN, whichever of the
        two was taken for a middle name."""
        surname, given = self.key
        return _distinct(*self.surname, surname), _distinct(*self.given, given, given and given + "".join(self.middle))

    @cached_property
    def all_forms(self) -> tuple[str, ...]:
        return _distinct(*self.forms[0], *self.forms[1], *self.middle)

    @cached_property
    def parts_and_tokens(self) -> tuple[tuple[str, str], ...]:
        """Each word behind the part of the name in which it stands."""
        parts = (SURNAME, self.surname), (GIVEN, self.given), (MIDDLE, self.middle)
        return tuple((part, word) for part, some in parts for word in some)


def _distinct(*words: str) -> tuple[str, ...]:
    return tuple(word for word in dict.fromkeys(words) if word)


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Capitals without accents; O'Brien is one word, Smith-Jones two."""
    if text.isascii() and text.isalpha():  # nearly every word of a name, and nothing to fold
        return text.upper()
    upper = _APOSTROPHES.sub("", text.upper().translate(_BARE_LETTERS))
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", upper) if not unicodedata.combining(sign))
    return " ".join(_WORD.findall(bare.upper()))


def tokens_of(name: PersonName) -> NameTokens:
    """Names are seldom seen twice, their parts are: each part is remembered."""
    surname, suffix, last = _surname(name.surname)
    middle, second, between = _middle(name.middle)
    given, first = _given(name.given)
    said = next(iter(folded_suffix(name.suffix)), "") if name.suffix else ""
    return NameTokens(surname, given, middle, said or suffix or second, " ".join(filter(None, (last, first, between))))


@lru_cache(maxsize=65_536)
def _surname(text: str) -> tuple[tuple[str, ...], str, str]:
    """Its words, a suffix behind them, and how it is shown."""
    suffix, words = _without_suffix(folded(text).split())
    return _joined(words), suffix, f"{_shown(text)},"


@lru_cache(maxsize=65_536)
def _given(text: str) -> tuple[tuple[str, ...], str]:
    return tuple(word for word in folded(text).split() if word not in _TITLES), _shown(text)


@lru_cache(maxsize=65_536)
def _middle(text: str) -> tuple[tuple[str, ...], str, str]:
    suffix, words = _without_suffix(folded(text).split())
    return tuple(words), suffix, _shown(text)


def _shown(text: str) -> str:
    return " ".join(text.upper().split())


def core_words(whole: str) -> list[str]:
    """Of a whole name in no known order: its words without titles, suffixes and particles."""
    words = [word for word in folded(whole).split() if word not in _TITLES and word not in _SUFFIXES]
    return [word for word in words if word not in _PARTICLES] or words


def folded_suffix(text: str) -> list[str]:
    return [_SUFFIXES[word] for word in re.findall(r"\w+", text.upper()) if word in _SUFFIXES]


def _without_suffix(words: list[str]) -> tuple[str, list[str]]:
    """A suffix that was written behind a surname or a middle name, `SMITH JR`; a lone word is never one."""
    if len(words) > 1 and words[-1] in _SUFFIXES:
        return _SUFFIXES[words[-1]], words[:-1]
    return "", words


def _joined(surname: list[str]) -> tuple[str, ...]:
    """Particles belong to the word after them: `DE LA CRUZ` is DELACRUZ, as it is often keyed in."""
    found: list[str] = []
    before = ""
    for word in surname:
        if word in _PARTICLES:
            before += word
        else:
            found.append(before + word)
            before = ""
    return tuple(found) + ((before,) if before else ())


@lru_cache(maxsize=65_536)
def without_particle(word: str) -> str:
    """The word without the particles that were joined to it: `DELACRUZ` is compared with `CRUZ` as well."""
    for particle in (
        "DELA",
        "DELOS",
        "DELAS",
        "VANDER",
        "VANDEN",
        "VAN",
        "VON",
        "DEL",
        "DE",
        "DA",
        "DI",
        "DU",
        "EL",
        "AL",
        "LA",
        "LE",
        "SAINT",
        "ST",
        "MAC",
        "MC",
        "O",
    ):
        if word.startswith(particle) and len(word) - len(particle) >= 4:
            return word[len(particle) :]
    return word
