"""An arrest in the lines of a message: who was arrested, and what happened."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.alerts.delivery.messages import court_lines
from shared.alerts.view import ShownArrest
from shared.arrests.charges import Charge
from shared.arrests.diff import NEXT_COURT_DATE, Difference
from shared.arrests.model import CUSTODY_BEGINS, ArrestChange, EventKind
from shared.arrests.person import Identifier, IdentifierKind, PersonName, Sex, age_on
from shared.arrests.places import Place
from shared.words import words
from shared.words.agencies import agency_title
from shared.words.charges import american, readable_charge
from shared.words.moments import birth_text, instant_or_day, moment_text

_ISSUED_BY_AGENCY = {IdentifierKind.PERSON, IdentifierKind.BOOKING}


def person_name(arrest: ShownArrest) -> str:
    """`QUILLFEATHER, Dorian`, as a list sorts it. A sentence says so if no name was reported."""
    return next(map(_listed_name, arrest.person.names), "") or words("arrest.no name")


def happened(arrest: ShownArrest) -> str:
    """`Dorian QUILLFEATHER was arrested`."""
    names = (f"{name.given} {name.middle} {name.surname.upper()} {name.suffix}".split() for name in arrest.person.names)
    spoken = " ".join(next(names, []))
    if not spoken:
        return words(f"arrest.nobody.{arrest.kind}")
    return words(f"arrest.happened.{arrest.kind}", name=spoken)


def person_lines(arrest: ShownArrest) -> tuple[str, ...]:
    """Aliases, birth, sex and identifiers."""
    person = arrest.person
    return (
        *(words("arrest.alias", name=_listed_name(alias)) for alias in person.names[1:]),
        _birth_line(arrest),
        *([words("arrest.sex", sex=words(f"sex.{person.sex}"))] if person.sex is not Sex.UNKNOWN else []),
        *map(_identifier_line, person.identifiers),
    )


def when_line(arrest: ShownArrest, zone: ZoneInfo) -> str:
    """When the reported event was: the release of a release, else the arrest. In the reader's zone."""
    return instant_or_day(arrest.event_at, arrest.event_on, zone) or arrested_when(arrest, zone)


def lead_line(arrest: ShownArrest, zone: ZoneInfo) -> str:
    """When it was; of a disposition also what was decided and where."""
    when = instant_or_day(arrest.event_at, arrest.event_on, zone)
    return court_lines.decision_line(arrest, when) or when_line(arrest, zone)


def arrested_when(arrest: ShownArrest, zone: ZoneInfo) -> str:
    return instant_or_day(arrest.arrested_at, arrest.arrested_on, zone) or words("arrest.no date")


def place_line(place: Place) -> str:
    """`14 Elm Street, Queensbridge (precinct 101)`. Empty if no place was reported."""
    area = ", ".join(
        words(f"arrest.{name}", number=number)
        for name, number in (("precinct", place.precinct), ("beat", place.beat))
        if number
    )
    address = ", ".join(filter(None, (place.address, place.city)))
    return f"{address} ({area})" if address and area else address or area[:1].upper() + area[1:]


def charge_lines(arrest: ShownArrest) -> tuple[str, ...]:
    return tuple(map(_charge_line, arrest.charges)) or (words("arrest.no charges"),)


def event_lines(arrest: ShownArrest, zone: ZoneInfo) -> tuple[str, ...]:
    """Agency and number, when it began if the event is another, what is disputed, where, the charges, and what the
    parser doubted."""
    is_other_event = arrest.kind not in CUSTODY_BEGINS and (arrest.event_at or arrest.event_on)
    return (
        source_line(arrest),
        *([words("arrest.arrested", when=arrested_when(arrest, zone))] if is_other_event else []),
        *dispute_lines(arrest),
        place_line(arrest.place) or words("arrest.no place"),
        *charge_lines(arrest),
        *court_lines.case_lines(arrest, zone),
        *court_lines.release_lines(arrest),
        *court_lines.advice_lines(arrest),
        *(words("arrest.note", note=_sentence(american(flag.value))) for flag in arrest.flags),
    )


def dispute_lines(arrest: ShownArrest) -> tuple[str, ...]:
    """What somebody says is wrong, a sentence a fact."""
    return tuple(
        words("disputed.upheld" if mark.upheld else "disputed.open", fact=words(f"fact.{mark.fact}"))
        for mark in arrest.disputed
    )


def source_line(arrest: ShownArrest) -> str:
    """`Booked by Queensbridge Sheriff, booking number BK26-04100`."""
    agency = agency_title(arrest.agency)
    if not arrest.number:
        return words(f"arrest.by.{arrest.kind}", agency=agency)
    kind = EventKind.ARREST if court_lines.has_other_number(arrest) else arrest.kind
    number = words(f"arrest.number.{kind}", number=arrest.number)
    return f"{words(f'arrest.by.{arrest.kind}', agency=agency)}, {number}"


def difference_line(difference: Difference, zone: ZoneInfo) -> str:
    """`Charge added: PL 160.10.`, in the reader's zone."""
    field = american(difference.field)
    field = field[:1].upper() + field[1:]
    before, after = (_in_zone(difference, value, zone) for value in (difference.before, difference.after))
    if not after:
        return words("difference.removed", field=field, before=before)
    if not before:
        return words("difference.added", field=field, after=after)
    return words("difference.corrected", field=field, before=before, after=after)


def _in_zone(difference: Difference, value: str, zone: ZoneInfo) -> str:
    """A moved release and a court date are stored in UTC, or as a day."""
    is_date = difference.change is ArrestChange.EVENT_MOVED or difference.field == NEXT_COURT_DATE
    if not is_date or ":" not in value:
        return american(value)
    return moment_text(datetime.fromisoformat(value), zone)


def _listed_name(name: PersonName) -> str:
    return " ".join(f"{name.surname.upper()}, {name.given} {name.middle} {name.suffix}".split()).strip(" ,")


def _birth_line(arrest: ShownArrest) -> str:
    born = arrest.person.date_of_birth
    if born is None:
        year = arrest.person.birth_year
        return words("arrest.born in", year=year) if year else words("arrest.no birth")
    day = birth_text(born)
    if arrest.arrested_on is None:
        return words("arrest.born", day=day)
    return words("arrest.born with age", day=day, age=age_on(arrest.arrested_on, born))


def _identifier_line(identifier: Identifier) -> str:
    issuer = identifier.issuer or ""
    if issuer and identifier.kind in _ISSUED_BY_AGENCY:
        issuer = agency_title(issuer)
    key = f"arrest.identifier.{identifier.kind}"
    return (
        words(f"{key}.issued", number=identifier.value, issuer=issuer)
        if issuer
        else words(f"{key}.plain", number=identifier.value)
    )


def _charge_line(charge: Charge) -> str:
    charge_class = f"({american(charge.charge_class.value)})" if charge.charge_class else ""
    shown = " ".join(" ".join((charge.statute, readable_charge(charge.text), charge_class)).split())
    return court_lines.decided_charge(shown or words("arrest.no charge"), charge)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
