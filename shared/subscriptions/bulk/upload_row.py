"""A row of an uploaded list, as a wish. A cell that cannot be read costs its row and never broadens the watch."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from shared.errors import Rejected
from shared.subscriptions.model import SubscriptionRequest

Cells = Mapping[str, str]
PERSON = ("surname", "given", "middle", "suffix", "date_of_birth", "sex")
NUMBERS = ("sid", "sid_state", "fbi")
_CHARGE = ("statute", "begins_with")
_PLACE = ("agency", "precinct", "ori", "address", "city")
_SAID = ("starts", "ends", "urgency", "reference", "contact", "silent")
_DATES = ("date_of_birth", "starts", "ends")
COLUMNS = (*PERSON, *NUMBERS, *_CHARGE, *_PLACE, "basis", "case_number", "recipients", "note", "public_note", *_SAID)


def request_of(cells: Cells, owner: str) -> SubscriptionRequest:
    """Raises Rejected: which column, and what to write there. Without recipients it tells its owner."""
    said: dict[str, Any] = {name: _read(name, cells[name]) for name in _SAID if name in cells}
    emails = [part.strip() for part in cells.get("recipients", owner).replace("|", ";").split(";")]
    said |= {
        "criterion": criterion_of(cells),
        "basis": {"kind": cells.get("basis", "").casefold(), "case_number": cells.get("case_number", "")},
        "recipients": [{"email": email} for email in emails if email],
        "note": {"private": cells.get("note", ""), "public": cells.get("public_note", "")},
    }
    return _validated(said)


def criterion_of(cells: Cells) -> dict[str, Any]:
    """Everything that the row says must hold; a number and the name with the date of birth beside it find the same
    person, so either does."""
    parts = [part for part in (_who(cells), _charge(cells), _place(cells)) if part]
    if not parts:
        raise Rejected("nothing", "The row watches nothing.", "Fill in a person, a number, a statute or a place.")
    return parts[0] if len(parts) == 1 else {"all": parts}


def _who(cells: Cells) -> dict[str, Any] | None:
    said = {name: _read(name, cells[name]) for name in PERSON if name in cells}
    holder = {name: said[name] for name in ("surname", "given", "date_of_birth") if name in said}
    numbers = [
        {"watch": "identifier", "identifier": {"kind": kind, "value": cells[kind], "issuer": issuer}}
        | ({"holder": holder} if holder else {})
        for kind, issuer in (("sid", cells.get("sid_state")), ("fbi", None))
        if kind in cells
    ]
    if "sid_state" in cells and "sid" not in cells:
        raise Rejected("sid", "The row has a sid_state and no sid.", "Fill in sid, or leave sid_state blank.")
    if said and (not numbers or "date_of_birth" in said):
        numbers.append({"watch": "person", **said})
    return None if not numbers else numbers[0] if len(numbers) == 1 else {"any": numbers}


def _charge(cells: Cells) -> dict[str, Any] | None:
    said = {name: _read(name, cells[name]) for name in _CHARGE if name in cells}
    return {"watch": "charge", **said} if said else None


def _place(cells: Cells) -> dict[str, Any] | None:
    said = {name: cells[name] for name in _PLACE if name in cells}
    return {"watch": "place", **said} if said else None


def _read(name: str, text: str) -> Any:
    if name in _DATES:
        return day_of(text)
    if name in ("begins_with", "silent"):
        return {"yes": True, "true": True, "no": False, "false": False}.get(text.casefold(), text)
    return text.upper() if name == "sex" else text.casefold() if name == "urgency" else text


def day_of(text: str) -> Any:
    """Left as it is when it cannot be read: then it is refused with the name of its column."""
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return date.fromisoformat(text) if len(text) == 8 and text.isdigit() else f"{text}?"


def _validated(said: dict[str, Any]) -> SubscriptionRequest:
    try:
        return SubscriptionRequest.model_validate(said)
    except ValidationError as fault:
        raise unreadable(fault) from fault


def unreadable(fault: ValidationError) -> Rejected:
    """By the first column that is wrong; no value is repeated."""
    one = fault.errors(include_input=False)[0]
    words = [str(part) for part in one["loc"] if isinstance(part, str)]
    column = {"kind": "basis", "value": "sid"}.get(words[-1], words[-1]) if words else "the row"
    if "date" in one["type"]:
        return Rejected(column, f"{column} is no date.", "Write it as 2026-12-31 or 12/31/2026.")
    if one["type"] == "missing":
        return Rejected(column, f"{column} is blank.", "Fill it in: the watch would be too broad without it.")
    return Rejected(column, f"{column} cannot be taken.", one["msg"].removeprefix("Value error, ") + ".")
