"""Whose number is whose, said anew: from then on, who watches the number `before` means the person of `after`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from shared.arrests.person import Identifier, IdentifierKind, Person
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel


class IdentityChange(StrEnum):
    MERGED = "merged"  # two records were one person's: `before` is given up
    CORRECTED = "corrected"  # the person was recorded under `before` by mistake
    RESTORED = "restored"  # a merger was wrong: `before` was the joint number, `after` is the person's own
    EXPUNGED = "expunged"  # the history under `before` is no more: nobody may go on watching this number
    DESCRIBED = "described"  # the person of the number `before` is, from now on, `person`


_BETWEEN_TWO = {IdentityChange.MERGED, IdentityChange.CORRECTED, IdentityChange.RESTORED}


Number = tuple[IdentifierKind, str]


def number_of(identifier: Identifier) -> Number:
    """Without its issuer, which not every report says."""
    return identifier.kind, identifier.value


class IdentityEvent(FrozenModel):
    """`before` and `after` are two numbers of one kind; an expunged number has no `after`, and a description has
    `person` instead. The same event has the same id however often it is sent."""

    event_id: str
    agency: str
    change: IdentityChange
    before: Identifier
    after: Identifier | None = None
    person: Person | None = None
    reported_on: date | None = Field(default=None, alias="said_on")

    @property
    def numbers(self) -> tuple[Number, ...]:
        return tuple(number_of(identifier) for identifier in (self.before, self.after) if identifier)

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if not self.before.value:
            raise ValueError("the number is missing")
        if self.change in _BETWEEN_TWO:
            self._refuse_unless_two_numbers()
        if self.change is IdentityChange.DESCRIBED and not (self.person and self.person.names):
            raise ValueError("the person whose description changes has no name")
        return self

    def _refuse_unless_two_numbers(self) -> None:
        if self.after is None or not self.after.value or self.before == self.after:
            raise ValueError("the identifier before and the one after must be two numbers")
        if self.before.kind is not self.after.kind:
            raise ValueError("the two identifiers are of different kinds")


def linked_events(events: Sequence[IdentityEvent], numbers: Iterable[Number]) -> list[IdentityEvent]:
    """Those of these events, in their order, that name one of the numbers, or a number which another of them names:
    A may have become B, and B has become C. What a later one takes back is left out."""
    named, last = defaultdict(list), dict[tuple[Number, ...], int]()
    for at, event in enumerate(events):
        last[event.numbers] = at
        for number in event.numbers:
            named[number].append(at)
    found, unasked = set[int](), list(numbers)
    while unasked:
        new = set(named.pop(unasked.pop(), ())) - found
        found |= new
        unasked += [number for at in new for number in events[at].numbers]
    return [
        identity_event
        for at in sorted(found)
        if (identity_event := events[at]).after is None or last.get(identity_event.numbers[::-1], at) <= at
    ]


def identity_event_id(
    pseudonyms: Pseudonyms,
    agency: str,
    change: IdentityChange,
    before: Identifier,
    after: Identifier | Person | None,
    day: date | None,
) -> str:
    """With the day, so that a merger which was undone may be made again. `after` is the number or the description."""
    said = after.model_dump_json() if isinstance(after, Person) else ""
    numbers = (
        text
        for one in (before, after)
        if isinstance(one, Identifier)
        for text in (one.kind, one.value, one.issuer or "")
    )
    return pseudonyms.of("identity event", agency, change, *numbers, *([said] if said else []), str(day or ""))
