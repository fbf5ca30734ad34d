"""Texts that no subscription or folder may hold: those that name immigration enforcement. Pure.

Asked wherever a text is saved: by the API, an uploaded list, a case list, an office file. What is stored is read as it
is.
"""

from collections.abc import Mapping

from shared.offices.immigration import names_immigration
from shared.subscriptions.errors import ImmigrationTextError
from shared.subscriptions.model import SubscriptionRequest


def check_request(request: SubscriptionRequest) -> None:
    """Raises ImmigrationTextError with every field that must be written otherwise."""
    check_texts(
        {
            "basis.case_number": request.basis.case_number,
            "reference": request.reference,
            "contact": request.contact,
            "note.private": request.note.private,
            "note.public": request.note.public,
        }
    )


def check_texts(texts: Mapping[str, str]) -> None:
    """`texts` are by the path of their field. Raises ImmigrationTextError."""
    if fields := tuple(field for field, text in texts.items() if names_immigration(text)):
        raise ImmigrationTextError(fields)
