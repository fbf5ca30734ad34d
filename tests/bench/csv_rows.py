"""Rows of the benchmark: invented arrests in NYPD's layout, without names, and in the layout of a sheriff's roster."""

import random
from collections.abc import Iterator

NYPD_HEADER = (
    "ARREST_KEY,ARREST_DATE,PD_CD,PD_DESC,KY_CD,OFNS_DESC,LAW_CODE,LAW_CAT_CD,ARREST_BORO,ARREST_PRECINCT,"
    "JURISDICTION_CODE,AGE_GROUP,PERP_SEX,PERP_RACE,X_COORD_CD,Y_COORD_CD,Latitude,Longitude,New Georeferenced Column"
)
ROSTER_HEADER = (
    "Booking No,Arrest Date,Arrest Time,Last Name,First Name,Middle Name,Suffix,Also Known As,Date of Birth,Sex,"
    "State ID,FBI No,Statute,Charge,Class,Arrest Street No,Arrest Street,Arrest City,Arrest State,Precinct,"
    "SSN,Inmate Phone"
)
_STARTS, _MIDDLES, _ENDS = "Bar Cor Del Fen Gal Hol Mar Nor Pel Quin Ros Sal Tor Val Wen".split(), \
    "a e i o u an en on ar or".split(), "by dale ford ham ley man more son ton well wick worth".split()  # fmt: skip


def rows(layout: str, count: int) -> Iterator[str]:
    chance = random.Random(11)
    row = {"nypd": _nypd, "roster": _roster}[layout]
    yield {"nypd": NYPD_HEADER, "roster": ROSTER_HEADER}[layout]
    for number in range(count):
        yield row(number, chance)


def _day(number: int) -> str:
    return f"{1 + number % 12:02d}/{1 + number % 28:02d}"


def _nypd(number: int, chance: random.Random) -> str:
    """Varies as the real file does: some 160 law codes, a place for every three arrests, a quoted cell in six of ten
    rows.
    """
    law = chance.randrange(160)
    wording = f'"LARCENY,PETIT FROM OPEN AREAS {law}"' if law % 5 < 3 else f"ASSAULT {law}"
    spot = chance.randrange(16_000)
    latitude, longitude = f"{40.5 + spot / 97_000:.14f}", f"{-74.2 + (spot * 7919 % 16_000) / 81_000:.14f}"
    return (
        f"{200_000_000 + number},{_day(number)}/2025,{law},{wording},{law % 70},OFFENSE {law % 70},"
        f"PL {1_000_000 + law * 5501},{'FM'[law % 2]},Q,{1 + spot % 123},0,{'25-44' if law % 31 else '<18'},"
        f"{'MF'[number % 2]},BLACK,1049232,159210,{latitude},{longitude},POINT ({longitude} {latitude})"
    )


def _roster(number: int, chance: random.Random) -> str:
    last, first = (chance.choice(_STARTS) + chance.choice(_MIDDLES) + chance.choice(_ENDS) for _ in range(2))
    law = chance.randrange(160)
    return (
        f"BK{number:08d},{_day(number)}/2025,{number % 24:02d}:{number % 60:02d},{last},{first},"
        f"{chance.choice('ABCDEFG')},,,{_day(number)}/{1950 + number % 55},{'MF'[number % 2]},"
        f"{chance.randrange(10**8):08d}K,,PL {1_000_000 + law * 5501},Charge {law},{'FM'[law % 2]},{number % 3000},"
        f"{last} Street,Exampleton,NY,{1 + number % 123},900-00-0000,555-0100"
    )
