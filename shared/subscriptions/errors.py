"""Errors of this room. Each says what the person who asked must change; its message or its refusals say how.

`ConflictError` (`shared/aws/optimistic_lock.py`) and `TooBroadError` (`shared/matching/rules`) are raised here as well.
"""

from typing import NamedTuple

from shared.value import FieldFault


class SubscriptionRefusedError(Exception):
    """The base: the request is well-formed, and it is refused."""


class RecipientRefusal(NamedTuple):
    """`field` is the path of the field in the request (`recipients.0.email`), `mend` what to write instead."""

    field: str
    mend: str


class RecipientsNotAllowedError(SubscriptionRefusedError):
    """The office may not notify these recipients. `refusals` lists every address that must be changed."""

    def __init__(self, refusals: list[RecipientRefusal]) -> None:
        super().__init__(f"{len(refusals)} refusals")
        self.refusals = refusals


class NeverHitsError(SubscriptionRefusedError):
    """The subscription can match no arrest. `faults` lists each field of the request and what to write instead."""

    def __init__(self, faults: list[FieldFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class SubscriptionOverError(SubscriptionRefusedError):
    """The dates or the basis do not let the subscription alert again. The message says what to do."""


class SelfWideningError(SubscriptionRefusedError):
    """It would let whoever asks read or do more than before. A second person does that; the message says who."""


class ImmigrationTextError(SubscriptionRefusedError):
    """Texts name immigration enforcement. `fields` are their paths in the request; the texts are repeated nowhere."""

    MEND = "names immigration enforcement, which nothing here serves; write it otherwise"

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(f"{', '.join(fields)} {self.MEND}")
        self.fields = fields


class FolderPlacementError(SubscriptionRefusedError):
    """The folder cannot be put there. The message says why and what to do."""
