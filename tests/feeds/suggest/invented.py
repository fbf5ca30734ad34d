"""Invented people, places and bookings, from a seed. Whoever bears one of these names in life is not meant."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

_SURNAMES = (
    "Abernook Brindlow Castervane Dunquist Ellerbrook Fennimark Gallowhurst Hartzog Inverdale Jessamond Kettleby "
    "Lindquarry Marchbanks Norquay Ostrander Pemberlin Quarrington Ravensloe Stavenger Thistlewood Umberfield "
    "Vantongeren Wexcombe Yarborne Zellwick Okonjuwa Tranminh Vasquillo Delacorva Petrovanski"
).split()
_GIVEN = {
    "F": "Adaline Beatrix Corisa Delphine Esmera Florine Giselle Hestia Ivonne Jorunn Katrine Lucinda".split(),
    "M": "Ambrose Bertrand Caspian Desmond Emeric Fitzroy Garrick Horatio Isidro Joachim Killian Leopold".split(),
}
_MIDDLE = ("", "", "Rae", "Lynn", "Dean", "Wade", "Quinn", "Jo", "A", "T")
_STREETS = (
    "Larkmoss Ln",
    "Old Ferry Rd",
    "Quarry Hill Dr",
    "Tannery St",
    "Windlass Ave",
    "Saltbox Ct",
    "Mill Race Way",
)
_FBI_LETTERS = ("AB", "DA", "EE", "HC")
_CORNERS = ("Windlass Ave & 3rd St", "Rte 9 / Tannery St", "Hwy 41 @ Mile 12", "Depot Plaza", "Larkmoss Mall", "")


class Offence(NamedTuple):
    """`charge_class` is our word, `written_class` the agency's."""

    statute: str
    text: str
    charge_class: str
    written_class: str


class Booking(NamedTuple):
    """What happened, before an agency writes it down. `arrested` is in the agency's time."""

    number: str
    person_number: str
    surname: str
    given: str
    middle: str
    suffix: str
    aliases: tuple[str, ...]
    born: date
    sex: str
    arrested: datetime
    home: str
    place: str
    city: str
    offences: tuple[Offence, ...]
    sid: str
    fbi: str

    @property
    def age(self) -> int:
        day = self.arrested.date()
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


class Agency(NamedTuple):
    """What the bookings of one invented agency are drawn from. `days` are those on which it arrests."""

    seed: int
    bookings: int
    number: str  # a pattern with the running number `{n}`
    cities: Sequence[str]
    days: Sequence[date]
    offences: Sequence[Offence]
    most_charges: int = 3
    accents: bool = False


def days_before(last: date, count: int) -> list[date]:
    return [last - timedelta(days=back) for back in reversed(range(count))]


def bookings_of(agency: Agency) -> list[Booking]:
    """Returns them by time of arrest. Equal seeds give equal bookings."""
    chance = random.Random(agency.seed)
    moments = sorted(_moment(chance, agency) for _ in range(agency.bookings))
    return [_booking(chance, agency, order, moment) for order, moment in enumerate(moments)]


def _moment(chance: random.Random, agency: Agency) -> datetime:
    day = chance.choice(agency.days)
    return datetime(day.year, day.month, day.day, chance.randrange(3, 24), chance.randrange(60))  # noqa: DTZ001


def _booking(chance: random.Random, agency: Agency, order: int, moment: datetime) -> Booking:
    sex = chance.choice("FMMM")
    surname, given = chance.choice(_SURNAMES), chance.choice(_GIVEN[sex])
    if agency.accents and chance.random() < 0.4:
        surname, given = chance.choice(("Ibáñezcal", "Peñalora", "Núñezgo")), chance.choice(("José", "Zoé", "Íñigo"))
    count = chance.randint(1, agency.most_charges)
    return Booking(
        number=agency.number.format(n=1031 + order * 3),
        person_number=str(chance.randrange(210_000, 980_000)),
        surname=surname,
        given=given,
        middle=chance.choice(_MIDDLE),
        suffix=chance.choice(("", "", "", "", "", "JR", "III")),
        aliases=_aliases(chance, sex),
        born=moment.date() - timedelta(days=chance.randrange(19 * 366, 68 * 365)),
        sex=sex,
        arrested=moment,
        home=f"{chance.randrange(100, 9900)} {chance.choice(_STREETS)}",
        place=chance.choice((*_CORNERS, f"{chance.randrange(100, 9900)} {chance.choice(_STREETS)}")),
        city=chance.choice(agency.cities),
        offences=tuple(chance.sample(agency.offences, count)),
        sid=str(chance.randrange(10_000_000, 99_000_000)) if chance.random() < 0.8 else "",
        fbi=f"{chance.randrange(100_000, 999_999)}{chance.choice(_FBI_LETTERS)}{chance.randrange(10)}"
        if chance.random() < 0.6
        else "",
    )


def _aliases(chance: random.Random, sex: str) -> tuple[str, ...]:
    """One person in five has one or two, given name first."""
    count = chance.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2))
    return tuple(f"{given} {chance.choice(_SURNAMES)}" for given in chance.sample(_GIVEN[sex], count))
