"""The person, place and charges of an arrest, each parsed from its text.

What repeats in a feed (charges, places, persons without a name) is validated once and cached: equal texts give the same
object.
"""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.model import ADULT_FROM, Flag
from shared.arrests.person import OLDEST, Identifier, IdentifierKind, Person, Sex, is_no_number, normal_code
from shared.arrests.places import Place
from shared.feeds.normalise.dates import DateParser
from shared.feeds.normalise.fast_construct import unchecked_constructor
from shared.feeds.normalise.names import parse_names
from shared.feeds.profiles.model import CLASSES, SEXES, Profile
from shared.feeds.record import ChargeText, NameText, PersonText, PlaceText

REMEMBERED = 16_384  # values of each kind, so that memory does not grow with the file
_LONGEST_RAW_CLASS = 100  # characters

_AGE = re.compile(r"\s*([0-9]{1,3})(?![0-9])")  # `17`, `17 yrs`, and the lower end of `10-17`
_SOCIAL_SECURITY_NUMBER = re.compile(r"\s*\d{3}-\d{2}-\d{4}\s*")

_new_person, _new_place, _new_identifier = (
    unchecked_constructor(Person),
    unchecked_constructor(Place),
    unchecked_constructor(Identifier),
)

ParsedPlace = tuple[Place, tuple[Flag, ...]]


class ParsedPerson(NamedTuple):
    """A person and what the texts say beside it.

    `unknown_sex` is a word that no code map explains. `minor` says whether age or age group mean under 18; None where
    they say nothing.
    """

    person: Person
    flags: tuple[Flag, ...] = ()
    unknown_sex: str = ""
    minor: bool | None = None


class FieldParser:
    """Compiled for one drop. `today` is the day of the drop in the agency's zone."""

    def __init__(self, profile: Profile, dates: DateParser, today: date) -> None:
        self._classes = {code: ChargeClass(word) for code, word in (CLASSES | profile.codes.charge_class).items()}
        self._sexes = {code: Sex(word) for code, word in (SEXES | {"": "U"} | profile.codes.sex).items()}
        self._agency, self._sid_issuer = profile.agency, profile.sid_issuer
        self._name_layout = profile.names
        self._juvenile_words = {"JUVENILE"} | {word.strip().upper() for word in profile.codes.juvenile}
        self._dates, self._today = dates, today
        self.charge = lru_cache(REMEMBERED)(self._charge)
        self.place = lru_cache(REMEMBERED)(self._place)
        self._is_minor = lru_cache(REMEMBERED)(self._means_minor)

    def _charge(self, text: ChargeText) -> Charge | None:
        """None where the text has neither a statute nor a description."""
        statute, description, class_word, degree = map(str.strip, text)
        if not (statute or description):
            return None
        charge_class = self._classes.get(class_word.upper())
        return Charge(
            statute=statute,
            text=description,
            charge_class=charge_class,
            charge_class_raw="" if charge_class else class_word[:_LONGEST_RAW_CLASS],
            degree=degree,
        )

    def _place(self, text: PlaceText) -> ParsedPlace:
        address, city, state, postcode, precinct, latitude, longitude, beat = map(str.strip, text)
        point, flags = _point(latitude, longitude)
        place = _new_place(
            {
                "address": address,
                "city": city,
                "state": state,
                "postcode": postcode,
                "precinct": precinct,
                "beat": beat,
                "latitude": point and point[0],
                "longitude": point and point[1],
            }
        )
        return place, flags

    def person(self, names: tuple[NameText, ...], text: PersonText) -> ParsedPerson:
        born, sex_word = text.born.strip(), text.sex.strip()
        day, year = self._birth_day_or_year(born)
        sex = self._sexes.get(sex_word.upper())
        person = _new_person(
            {
                "names": parse_names(names, text.alias, self._name_layout),
                "date_of_birth": day,
                "birth_year": year,
                "sex": sex or Sex.UNKNOWN,
                "identifiers": self._identifiers(text),
            }
        )
        flags: tuple[Flag, ...] = ()
        for number in (text.sid, text.fbi, text.person_number, text.booking_number):
            if "-" in number and _SOCIAL_SECURITY_NUMBER.fullmatch(number):
                flags = (Flag.SOCIAL_SECURITY_NUMBER,)
        if not (day or year or is_no_number(normal_code(born))):
            flags = (*flags, Flag.IMPOSSIBLE_DATE_OF_BIRTH)
        return ParsedPerson(person, flags, "" if sex else sex_word, self._is_minor(text.age_group, text.age))

    def is_possible_birth(self, born: date, arrested: date) -> bool:
        latest = min(arrested, self._today)
        return latest.year - OLDEST <= born.year and born <= latest

    def _means_minor(self, age_group: str, age_text: str) -> bool | None:
        """None where neither says anything."""
        if age_group.strip().upper() in self._juvenile_words:
            return True
        if not (match := _AGE.match(age_text)):
            return None
        age = int(match[1])
        return age < ADULT_FROM if 0 < age <= OLDEST else None

    def _birth_day_or_year(self, text: str) -> tuple[date | None, int | None]:
        """Returns the day of birth or, where only a year is given, the year."""
        if len(text) == 4 and text.isascii() and text.isdigit():
            year = int(text)
            return None, year if self.is_possible_birth(date(max(year, 1), 1, 1), self._today) else None
        return self._dates.birth_date(text) if text else None, None

    def _identifiers(self, text: PersonText) -> tuple[Identifier, ...]:
        numbers = (
            (IdentifierKind.SID, text.sid, text.sid_issuer.strip() or self._sid_issuer),
            (IdentifierKind.FBI, text.fbi, None),
            (IdentifierKind.PERSON, text.person_number, self._agency),
            (IdentifierKind.BOOKING, text.booking_number, self._agency),
        )
        identifiers = [_identifier(*number) for number in numbers if number[1]]
        return tuple(filter(None, identifiers))


def _identifier(kind: IdentifierKind, number: str, issuer: str | None) -> Identifier | None:
    """None for a word that means nothing is known, and for a Social Security number."""
    code = normal_code(number)
    if is_no_number(code) or ("-" in number and _SOCIAL_SECURITY_NUMBER.fullmatch(number)):
        return None
    return _new_identifier({"kind": kind, "value": code, "issuer": issuer})


def _point(latitude: str, longitude: str) -> tuple[tuple[float, float] | None, tuple[Flag, ...]]:
    """Returns (latitude, longitude) in degrees. Systems write 0 and 0, off the coast of Africa, for "unknown"."""
    if not (latitude or longitude):
        return None, ()
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        return None, (Flag.NO_COORDINATES,)
    if north == east == 0:
        return None, ()
    if abs(north) <= 90 and abs(east) <= 180:  # false for NaN too
        return (north, east), ()
    return None, (Flag.NO_COORDINATES,)
