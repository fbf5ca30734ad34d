"""What uploads and caselists share: how many rows they take, and how an error of a row is told to its sender."""

from shared.aws.optimistic_lock import ConflictError
from shared.errors import Rejected, TryLater
from shared.matching.rules import TooBroadError
from shared.subscriptions.errors import (
    ImmigrationTextError,
    NeverHitsError,
    RecipientsNotAllowedError,
    SubscriptionOverError,
)

MAX_ROWS = 5_000

ROW_ERRORS = (
    Rejected,
    RecipientsNotAllowedError,
    TooBroadError,
    NeverHitsError,
    SubscriptionOverError,
    ImmigrationTextError,
    ConflictError,
    TryLater,
)
"""Errors that cost one row and no other."""


IMMIGRATION = "immigration"
IMMIGRATION_REASON = "The row names immigration enforcement, which nothing here serves. The request was recorded."
_COLUMNS = {"basis.case_number": "case_number", "note.private": "note", "note.public": "public_note"}


def rejection_of(error: Exception) -> Rejected:  # noqa: PLR0911 - one for each kind of error
    """Converts one of ROW_ERRORS into code, reason and fix of a rejected row."""
    match error:
        case Rejected():
            return error
        case RecipientsNotAllowedError():
            return Rejected("recipients", "Not everybody of them may be written to.", error.refusals[0].mend)
        case TooBroadError():
            return Rejected("too-broad", "The row would watch too much.", str(error))
        case NeverHitsError():
            return _never_hits(error)
        case SubscriptionOverError():
            return Rejected("ends", "The watch would be over.", str(error))
        case ImmigrationTextError():
            columns = [_COLUMNS.get(field, field) for field in error.fields]
            return Rejected(IMMIGRATION, IMMIGRATION_REASON, f"Write otherwise: {', '.join(columns)}.")
        case _:
            return Rejected("busy", "It was changed in the same moment.", "Send the file again.")


def _never_hits(error: NeverHitsError) -> Rejected:
    fault = error.faults[0]
    name = next((key for key in reversed(fault.location) if isinstance(key, str)), "the row")
    column = {"value": "sid", "issuer": "sid_state"}.get(name, name)
    return Rejected(column, "The row would never alert.", f"{column} {fault.mend}.")


def too_many_rows() -> Rejected:
    return Rejected("too-large", f"The list has more than {MAX_ROWS} rows.", "Send it in parts.")
