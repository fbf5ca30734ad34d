"""An arrest in the lines of a message: who was arrested, and what happened."""

from datetime import datetime

from shared.alerts.view import ShownArrest
from shared.arrests.charges import Charge
from shared.arrests.model import CUSTODY_BEGINS
from shared.arrests.person import Sex, age_on
from shared.arrests.places import Place
from shared.offices.model import Office

_NOT_SUPPLIED = "not supplied"


def person_lines(arrest: ShownArrest) -> tuple[str, ...]:
    """Name, aliases, birth, sex and identifiers."""
    person = arrest.person
    name, *aliases = map(_single_spaced, _full_names(arrest)) if person.names else [f"name {_NOT_SUPPLIED}"]
    return (
        name,
        *(f"also known as {alias}" for alias in aliases),
        _birth_line(arrest),
        *([f"sex {person.sex.value}"] if person.sex is not Sex.UNKNOWN else []),
        *(f"{identifier.kind.value.upper()} {identifier.value}" for identifier in person.identifiers),
    )


def _full_names(arrest: ShownArrest) -> list[str]:
    names = arrest.person.names
    return [f"{name.surname.upper()}, {name.given} {name.middle} {name.suffix}".strip(" ,") for name in names]


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _birth_line(arrest: ShownArrest) -> str:
    born = arrest.person.date_of_birth
    if born is None:
        return f"born {arrest.person.birth_year or f'({_NOT_SUPPLIED})'}"
    age = f", {age_on(arrest.arrested_on, born)} at arrest" if arrest.arrested_on else ""
    return f"born {born.isoformat()}{age}"


def event_lines(arrest: ShownArrest, office: Office) -> tuple[str, ...]:
    """Kind, number and agency, when and where, the charges, and what the parser doubted. Times are in the office's
    zone."""
    custody_begins = arrest.kind in CUSTODY_BEGINS
    return (
        f"{arrest.kind.value} {arrest.number or '(no number)'} by {arrest.agency}",
        *_event_date_lines(arrest, office),
        f"{'when' if custody_begins else 'arrested'}: {_arrest_date(arrest, office)}",
        f"where: {_place(arrest.place)}",
        *(map(_charge_line, arrest.charges) if arrest.charges else [f"charges: {_NOT_SUPPLIED}"]),
        *(flag.value for flag in arrest.flags),
    )


def _event_date_lines(arrest: ShownArrest, office: Office) -> tuple[str, ...]:
    """When the reported event was, such as a release, if it is not the arrest itself."""
    event_date = _local_time(arrest.event_at, office) if arrest.event_at else arrest.event_on
    return (f"{arrest.kind.value}: {event_date}",) if event_date else ()


def _arrest_date(arrest: ShownArrest, office: Office) -> str:
    if arrest.arrested_at:
        return _local_time(arrest.arrested_at, office)
    return arrest.arrested_on.isoformat() if arrest.arrested_on else f"date {_NOT_SUPPLIED}"


def _local_time(instant: datetime, office: Office) -> str:
    return f"{instant.astimezone(office.zone):%Y-%m-%d %H:%M %Z}"


def _place(place: Place) -> str:
    precinct = f"precinct {place.precinct}" if place.precinct else ""
    beat = f"beat {place.beat}" if place.beat else ""
    return ", ".join(filter(None, (place.address, place.city, place.state, precinct, beat))) or _NOT_SUPPLIED


def _charge_line(charge: Charge) -> str:
    charge_class = f"({charge.charge_class.value})" if charge.charge_class else ""
    return " ".join(filter(None, (charge.statute, charge.text, charge_class)))
