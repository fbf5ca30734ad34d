"""Name tokens: a name as words that can be compared. Folded to plain capitals, particles joined to the word behind
them, suffixes apart, hyphenated names opened."""

import re
from functools import cached_property, lru_cache
from typing import NamedTuple

from shared.arrests.person import PersonName

_APOSTROPHES = re.compile(r"['’ʼ`´ʻʿʾ.]")
_WORD = re.compile(r"[^\W\d_]+")
_ORDINAL_OR_WORD = re.compile(r"\b(?:2ND|3RD|4TH)\b|[^\W\d_]+")
_GLUED = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z]{2})")  # VladimirPutin, and neither McDonald nor LaToya
_MISREAD = re.compile(
    r"(?<=[A-Z])[013458]+(?=[A-Z])|\b[013458](?=[A-Z]{2})(?!(?:ST|ND|RD|TH)\b)|(?<=[A-Z]{2})0\b", re.IGNORECASE
)
_LETTERS_LIKE_DIGITS = str.maketrans("013458", "OIEASB")
_PARTICLES = frozenset(
    "AL EL BIN IBN BEN BINT ABU DE DEL DELA DELLA DELLE DEI DER DEN DES DI DA DAS DO DOS DU LA LAS LE LES LO LOS "
    "VAN VON VOM ZU ZUR TER TEN SAN SANTA ST AF AV Y E MC MAC O".split()
)
_SUFFIXES = {
    "JR": "JR",
    "JUNIOR": "JR",
    "SR": "SR",
    "SENIOR": "SR",
    "II": "II",
    "III": "III",
    "IV": "IV",
    "2ND": "II",
    "3RD": "III",
    "4TH": "IV",
}
# Stand in front of a given name and belong to it: `ABD EL RAHMAN` is ABDELRAHMAN.
_GIVEN_PARTICLES = frozenset("ABD ABDUL ABDEL ABDAL ABDOUL ABU ABOU".split())
_ARTICLES = frozenset("AL EL UL ER AR AS UR".split())
_TITLES = frozenset("MR MRS MS MISS DR PROF REV HON SIR SGT LT CAPT".split())


SURNAME, GIVEN, MIDDLE = "surname", "given", "middle"


class NameTokenFields(NamedTuple):
    surname: tuple[str, ...]
    given: tuple[str, ...]
    middle: tuple[str, ...]
    suffix: str = ""
    shown: str = ""


class NameTokens(NameTokenFields):
    """One name, ready to be compared. Derived values are computed at first use, because most names are compared with
    nobody's, and remembered, because the others are compared with many."""

    @cached_property
    def key(self) -> tuple[str, str]:
        """Surname and given name, each without gaps."""
        return "".join(self.surname), "".join(self.given)

    @cached_property
    def forms(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Surname and given name, each as its tokens and as one word: JO ANN is JO, ANN and JOANN, also where ANN was
        taken for a middle name."""
        surname, given = self.key
        return _distinct(*self.surname, surname), _distinct(*self.given, given, given and given + "".join(self.middle))

    @cached_property
    def all_forms(self) -> tuple[str, ...]:
        """The forms of surname and given name, and the middle names."""
        return _distinct(*self.forms[0], *self.forms[1], *self.middle)

    @cached_property
    def parts_and_tokens(self) -> tuple[tuple[str, str], ...]:
        """Each token behind the name part in which it stands."""
        return (
            *[(SURNAME, token) for token in self.surname],
            *[(GIVEN, token) for token in self.given],
            *[(MIDDLE, token) for token in self.middle],
        )


def _distinct(*forms: str) -> tuple[str, ...]:
    return tuple(form for form in dict.fromkeys(forms) if form)


@lru_cache(maxsize=65_536)
def fold_name(text: str) -> str:
    """Latin capitals without accents; O'Brien is one word, Smith-Jones two. Other scripts are transliterated: Лавров is
    LAVROV."""
    if text.isascii() and text.isalpha():  # nearly every word of a name, and nothing to fold
        return text.upper()
    return " ".join(_WORD.findall(_APOSTROPHES.sub("", _in_latin(text)).upper()))


def _words_of(text: str) -> list[str]:
    """The folded words of a name part. Opens glued words, and reads a digit among letters as the letter it looks like:
    `J0HN` is JOHN."""
    if text.isascii() and text.isalpha() and (text.isupper() or text[1:].islower()):
        return [text.upper()]
    latin = _GLUED.sub(" ", _APOSTROPHES.sub("", _in_latin(text)))
    return _ORDINAL_OR_WORD.findall(_MISREAD.sub(_as_letters, latin).upper())


def _in_latin(text: str) -> str:
    if text.isascii():
        return text
    # Here, because a function without the layer of matching imports this module, and folds no name.
    from anyascii import anyascii  # noqa: PLC0415

    return anyascii(text)


def _as_letters(digits: re.Match[str]) -> str:
    return digits[0].translate(_LETTERS_LIKE_DIGITS)


def tokens_of(name: PersonName) -> NameTokens:
    """A suffix of its own counts before one behind the surname, and that before one behind the middle name."""
    # Whole names are seldom seen twice, their parts often: each part is cached.
    surname, surname_suffix, surname_shown = _surname(name.surname)
    middle, middle_suffix, middle_shown = _middle(name.middle)
    given, given_shown = _given(name.given)
    suffix = next(iter(suffixes_in(name.suffix)), "") if name.suffix else ""
    shown = " ".join(filter(None, (surname_shown, given_shown, middle_shown)))
    return NameTokens(surname, given, middle, suffix or surname_suffix or middle_suffix, shown)


@lru_cache(maxsize=65_536)
def _surname(text: str) -> tuple[tuple[str, ...], str, str]:
    """Its tokens, the suffix behind them, and how it is shown."""
    suffix, words = _split_suffix(_words_of(text))
    return _join_particles(words), suffix, f"{_shown(text)},"


@lru_cache(maxsize=65_536)
def _given(text: str) -> tuple[tuple[str, ...], str]:
    return _join_given_particles([word for word in _words_of(text) if word not in _TITLES]), _shown(text)


@lru_cache(maxsize=65_536)
def _middle(text: str) -> tuple[tuple[str, ...], str, str]:
    suffix, words = _split_suffix(_words_of(text))
    return tuple(words), suffix, _shown(text)


def _shown(text: str) -> str:
    return " ".join(text.upper().split())


def core_tokens(whole: str) -> list[str]:
    """The tokens of a whole name in no known order, without titles, suffixes and particles."""
    words = [word for word in fold_name(whole).split() if word not in _TITLES and word not in _SUFFIXES]
    return [word for word in words if word not in _PARTICLES] or words


def suffixes_in(text: str) -> list[str]:
    return [_SUFFIXES[word] for word in re.findall(r"\w+", text.upper()) if word in _SUFFIXES]


def _split_suffix(words: list[str]) -> tuple[str, list[str]]:
    """Splits off a suffix that stands behind a surname or a middle name (`SMITH JR`). A lone word is never a suffix."""
    if len(words) > 1 and words[-1] in _SUFFIXES:
        return _SUFFIXES[words[-1]], words[:-1]
    return "", words


def _join_particles(surname: list[str]) -> tuple[str, ...]:
    """Joins particles to the word behind them: `DE LA CRUZ` is DELACRUZ, as it is often keyed in."""
    tokens: list[str] = []
    particles = ""
    for word in surname:
        if word in _PARTICLES:
            particles += word
        else:
            tokens.append(particles + word)
            particles = ""
    return (*tokens, particles) if particles else tuple(tokens)


def _join_given_particles(given: list[str]) -> tuple[str, ...]:
    if len(given) < 2 or _GIVEN_PARTICLES.isdisjoint(given):
        return tuple(given)
    tokens: list[str] = []
    particles = ""
    for word in given:
        if word in _GIVEN_PARTICLES or (particles and word in _ARTICLES):
            particles += word
        else:
            tokens.append(particles + word)
            particles = ""
    return (*tokens, particles) if particles else tuple(tokens)


_JOINED_PARTICLES = "DELA DELOS DELAS VANDER VANDEN VAN VON DEL DE DA DI DU EL AL LA LE SAINT ST MAC MC O".split()


@lru_cache(maxsize=65_536)
def without_particle(token: str) -> str:
    """The token without the particle that was joined to it: `DELACRUZ` is compared with `CRUZ` as well. At least four
    letters are left."""
    for particle in _JOINED_PARTICLES:
        if token.startswith(particle) and len(token) - len(particle) >= 4:
            return token[len(particle) :]
    return token
