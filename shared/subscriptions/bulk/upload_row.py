"""Reads a row of an uploaded list as a request for a subscription. Pure.

A row makes the narrowest watch that it allows: everything in it must hold. A cell that cannot be read rejects the row,
because leaving it out would broaden the watch.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from shared.errors import Rejected
from shared.offices.recipient import Recipient
from shared.subscriptions.model import SubscriptionRequest
from shared.value import field_faults

Cells = Mapping[str, str]
"""Column name -> text of the cell. Blank cells are left out."""

PERSON = ("surname", "given", "middle", "suffix", "date_of_birth", "birth_year", "sex")
_BIRTH = ("date_of_birth", "birth_year")
NUMBERS = ("sid", "sid_state", "fbi")
_CHARGE = ("statute", "begins_with")
_PLACE = ("agency", "precinct", "ori", "address", "city")
_OPTIONS = ("starts", "ends", "urgency", "reference", "contact", "silent", "events")
_BASIS = ("basis", "case_number")
_NOTIFIED = ("recipients", "note", "public_note")
COLUMNS = (*PERSON, *NUMBERS, *_CHARGE, *_PLACE, *_BASIS, *_NOTIFIED, *_OPTIONS)

_DATE_COLUMNS = ("date_of_birth", "starts", "ends")
_YES_NO_COLUMNS = ("begins_with", "silent")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_DATE_FORMS = ("%Y-%m-%d", "%m/%d/%Y")

Raw = dict[str, Any]
"""JSON of a criterion or request, not validated yet."""


def request_of(cells: Cells, owner: str) -> SubscriptionRequest:
    """Returns the request that the row makes. Without a cell `recipients` it notifies its owner.

    Raises Rejected with the name of the first column that is wrong, and what to write there.
    """
    request = _values(cells, _OPTIONS) | {
        "criterion": criterion_of(cells),
        "basis": {"kind": cells.get("basis", "").casefold(), "case_number": cells.get("case_number", "")},
        "recipients": _recipients(cells.get("recipients", owner)),
        "note": {"private": cells.get("note", ""), "public": cells.get("public_note", "")},
    }
    try:
        return SubscriptionRequest.model_validate(request)
    except ValidationError as error:
        raise rejected_column(error) from error


def criterion_of(cells: Cells) -> Raw:
    """Returns the criterion of the row, all of whose parts must hold: the person, the charge and the place.

    Raises Rejected when the row has none of them.
    """
    criteria = [criterion for criterion in (_person(cells), _charge(cells), _place(cells)) if criterion]
    if not criteria:
        raise Rejected("nothing", "The row watches nothing.", "Fill in a person, a number, a statute or a place.")
    return criteria[0] if len(criteria) == 1 else {"all": criteria}


def _person(cells: Cells) -> Raw | None:
    """An identifier, or a name with its date of birth beside it, finds the person: either is enough.

    Beside an identifier, a name without a date of birth only describes whose identifier it is. Raises Rejected when
    `sid_state` is given without `sid`, and for a name alone.
    """
    if "sid_state" in cells and "sid" not in cells:
        raise Rejected("sid", "The row has a sid_state and no sid.", "Fill in sid, or leave sid_state blank.")
    person = _values(cells, PERSON)
    holder: Raw = {name: person[name] for name in ("surname", "given", "date_of_birth") if name in person}
    criteria = _identifiers(cells, holder)
    is_dated = not person.keys().isdisjoint(_BIRTH)
    if person and not criteria and not is_dated:
        raise Rejected(
            "date_of_birth",
            "The row has no date of birth, and would watch everybody of this name.",
            "Fill in date_of_birth, or birth_year where the day is not known.",
        )
    if is_dated:
        criteria.append({"watch": "person", **person})
    if not criteria:
        return None
    return criteria[0] if len(criteria) == 1 else {"any": criteria}


def _identifiers(cells: Cells, holder: Raw) -> list[Raw]:
    issuers = {"sid": cells.get("sid_state"), "fbi": None}
    criteria: list[Raw] = [
        {"watch": "identifier", "identifier": {"kind": kind, "value": cells[kind], "issuer": issuer}}
        for kind, issuer in issuers.items()
        if kind in cells
    ]
    return [{**criterion, "holder": holder} for criterion in criteria] if holder else criteria


def _charge(cells: Cells) -> Raw | None:
    charge = _values(cells, _CHARGE)
    return {"watch": "charge", **charge} if charge else None


def _place(cells: Cells) -> Raw | None:
    place = _values(cells, _PLACE)
    return {"watch": "place", **place} if place else None


def _recipients(text: str) -> list[dict[str, str]]:
    return [Recipient.from_email(email).root for email in _list_of(text)]


def _list_of(text: str) -> list[str]:
    """Reads a cell of e-mail addresses or events that are separated by `;` or `|`."""
    entries = [entry.strip() for entry in text.replace("|", ";").split(";")]
    return [entry for entry in entries if entry]


def _values(cells: Cells, columns: Iterable[str]) -> Raw:
    return {name: _value(name, cells[name]) for name in columns if name in cells}


def _value(column: str, text: str) -> Any:
    """A text that cannot be read stays a text, so that validation names its column."""
    if column in _DATE_COLUMNS:
        return parse_day(text)
    if column in _YES_NO_COLUMNS:
        return _YES_NO.get(text.casefold(), text)
    if column == "sex":
        return text.upper()
    if column == "events":
        return _list_of(text.casefold())
    return text.casefold() if column == "urgency" else text


def parse_day(text: str) -> date | str:
    """Reads 2026-12-31, 12/31/2026 or 20261231. A text that is none of them is returned with a `?` behind it, so that
    validation refuses it and names its column."""
    forms = (*_DATE_FORMS, "%Y%m%d") if len(text) == 8 and text.isdigit() else _DATE_FORMS
    for form in forms:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return f"{text}?"


def rejected_column(error: ValidationError) -> Rejected:
    """Describes the first column that is wrong, without repeating its value, which may be personal data."""
    fault = field_faults(error)[0]
    names = [key for key in fault.location if isinstance(key, str)]
    column = {"kind": "basis", "value": "sid"}.get(names[-1], names[-1]) if names else "the row"
    return Rejected(column, f"{column} cannot be taken.", f"{column} {fault.mend}.")
