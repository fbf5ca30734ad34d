"""Identity event: an agency says that an identifier belongs to another number or another person. From then on, whoever
watches the number `before` means the person of `after`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    EXPUNGED = "expunged"  # the history under `before` is deleted: nobody may go on watching this number
    DESCRIBED = "described"  # the person with the number `before` is, from now on, described by `person`


_BETWEEN_TWO_NUMBERS = {IdentityChange.MERGED, IdentityChange.CORRECTED, IdentityChange.RESTORED}

Number = tuple[IdentifierKind, str]


def number_of(identifier: Identifier) -> Number:
    """Leaves the issuer out, which not every report gives."""
    return identifier.kind, identifier.number


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
    def _names_enough(self) -> Self:
        if not self.before.value:
            raise ValueError("the number is missing")
        if self.change in _BETWEEN_TWO_NUMBERS:
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
    """The events, in their order, that name one of the numbers or a number that is linked to it by another event: A may
    have become B, and B may have become C. An event that a later one takes back is left out."""
    positions_of = defaultdict(list)
    last_position = dict[tuple[Number, ...], int]()
    for position, event in enumerate(events):
        last_position[event.numbers] = position
        for number in event.numbers:
            positions_of[number].append(position)
    linked, open_numbers = set[int](), list(numbers)
    while open_numbers:
        new = set(positions_of.pop(open_numbers.pop(), ())) - linked
        linked |= new
        for position in new:
            open_numbers += events[position].numbers
    return [events[position] for position in sorted(linked) if not _is_taken_back(position, events, last_position)]


def _is_taken_back(
    position: int, events: Sequence[IdentityEvent], last_position: Mapping[tuple[Number, ...], int]
) -> bool:
    """A later event leads from `after` back to `before`."""
    event = events[position]
    return event.after is not None and last_position.get(event.numbers[::-1], position) > position


def identity_event_id(
    pseudonyms: Pseudonyms,
    agency: str,
    change: IdentityChange,
    before: Identifier,
    after: Identifier | Person | None,
    day: date | None,
) -> str:
    """The day is part of the id, so that a merger which was undone may be made again. `after` is the new number, or the
    new description of the person."""
    fields = [before.kind, before.value, before.issuer or ""]
    if isinstance(after, Identifier):
        fields += [after.kind, after.value, after.issuer or ""]
    elif isinstance(after, Person):
        fields.append(after.model_dump_json())
    return pseudonyms.of("identity event", agency, change, *fields, str(day or ""))
