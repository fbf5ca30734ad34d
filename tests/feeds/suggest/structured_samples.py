"""Samples in JSON and in a workbook, each as its invented agency writes."""

import json
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.feeds.suggest.invented import Agency, Booking, Offence, bookings_of, days_before
from tests.feeds.suggest.text import Sample
from tests.feeds.workbooks import a_workbook

_LAST_DAY = date(2026, 11, 19)


def walloon_creek() -> Sample:
    """An object a line; instants in UTC; a list of counts; names of two people and three addresses."""
    offences = (
        Offence("750.356(4)(a)", "Larceny $1,000 - $20,000", "felony", "FEL"),
        Offence("750.81(2)", "Domestic Violence", "misdemeanor", "MSD"),
        Offence("257.625(1)", "Operating While Intoxicated", "misdemeanor", "MSD"),
        Offence("333.7403(2)(a)(v)", "CS - Possess < 25 g", "felony", "FEL"),
        Offence("257.904(3)(a)", "Driving While Suspended", "misdemeanor", "MSD"),
    )
    agency = Agency(808, 75, "WC26B{n}", ("Walloon Creek", "Otter Lake"), days_before(_LAST_DAY, 15), offences)
    bookings, chance = bookings_of(agency), random.Random(8)
    lines = [json.dumps(_event(booking, chance)) for booking in bookings]
    return Sample("\n".join([*lines, ""]).encode(), bookings)


def _event(booking: Booking, chance: random.Random) -> dict[str, Any]:
    moment = booking.arrested.replace(tzinfo=ZoneInfo("America/Detroit"))
    return {
        "bookingRef": booking.number,
        "bookedTs": _utc(moment + timedelta(hours=1)),
        "generatedTs": "2026-11-20T05:00:00Z",
        "apprehension": {
            "ts": _utc(moment),
            "site": {"line1": booking.place, "municipality": booking.city, "st": "MI"},
            "geo": {"lat": round(44 + chance.random(), 5), "lng": round(-85 - chance.random(), 5)},
            "by": {"agencyOri": "MI9912300", "display": "Tpr. Oakenshaw", "badge": str(chance.randrange(100, 999))},
        },
        "subject": {
            "systemId": booking.person_number,
            "nm": {"family": booking.surname, "first": booking.given, "mid": booking.middle or None},
            "akas": [*booking.aliases],
            "birth": booking.born.isoformat(),
            "sexCode": booking.sex,
            "raceCode": chance.choice("WBIA"),
            "ssnLast4": str(chance.randrange(1000, 9999)),
            "religiousPref": chance.choice(("none", "Lutheran")),
            "medicalAlerts": chance.choice(([], ["insulin"])),
            "residence": {"line1": booking.home, "municipality": chance.choice(("Walloon Creek", "Otter Lake"))},
            "ids": {"stateId": booking.sid, "ucn": booking.fbi},
        },
        "counts": [
            {"seq": seq, "mcl": offence.statute, "literal": offence.text, "gravity": offence.written_class,
             "victimCount": seq % 2, "tcn": f"TCN{chance.randrange(10**9, 10**10)}"}
            for seq, offence in enumerate(booking.offences, 1)
        ],
    }  # fmt: skip


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def esker_harbor() -> Sample:
    """A map service's answer, its features in one array: moments are milliseconds since 1970, names are abbreviated."""
    offences = (
        Offence("943.20(1)(a)", "Theft-Movable Property <=$2500", "misdemeanor", "MISDEMEANOR"),
        Offence("940.19(1)", "Battery", "misdemeanor", "MISDEMEANOR"),
        Offence("943.10(1m)(a)", "Burglary-Building or Dwelling", "felony", "FELONY"),
        Offence("947.01(1)", "Disorderly Conduct", "misdemeanor", "MISDEMEANOR"),
        Offence("9-1-3 MUN", "Loitering", "violation", "ORDINANCE"),
    )
    agency = Agency(909, 66, "26{n:07}", ("Esker Harbor",), days_before(_LAST_DAY, 30), offences, most_charges=1)
    bookings = [booking._replace(middle=booking.middle[:1]) for booking in bookings_of(agency)]
    chance = random.Random(9)
    features = [json.dumps(_feature(booking, order, chance)) for order, booking in enumerate(bookings, 1)]
    return Sample(("[" + ",\n".join(features) + "]\n").encode(), bookings)


def _feature(booking: Booking, order: int, chance: random.Random) -> dict[str, Any]:
    moment = booking.arrested.replace(tzinfo=ZoneInfo("America/Chicago"))
    [offence] = booking.offences
    attributes = {
        "OBJECTID": order, "ARRNUM": booking.number, "ARRDTTM": _milliseconds(moment),
        "RPTDTTM": _milliseconds(moment + timedelta(hours=3)), "LNAME": booking.surname.upper(),
        "FNAME": booking.given.upper(), "MI": booking.middle, "AGEATARR": booking.age,
        "SEXDESC": {"F": "FEMALE", "M": "MALE"}[booking.sex], "RACEDESC": chance.choice(("WHITE", "BLACK", "HMONG")),
        "ARRBLOCK": booking.place, "RESBLOCK": booking.home, "DIST": str(chance.randrange(1, 6)),
        "CHGCITE": offence.statute, "CHGDESC": offence.text, "CHGCAT": offence.written_class,
        "OFFCRID": str(chance.randrange(200, 260)), "LASTEDIT": _milliseconds(moment + timedelta(days=1)),
    }  # fmt: skip
    return {"attributes": attributes, "geometry": {"x": -88.0 - chance.random(), "y": 43.0 + chance.random()}}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def dunmere() -> Sample:
    """A workbook: real dates, a row per charge, no number of an arrest, and an address that does not say whose."""
    offences = (
        Offence("PC 31.03(e)(4)", "THEFT PROP >=$2,500<$30K", "felony", "FELONY-STATE JAIL"),
        Offence("PC 22.01(a)(1)", "ASSAULT CAUSES BODILY INJ", "misdemeanor", "MISDEMEANOR-CLASS A"),
        Offence("TRC 521.457", "DRIV W/LIC INV", "misdemeanor", "MISDEMEANOR-CLASS C"),
        Offence("HSC 481.115(b)", "POSS CS PG 1 <1G", "felony", "FELONY-STATE JAIL"),
        Offence("PC 49.04(b)", "DRIVING WHILE INTOXICATED", "misdemeanor", "MISDEMEANOR-CLASS B"),
    )
    agency = Agency(1010, 58, "", ("Dunmere", "Cutter Gap"), days_before(_LAST_DAY, 7), offences)
    bookings, chance = bookings_of(agency), random.Random(10)
    header = (
        "Inmate,DOB,Sex,Race,Hair,SSN,Arrest Dt/Tm,Agency,Officer,Address,City,Offense Cd,Offense,Degree,Bond,"
        "Release Dt,Photo"
    ).split(",")
    rows = [row for booking in bookings for row in _sheet_rows(booking, chance)]
    title: list[Iterable[Any]] = [["Dunmere County Jail - Weekly Arrest Log"], ["Printed", datetime(2026, 11, 20)]]  # noqa: DTZ001
    formats = {f"G{line}": "mm/dd/yyyy hh:mm" for line in range(4, 4 + len(rows))}
    return Sample(a_workbook([*title, header, *rows], formats, "Arrest Log"), bookings)


def _sheet_rows(booking: Booking, chance: random.Random) -> list[list[Any]]:
    name = " ".join(f"{booking.surname}, {booking.given} {booking.middle}".upper().split())
    born = datetime(booking.born.year, booking.born.month, booking.born.day)  # noqa: DTZ001
    ssn = f"900-{chance.randrange(10, 99)}-{chance.randrange(1000, 9999)}"
    person = [name, born, {"F": "Female", "M": "Male"}[booking.sex], chance.choice("WBH"), "BRO", ssn]
    seen = [booking.arrested, "DCSO", "Cpl. Averhart", booking.home, booking.city]
    return [
        [
            *person,
            *seen,
            offence.statute,
            offence.text,
            offence.written_class,
            chance.randrange(1, 40) * 500,
            None,
            None,
        ]
        for offence in booking.offences
    ]
