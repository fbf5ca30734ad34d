"""The parts of an arrest, each from its text. What repeats in a feed (charges, places, people without a name) is
validated once and remembered: equal texts give the very same value."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.model import ADULT_FROM, Flag
from shared.arrests.person import Identifier, IdentifierKind, Person, Sex, normal_code
from shared.arrests.places import Place
from shared.feeds.normalise.dates import Calendar
from shared.feeds.normalise.fast_construct import unchecked_constructor
from shared.feeds.normalise.names import names_from
from shared.feeds.profiles.model import CLASSES, SEXES, Profile
from shared.feeds.record import ChargeText, NameText, PersonText, PlaceText

OLDEST = 120  # years; an older date of birth is a slip of the pen
REMEMBERED = 16_384  # values of each kind, so that memory does not grow with the file
# What people write where nothing is known. As an identifier each would make one person of all its strangers.
_NOTHING = re.compile(r"(?:NA|NONE|NULL|UNKNOWN|UNKN?|PENDING|TBD|NOTAVAILABLE|NOTAPPLICABLE|0+|9{4,}|X+)?")

_AGE = re.compile(r"\s*([0-9]{1,3})(?![0-9])")  # `17`, `17 yrs`, and the lower end of `10-17`
_SOCIAL_SECURITY = re.compile(r"\s*\d{3}-\d{2}-\d{4}\s*")

_made_person, _made_place, _made_identifier = (
    unchecked_constructor(Person),
    unchecked_constructor(Place),
    unchecked_constructor(Identifier),
)


class ParsedPerson(NamedTuple):
    """A person, what a reader must know of it, a word for sex that no code map knows, and whether age or age group say
    under 18 (None: they say nothing)."""

    person: Person
    flags: tuple[Flag, ...] = ()
    unknown_sex: str = ""
    minor: bool | None = None


class FieldParser:
    def __init__(self, profile: Profile, calendar: Calendar, today: date) -> None:
        self._classes = {code: ChargeClass(word) for code, word in (CLASSES | profile.codes.charge_class).items()}
        self._sexes = {code: Sex(word) for code, word in (SEXES | {"": "U"} | profile.codes.sex).items()}
        self._agency, self._sid_issuer = profile.agency, profile.sid_issuer
        self._juvenile = {"JUVENILE"} | {word.strip().upper() for word in profile.codes.juvenile}
        self._calendar, self._today = calendar, today
        self.charge = lru_cache(REMEMBERED)(self._charge)
        self.place = lru_cache(REMEMBERED)(self._place)
        self._minor = lru_cache(REMEMBERED)(self._is_minor)

    def _charge(self, text: ChargeText) -> Charge | None:
        statute, wording, said, degree = map(str.strip, text)
        if not (statute or wording):
            return None
        known = self._classes.get(said.upper())
        return Charge(
            statute=statute,
            text=wording,
            charge_class=known,
            charge_class_raw="" if known else said[:100],
            degree=degree,
        )

    def _place(self, text: PlaceText) -> tuple[Place, tuple[Flag, ...]]:
        address, city, state, postcode, precinct, latitude, longitude, beat = map(str.strip, text)
        point, flags = _point(latitude, longitude)
        place = _made_place(
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
        born, said = text.born.strip(), text.sex.strip()
        day, year = self._born(born)
        sex = self._sexes.get(said.upper())
        person = _made_person(
            {
                "names": names_from(names, text.alias),
                "date_of_birth": day,
                "birth_year": year,
                "sex": sex or Sex.UNKNOWN,
                "identifiers": self._identifiers(text),
            }
        )
        flags: tuple[Flag, ...] = ()
        for number in (text.sid, text.fbi, text.person_number, text.booking_number):
            if "-" in number and _SOCIAL_SECURITY.fullmatch(number):
                flags = (Flag.SOCIAL_SECURITY_NUMBER,)
        if not (day or year or _NOTHING.fullmatch(normal_code(born))):
            flags = (*flags, Flag.IMPOSSIBLE_DATE_OF_BIRTH)
        return ParsedPerson(person, flags, "" if sex else said, self._minor(text.age_group, text.age))

    def _is_minor(self, group: str, years: str) -> bool | None:
        if group.strip().upper() in self._juvenile:
            return True
        if not (said := _AGE.match(years)):
            return None
        age = int(said[1])
        return age < ADULT_FROM if 0 < age <= OLDEST else None

    def _born(self, text: str) -> tuple[date | None, int | None]:
        """A day, or where only a year is given, the year."""
        if len(text) == 4 and text.isascii() and text.isdigit():
            return None, int(text) if self.is_possible(date(max(int(text), 1), 1, 1), self._today) else None
        return self._calendar.born(text) if text else None, None

    def is_possible(self, born: date, arrested: date) -> bool:
        latest = min(arrested, self._today)
        return latest.year - OLDEST <= born.year and born <= latest

    def _identifiers(self, text: PersonText) -> tuple[Identifier, ...]:
        said = (
            (IdentifierKind.SID, text.sid, text.sid_issuer.strip() or self._sid_issuer),
            (IdentifierKind.FBI, text.fbi, None),
            (IdentifierKind.PERSON, text.person_number, self._agency),
            (IdentifierKind.BOOKING, text.booking_number, self._agency),
        )
        return tuple(
            [identifier for kind, number, issuer in said if number and (identifier := _issued(kind, number, issuer))]
        )


def _issued(kind: IdentifierKind, value: str, issuer: str | None) -> Identifier | None:
    number = normal_code(value)
    if _NOTHING.fullmatch(number) or ("-" in value and _SOCIAL_SECURITY.fullmatch(value)):
        return None
    return _made_identifier({"kind": kind, "value": number, "issuer": issuer})


def _point(latitude: str, longitude: str) -> tuple[tuple[float, float] | None, tuple[Flag, ...]]:
    """Nought and nought, off the coast of Africa, is how systems write "no coordinates"."""
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
