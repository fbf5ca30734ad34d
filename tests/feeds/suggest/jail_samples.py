"""Samples of sheriffs, jails and states, each as its invented agency writes."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from tests.feeds.suggest.invented import Agency, Booking, Offence, bookings_of, days_before
from tests.feeds.suggest.text import Sample, joined, on_a_clock, quoted

_LAST_DAY = date(2026, 11, 19)
_OFFICERS = ("DPTY R HOLLISTRAND", "DPTY K VANTREESE", "SGT M OAKENDALE")


def kessler_ridge() -> Sample:
    """A jail management system's report: title lines, a row per charge, a home and a place of arrest, a footer."""
    offences = (
        Offence("ORS 164.225", "BURG II", "felony", "Fel C"),
        Offence("ORS 163.160", "ASLT IV", "misdemeanor", "Misd A"),
        Offence("ORS 813.010", "DUII - ALC", "misdemeanor", "Misd A"),
        Offence("ORS 807.570", "FAIL CARRY/PRES LIC", "violation", "Viol"),
        Offence("ORS 164.055", "THEFT I, RETAIL", "felony", "Fel C"),
    )
    agency = Agency(101, 48, "26-{n:06}", ("Kessler", "Fernwick"), days_before(_LAST_DAY, 30), offences)
    bookings, chance = bookings_of(agency), random.Random(1)
    header = (
        "Bkg No,Subj ID,Subj Lst Nm,Subj Fst Nm,Subj Mid,Subj Sfx,Subj DOB,Rc,Sx,Subj Hm Addr,SS No,Bkg Dt,Bkg Tm,"
        "Arr Dt,Arr Tm,Arr Loc,Arr Loc City,Arr Ofcr,Ofcr Badge,Offense Literal,Offense Cite,Offense Lvl,Cnts,"
        "Bond Amt,Nxt Crt Dt,Med Alrt"
    )
    rows = [row for booking in bookings for row in _report_rows(booking, chance)]
    title = ["Kessler Ridge County Sheriff's Office", "Bookings 10/21/26 thru 11/19/26", "Printed 11/20/26 06:02", ""]
    footer = [f"Total bookings: {len(bookings)}", "*** End of report ***"]
    lines = [*title, header, *(joined(row, ",") for row in rows), *footer]
    return Sample("\n".join([*lines, ""]).encode(), bookings)


def _report_rows(booking: Booking, chance: random.Random) -> Iterator[list[str]]:
    booked, court = booking.arrested + timedelta(hours=2), booking.arrested + timedelta(days=30)
    person = [
        booking.number, booking.person_number, booking.surname.upper(), booking.given.upper(), booking.middle.upper(),
        booking.suffix, f"{booking.born:%m/%d/%y}", chance.choice("WBHAU"), booking.sex, booking.home.upper(),
        f"900-{chance.randrange(10, 99)}-{chance.randrange(1000, 9999)}",
    ]  # fmt: skip
    seen = [
        f"{booked:%m/%d/%y}", f"{booked:%I:%M %p}", f"{booking.arrested:%m/%d/%y}", f"{booking.arrested:%I:%M %p}",
        booking.place, booking.city, _OFFICERS[booking.arrested.minute % 3], str(booking.arrested.minute + 300),
    ]  # fmt: skip
    alert = chance.choice(("", "", "", "ASTHMA"))
    for offence in booking.offences:
        bond = f"{chance.randrange(1, 40) * 500}.00"
        charge = [offence.text, offence.statute, offence.written_class, "1", bond, f"{court:%m/%d/%y}", alert]
        yield [*person, *seen, *charge]


def orland_bay() -> Sample:
    """A state's extract: pipes, no quotes, dates of digits, charges in numbered columns, the surname first."""
    offences = (
        Offence("812.014(2)(c)1", "GRAND THEFT 750-5K", "felony", "F3"),
        Offence("893.13(6)(a)", "POSS CNTRL SUBST", "felony", "F3"),
        Offence("784.03(1)(a)1", "BATTERY TOUCH OR STRIKE", "misdemeanor", "M1"),
        Offence("843.02", "RESIST OFCR W/O VIOL", "misdemeanor", "M1"),
        Offence("810.02(3)(a)", "BURG OCC DWELL", "felony", "F2"),
        Offence("856.011", "DISORD INTOX", "misdemeanor", "M2"),
    )
    agency = Agency(202, 90, "64{n:08}", ("ORLAND BAY", "PIKE KEY"), days_before(_LAST_DAY, 12), offences, 4)
    bookings, chance = bookings_of(agency), random.Random(2)
    charges = [f"CHG{number}_{part}" for number in range(1, 5) for part in ("STAT", "DESC", "SEV")]
    header = (
        "OBTS_NBR INMATE_NM DOB_DT SEX_CD RACE_CD RELIG_CD CITZ_CD SSN_NBR SID_NBR FBI_NBR ARR_DT ARR_TM ARR_AGY_ORI"
        " ARR_AGY_CASE RESID_ADDR EMPLR_ADDR ARR_LOC_ADDR ARR_LOC_CITY"
    ).split()
    rows = [
        [
            booking.number, _surname_first(booking), f"{booking.born:%Y%m%d}", "1" if booking.sex == "M" else "2",
            chance.choice("WBU"), chance.choice(("CATH", "NONE", "BAPT")), chance.choice(("US", "US", "XX")),
            f"900{chance.randrange(10**5, 10**6)}", booking.sid, booking.fbi, f"{booking.arrested:%Y%m%d}",
            f"{booking.arrested:%H%M}", "FL0990100", f"2026{chance.randrange(10**5):06}", booking.home.upper(),
            chance.choice(("", "1 CANNERY ROW")), booking.place.upper(), booking.city,
            *_numbered(booking), f"{chance.randrange(1, 90) * 250}", "", "20261120",
        ]
        for booking in bookings
    ]  # fmt: skip
    lines = ["|".join(row) for row in [[*header, *charges, "BOND_AMT", "REL_DT", "RPT_DT"], *rows]]
    return Sample("\r\n".join([*lines, ""]).encode(), bookings)


def _surname_first(booking: Booking) -> str:
    return " ".join(f"{booking.surname} {booking.given} {booking.middle} {booking.suffix}".upper().split())


def _numbered(booking: Booking) -> list[str]:
    cells = [cell for offence in booking.offences for cell in (offence.statute, offence.text, offence.written_class)]
    return cells + [""] * (12 - len(cells))


def tolliver_springs() -> Sample:
    """A roster made to be printed: further charges stand on lines of their own, on which the person is blank."""
    offences = (
        Offence("", "Theft By Taking", "misdemeanor", "Misdemeanor"),
        Offence("", "Probation Violation (Felony)", "felony", "Felony"),
        Offence("", "Simple Battery - Family Violence", "misdemeanor", "Misdemeanor"),
        Offence("", "Driving While License Suspended", "misdemeanor", "Misdemeanor"),
        Offence("", "Open Container", "infraction", "Infraction"),
    )
    agency = Agency(303, 45, "{n}", ("Tolliver Springs",), days_before(_LAST_DAY, 60), offences)
    bookings, chance = bookings_of(agency), random.Random(3)
    header = "Inmate / No.,R/S,Age,Booked,Released,Arrested By,Where Arrested,Charge,Class,Bond"
    rows = [row for booking in bookings for row in _roster_rows(booking, chance)]
    lines = [header, *(joined(row, ",") for row in rows), f"TOTAL INMATES: {len(bookings)}" + "," * 9]
    return Sample("\r\n".join([*lines, ""]).encode(), bookings)


def _roster_rows(booking: Booking, chance: random.Random) -> Iterator[list[str]]:
    out = booking.arrested + timedelta(days=2)
    released = on_a_clock(out) if out.date() < _LAST_DAY else ""
    name = " ".join(f"{booking.surname}, {booking.given} {booking.middle}".upper().split())
    person = [
        f"{name} #{booking.number}", f"{chance.choice('WBH')}/{booking.sex}", str(booking.age),
        on_a_clock(booking.arrested), released, "TCSO", booking.place,
    ]  # fmt: skip
    for order, offence in enumerate(booking.offences):
        yield [*(person if order == 0 else [""] * 7), offence.text, offence.written_class, "$1,500.00"]


def mirabeau_parish() -> Sample:
    """An interface's feed without a header: what a row reports stands first, bookings and releases in one file."""
    offences = (
        Offence("RS 14:67", "THEFT", "felony", "F"),
        Offence("RS 14:35", "SIMPLE BATTERY", "misdemeanor", "M"),
        Offence("RS 40:967(C)", "POSS SCH II CDS", "felony", "F"),
        Offence("CCRP ART 575", "FUGITIVE, OTHER PARISH", "felony", "F"),
        Offence("MUN 42-18", "DISTURBING THE PEACE", "misdemeanor", "M"),
    )
    agency = Agency(404, 60, "2026{n:05}", ("MIRABEAU", "BAYOU ROUX"), days_before(_LAST_DAY, 20), offences)
    bookings, chance = bookings_of(agency), random.Random(4)
    rows = [row for booking in bookings for row in _transactions(booking, chance)]
    return Sample("".join(quoted(row, ",") + "\n" for row in rows).encode(), bookings)


def _transactions(booking: Booking, chance: random.Random) -> Iterator[list[str]]:
    ssn = f"900{chance.randrange(10**5, 10**6)}"
    person = [
        booking.number, booking.surname.upper(), booking.given.upper(), booking.middle.upper(),
        f"{booking.born:%m%d%Y}", booking.sex, chance.choice("WB"), ssn, booking.sid, f"{booking.arrested:%m%d%Y}",
        f"{booking.arrested:%H%M}", booking.place.upper(), booking.city,
    ]  # fmt: skip
    for offence in booking.offences:
        court = booking.arrested + timedelta(days=45)
        charge = [offence.statute, offence.text, offence.written_class]
        yield ["BK", *person, *charge, "", "", f"{court:%m%d%Y}"]
    out = booking.arrested + timedelta(days=chance.randrange(1, 9), hours=5)
    if out.date() <= _LAST_DAY:
        yield ["RL", *person, "", "", "", f"{out:%m%d%Y}", f"{out:%H%M}", ""]
