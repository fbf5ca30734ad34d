"""Names, persons, places and dates, which all kinds of NIEM documents write in the same words."""

from collections.abc import Iterable, Iterator, Mapping

from shared.feeds.formats.niem.tree import Document, Element, children, descendants, first, first_by_name, ref_of, text
from shared.feeds.record import NameText, PersonText, PlaceText, RawRecord, Reject

LOST_REFERENCE = Reject(
    0,
    "reference",
    "The arrest or the person that the record refers to is neither in it nor beside all records, or its id is given"
    " twice.",
    "Send an arrest and its person in one record, each with an id of its own.",
)
NOBODY = Reject(
    0,
    "reference",
    "The record names nobody: it has neither a name nor a state or FBI number.",
    "Send the person's name, or a state or FBI number, in the record.",
)
_DATES = ("DateTime", "Date", "DateRepresentation")
_ADDRESSES = ("StructuredAddress", "Address", "LocationAddress")
_STREET_PARTS = (
    "StreetNumberText",
    "StreetPredirectionalText",
    "StreetName",
    "StreetCategoryText",
    "StreetPostdirectionalText",
    "StreetExtensionText",
)
_AGES = "MeasurePointValue|MeasureValueText|MeasureIntegerValue|MeasureDecimalValue"
_YEAR_UNITS = {"", "ANN", "YEAR", "YEARS", "Y"}


def date_of(activity: Element | None) -> str:
    """The date of an activity: a date, a date and time, or the start of a range."""
    return date_in(activity, "ActivityDate") or date_in(activity, "ActivityDateRange", "StartDate")


def date_in(element: Element | None, *path: str) -> str:
    """The date in the holder at the end of a path."""
    holder = first(element, *path)
    return next(filter(None, (text(holder, kind) for kind in _DATES)), "")


def names_of(person: Element | None, aliases: Iterable[Element] = ()) -> tuple[NameText, ...]:
    """The name of record, then alternate names, then those of `aliases`: the same person as other records have it."""
    if person is None:
        return ()
    elements = [
        *children(person, "PersonName"),
        *children(person, "PersonAlternateName"),
        *(name for alias in aliases for name in descendants(alias, "PersonName")),
    ]
    return tuple(
        NameText(
            surname=text(element, "PersonSurName"),
            given=text(element, "PersonGivenName"),
            middle=text(element, "PersonMiddleName"),
            suffix=text(element, "PersonNameSuffixText|PersonSuffixName"),
            name=text(element, "PersonFullName"),
        )
        for element in elements
    )


def person_of(person: Element | None, *, person_number: str = "", booking_number: str = "") -> PersonText:
    if person is None:
        return PersonText()
    elements = first_by_name(person)
    state = elements.get("PersonStateFingerprintIdentification") or elements.get("PersonStateIdentification")
    federal = elements.get("PersonFBIIdentification") or elements.get("PersonUCNIdentification")
    birth_date = first(person, "PersonBirthDate")
    return PersonText(
        born=next(filter(None, (text(birth_date, kind) for kind in (*_DATES, "YearDate"))), "").partition("T")[0],
        sex=text(person, "PersonSexCode|PersonSexText"),
        age=_age(first(person, "PersonAgeMeasure")),
        sid=text(state, "IdentificationID"),
        sid_issuer=_text_of_child(state, "IdentificationJurisdiction"),
        fbi=text(federal, "IdentificationID"),
        person_number=person_number,
        booking_number=booking_number,
    )


def aliases_of(document: Document, report: Element, person_id: str) -> Iterator[Element]:
    """The other identities that an association names beside this person."""
    for association in document.descendants(report, "PersonAliasIdentityAssociation"):
        if not person_id or all(ref_of(element) != person_id for element in association):
            continue
        for other in association:
            if ref_of(other) != person_id and (alias := document.dereference(other)) is not None:
                yield alias


def of_somebody(record: RawRecord) -> RawRecord | Reject:
    """The record, or a reject if it names nobody: no watch could ever mean it."""
    person = record.person
    is_named = any(any(name) for name in record.names)
    return record if is_named or person.sid or person.fbi or person.person_number else NOBODY


def organization_of(document: Document, holder: Element | None) -> str:
    """The name or the ORI of a court or another organization, or of the entity that is one."""
    organization = document.dereference(holder)
    if (entity := first(organization, "EntityOrganization|OrganizationReference")) is not None:
        organization = document.dereference(entity)
    name = text(organization, "CourtName|OrganizationName")
    return name or text(organization, "OrganizationAugmentation", "OrganizationORIIdentification", "IdentificationID")


def place_of(location: Element | None) -> PlaceText:
    if location is None:
        return PlaceText()
    elements = first_by_name(location)
    address = next((elements[kind] for kind in _ADDRESSES if kind in elements), None)
    street = first(address, "LocationStreet|AddressDeliveryPoint")
    street_parts = filter(None, (text(street, name) for name in _STREET_PARTS))
    return PlaceText(
        address=text(street, "StreetFullText") or " ".join(street_parts),
        city=text(address, "LocationCityName"),
        state=_text_of_child(address, "LocationState"),
        postcode=text(address, "LocationPostalCode"),
        precinct=text(location, "LocationPoliceBeatText|LocationPatrolBeatText"),
        latitude=_degrees(elements, "Latitude"),
        longitude=_degrees(elements, "Longitude"),
    )


def _degrees(elements: Mapping[str, Element], axis: str) -> str:
    """Decimal degrees. Where minutes and seconds are apart, the point is left out rather than misplaced."""
    holder = elements.get(f"GeographicCoordinate{axis}")
    return text(holder, f"{axis}DegreeValue") if holder is not None and len(holder) == 1 else ""


def _text_of_child(element: Element | None, name_start: str) -> str:
    """The text of the first child whose name begins so: the rest of a name says from which code list the text is."""
    for child in element if element is not None else ():
        if child.name.startswith(name_start) and (content := text(child)):
            return content
    return ""


def _age(measure: Element | None) -> str:
    unit = text(measure, "TimeUnitCode|MeasureUnitText|MeasureUnitCode").upper()
    return text(measure, _AGES) if unit in _YEAR_UNITS else ""
