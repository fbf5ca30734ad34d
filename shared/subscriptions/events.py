"""Groups of events that a subscription or a folder may ask for, in the product's words. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.arrests.model import EventKind


class EventGroup(StrEnum):
    """Every kind of event lies in one group. The order is that of a case, and of the sentence that lists them."""

    ARRESTS = "arrests"
    CUSTODY_BEGINS = "custody begins"
    RELEASES_TO_COME = "releases to come"
    RELEASES = "releases"
    WARRANTS = "warrants"
    COURT = "court"
    MOVES = "moves and escapes"
    DEATHS = "deaths"
    SUPERVISION = "supervision"


KINDS: Mapping[EventGroup, frozenset[EventKind]] = {
    EventGroup.ARRESTS: frozenset({EventKind.ARREST}),
    EventGroup.CUSTODY_BEGINS: frozenset({EventKind.BOOKING}),
    EventGroup.RELEASES_TO_COME: frozenset({EventKind.RELEASE_SCHEDULED}),
    EventGroup.RELEASES: frozenset({EventKind.RELEASE}),
    EventGroup.WARRANTS: frozenset({EventKind.WARRANT, EventKind.WARRANT_CLEARED}),
    EventGroup.COURT: frozenset({EventKind.COURT_DATE, EventKind.DISPOSITION}),
    EventGroup.MOVES: frozenset({EventKind.CUSTODY_CHANGE, EventKind.TRANSFER, EventKind.ESCAPE}),
    EventGroup.DEATHS: frozenset({EventKind.DEATH}),
    EventGroup.SUPERVISION: frozenset({EventKind.SUPERVISION, EventKind.SUPERVISION_ENDED}),
}


def _each_once_in_order(groups: tuple[EventGroup, ...]) -> tuple[EventGroup, ...]:
    return tuple(group for group in EventGroup if group in groups)


EventGroups = Annotated[tuple[EventGroup, ...], Field(max_length=len(EventGroup)), AfterValidator(_each_once_in_order)]
"""What somebody asks for. Empty: nobody says anything here, so another place decides."""


def kinds_in(groups: Iterable[EventGroup]) -> frozenset[EventKind]:
    return frozenset[EventKind]().union(*(KINDS[group] for group in groups))
