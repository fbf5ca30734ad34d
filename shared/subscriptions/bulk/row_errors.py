"""What uploads and caselists share: how many rows they take, and how an error of a row is told to its sender."""

from shared.aws.optimistic_lock import ConflictError
from shared.errors import Rejected, TryLater
from shared.matching.rules import TooBroadError
from shared.subscriptions.errors import RecipientsNotAllowedError, SubscriptionOverError

MAX_ROWS = 5_000

ROW_ERRORS = (Rejected, RecipientsNotAllowedError, TooBroadError, SubscriptionOverError, ConflictError, TryLater)
"""Errors that cost one row and no other."""


def rejection_of(error: Exception) -> Rejected:
    """Converts one of ROW_ERRORS into code, reason and fix of a rejected row."""
    match error:
        case Rejected():
            return error
        case RecipientsNotAllowedError():
            return Rejected("recipients", "Not everybody of them may be written to.", error.refusals[0].mend)
        case TooBroadError():
            return Rejected("too-broad", "The row would watch too much.", str(error))
        case SubscriptionOverError():
            return Rejected("ends", "The watch would be over.", str(error))
        case _:
            return Rejected("busy", "It was changed in the same moment.", "Send the file again.")


def too_many_rows() -> Rejected:
    return Rejected("too-large", f"The list has more than {MAX_ROWS} rows.", "Send it in parts.")
