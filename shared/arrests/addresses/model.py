"""The parts of an address, and when one place covers another."""

from enum import StrEnum
from typing import NamedTuple


class AddressKind(StrEnum):
    STREET = "street"
    BLOCK = "block"
    INTERSECTION = "intersection"
    BOX = "box"
    OTHER = "other"


class Street(NamedTuple):
    """`name` has ordinals as numbers, and `SAINT`, `FORT`, `MOUNT` in full. `before` and `after` are directionals."""

    name: str = ""
    suffix: str = ""
    before: str = ""
    after: str = ""

    def is_same(self, other: "Street") -> bool:
        """A street that is written without its suffix may have any."""
        same_suffix = self.suffix == other.suffix or not (self.suffix and other.suffix)
        return same_suffix and (self.name, self.before, self.after) == (other.name, other.before, other.after)

    def __str__(self) -> str:
        return " ".join(part for part in (self.before, self.name, self.suffix, self.after) if part)


class Address(NamedTuple):
    """`streets` are two for an intersection, sorted by name. `city` and `state` are "" where the line names none."""

    kind: AddressKind
    number: str = ""
    streets: tuple[Street, ...] = ()
    unit: str = ""
    city: str = ""
    state: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What two addresses of one place have in common, however the rest is written."""
        return (self.kind, self.number, *sorted(street.name for street in self.streets))

    @property
    def term(self) -> tuple[str, ...]:
        """Under which watches of the place are indexed."""
        return ("address", *self.key)

    def covers(self, other: "Address") -> bool:
        """Whether the other address is this place or lies in it: a building covers its flats."""
        return (
            self.key == other.key
            and _are_same(self.streets, other.streets)
            and self.unit in ("", other.unit)
            and not (self.city and other.city and self.city != other.city)
            and not (self.state and other.state and self.state != other.state)
        )

    def __str__(self) -> str:
        if self.kind is AddressKind.INTERSECTION:
            return " & ".join(map(str, self.streets))
        number = f"{self.number} BLOCK OF" if self.kind is AddressKind.BLOCK else self.number
        return " ".join(part for part in (number, *map(str, self.streets), self.unit and f"UNIT {self.unit}") if part)


def _are_same(streets: tuple[Street, ...], others: tuple[Street, ...]) -> bool:
    def pairs(given: tuple[Street, ...]) -> bool:
        return all(street.is_same(other) for street, other in zip(streets, given, strict=True))

    return pairs(others) or pairs(others[::-1])
