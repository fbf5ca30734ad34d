"""Takes a line of an address apart."""

import re
import unicodedata
from functools import lru_cache

from shared.arrests.addresses.model import Address, AddressKind, Street
from shared.arrests.addresses.words import (
    DIRECTIONALS,
    HIGHWAYS,
    NO_ADDRESS,
    ORDINALS,
    STATES,
    SUFFIXES,
    TENS,
    UNITS,
    WITHOUT_NUMBER,
)
from shared.arrests.placeholders import is_placeholder
from shared.arrests.states import state_code

_LONGEST = 200  # characters; longer texts are compared as they are written


@lru_cache(maxsize=65_536)
def parse_address(text: str) -> Address | None:
    """Takes one line apart. None where it names no place: it is empty, or says that there is none (HOMELESS)."""
    folded = _fold(text)
    if folded in NO_ADDRESS or is_placeholder(folded):
        return None
    if len(text) > _LONGEST:
        return Address(AddressKind.OTHER, streets=(Street(folded),))
    if box := _BOX.search(folded):
        return Address(AddressKind.BOX, number=box[1])
    line = _from_the_number(folded)
    if crossing := _intersection(line):
        return crossing
    number, kind, rest = _number(line)
    if not number:
        return Address(AddressKind.OTHER, streets=(Street(" ".join(_WORDS.findall(folded))),))
    return _with_number(kind, number, _CROSSING.split(rest)[0])


def place_of(text: str) -> Address:
    """The place that somebody watches; the text itself where it names none."""
    return parse_address(text) or Address(AddressKind.OTHER, streets=(Street(_fold(text)),))


@lru_cache(maxsize=65_536)
def located(line: str, city: str, state: str) -> Address | None:
    """The address of a line, with the city and state of their own columns where the line names none."""
    address, known = parse_address(line), state_code(state) or ""
    if address is None:
        return None
    return address._replace(city=address.city or _city(city), state=address.state or known)


# --- the text

_BOX = re.compile(r"^P ?O BOX (\w+)")
_WORDS = re.compile(r"[0-9A-Z/#-]+")
_CROSSING = re.compile(r"\s*(?:&|@|\bAND\b|\bX\b|(?<!\d)/|/(?!\d))\s*")
_CROSSING_OPENING = re.compile(r"^(?:(?:THE )?CORNER OF|INTERSECTION OF)\s+")
_FRACTION = re.compile(r"(\d)\s*([½¼¾])")
_HALVES = {"½": "1/2", "¼": "1/4", "¾": "3/4"}


def _fold(text: str) -> str:
    """Capitals without accents, apostrophes and points; commas and hyphens stay."""
    text = _FRACTION.sub(lambda match: f"{match[1]} {_HALVES[match[2]]}", text)
    decomposed = unicodedata.normalize("NFKD", text.upper())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.sub(r"['’`.]", "", plain).replace("#", " # ").split())


def _from_the_number(folded: str) -> str:
    """Without the name of a shop or a jail in front: `WALMART, 905 CHESTNUT PKWY`."""
    if re.match(r"\d|BLOCK", folded):
        return folded
    match = re.search(r"(?:,|\s-)\s*(?=\d+\w*\s+\w)", folded)
    return folded[match.end() :] if match else folded


# --- number and block

_BLOCKS = (
    re.compile(r"^(?P<number>\d+) (?:BLK|BLOCK)(?: OF)?\b (?P<rest>.+)"),
    re.compile(r"^(?:BLK|BLOCK) OF (?P<number>\d+) (?P<rest>.+)"),
    re.compile(r"^(?P<hundreds>\d*)XX (?P<rest>.+)"),
)
_NUMBER = re.compile(r"^(?P<number>\d+(?:-\d+)?[A-Z]?(?: [123]/[234])?),? (?P<rest>.+)")


def _number(line: str) -> tuple[str, AddressKind, str]:
    for pattern in _BLOCKS:
        if match := pattern.match(line):
            groups = match.groupdict()
            number = groups.get("number") or f"{groups.get('hundreds') or ''}00"
            return number.lstrip("0") or "0", AddressKind.BLOCK, match["rest"]
    if match := _NUMBER.match(line):
        return match["number"].lstrip("0") or "0", AddressKind.STREET, match["rest"]
    return "", AddressKind.OTHER, line


# --- intersections


def _intersection(line: str) -> Address | None:
    """Two streets. A line that begins with the number of a house is an address, whatever street it says is near."""
    opened = _CROSSING_OPENING.match(line)
    sides = _CROSSING.split(line[opened.end() :] if opened else line)
    if len(sides) != 2 or not all(sides):
        return None
    if not opened and _begins_with_house_number(sides[0]):
        return None
    first, second = (_street_and_tail(_without_city(side)[0]) for side in sides)
    city, state = _without_city(sides[1])[1:]
    streets = tuple(sorted((first[0], second[0])))
    return Address(AddressKind.INTERSECTION, streets=streets, city=city, state=state)


def _begins_with_house_number(side: str) -> bool:
    words = side.split()
    if not re.match(r"\d", words[0]) or ORDINALS.get(words[0]) or len(words) < 2:
        return bool(re.match(r"\d", words[0])) and len(words) > 2
    return not (words[1] in SUFFIXES and len(words) == 2)  # `42 ST` is a street


# --- city, unit, street

_POSTCODE = re.compile(r"[\s,]+\d{5}(?:-\d{4})?$")


def _without_city(text: str) -> tuple[str, str, str]:
    """Returns the line, the city and the state that stand behind it."""
    bare = _POSTCODE.sub("", text)
    has_postcode, text = bare != text, bare.strip(" ,")
    line, state = _without_state(text, has_postcode=has_postcode)
    head, comma, tail = line.partition(",")
    while comma and (words := tail.replace(",", " ").split()) and _is_unit(words):
        further, comma, tail = tail.partition(",")
        head = f"{head} {further}"
    city = _city(tail)
    if city or not (state or has_postcode):
        return head, city, state
    return (*_split_behind_street(head), state)


def _without_state(text: str, *, has_postcode: bool) -> tuple[str, str]:
    words = text.replace(",", " , ").split()
    if len(words) < 3 or words[-1] not in STATES:
        return text, ""
    before = words[:-1]
    names_street = any(word in SUFFIXES for word in before[1:])
    behind_comma = before[-1] == ","
    if not (behind_comma or has_postcode or names_street):
        return text, ""  # `8 SW 4 CT` is a court, not Connecticut
    return " ".join(before).replace(" ,", ",").strip(" ,"), words[-1]


@lru_cache(maxsize=4_096)
def _city(text: str) -> str:
    return " ".join(_city_word(word) for word in _fold(text).replace(",", " ").replace("-", " ").split())


def _city_word(word: str) -> str:
    return _SAINTS.get(word, word) if word != "STE" else word


def _is_unit(words: list[str]) -> bool:
    return words[0] in UNITS or words[0] in WITHOUT_NUMBER or words[0] == "#" or _is_floor(words)


def _is_floor(words: list[str]) -> bool:
    return len(words) > 1 and words[1] in ("FL", "FLOOR", "FLR") and bool(re.match(r"\d", words[0]))


def _split_behind_street(head: str) -> tuple[str, str]:
    """`14 ELM ST ALBANY`, of which a state stood behind: the city follows the street's suffix and unit."""
    words = head.split()
    last = next((index for index, word in enumerate(words) if index > 1 and word in SUFFIXES), None)
    if last is None:
        return head, ""
    end = last + 1
    if end < len(words) and words[end] in DIRECTIONALS:
        end += 1
    while end + 1 < len(words) and (words[end] in UNITS or words[end] == "#"):
        end += 2
    return " ".join(words[:end]), " ".join(map(_city_word, words[end:]))


def _with_number(kind: AddressKind, number: str, rest: str) -> Address:
    line, city, state = _without_city(f"{number} {rest}")
    street, tail = _street_and_tail(line.partition(" ")[2] if " 1/" not in number else line[len(number) + 1 :])
    return Address(kind, number, (street,), _unit(tail), city, state)


def _street_and_tail(text: str) -> tuple[Street, list[str]]:
    """Returns the street, and the words behind it, which are a unit."""
    words = [word for word in re.sub(r"[,]", " ", text).split() if word != "-"]
    words, tail = _split_unit(_join_highway(words))
    name, suffix, after, behind = _name_of(words)
    before = ""
    if len(name) > 1 and name[0] in DIRECTIONALS:
        before, name = DIRECTIONALS[name[0]], name[1:]
    spelled = _spell(name)
    if spelled.split(" ")[0] in {"I", "US", "SR", "CR"}:
        suffix = ""
    return Street(spelled, suffix, before, after), [*behind, *tail]


def _join_highway(words: list[str]) -> list[str]:
    text = " ".join(words)
    for pattern, short in HIGHWAYS:
        text = pattern.sub(short, text)
    return text.split()


def _split_unit(words: list[str]) -> tuple[list[str], list[str]]:
    for index in range(1, len(words)):
        if _is_unit(words[index:]) and not (words[index] in SUFFIXES and index + 1 == len(words)):
            return words[:index], words[index:]
    return words, []


def _name_of(words: list[str]) -> tuple[list[str], str, str, list[str]]:
    """Returns name, suffix, directional behind, and what follows. The last suffix counts: `COURT ST` is a street."""
    last = next((index for index in range(len(words) - 1, 0, -1) if words[index] in SUFFIXES), 0)
    if not last or (last == 1 and words[0] in DIRECTIONALS):
        if len(words) > 2 and words[-1] in DIRECTIONALS and words[0] not in SUFFIXES:
            return words[:-1], "", DIRECTIONALS[words[-1]], []
        return words, "", "", []
    behind = words[last + 1 :]
    after = DIRECTIONALS.get(behind[0], "") if behind else ""
    return words[:last], SUFFIXES[words[last]], after, behind[1:] if after else behind


_KING = re.compile(r"\b(?:MARTIN LUTHER|M L|ML|DR MARTIN LUTHER) KING(?: JR)?\b|\bMLK(?: JR)?\b")
_SAINTS = {"ST": "SAINT", "STE": "SAINTE", "FT": "FORT", "MT": "MOUNT"}


def _spell(name: list[str]) -> str:
    words = [part for word in name for part in _number_word(word).replace("-", " ").split()]
    if len(words) > 1:
        words[0] = _SAINTS.get(words[0], words[0])
    return _KING.sub("MLK", " ".join(words))


def _number_word(word: str) -> str:
    """`TWENTY-THIRD` and `23RD` are 23."""
    if match := re.fullmatch(r"(\d+)(?:ST|ND|RD|TH)", word):
        return match[1]
    tens, hyphen, ones = word.partition("-")
    if hyphen and tens in TENS and ones in ORDINALS:
        return str(TENS[tens] + int(ORDINALS[ones]))
    return ORDINALS.get(word, word)


def _unit(words: list[str]) -> str:
    """`APT 4B`, `# 4 B` and `UNIT 4B` are one; a floor, a building and a lot keep their word."""
    if _is_floor(words):
        words = [words[1], words[0], *words[2:]]
    spelled: list[str] = []
    for word in words:
        kept = UNITS.get(word, "" if word == "#" else _number_word(word))
        if kept:
            spelled.append(kept)
    return "".join(spelled)
