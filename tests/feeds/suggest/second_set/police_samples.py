"""Samples of police departments: a Spanish-speaking county, an open-data portal, and a log typed by hand."""

import json
import random
from datetime import date, datetime
from typing import Any

from tests.feeds.suggest.invented import Agency, Booking, Offence, bookings_of, days_before
from tests.feeds.suggest.text import Sample, joined

_LAST_DAY = date(2026, 11, 19)


def santa_lumbre() -> Sample:
    """In Spanish: semicolons, the day first, two surnames, H for men and M for women."""
    offences = (
        Offence("Art. 108", "Agresión", "misdemeanor", "Menos grave"),
        Offence("Art. 190", "Robo agravado", "felony", "Grave"),
        Offence("Art. 404", "Posesión de sustancias controladas", "felony", "Grave"),
        Offence("Art. 241", "Alteración a la paz", "misdemeanor", "Menos grave"),
        Offence("Art. 181", "Apropiación ilegal", "misdemeanor", "Menos grave"),
    )
    towns = ("Santa Lumbre", "Río Pardo", "Peñablanca")
    agency = Agency(1808, 65, "SL-26-{n}", towns, days_before(_LAST_DAY, 28), offences, most_charges=2, accents=True)
    chance = random.Random(18)
    mothers = {booking.number: chance.choice(("Quirarte", "Ibarmendi", "Solanueva")) for booking in bookings_of(agency)}
    bookings = [b._replace(surname=f"{b.surname} {mothers[b.number]}") for b in bookings_of(agency)]
    header = (
        "Núm. de Arresto;Apellido Paterno;Apellido Materno;Nombre;Segundo Nombre;Fecha de Nacimiento;Sexo;Raza;"
        "Seguro Social;Teléfono;Domicilio;Fecha del Arresto;Hora del Arresto;Lugar del Arresto;Municipio;Artículo;"
        "Delito;Clasificación;Agente;Placa;Perjudicado;Fianza;Próxima Vista"
    ).split(";")
    rows = [
        [
            booking.number, *booking.surname.split(" "), booking.given, booking.middle, f"{booking.born:%d/%m/%Y}",
            {"F": "M", "M": "H"}[booking.sex], chance.choice(("Blanca", "Negra", "Otra")),
            f"9{chance.randrange(10, 99)}-{chance.randrange(10, 99)}-{chance.randrange(1000, 9999)}",
            f"555-{chance.randrange(1000, 1999)}", booking.home, f"{booking.arrested:%d/%m/%Y}",
            f"{booking.arrested:%H:%M}", booking.place, booking.city, offence.statute, offence.text,
            offence.written_class, chance.choice(("Agte. Barrancal", "Agte. Zumelde")),
            str(chance.randrange(7000, 7400)), chance.choice(("", "Comercio", "Persona")),
            str(chance.randrange(1, 40) * 500), "15/12/2026",
        ]
        for booking in bookings
        for offence in booking.offences
        for chance in [random.Random(booking.number)]
    ]  # fmt: skip
    return Sample("".join(joined(row, ";") + "\r\n" for row in [header, *rows]).encode(), bookings)


def ostler() -> Sample:
    """An open-data portal: an object with its records in it, lower-case names, days as midnights, a charge a record."""
    offences = (
        Offence("PC 459.5", "Shoplifting", "misdemeanor", "misd"),
        Offence("PC 273.5(a)", "Inflict Corporal Injury", "felony", "felony"),
        Offence("VC 10851(a)", "Take Vehicle W/O Consent", "felony", "felony"),
        Offence("PC 647(f)", "Public Intoxication", "misdemeanor", "misd"),
        Offence("VC 27315", "Seat Belt", "infraction", "infr"),
    )
    agency = Agency(1909, 75, "{n:08}", ("Ostler",), days_before(_LAST_DAY, 35), offences, most_charges=1)
    bookings, chance = bookings_of(agency), random.Random(19)
    records = [_ostler_record(booking, chance) for booking in bookings]
    document = {"dataset": "arrests-last-60-days", "updated": "2026-11-20T05:00:00Z", "rows": records}
    return Sample(json.dumps(document, indent=0, ensure_ascii=False).encode(), bookings)


def _ostler_record(booking: Booking, chance: random.Random) -> dict[str, Any]:
    [offence] = booking.offences
    return {
        "objectid": chance.randrange(100_000, 999_999),
        "arrestnumber": booking.number,
        "incidentnum": f"26-{chance.randrange(10_000, 99_999)}",
        "arrestdate": f"{booking.arrested.date()}T00:00:00.000",
        "arresttime": f"{booking.arrested:%H:%M}",
        "arresteename": " ".join(f"{booking.given} {booking.middle} {booking.surname}".split()),
        "ageatarrest": booking.age,
        "arresteesex": booking.sex.lower(),
        "arresteerace": chance.choice(("white", "black", "asian")),
        "blockaddress": booking.place or None,
        "zipcode": str(chance.randrange(95_801, 95_840)),
        "policedistrict": chance.randrange(1, 7),
        "policebeat": f"{chance.randrange(1, 7)}{chance.choice('ABC')}",
        "geo_lat": round(38 + chance.random() / 5, 6),
        "geo_long": round(-121 - chance.random() / 5, 6),
        "chargecode": offence.statute,
        "chargedescription": offence.text,
        "chargelevel": offence.written_class,
        "arrestofficer1": chance.choice(("K. Wrenfield", "T. Ashgrove")),
    }


def norrland() -> Sample:
    """A log typed by hand: no number, ages, a time of its own, residence and location, charges joined by slashes."""
    offences = (
        Offence("", "OVI", "", ""),
        Offence("", "Theft", "", ""),
        Offence("", "Criminal damaging", "", ""),
        Offence("", "Drug possession", "", ""),
        Offence("", "Warrant - other agency", "", ""),
    )
    agency = Agency(2010, 95, "", ("Norrland", "Cobalt Twp."), days_before(_LAST_DAY, 45), offences, most_charges=2)
    bookings, chance = bookings_of(agency), random.Random(20)
    header = [
        "day",
        "clock",
        "who",
        "how old",
        "m or f",
        "lives at",
        "town",
        "picked up at",
        "what for",
        "by",
        "called in by",
    ]
    rows = [
        [
            _short_day(booking.arrested), f"{booking.arrested:%I:%M %p}".lstrip("0").lower(),
            " ".join(f"{booking.given} {booking.middle} {booking.surname}".split()), str(booking.age),
            booking.sex.lower(), booking.home, chance.choice(agency.cities), booking.place,
            " / ".join(offence.text for offence in booking.offences),
            chance.choice(("Ptl. Quern", "Sgt. Boothroyd-Hale")),
            chance.choice(("anonymous", "store clerk", "neighbor")),
        ]
        for booking in bookings
    ]  # fmt: skip
    text = "".join(joined(row, ",") + "\n" for row in [header, *rows])
    return Sample(text.encode(), bookings)


def _short_day(moment: datetime) -> str:
    """`11/9/26`"""
    return f"{moment.month}/{moment.day}/{moment:%y}"
