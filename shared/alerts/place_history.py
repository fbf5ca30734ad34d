"""The history of a place: dated facts with their source, for an exact address and unit and a period (product.md, P9).

It says what agencies reported of arrests at an address, and nothing about the address or whoever lives there. No type
here can hold a score, a rank, a count or a colour, and `tests/alerts/test_place_history.py` proves it of the schema.
The facts are in the order of their days alone. A fact names no person: the arrest does, behind its own rules. Who was
arrested together is answered for a case alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from shared.alerts.view import ShownArrest
from shared.arrests.addresses.model import Address, AddressKind
from shared.arrests.addresses.parse import located
from shared.arrests.disputed import ArrestFact
from shared.arrests.model import CUSTODY_BEGINS, Arrest, EventKind, Flag
from shared.arrests.place_index import PlaceKeys, address_of
from shared.arrests.table import ArrestsTable
from shared.batching import batches
from shared.errors import Rejected
from shared.value import FrozenModel

MOST_FACTS = 200  # of one answer; who asks for a shorter period gets the others
_MOST_READ = 2_000  # arrests at one building, whatever their unit and whoever may see them
_NO_ARREST = "-"  # no id
_EXACT = frozenset({AddressKind.STREET, AddressKind.INTERSECTION, AddressKind.BLOCK})


class ReportedCharge(FrozenModel):
    """A charge as the agency wrote it, and how it was decided. Its class is left out: it would order the facts."""

    statute: str
    text: str
    outcome: str


class PlaceFact(FrozenModel):
    """One arrest at the place. `agency` and `number` are its source; `notes` say what to know before trusting it;
    `disputed` are the facts of the arrest that somebody disputes at the office."""

    arrest_id: str
    arrested_on: date
    event: EventKind
    agency: str
    number: str
    address: str
    charges: tuple[ReportedCharge, ...]
    notes: tuple[Flag, ...]
    disputed: tuple[ArrestFact, ...] = ()


class ArrestedTogether(FrozenModel):
    """Arrests that their agency reported under one incident. `arrest_ids` are among the facts."""

    agency: str
    incident: str
    arrested_on: date
    arrest_ids: tuple[str, ...]
    names: tuple[str, ...]


class PlaceHistory(FrozenModel):
    """`address` is the place as it was understood. Without `complete` there may be older facts in the period."""

    address: str
    since: date
    until: date
    complete: bool
    facts: tuple[PlaceFact, ...]
    together: tuple[ArrestedTogether, ...] = ()


class Period(NamedTuple):
    since: date
    until: date


@dataclass(frozen=True)
class PlaceDeps:
    arrests: ArrestsTable
    keys: PlaceKeys


def exact_address(line: str, city: str, state: str) -> Address:
    """The address that somebody asks for. Raises Rejected for a line that is no exact place."""
    address = located(line, city, state)
    if address is None or address.kind not in _EXACT:
        raise Rejected(
            "no-exact-address",
            "The line names no exact place.",
            "Write a house number and a street, with the apartment if there is one; a corner like Elm St & Oak Ave; "
            "or a block like 400 block of Elm St.",
        )
    return address


def place_history(
    address: Address,
    period: Period,
    deps: PlaceDeps,
    shown: Callable[[Arrest], ShownArrest | None],
    *,
    with_together: bool,
) -> PlaceHistory:
    """Reads the arrests at the place, the latest first, until enough of them are facts for this reader. What is hidden
    or of another unit is not counted: neither a cut nor `complete` tells of it. Where nothing was reported there is one
    read all the same, so that its time is that of a place whose arrests are all hidden (28 CFR 20.21 (c)(2))."""
    ids = deps.arrests.ids_at(deps.keys, address, period.since, period.until, _MOST_READ)
    here: list[ShownArrest] = []
    for batch in batches(ids[:_MOST_READ] or [_NO_ARREST], MOST_FACTS):
        arrests = (shown(version.arrest) for version in deps.arrests.versions(batch))
        here += at_place(filter(None, arrests), address, period)
        if len(here) > MOST_FACTS:
            break
    return decide_history(address, period, here, complete=len(ids) <= _MOST_READ, with_together=with_together)


def at_place(arrests: Iterable[ShownArrest], address: Address, period: Period) -> list[ShownArrest]:
    """Those at the very unit in the period. `arrests` are as the reader may see them: a withheld place is no place.
    Minors are left out, whatever the reader's rights."""
    return [arrest for arrest in arrests if _is_here(arrest, address, period)]


def decide_history(
    address: Address, period: Period, here: Sequence[ShownArrest], *, complete: bool, with_together: bool
) -> PlaceHistory:
    """`here` are the arrests at the place (`at_place`). `complete`: all that were made there in the period were
    read."""
    complete = complete and len(here) <= MOST_FACTS
    here = sorted(here, key=lambda arrest: (arrest.arrested_on or date.min, arrest.arrest_id), reverse=True)[
        :MOST_FACTS
    ]
    return PlaceHistory(
        address=str(address),
        since=period.since,
        until=period.until,
        complete=complete,
        facts=tuple(map(_fact, here)),
        together=_together(here) if with_together else (),
    )


def _is_here(arrest: ShownArrest, address: Address, period: Period) -> bool:
    """The very unit: a building's answer has nothing of its apartments, and an apartment's nothing of the building."""
    reported = address_of(arrest)
    return (
        reported is not None
        and not arrest.juvenile
        and arrest.kind in CUSTODY_BEGINS
        and arrest.arrested_on is not None
        and period.since <= arrest.arrested_on <= period.until
        and address.covers(reported)
        and address.unit == reported.unit
    )


def _fact(arrest: ShownArrest) -> PlaceFact:
    return PlaceFact(
        arrest_id=arrest.arrest_id,
        arrested_on=arrest.arrested_on or date.min,
        event=arrest.kind,
        agency=arrest.agency,
        number=arrest.number,
        address=", ".join(filter(None, (arrest.place.address, arrest.place.city))),
        charges=tuple(
            ReportedCharge(
                statute=charge.statute,
                text=charge.text,
                outcome=charge.disposition.shown_outcome if charge.disposition else "",
            )
            for charge in arrest.charges
        ),
        notes=arrest.flags,
        disputed=tuple(disputed.fact for disputed in arrest.disputed),
    )


def _together(arrests: Sequence[ShownArrest]) -> tuple[ArrestedTogether, ...]:
    """By the agency's own incident number: persons who were arrested at one address on one day need not belong
    together, and nobody is guessed to."""
    by_incident: dict[tuple[str, str], list[ShownArrest]] = defaultdict(list)
    for arrest in arrests:
        if arrest.incident:
            by_incident[arrest.agency, arrest.incident].append(arrest)
    return tuple(
        ArrestedTogether(
            agency=agency,
            incident=incident,
            arrested_on=max(arrest.arrested_on or date.min for arrest in group),
            arrest_ids=tuple(arrest.arrest_id for arrest in group),
            names=tuple(str(name) for arrest in group for name in arrest.person.names[:1]),
        )
        for (agency, incident), group in by_incident.items()
        if len(group) > 1
    )
