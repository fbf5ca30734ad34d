"""Applies seals: a sealed arrest can be read no more, and no drop brings it back. The table's stream then withdraws the
alerts about it."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from shared.arrests.model import Arrest, Provenance, arrest_id
from shared.arrests.seals.effect import SealEffect, rule_for
from shared.arrests.seals.seal import Seal, keys_of_arrest, keys_of_seal
from shared.arrests.seals.table import SealsTable
from shared.pseudonyms import Pseudonyms

_SEGMENTS = 8


@dataclass(frozen=True)
class SealDeps:
    seals: SealsTable
    pseudonyms: Pseudonyms


def apply_seals(seals: Sequence[Seal], agency: str, deps: SealDeps, provenance: Provenance, now: datetime) -> int:
    """Carries out seals on the stored arrests of one agency, each as its statute says. Returns how many arrests are
    erased, those that were erased before included. May run again.

    The keys are stored before the arrests are searched, and whoever stores arrests looks at the keys once more
    afterwards (`apply_late_seals`). So of a seal and a drop at the same time, one always sees the other.
    """
    _mark_stored_arrests([seal for seal in seals if effect_of(seal) is SealEffect.MARK], agency, deps)
    seals = erasing(seals)
    keys = {seal: keys_of_seal(seal, deps.pseudonyms) for seal in seals}
    all_keys = frozenset(chain.from_iterable(keys.values()))
    deps.seals.add(agency, all_keys)
    for seal in seals:
        if seal.number:  # at once, however long the search for the others takes, and also if it was never stored
            sealed_id = arrest_id(deps.pseudonyms, agency, seal.number)
            deps.seals.seal(sealed_id, agency, keys[seal], provenance, now)
    return _seal_stored_arrests(agency, all_keys, deps, provenance, now) if all_keys else 0


def effect_of(seal: Seal) -> SealEffect:
    """A seal that names no statute erases. One that names a statute that we do not know is rejected where it is read;
    if it comes all the same, nothing of it is erased."""
    if not seal.statute:
        return SealEffect.ERASE
    rule = rule_for(seal.statute)
    return rule.effect if rule else SealEffect.MARK


def erasing(seals: Iterable[Seal]) -> list[Seal]:
    return [seal for seal in seals if effect_of(seal).erases]


def _mark_stored_arrests(seals: Sequence[Seal], agency: str, deps: SealDeps) -> None:
    """Marks and keeps. Scans the table, as a seal by person and day does."""
    statutes = {key: seal.statute for seal in seals for key in keys_of_seal(seal, deps.pseudonyms)}
    for segment in range(_SEGMENTS if statutes else 0):
        for stored in deps.seals.stored(agency, segment, _SEGMENTS):
            if stored.arrest and (hit := keys_of_arrest(stored.arrest, deps.pseudonyms) & statutes.keys()):
                deps.seals.mark(stored.arrest_id, statutes[min(hit)])


def apply_late_seals(
    stored: Iterable[Arrest],
    known_keys: frozenset[str],
    agency: str,
    deps: SealDeps,
    provenance: Provenance,
    now: datetime,
) -> None:
    """Seals those of the arrests just stored whose seal came while they were stored. `known_keys` are the agency's keys
    as they were read before storing."""
    new_keys = deps.seals.of_agency(agency) - known_keys
    if not new_keys:
        return
    for arrest in stored:
        if keys := keys_of_arrest(arrest, deps.pseudonyms) & new_keys:
            deps.seals.seal(arrest.arrest_id, agency, keys, provenance, now)


def _seal_stored_arrests(
    agency: str, keys: frozenset[str], deps: SealDeps, provenance: Provenance, now: datetime
) -> int:
    """Scans the table: a seal is rare, and nothing else asks for arrests by person and day, so there is no index."""

    def seal_segment(segment: int) -> int:
        count = 0
        for stored in deps.seals.stored(agency, segment, _SEGMENTS):
            arrest_keys = keys_of_arrest(stored.arrest, deps.pseudonyms) if stored.arrest else stored.sealed_by
            hit = arrest_keys & keys
            count += bool(hit)
            if hit and stored.arrest:
                deps.seals.seal(stored.arrest_id, agency, hit, provenance, now)
        return count

    with ThreadPoolExecutor(_SEGMENTS) as pool:
        return sum(pool.map(seal_segment, range(_SEGMENTS)))
