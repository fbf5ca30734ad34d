"""The person, place and charges of an arrest, each parsed from its text.

What repeats in a feed (charges, places, persons without a name) is validated once and cached: equal texts give the same
object.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.issued_numbers import several_numbers
from shared.arrests.model import Flag
from shared.arrests.numbers import normal_code
from shared.arrests.person import Identifier, IdentifierKind, Person, Sex, normal_identifier
from shared.arrests.placeholders import is_no_number
from shared.arrests.places import Place
from shared.arrests.states import state_code
from shared.feeds.normalise.ages import means_minor
from shared.feeds.normalise.births import BirthReader
from shared.feeds.normalise.court import CourtParser
from shared.feeds.normalise.dates import DateParser, Moment
from shared.feeds.normalise.fast_construct import unchecked_constructor
from shared.feeds.normalise.flags import is_social_security_number, number_flag
from shared.feeds.normalise.names import parse_names
from shared.feeds.normalise.plain_text import plain_text
from shared.feeds.profiles.model import CLASSES, SEXES, Profile
from shared.feeds.record import ChargeText, NameText, PersonText, PlaceText

REMEMBERED = 16_384  # values of each kind, so that memory does not grow with the file
_LONGEST_RAW_CLASS = 100  # characters

_new_person, _new_place, _new_identifier = (
    unchecked_constructor(Person),
    unchecked_constructor(Place),
    unchecked_constructor(Identifier),
)

_PLAIN_NUMBER = re.compile(r"[09A-Za-z-]*[1-8][0-9A-Za-z-]*")  # surely a number, and only one
_ISSUED_BY_STATES = (IdentifierKind.SID, IdentifierKind.FBI)

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
    """Compiled for one drop. `today` is the day of the drop in the agency's zone. `moment_of` reads a day and a time;
    it raises Rejected for a day that cannot be read."""

    def __init__(
        self, profile: Profile, dates: DateParser, today: date, moment_of: Callable[[str, str], Moment | None]
    ) -> None:
        self._classes = {code: ChargeClass(word) for code, word in (CLASSES | profile.codes.charge_class).items()}
        self._sexes = {code: Sex(word) for code, word in (SEXES | {"": "U"} | profile.codes.sex).items()}
        self._agency, self._sid_issuer = profile.agency, profile.sid_issuer
        self._name_layout = profile.names
        self._juvenile_words = frozenset(" ".join(word.split()).upper() for word in profile.codes.juvenile)
        self._blanks = profile.blanks
        self._own_blanks = profile.blanks or None
        self.court = CourtParser(profile, moment_of)
        self.births = BirthReader(dates, profile.blanks, today)
        self._clean = lru_cache(REMEMBERED)(self._clean_text)
        self._line = lru_cache(REMEMBERED)(self._line_text)
        self.charge = lru_cache(REMEMBERED)(self._charge)
        self.place = lru_cache(REMEMBERED)(self._place)
        self._is_minor = lru_cache(REMEMBERED)(self._means_minor)

    def _charge(self, text: ChargeText) -> Charge | None:
        """None where the text has neither a statute nor a description, and tells of no decision."""
        statute, description, degree = map(self._clean, (text.statute, text.charge, text.degree))
        disposition = self.court.disposition(text)
        if not (statute or description or disposition):
            return None
        charge_class = self._classes.get(text.charge_class.strip().upper())
        return Charge(
            statute=statute,
            text=description,
            charge_class=charge_class,
            charge_class_raw="" if charge_class else self._clean(text.charge_class)[:_LONGEST_RAW_CLASS],
            degree=degree,
            disposition=disposition,
        )

    def _place(self, text: PlaceText) -> ParsedPlace:
        address, city, state, postcode, precinct, latitude, longitude, beat = text
        point, flags = _point(latitude.strip(), longitude.strip())
        clean = self._line
        place = _new_place(
            {
                "address": address and clean(address),
                "city": city and clean(city),
                "state": state and clean(state),
                "postcode": postcode and clean(postcode),
                "precinct": precinct and clean(precinct),
                "beat": beat and clean(beat),
                "latitude": point and point[0],
                "longitude": point and point[1],
            }
        )
        return place, flags

    def person(self, names: tuple[NameText, ...], text: PersonText) -> ParsedPerson:
        birth, sex_word = self.births.read(text.born), text.sex.strip()
        sex = self._sexes.get(sex_word.upper())
        identifiers, flags = self._identifiers(text)
        person = _new_person(
            {
                "names": parse_names(names, text.alias, self._name_layout, self._own_blanks),
                "date_of_birth": birth.day,
                "birth_year": birth.year,
                "sex": sex or Sex.UNKNOWN,
                "identifiers": identifiers,
            }
        )
        if birth.unreadable:
            flags = (*flags, Flag.IMPOSSIBLE_DATE_OF_BIRTH)
        unknown_sex = "" if sex else self._blanks.without(sex_word)
        return ParsedPerson(person, flags, unknown_sex, self._is_minor(text.age_group, text.age))

    def _clean_text(self, text: str) -> str:
        """Without what programs leave in a text, and blank where the text says nothing."""
        return self._blanks.without(plain_text(text))

    def _line_text(self, text: str) -> str:
        """The same in one line, as an address stands in a mail."""
        return " ".join(self._clean_text(text).split())

    def _means_minor(self, age_group: str, age_text: str) -> bool | None:
        """None where neither says anything."""
        group, age = means_minor(age_group, self._juvenile_words), means_minor(age_text)
        return True if group or age else group if age is None else age

    def _identifiers(self, text: PersonText) -> tuple[tuple[Identifier, ...], tuple[Flag, ...]]:
        """Returns the identifiers, and why others are left out."""
        identifiers: list[Identifier] = []
        flags: list[Flag] = []
        if text.sid:
            issuer = (text.sid_issuer and state_code(text.sid_issuer)) or self._sid_issuer
            self._add_identifiers(IdentifierKind.SID, text.sid, issuer, identifiers, flags)
        if text.fbi:
            self._add_identifiers(IdentifierKind.FBI, text.fbi, None, identifiers, flags)
        if text.person_number:
            self._add_identifiers(IdentifierKind.PERSON, text.person_number, self._agency, identifiers, flags)
        if text.booking_number:
            self._add_identifiers(IdentifierKind.BOOKING, text.booking_number, self._agency, identifiers, flags)
        if text.cjtn:
            self._add_identifiers(IdentifierKind.CJTN, text.cjtn, self._sid_issuer, identifiers, flags)
        return tuple(identifiers), tuple(dict.fromkeys(flags)) if flags else ()

    def _add_identifiers(
        self, kind: IdentifierKind, cell: str, issuer: str | None, identifiers: list[Identifier], flags: list[Flag]
    ) -> None:
        """Adds those of one cell: none for a text that says nothing, a rounded number and a Social Security number.
        Only state and federal numbers have one form everywhere; an agency may write its own with any sign."""
        is_own = kind not in _ISSUED_BY_STATES
        is_plain = (is_own or cell[0].isdigit()) and _PLAIN_NUMBER.fullmatch(cell) and not self._own_blanks
        if is_plain and not ("-" in cell and is_social_security_number(cell)):
            identifiers.append(_new_identifier({"kind": kind, "value": normal_code(cell), "issuer": issuer}))
            return
        if is_no_number(cell) or self._blanks.is_own(cell):
            return
        for number in (cell,) if is_own else several_numbers(cell):
            value, state = normal_identifier(kind, number, issuer)
            if flag := number_flag(number):
                flags.append(flag)
            elif not is_no_number(value):
                identifiers.append(_new_identifier({"kind": kind, "value": value, "issuer": state}))


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
