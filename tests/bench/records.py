"""Invented arrests as JSON lines and as NIEM booking reports, and the floors with which reading them is compared."""

from collections.abc import Iterator
from pathlib import Path

import orjson
from lxml import etree

_LINE = (
    '{{"arrest": {{"id": "CP-{n}", "at": "2026-09-{day:02d}T23:30:00-05:00"}}, "person": {{"name": {{"last": "{last}", '
    '"first": "Quill"}}, "aliases": ["{last}, Q"], "born": "19{year}-06-07", "sex": "M", "state_id": "IL{n:08d}"}}, '
    '"charges": [{{"statute": "720 ILCS 5/{law}-3", "text": "Charge {law}", "class": "M"}}], "place": {{"street": '
    '"{house} Lake Street", "city": "Fernmill", "district": {house}, "lat": 41.5, "lon": -87.6}}}}'
)
_REPORT = "".join(
    """
<BookingReport xmlns:s="http://release.niem.gov/niem/structures/3.0/">
<Booking s:id="B{n}"><ActivityDate><DateTime>2026-09-{day:02d}T03:00:00</DateTime></ActivityDate>
<BookingAgencyRecordIdentification><IdentificationID>JB-{n}</IdentificationID></BookingAgencyRecordIdentification>
<BookingSubject><RoleOfPerson s:ref="P{n}"/></BookingSubject><Arrest s:ref="A{n}"/></Booking>
<Charge s:id="C{n}"><ChargeDescriptionText>Charge {law}</ChargeDescriptionText><ChargeStatute>
<StatuteCodeSectionIdentification><IdentificationID>18-3-{law}</IdentificationID></StatuteCodeSectionIdentification>
</ChargeStatute></Charge><Arrest s:id="A{n}"><ActivityDate><Date>2026-09-{day:02d}</Date></ActivityDate>
<ArrestCharge s:ref="C{n}"/><ArrestLocation s:ref="L{n}"/></Arrest>
<Person s:id="P{n}"><PersonBirthDate><Date>19{year}-12-17</Date></PersonBirthDate><PersonName>
<PersonGivenName>Orla</PersonGivenName><PersonSurName>{last}</PersonSurName></PersonName><PersonSexCode>F</PersonSexCode>
<PersonStateIdentification><IdentificationID>CO{n}</IdentificationID></PersonStateIdentification></Person>
<Location s:id="L{n}"><Address><LocationStreet><StreetFullText>{house} Bluff Street</StreetFullText></LocationStreet>
</Address></Location></BookingReport>
""".splitlines()
)


def ndjson(count: int) -> Iterator[str]:
    return (_LINE.format(**_facts(n)) for n in range(count))


def niem_xml(count: int) -> Iterator[str]:
    yield '<Reports xmlns="http://example.org/booking">'
    yield from (_REPORT.format(**_facts(n)) for n in range(count))
    yield "</Reports>"


def _facts(n: int) -> dict[str, object]:
    last = "".join(chr(65 + (n * step) % 26) for step in (1, 7, 11, 17, 3))
    return {"n": n, "day": 1 + n % 28, "year": 50 + n % 50, "law": n % 160, "house": n % 3000, "last": last}


def orjson_loads(path: Path, layout: str) -> int:
    with path.open("rb") as file:
        return sum(1 for line in file if orjson.loads(line))


def iterparse(path: Path, layout: str) -> int:
    """Reads name and text of every element, and frees each report."""
    count = 0
    for _, report in etree.iterparse(str(path), tag="{*}BookingReport"):
        for element in report.iter():
            _ = element.tag, element.text
        report.clear()
        count += 1
    return count
