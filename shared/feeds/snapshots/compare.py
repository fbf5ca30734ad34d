"""Compares a snapshot with the agency's last one. Pure.

Nobody is released on a doubt: not by a snapshot that is older than the last or the same, not by one with a row of which
nobody can say whom it means, and not by one that would release more people than the profile allows, until a person has
looked at it.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from shared.feeds.profiles.model import SnapshotRule
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

REMEMBERED_DAYS = 400  # for which a person who comes back is known to have left


class Departure(FrozenModel):
    """Which custody ended: 0 is the first under this arrest id."""

    custody: int
    day: date


class Custody(FrozenModel):
    """Who is in custody, as the agency's last snapshot says. `order` is that of its drop.

    `present` maps the arrest ids of the feed to the number of the custody; `left` has those who left.
    `reported` are those whose release the feed itself has reported: it is not reported again when they are missing.
    """

    order: str
    present: Mapping[str, int] = {}
    left: Mapping[str, Departure] = {}
    reported: frozenset[str] = frozenset()


class Snapshot(NamedTuple):
    """`arrest_ids` are those of its rows, rejected ones included. `unidentified` counts rows whose arrest cannot be
    told."""

    order: str
    arrest_ids: frozenset[str]
    unidentified: int = 0


class AbsenceVerdict(StrEnum):
    """What becomes of those who are missing from a snapshot. The value stands in the receipt."""

    RELEASED = "released: in the last snapshot, and not in this one"
    FIRST = "nobody is missing: it is the first snapshot"
    NOT_NEWER = "not released: a newer snapshot was read before, or this one"
    UNIDENTIFIED = "not released: a row of the snapshot does not tell whom it means, or may be cut"
    TOO_MANY = "not released: more are missing than the profile allows, until somebody releases the file"


class Comparison(NamedTuple):
    verdict: AbsenceVerdict
    missing: frozenset[str] = frozenset()


def compare(custody: Custody | None, snapshot: Snapshot, rule: SnapshotRule, *, is_checked: bool) -> Comparison:
    """`is_checked`: a person has released the file."""
    if custody is None:
        return Comparison(AbsenceVerdict.FIRST)
    if snapshot.order <= custody.order:
        return Comparison(AbsenceVerdict.NOT_NEWER)
    missing = frozenset(custody.present.keys() - snapshot.arrest_ids)
    if missing and snapshot.unidentified:
        return Comparison(AbsenceVerdict.UNIDENTIFIED, missing)
    if not is_checked and _are_too_many(len(missing), len(custody.present), snapshot, rule):
        return Comparison(AbsenceVerdict.TOO_MANY, missing)
    return Comparison(AbsenceVerdict.RELEASED, missing)


def _are_too_many(missing: int, present: int, snapshot: Snapshot, rule: SnapshotRule) -> bool:
    """An empty snapshot is always looked at; one person alone may always leave a snapshot that is not empty."""
    if not snapshot.arrest_ids:
        return missing > 0
    return missing > rule.number or missing > max(1, rule.share * present)


def custody_after(custody: Custody | None, snapshot: Snapshot, verdict: AbsenceVerdict, day: date) -> Custody | None:
    """Returns what is to be remembered after a snapshot of this day; None where nothing changes.

    Who is missing and was not released stays, and is looked at with the next snapshot.
    """
    if verdict in (AbsenceVerdict.NOT_NEWER, AbsenceVerdict.TOO_MANY):
        return None
    known = custody or Custody(order="")
    stays = known.present.keys() if verdict is AbsenceVerdict.UNIDENTIFIED else frozenset[str]()
    present = {arrest_id: custody_number(known, arrest_id) for arrest_id in snapshot.arrest_ids | stays}
    left = {
        arrest_id: departure
        for arrest_id, departure in known.left.items()
        if arrest_id not in present and (day - departure.day).days <= REMEMBERED_DAYS
    }
    gone = known.present.keys() - present.keys()
    left |= {arrest_id: Departure(custody=known.present[arrest_id], day=day) for arrest_id in gone}
    return Custody(order=snapshot.order, present=present, left=left, reported=known.reported - gone)


def custody_number(custody: Custody | None, arrest_id: str, *, is_newer: bool = True) -> int:
    """The number of the custody in which a snapshot finds a person: who comes back after having left begins a new
    one. A snapshot that is not newer than what is known tells of the custody that ended."""
    if custody is None:
        return 0
    if arrest_id in custody.present:
        return custody.present[arrest_id]
    departure = custody.left.get(arrest_id)
    return departure.custody + is_newer if departure else 0


def custody_id(arrest_id: str, number: int, pseudonyms: Pseudonyms) -> str:
    """The id under which the arrest of a custody is stored."""
    return pseudonyms.of("custody", arrest_id, str(number)) if number else arrest_id
