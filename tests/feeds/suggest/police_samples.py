"""Samples of police departments in delimited text, each as its invented agency writes."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from tests.feeds.suggest.invented import Agency, Booking, Offence, bookings_of, days_before
from tests.feeds.suggest.text import Sample, joined, quoted

_LAST_DAY = date(2026, 11, 19)
_OFFICERS = ("Ofc. Brannigale", "Ofc. Teagarden-Lowe", "Det. Usherwood")


def san_tadeo() -> Sample:
    """Semicolons, Windows letters, every cell quoted; a statute and a text in each of the charges joined in a cell."""
    offences = (
        Offence("459 PC", "Burglary", "felony", "F"),
        Offence("23152(A) VC", "DUI Alcohol", "misdemeanor", "M"),
        Offence("11377(A) HS", "Poss. Controlled Substance", "misdemeanor", "M"),
        Offence("211 PC", "Robbery", "felony", "F"),
        Offence("25620 BP", "Open Container In Public", "infraction", "I"),
    )
    agency = Agency(
        505, 70, "A26-{n}", ("San Tadeo",), days_before(_LAST_DAY, 25), offences, most_charges=3, accents=True
    )
    bookings, chance = bookings_of(agency), random.Random(5)
    header = (
        "Arrest #;Arrestee;AKA's;Date of Birth;Gender;Descent;Date/Time of Arrest;Place of Arrest;Residence;"
        "Reporting District;Charge(s);Severity;CII;Immigration Status;Arresting Officer;Serial No.;Victims;Court Date"
    ).split(";")
    rows = [
        [
            booking.number, " ".join(f"{booking.given} {booking.middle} {booking.surname.upper()}".split()),
            " / ".join(booking.aliases),
            f"{booking.born:%d-%b-%Y}", {"F": "Female", "M": "Male"}[booking.sex], chance.choice("HWBO"),
            f"{booking.arrested:%d-%b-%Y %H:%M}", booking.place, booking.home, str(chance.randrange(101, 140)),
            "; ".join(f"{offence.statute} - {offence.text}" for offence in booking.offences),
            "; ".join(offence.written_class for offence in booking.offences), booking.sid,
            chance.choice(("", "", "PENDING")), _OFFICERS[booking.arrested.minute % 3],
            str(chance.randrange(4000, 4400)), str(chance.randrange(3)),
            f"{booking.arrested + timedelta(days=21):%d-%b-%Y}",
        ]
        for booking in bookings
    ]  # fmt: skip
    text = "".join(quoted(row, ";") + "\r\n" for row in [header, *rows])
    return Sample(text.encode("cp1252"), [_with_statutes_in_texts(booking) for booking in bookings])


def _with_statutes_in_texts(booking: Booking) -> Booking:
    offences = [
        offence._replace(statute="", text=f"{offence.statute} - {offence.text}") for offence in booking.offences
    ]
    return booking._replace(offences=tuple(offences))


def quillan_heights() -> Sample:
    """A records system's table: tabs, date and time each a whole timestamp, everybody's role in the case."""
    offences = (
        Offence("609.52.2(a)(1)", "Theft-Take/Use/Transfer Movable Prop", "misdemeanor", "GM"),
        Offence("609.224.1(2)", "Assault 5", "misdemeanor", "M"),
        Offence("152.025.2(1)", "Drugs - 5th Deg - Possess", "felony", "F"),
        Offence("609.582.3", "Burglary 3", "felony", "F"),
        Offence("169.14.2(a)", "Speed 58/40", "misdemeanor", "PM"),
    )
    agency = Agency(606, 55, "QH26{n:06}", ("Quillan Heights",), days_before(_LAST_DAY, 40), offences)
    bookings, chance = (
        [_in_a_case(booking, order) for order, booking in enumerate(bookings_of(agency))],
        random.Random(6),
    )
    header = (
        "Agcy Case #,Subj Seq,Role,Lst Nm,Fst Nm,Mid Nm,DOB,Juv Ind,Sex,Race,Ethn,Addr - Subj,Arr Date,Arr Time,"
        "Addr - Arrest,City - Arrest,Grid,Stat Cite,Stat Desc,Lvl,Ofc Name,Ofc Badge,Rpt Date,Vict Cnt"
    ).split(",")
    rows = [row for order, booking in enumerate(bookings) for row in _case_rows(booking, order, chance)]
    return Sample("".join(joined(row, "\t") + "\n" for row in [header, *rows]).encode(), bookings)


def _in_a_case(booking: Booking, order: int) -> Booking:
    """Every fifth arrest belongs to the case before it, and every twentieth is a minor's."""
    number = f"QH26{1031 + (order - (order % 5 == 4)) * 3:06}"
    born = booking.arrested.date() - timedelta(days=16 * 366) if order % 20 == 19 else booking.born
    return booking._replace(number=number, born=born)


def _case_rows(booking: Booking, order: int, chance: random.Random) -> Iterator[list[str]]:
    person = [
        booking.surname, booking.given, booking.middle, f"{booking.born} 00:00:00.000",
        "Y" if booking.age < 18 else "N", booking.sex, chance.choice("WBIA"), chance.choice("HN"), booking.home,
    ]  # fmt: skip
    place = [booking.place, booking.city, str(booking.arrested.minute + 40)]
    officer = [_OFFICERS[order % 3], str(700 + order % 3), f"{booking.arrested.date()} 00:00:00.000", "1"]
    seen = [f"{booking.arrested.date()} 00:00:00.000", f"1899-12-30 {booking.arrested:%H:%M}:00.000"]
    sequence = "2" if order % 5 == 4 else "1"
    for offence in booking.offences:
        charge = [offence.statute, offence.text, offence.written_class]
        yield [booking.number, sequence, "ARRESTEE", *person, *seen, *place, *charge, *officer]
    if order % 7 == 3:
        suspect = ["Unknown", "Unknown", "", "", "N", "M", "U", "U", ""]
        yield [booking.number, "9", "SUSPECT", *suspect, *seen, *place, "", "", "", *officer]


def pine_barrow() -> Sample:
    """A byte order mark; ages instead of births; no date tells whether its day or its month stands first."""
    offences = (
        Offence("3929(a)", "Retail Theft-Take Mdse", "misdemeanor", "M2"),
        Offence("2709(a)(1)", "Harassment - Subject Other to Physical Contact", "violation", "S"),
        Offence("35 780-113(a)(16)", "Int Poss Contr Subst By Per Not Reg", "misdemeanor", "M"),
        Offence("3502(a)(2)", "Burglary - Overnight Accommodation, No Person Present", "felony", "F1"),
        Offence("5503(a)(4)", "Disorder Conduct Hazardous/Physi Off", "violation", "S"),
    )
    days = [date(2026, month, day) for month in (9, 10, 11) for day in (9, 10, 11)]
    agency = Agency(707, 80, "PB-26-{n:05}", ("Pine Barrow Twp", "Scullin Boro"), days, offences, most_charges=1)
    bookings, chance = bookings_of(agency), random.Random(7)
    header = (
        "Incident,Defendant,Yrs,Gender,Race,Height,Weight,Arrested On,Arrested At,Reported On,Hearing On,"
        "Arresting Unit,Violated,Offense,Grading,Arrest Street,Arrest Town,Home Town,Filed By"
    ).split(",")
    rows = [
        [
            booking.number, " ".join(f"{booking.surname}, {booking.given} {booking.middle}".split()), str(booking.age),
            {"F": "female", "M": "male"}[booking.sex], chance.choice(("White", "Black", "Asian")),
            f"{chance.randrange(5, 7)}'{chance.randrange(12)}\"", str(chance.randrange(110, 260)),
            f"{booking.arrested:%m-%d-%Y}", f"{booking.arrested:%H%M}", f"{booking.arrested:%m-%d-%Y}", "12-12-2026",
            "Patrol", offence.statute, offence.text, offence.written_class, booking.place, booking.city,
            chance.choice(agency.cities), "Ptlm. Greaves-Oduya",
        ]
        for booking in bookings
        for offence in booking.offences
    ]  # fmt: skip
    text = "".join(joined(row, ",") + "\r\n" for row in [header, *rows])
    return Sample(text.encode("utf-8-sig"), bookings)
