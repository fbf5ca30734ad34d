"""Persons and places, which all kinds of NIEM documents write in the same words."""

from collections.abc import Iterable, Mapping

from shared.feeds.formats.niem.tree import Element, children, every, first, named, text
from shared.feeds.record import NameText, PersonText, PlaceText, Reject

LOST = Reject(0, "reference", "The arrest or the person that the record refers to is neither in it nor beside all"
              " records, or its id is given twice.",
              "Send an arrest and its person in one record, each with an id of its own.")  # fmt: skip
_DATES = ("DateTime", "Date", "DateRepresentation")
_ADDRESSES = ("StructuredAddress", "Address", "LocationAddress")
_STREET = ("StreetNumberText", "StreetPredirectionalText", "StreetName", "StreetCategoryText",
           "StreetPostdirectionalText", "StreetExtensionText")  # fmt: skip
_AGES = "MeasurePointValue|MeasureValueText|MeasureIntegerValue|MeasureDecimalValue"
_YEARS = {"", "ANN", "YEAR", "YEARS", "Y"}


def moment(element: Element | None) -> str:
    """The date of an activity, be it a date, a date and time, or the start of a range."""
    for holder in (first(element, "ActivityDate"), first(element, "ActivityDateRange", "StartDate")):
        for kind in _DATES:
            if said := text(holder, kind):
                return said
    return ""


def names(person: Element | None, others: Iterable[Element] = ()) -> tuple[NameText, ...]:
    """The name of record first, then alternate names, then those of `others`: the person under another identity."""
    if person is None:
        return ()
    elements = [
        *children(person, "PersonName"),
        *children(person, "PersonAlternateName"),
        *(element for other in others for element in every(other, "PersonName")),
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


def person_text(person: Element | None, *, person_number: str = "", booking_number: str = "") -> PersonText:
    if person is None:
        return PersonText()
    elements = named(person)
    state = elements.get("PersonStateFingerprintIdentification") or elements.get("PersonStateIdentification")
    federal = elements.get("PersonFBIIdentification") or elements.get("PersonUCNIdentification")
    born = first(person, "PersonBirthDate")
    return PersonText(
        born=next(filter(None, (text(born, kind) for kind in (*_DATES, "YearDate"))), "").partition("T")[0],
        sex=text(person, "PersonSexCode|PersonSexText"),
        age=_age(first(person, "PersonAgeMeasure")),
        sid=text(state, "IdentificationID"),
        sid_issuer=_issuer(state),
        fbi=text(federal, "IdentificationID"),
        person_number=person_number,
        booking_number=booking_number,
    )


def place_text(location: Element | None) -> PlaceText:
    if location is None:
        return PlaceText()
    elements = named(location)
    address = next((elements[kind] for kind in _ADDRESSES if kind in elements), None)
    street = first(address, "LocationStreet|AddressDeliveryPoint")
    return PlaceText(
        address=text(street, "StreetFullText") or " ".join(filter(None, (text(street, part) for part in _STREET))),
        city=text(address, "LocationCityName"),
        state=_beginning(address, "LocationState"),
        postcode=text(address, "LocationPostalCode"),
        precinct=text(location, "LocationPoliceBeatText|LocationPatrolBeatText"),
        latitude=_degrees(elements, "Latitude"),
        longitude=_degrees(elements, "Longitude"),
    )


def _degrees(elements: Mapping[str, Element], which: str) -> str:
    """Decimal degrees; where minutes and seconds are apart, the point is left out rather than misplaced."""
    holder = elements.get(f"GeographicCoordinate{which}")
    return text(holder, f"{which}DegreeValue") if holder is not None and len(holder) == 1 else ""


def _issuer(identification: Element | None) -> str:
    """A state, where it is said."""
    return _beginning(identification, "IdentificationJurisdiction")


def _beginning(element: Element | None, words: str) -> str:
    """The text of the first child whose name begins so: NIEM names the code list in the rest of it."""
    for child in element if element is not None else ():
        if child.name.startswith(words) and (said := text(child)):
            return said
    return ""


def _age(measure: Element | None) -> str:
    unit = text(measure, "TimeUnitCode|MeasureUnitText|MeasureUnitCode").upper()
    return text(measure, _AGES) if unit in _YEARS else ""
