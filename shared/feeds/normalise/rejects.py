"""Rejects of one field: which column is meant, what stands in it, and how it is written instead.

Names, dates of birth, identifiers and addresses are never repeated outside of the row itself.
"""

from collections.abc import Sequence

from pydantic import ValidationError

from shared.arrests.person import IdentifierKind, Person
from shared.errors import Rejected
from shared.feeds.footers import NO_ARREST, is_footer
from shared.feeds.layout import FileLayout
from shared.feeds.record import EVENTS, NameText, RawRecord, Reject
from shared.value import field_faults

SENSITIVE = {*NameText._fields} | {
    *"alias born age number sid fbi person_number booking_number former_sid former_fbi former_person_number".split(),
    *"cjtn address postcode latitude longitude docket warrant sentence incident proposed_address".split(),
    "remaining_term",
}
"""Fields whose values stand in no column of their own of a reject file, and in no sentence."""
_LONGEST_VALUE = 80  # characters
_FIELD_OF_ATTRIBUTE = {"text": "charge", "charge_class_raw": "charge_class"}  # where a model calls it otherwise


class UnreadableFieldError(Rejected):
    """One field of a record cannot be read. `field` is our word, `value` the text."""

    def __init__(self, code: str, reason: str, fix: str, field: str, value: str = "") -> None:
        super().__init__(code, reason, fix)
        self.field, self.value = field, value


def bad_date(field: str, text: str, examples: str) -> UnreadableFieldError:
    return UnreadableFieldError(
        "bad-date",
        "The date of the arrest or the event cannot be read.",
        f"Write the day like {examples}, or have its form added to the profile.",
        field,
        text,
    )


def rounded_number() -> UnreadableFieldError:
    return UnreadableFieldError(
        "rounded-number",
        "A spreadsheet rounded the number of the arrest: it stands there like 1.23E+05, and its last digits are lost.",
        "Format the column as text, fill the numbers in again, and send the file again. Write it like 26-0001.",
        "number",
    )


def check_somebody(person: Person) -> None:
    """Of a record without a day and without charges. Raises Rejected when it names nobody: it is a total or a footer,
    and not an arrest."""
    is_named = person.names and not is_footer(str(person.names[0]))
    if not (is_named or any(identifier.kind is not IdentifierKind.CJTN for identifier in person.identifiers)):
        raise Rejected(*NO_ARREST)


def unknown_event(text: str) -> UnreadableFieldError:
    return UnreadableFieldError(
        "unknown-event",
        "The record tells of an event that the profile does not know.",
        f"Name its word in `codes.event` as one of: {', '.join(EVENTS)}. Write it like `RL: release`.",
        "event",
        text,
    )


def reject_of(record: RawRecord, rejection: Rejected, layout: FileLayout) -> Reject:
    reject = Reject(record.line, rejection.code, rejection.reason, rejection.fix, record.row)
    if not isinstance(rejection, UnreadableFieldError):
        return reject
    value = "" if rejection.field in SENSITIVE else rejection.value.strip()[:_LONGEST_VALUE]
    return reject._replace(column=column_of(rejection.field, layout), value=value)


def reject_of_invalid(record: RawRecord, error: ValidationError, layout: FileLayout) -> Reject:
    """For a text that the model refuses, as a rule because it is too long."""
    fault = field_faults(error)[0]
    path = ".".join(map(str, (error.title, *fault.location)))
    attributes = [str(step) for step in fault.location if isinstance(step, str)]
    field = _FIELD_OF_ATTRIBUTE.get(attributes[-1], attributes[-1]) if attributes else ""
    reject = Reject(record.line, "invalid", f"{path} {fault.mend}.", "Shorten or correct the value.", record.row)
    return reject._replace(column=column_of(field, layout))


def column_of(field: str, layout: FileLayout) -> str:
    """The agency's name of the column; our own word for a format that names its fields itself."""
    names: Sequence[str] = layout.columns.get(field, ()) if layout.columns else (field,)
    return " + ".join(names)
