"""Samples of jails and sheriffs, each as its invented vendor or clerk writes."""

import json
import random
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.feeds.suggest.invented import Agency, Booking, Offence, bookings_of, days_before
from tests.feeds.suggest.text import Sample, joined, quoted
from tests.feeds.workbooks import a_workbook

_LAST_DAY = date(2026, 11, 19)
_MOST_CHARGES = 3


def cinder_valley() -> Sample:
    """A roster kept in a workbook: a title, real dates with times, and a line in the cell for each charge."""
    offences = (
        Offence("", "Theft of property 4th", "", ""),
        Offence("", "Failure to appear", "", ""),
        Offence("", "Domestic violence 3rd - harassment", "", ""),
        Offence("", "Unlawful poss controlled substance", "", ""),
        Offence("", "Robbery 1st degree", "", ""),
    )
    agency = Agency(1404, 85, "{n}", ("Cinder",), days_before(_LAST_DAY, 20), offences, most_charges=_MOST_CHARGES)
    bookings, chance = bookings_of(agency), random.Random(14)
    title = [["Cinder Valley County Detention - Persons in Custody"], ["Printed 11/20/2026 6:00 AM by front desk"], []]
    header = [
        "Jacket", "Inmate", "M/F", "Birthday", "Ht", "Wt", "Next of Kin Phone", "Intake", "Sched Out", "Pod",
        "Brought in by", "Booked on", "Total Bail",
    ]  # fmt: skip
    rows = [
        [
            int(booking.person_number), " ".join(f"{booking.surname}, {booking.given} {booking.middle}".split()),
            booking.sex, datetime(booking.born.year, booking.born.month, booking.born.day),  # noqa: DTZ001
            f"{chance.randrange(5, 7)}-{chance.randrange(12):02}", chance.randrange(110, 260),
            f"555-{chance.randrange(1000, 1999)}", booking.arrested,
            booking.arrested + timedelta(days=40) if chance.random() < 0.2 else None,
            chance.choice(("A1", "B2", "MED")), chance.choice(("Cinder PD", "Sheriff", "State Patrol")),
            "\n".join(offence.text for offence in booking.offences), chance.randrange(40) * 250,
        ]
        for booking in bookings
    ]  # fmt: skip
    first = len(title) + 2
    formats = {f"D{first + place}": "m/d/yyyy" for place in range(len(rows))}
    formats |= {f"H{first + place}": "m/d/yyyy h:mm" for place in range(len(rows))}
    return Sample(a_workbook([*title, header, *rows], formats, "In Custody"), bookings)


def dellwood() -> Sample:
    """Tabs; up to three charges, each in four numbered columns; the home before the place of arrest."""
    offences = (
        Offence("18.2-250", "Possess Sched I/II Controlled Substance", "felony", "Fel"),
        Offence("18.2-57", "Assault & Battery", "misdemeanor", "Mis"),
        Offence("18.2-95", "Grand Larceny", "felony", "Fel"),
        Offence("18.2-388", "Intoxicated In Public", "misdemeanor", "Mis"),
        Offence("46.2-862", "Reckless Driving - Speed", "misdemeanor", "Mis"),
    )
    agency = Agency(1505, 70, "DW-{n}", ("Dellwood", "Amity Falls"), days_before(_LAST_DAY, 22), offences)
    bookings, chance = bookings_of(agency), random.Random(15)
    charge_columns = [
        f"{name}_{place}"
        for place in range(1, _MOST_CHARGES + 1)
        for name in ("charge_code", "charge_text", "charge_lvl", "warrant_no")
    ]
    header = [
        "jail_event_no", "state_bureau_no", "subject_fullname", "dob", "gender", "ht", "wt", "res_street", "res_city",
        "res_state", "arrest_ts", "arrest_street", "arrest_city", "arrest_agency", "arr_officer", *charge_columns,
        "emergency_contact", "facility",
    ]  # fmt: skip
    rows = [_dellwood_row(booking, chance) for booking in bookings]
    return Sample("".join(joined(row, "\t") + "\n" for row in [header, *rows]).encode(), bookings)


def _dellwood_row(booking: Booking, chance: random.Random) -> list[str]:
    charges = [
        cell
        for offence in booking.offences
        for cell in (offence.statute, offence.text, offence.written_class, f"GM{chance.randrange(10**6, 10**7)}")
    ]
    blank = [""] * 4 * (_MOST_CHARGES - len(booking.offences))
    return [
        booking.number, booking.sid, " ".join(f"{booking.given} {booking.middle} {booking.surname}".split()),
        f"{booking.born}", {"F": "Female", "M": "Male"}[booking.sex], f"{chance.randrange(500, 611)}",
        str(chance.randrange(110, 260)), booking.home, chance.choice(("Dellwood", "Fairmead")), "VA",
        f"{booking.arrested:%Y-%m-%d %H:%M}", booking.place, booking.city, "DELLWOOD SO",
        chance.choice(("Hask Brennerton", "Ilse Oakmoreland")), *charges, *blank,
        chance.choice(("Orrin Palewater", "Sunniva Kestrelby", "")), "MAIN",
    ]  # fmt: skip


def pell_county() -> Sample:
    """A vendor's booking report: four title lines; statute, text and class of a charge all in one cell."""
    offences = (
        Offence("13A-6-22", "ASSAULT 3RD DEGREE", "misdemeanor", "MISDEMEANOR"),
        Offence("13A-8-3", "THEFT OF PROPERTY 1ST", "felony", "FELONY"),
        Offence("13A-11-7", "DISORDERLY CONDUCT", "misdemeanor", "MISDEMEANOR"),
        Offence("32-5A-191", "DRIVING UNDER INFLUENCE", "misdemeanor", "MISDEMEANOR"),
        Offence("13A-12-212", "UNLAWFUL POSS CONTR SUBST", "felony", "FELONY"),
    )
    agency = Agency(1606, 60, "26{n:07}", ("Pell",), days_before(_LAST_DAY, 21), offences, most_charges=_MOST_CHARGES)
    bookings = bookings_of(agency)
    title = "Pell County Sheriff's Office\nBooking Register By Commit Date\nFrom: 10/30/2026 Thru: 11/19/2026\n\n"
    header = (
        "Permanent ID,Booking ID,Inmate Full Name,Inmate DOB,Gender Code,Race Code,Commit Date/Time,Arresting Agency,"
        "Place of Arrest,Charge Seq,Charge,Bond Type,Bond Amount,Attorney,Physician,Release Date/Time"
    ).split(",")
    rows = [
        [
            booking.person_number, booking.number,
            " ".join(f"{booking.surname.upper()}, {booking.given.upper()} {booking.middle.upper()}".split()),
            f"{booking.born:%m/%d/%Y}", booking.sex, chance.choice("WBO"),
            f"{booking.arrested:%m/%d/%Y %I:%M %p}", "PELL CO SO", booking.place.upper(), str(count),
            f"{offence.statute} - {offence.text} ({offence.written_class})", chance.choice(("CASH", "SURETY")),
            f"${chance.randrange(1, 30) * 500:,}.00", chance.choice(("", "PUBLIC DEFENDER")), "NURSE LINE",
            f"{booking.arrested + timedelta(days=1):%m/%d/%Y %I:%M %p}" if chance.random() < 0.3 else "",
        ]
        for booking in bookings
        for count, offence in enumerate(booking.offences, 1)
        for chance in [random.Random(booking.number)]
    ]  # fmt: skip
    text = title + "".join(quoted(row, ",") + "\n" for row in [header, *rows])
    return Sample(text.encode(), bookings)


def tamsin_lake() -> Sample:
    """A web service's lines of JSON in camelCase: local instants with their offset, two people, a list of offenses."""
    offences = (
        Offence("PC 30.02(c)(2)", "BURGLARY OF HABITATION", "felony", "FELONY"),
        Offence("PC 22.01(a)(1)", "ASSAULT CAUSES BODILY INJURY", "misdemeanor", "MISDEMEANOR"),
        Offence("HSC 481.115(b)", "POSS CS PG 1 <1G", "felony", "FELONY"),
        Offence("PC 49.04", "DRIVING WHILE INTOXICATED", "misdemeanor", "MISDEMEANOR"),
    )
    agency = Agency(1707, 60, "{n}", ("Tamsin", "Lakeport"), days_before(_LAST_DAY, 18), offences, most_charges=2)
    bookings, chance = bookings_of(agency), random.Random(17)
    lines = [json.dumps(_tamsin_record(booking, chance), separators=(",", ":")) for booking in bookings]
    return Sample(("\n".join(lines) + "\n").encode(), bookings)


def _tamsin_record(booking: Booking, chance: random.Random) -> dict[str, Any]:
    moment = booking.arrested.replace(tzinfo=ZoneInfo("America/Chicago"))
    return {
        "jailRecordId": booking.number,
        "arrestee": {
            "mniId": booking.person_number,
            "nameLast": booking.surname.upper(),
            "nameFirst": booking.given.upper(),
            "nameMiddle": booking.middle.upper() or None,
            "birthDate": f"{booking.born}",
            "genderCode": booking.sex,
            "raceCode": chance.choice("WBA"),
            "heightInches": chance.randrange(58, 78),
            "primaryPhone": f"555-{chance.randrange(1000, 1999)}",
            "homeAddress": {"line1": booking.home, "cityName": "Tamsin", "stateCode": "TX"},
            "stateIdNumber": booking.sid or None,
        },
        "custodyEvent": {
            "arrestDateTime": moment.isoformat(),
            "intakeDateTime": (moment + timedelta(minutes=55)).isoformat(),
            "arrestingOri": "TX1990000",
            "scene": {"line1": booking.place, "cityName": booking.city},
        },
        "officer": {"nameLast": "VANDERHOLT-PRYCE"},
        "offenseList": [
            {
                "statuteCitation": offence.statute,
                "literal": offence.text,
                "severity": offence.written_class,
                "victimName": chance.choice(("Odelia Farnsworthy", None)),
            }
            for offence in booking.offences
        ],
    }
