"""Whose number is whose, said anew: from then on, who watches the number `before` means the person of `after`."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from shared.domain.identity import Identifier
from shared.domain.pseudonyms import Pseudonyms
from shared.domain.value import Value


class IdentityChange(StrEnum):
    MERGED = "merged"  # two records were one person's: `before` is given up
    CORRECTED = "corrected"  # the person was recorded under `before` by mistake
    RESTORED = (
        "restored"  # a merger was wrong and is undone: `before` was the joint number, `after` is the person's own
    )


class IdentityEvent(Value):
    """`before` and `after` are two numbers of one kind. The same event has the same id however often it is sent."""

    event_id: str
    agency: str
    change: IdentityChange
    before: Identifier
    after: Identifier
    said_on: date | None = None

    @model_validator(mode="after")
    def _two_numbers(self) -> Self:
        if self.before.kind is not self.after.kind:
            raise ValueError("the two identifiers are of different kinds")
        if not (self.before.value and self.after.value) or self.before == self.after:
            raise ValueError("the identifier before and the one after must be two numbers")
        return self


def identity_event_id(
    pseudonyms: Pseudonyms, agency: str, change: IdentityChange, before: Identifier, after: Identifier, day: date | None
) -> str:
    """With the day, so that a merger which was undone may be made again."""
    numbers = (text for one in (before, after) for text in (one.kind, one.value, one.issuer or ""))
    return pseudonyms.of("identity event", agency, change, *numbers, str(day or ""))
