"""Samples of a court and of two records systems, with names of columns as programmers gave them."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from tests.feeds.suggest.invented import Agency, Booking, Offence, bookings_of, days_before
from tests.feeds.suggest.text import Sample, joined

_LAST_DAY = date(2026, 11, 19)
_OFFICERS = ("PENDERGAST-ROWE", "HALVERLUND", "DEL TORREMAR")
_BYSTANDERS = ("Quillfeather", "Amberstone", "Loxlyhurst", "Brackenridger")


def blackfen() -> Sample:
    """A court's program of long ago: pipes, cp1252, names in capitals with hyphens, a code beside what it means."""
    offences = (
        Offence("13-1807.A.1", "ISSUE BAD CHECK", "misdemeanor", "MISDEMEANOR"),
        Offence("13-1204.A.2", "AGGRAVATED ASSAULT-DEADLY WPN", "felony", "FELONY"),
        Offence("28-1381.A.1", "DUI-IMPAIRED TO SLIGHTEST DEGREE", "misdemeanor", "MISDEMEANOR"),
        Offence("13-3408.A.2", "NARCOTIC DRUG-POSSESS FOR SALE", "felony", "FELONY"),
        Offence("28-701.A", "SPEED NOT REASONABLE", "infraction", "CIVIL TRAFFIC"),
    )
    codes = {text: f"{place:04}" for place, text in enumerate((offence.text for offence in offences), 417)}
    agency = Agency(
        1101, 50, "CR2026{n:06}", ("Blackfen", "Sedgewater"), days_before(_LAST_DAY, 25), offences, accents=True
    )
    bookings = bookings_of(agency)
    header = (
        "CRT-CD|CASE-NBR|CNT-NBR|DEFN-LST-NM|DEFN-FRST-NM|DEFN-MDL-NM|DEFN-SFX|DEFN-BRTH-DTE|DEFN-GNDR-CD|"
        "DEFN-GNDR-DESC|DEFN-RAC-CD|DEFN-RES-ADR|DEFN-RES-CTY|DEFN-RES-ZIP|VICT-LST-NM|ARRST-DTE|ARRST-TME|"
        "ARRST-LOC-ADR|ARRST-LOC-CTY|ARRST-OFCR-NM|CHG-CD|CHG-STATU|CHG-DESC|CHG-SEV-DESC|FILE-DTE|NXT-APPR-DTE|"
        "BAIL-AMT|ST-ID-NBR"
    ).split("|")
    rows = [
        [
            "0712", booking.number, str(count), booking.surname.upper(), booking.given.upper(),
            booking.middle.upper(), booking.suffix, _with_month(booking.born), {"F": "2", "M": "1"}[booking.sex],
            {"F": "FEMALE", "M": "MALE"}[booking.sex], chance.choice("WBAI"), booking.home.upper(),
            chance.choice(agency.cities).upper(), str(chance.randrange(85001, 85099)),
            chance.choice((*_BYSTANDERS, "", "")).upper(), _with_month(booking.arrested.date()),
            f"{booking.arrested:%H%M}", booking.place.upper(), booking.city, _OFFICERS[booking.arrested.minute % 3],
            codes[offence.text], offence.statute, offence.text, offence.written_class,
            _with_month(booking.arrested.date() + timedelta(days=1)),
            _with_month(booking.arrested.date() + timedelta(days=17)), f"{chance.randrange(0, 20) * 500}.00",
            booking.sid,
        ]
        for booking in bookings
        for count, offence in enumerate(booking.offences, 1)
        for chance in [random.Random(booking.number)]
    ]  # fmt: skip
    title = "BLACKFEN SUPERIOR COURT   JOB CR4410D   RUN 20-NOV-26 04:15\r\n"
    text = title + "".join("|".join(row) + "\r\n" for row in [header, *rows])
    return Sample(text.encode("cp1252"), bookings)


def _with_month(day: date) -> str:
    return f"{day:%d-%b-%y}".upper()


def greymouth() -> Sample:
    """A records system's export: short names without spaces, dates of eight figures, three people in a row."""
    offences = (
        Offence("16-8-2", "THEFT BY TAKING", "misdemeanor", "M"),
        Offence("16-7-1(B)", "BURGLARY 1ST DEGREE", "felony", "F"),
        Offence("16-13-30(J)", "POSS MARIJUANA < 1 OZ", "misdemeanor", "M"),
        Offence("16-5-21", "AGG ASSAULT", "felony", "F"),
        Offence("17-42-106", "LOITERING - CITY CODE", "violation", "O"),
    )
    agency = Agency(1202, 90, "2611{n:05}", ("Greymouth", "Harl Point"), days_before(_LAST_DAY, 15), offences, 1)
    bookings, chance = bookings_of(agency), random.Random(12)
    header = (
        "ARRNO,OCANO,LNAME,FNAME,MNAME,SUFF,SX,RC,BDATE,HGT,WGT,SOCNO,DLNO,PHN1,HADDR,HCITY,HST,HZIP,ARRDT,ARRTM,"
        "ALOC,ACITY,BEATNO,OFCLN,OFCFN,VLN,VFN,STATNO,OFFDS,FMO,FBINO,SIDNO,MNI,DISPDT"
    ).split(",")
    rows = [_greymouth_row(booking, chance) for booking in bookings]
    return Sample("".join(joined(row, ",") + "\n" for row in [header, *rows]).encode(), bookings)


def _greymouth_row(booking: Booking, chance: random.Random) -> list[str]:
    [offence] = booking.offences
    home = [booking.home.upper(), chance.choice(("GREYMOUTH", "TULLOCK")), "GA", str(chance.randrange(30301, 30399))]
    papers = [
        f"9{chance.randrange(10, 99)}{chance.randrange(100_000, 999_999)}", f"0{chance.randrange(10**7, 10**8)}",
        f"555{chance.randrange(1_000_000, 1_999_999)}",
    ]  # fmt: skip
    body = [f"{chance.randrange(5, 7)}{chance.randrange(12):02}", str(chance.randrange(110, 260))]
    victim = [chance.choice(_BYSTANDERS).upper(), chance.choice(("TOVE", "ALDOUS", "MERRIT"))]
    return [
        booking.number, f"26{chance.randrange(10_000, 99_999)}", booking.surname.upper(), booking.given.upper(),
        booking.middle.upper(), booking.suffix, booking.sex, chance.choice("WBA"), f"{booking.born:%Y%m%d}", *body,
        *papers, *home, f"{booking.arrested:%Y%m%d}", f"{booking.arrested:%H%M}", booking.place.upper(), booking.city,
        str(chance.randrange(1, 7)), _OFFICERS[booking.arrested.minute % 3], "R", *victim, offence.statute,
        offence.text, offence.written_class, booking.fbi, booking.sid, booking.person_number, "",
    ]  # fmt: skip


def whitlock() -> Sample:
    """Columns without meaning, FIELD_01 and so on: only what stands in them tells. Two addresses, two whole names."""
    offences = (
        Offence("720 ILCS 5/19-1", "Burglary", "felony", "Felony"),
        Offence("720 ILCS 5/16A-3", "Retail Theft", "misdemeanor", "Misdemeanor"),
        Offence("625 ILCS 5/11-501", "Driving Under The Influence", "misdemeanor", "Misdemeanor"),
        Offence("720 ILCS 5/12-3.2", "Domestic Battery", "misdemeanor", "Misdemeanor"),
        Offence("720 ILCS 570/402", "Possession Of Controlled Substance", "felony", "Felony"),
    )
    agency = Agency(1303, 75, "WP26-{n:06}", ("Whitlock", "Otter Bluff"), days_before(_LAST_DAY, 30), offences, 1)
    bookings, chance = bookings_of(agency), random.Random(13)
    header = [f"FIELD_{place:02}" for place in range(1, 20)]
    rows = [_whitlock_row(booking, chance) for booking in bookings]
    return Sample("".join(joined(row, ",") + "\r\n" for row in [header, *rows]).encode(), bookings)


def _whitlock_row(booking: Booking, chance: random.Random) -> Sequence[str]:
    [offence] = booking.offences
    return [
        "WHITLOCK PD", booking.number, f"{booking.surname}, {booking.given} {booking.middle}".strip(),
        {"F": "Female", "M": "Male"}[booking.sex], f"{booking.born:%m/%d/%Y}", chance.choice("YN"),
        chance.choice(("White", "Black", "Asian", "Hispanic")), f"{booking.home}, Whitlock IL",
        f"{booking.arrested:%m/%d/%Y %H:%M}", booking.place, booking.city, offence.statute, offence.text,
        offence.written_class, _OFFICERS[booking.arrested.minute % 3].title() + ", J", str(chance.randrange(300, 340)),
        f"{booking.arrested + timedelta(days=28):%m/%d/%Y}", chance.choice(("Bonded", "Held", "I-Bond")),
        f"XXX-XX-{chance.randrange(1000, 9999)}",
    ]  # fmt: skip
