"""Seal or expunge arrests: they can be read no more, and no drop brings them back. The table's stream then recalls what
was told of them."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from shared.arrests.model import Arrest, Provenance, arrest_id
from shared.arrests.seals.seal import Seal, keys_of_arrest, keys_of_seal
from shared.arrests.seals.table import SealsTable
from shared.pseudonyms import Pseudonyms

_SEGMENTS = 8


@dataclass(frozen=True)
class SealDeps:
    seals: SealsTable
    pseudonyms: Pseudonyms


def apply_seals(seals: Sequence[Seal], agency: str, deps: SealDeps, by: Provenance, now: datetime) -> int:
    """How many arrests of the table these seals of one agency mean, those that were sealed before included. May run
    again.

    The keys are kept before the arrests are looked for, and whoever stores arrests looks at the keys once more
    afterwards (`seal_late`): of a seal and a drop at the same time, one always sees the other.
    """
    keys = {one: keys_of_seal(one, deps.pseudonyms) for one in seals}
    deps.seals.add(agency, frozenset(key for some in keys.values() for key in some))
    for one in seals:
        if one.number:  # at once, however long the search for the others takes, and also if it was never stored
            deps.seals.seal(arrest_id(deps.pseudonyms, agency, one.number), agency, keys[one], by, now)
    return _seal_stored(agency, frozenset(key for some in keys.values() for key in some), deps, by, now)


def apply_late_seals(
    stored: Iterable[Arrest], before: frozenset[str], agency: str, deps: SealDeps, by: Provenance, now: datetime
) -> None:
    """Of arrests just stored, those that were sealed while they were stored. `before`: the keys known till then."""
    if new := deps.seals.of_agency(agency) - before:
        for arrest in stored:
            if keys := keys_of_arrest(arrest, deps.pseudonyms) & new:
                deps.seals.seal(arrest.arrest_id, agency, keys, by, now)


def _seal_stored(agency: str, keys: frozenset[str], deps: SealDeps, by: Provenance, now: datetime) -> int:
    """A seal is rare, and nothing else asks for arrests by person and day: the table is searched, not indexed."""

    def searched(segment: int) -> int:
        count = 0
        for stored in deps.seals.stored(agency, segment, _SEGMENTS):
            hit = (keys_of_arrest(stored.arrest, deps.pseudonyms) if stored.arrest else stored.sealed_by) & keys
            count += bool(hit)
            if hit and stored.arrest:
                deps.seals.seal(stored.arrest_id, agency, hit, by, now)
        return count

    with ThreadPoolExecutor(_SEGMENTS) as pool:
        return sum(pool.map(searched, range(_SEGMENTS)))
