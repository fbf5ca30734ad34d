"""The facts of arrests, one arrest at a time or a column of many: the input of `Normaliser._arrest`."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from shared.arrests.charges import Charge
from shared.arrests.model import EventKind, Flag
from shared.arrests.person import Person
from shared.arrests.release import PlannedRelease
from shared.feeds.normalise.court import ParsedCases
from shared.feeds.normalise.dates import Moment
from shared.feeds.normalise.fields import ParsedPlace


class Arrestee(NamedTuple):
    """A person as known on the day of the arrest. `unknown_sex` is a word that no code map explains."""

    person: Person
    flags: tuple[Flag, ...]
    unknown_sex: str
    juvenile: bool


class ParsedCharges(NamedTuple):
    """Charges, and (kind, word) of what nobody explains: classes without a code map, statutes in no known notation."""

    charges: tuple[Charge, ...]
    unknown_words: tuple[tuple[str, str], ...]
    flags: tuple[Flag, ...] = ()


class ArrestFacts(NamedTuple):
    """All that an arrest is made of."""

    arrest_id: str
    number: str
    kind: EventKind
    ori: str
    moment: Moment | None
    event_moment: Moment | None
    arrestee: Arrestee
    place: ParsedPlace
    charges: ParsedCharges
    flags: tuple[Flag, ...]
    cases: ParsedCases
    incident: str
    release: PlannedRelease | None


class ArrestColumns(NamedTuple):
    """The facts of many arrests, a column each: the n-th value of every column belongs to the n-th arrest.

    Only arrests and bookings are read by column, so there is no event moment, and no release.
    """

    arrest_ids: Sequence[str]
    numbers: Sequence[str]
    kinds: Sequence[EventKind]
    oris: Sequence[str]
    moments: Sequence[Moment | None]
    event_moments: Sequence[None]
    arrestees: Sequence[Arrestee]
    places: Sequence[ParsedPlace]
    charges: Sequence[ParsedCharges]
    flags: Sequence[tuple[Flag, ...]]
    cases: Sequence[ParsedCases]
    incidents: Sequence[str]
    releases: Sequence[None]

    def rows(self) -> Iterator[ArrestFacts]:
        return map(partial(tuple.__new__, ArrestFacts), zip(*self, strict=True))
