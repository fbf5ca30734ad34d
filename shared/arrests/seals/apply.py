"""Applies seals: what each means is stored in the registers, and the arrests that it means are settled (`settle.py`):
erased, locked, marked or opened again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from shared.arrests.model import Arrest, Provenance, arrest_id
from shared.arrests.seals.lock import answered
from shared.arrests.seals.order import SealOrder, rule_of
from shared.arrests.seals.register import (
    EntryKind,
    SealRegister,
    SealVerdict,
    entry_of,
)
from shared.arrests.seals.seal import Seal, keys_of_arrest, keys_of_seal, lock_id_of
from shared.arrests.seals.settle import AppliedSeals, SealDeps, Settling, custody_keys_of_stored
from shared.aws.dynamodb import Item


def apply_seals(
    seals: Sequence[Seal], agency: str, deps: SealDeps, provenance: Provenance, now: datetime
) -> AppliedSeals:
    """Carries out seals on the stored arrests of one agency, each as its statute says. Where a seal erases or locks,
    other agencies' reports of the same custody are locked, and these agencies are asked. May run again.

    The entries are stored before the arrests are searched, and whoever stores arrests looks at the register once more
    afterwards (`apply_late_seals`). So of a seal and a drop at the same time, one always sees the other.
    """
    settling = Settling(agency, deps, provenance, now)
    for seal in seals:
        if seal.unsealing_id:
            settling.open(seal.unsealing_id)
    seals = [seal for seal in seals if not seal.unsealing_id]
    register = deps.seals.register(agency) if seals else SealRegister()
    orders = [order for seal in seals if (order := _order_of(seal, agency, deps)) and _is_news(order, register)]
    if not orders:
        return settling.applied
    _add_custody_keys(orders, agency, deps)
    settling.applied.statutes.update(order.rule.statute if order.rule else "" for order in orders)
    settling.enter(orders)
    settling.close_again(orders, register)
    deps.seals.remove(agency, _answered_entries(orders))
    _seal_by_number(orders, agency, settling)
    settling.settle_all(orders, frozenset(key for order in orders for key in order.keys | order.custody_keys))
    for order in orders:
        if order.lock and order.lock.is_open and order.is_answer:
            deps.locks.store(answered(order.lock, order.answer, now))
        if order.erases:
            settling.applied.copy_keys[agency] |= order.keys
        elif not order.is_answer:
            settling.applied.locked_keys[agency] |= order.keys
    return settling.applied


def apply_late_seals(
    stored: Iterable[Arrest],
    known: SealRegister,
    agency: str,
    deps: SealDeps,
    provenance: Provenance,
    now: datetime,
) -> None:
    """Settles those of the arrests just stored whose seal came while they were stored. `known` is the agency's register
    as it was read before storing."""
    register = deps.seals.register(agency)
    if register == known:
        return
    keys_by_id = {arrest.arrest_id: keys_of_arrest(arrest, deps.pseudonyms) for arrest in stored}
    changed = [id_ for id_, keys in keys_by_id.items() if register.verdict(keys) != known.verdict(keys)]
    settling = Settling(agency, deps, provenance, now)
    for late in deps.seals.find(changed):
        settling.settle(late, keys_by_id[late.arrest_id])


def settle_restored(
    stored: Iterable[Arrest], agency: str, deps: SealDeps, provenance: Provenance, now: datetime
) -> None:
    """Makes of arrests that came back from a backup what their seals say today, those of since then included."""
    settling = Settling(agency, deps, provenance, now)
    keys_by_id = {arrest.arrest_id: keys_of_arrest(arrest, deps.pseudonyms) for arrest in stored}
    for restored in deps.seals.find(keys_by_id):
        settling.settle(restored, keys_by_id[restored.arrest_id])


def lock_arrests(
    arrests: Iterable[tuple[Arrest, Item, SealVerdict]], deps: SealDeps, provenance: Provenance, now: datetime
) -> None:
    """Stores arrests, each with its item, whose seal came before them and waits for its statute: nobody reads them."""
    for arrest, item, verdict in arrests:
        settling = Settling(arrest.agency, deps, provenance, now)
        deps.seals.put_locked(item, verdict.keys, provenance, now)
        if verdict.is_linked:
            settling.ask(arrest)


def lock_records(
    arrests: Iterable[tuple[Arrest, SealVerdict]], deps: SealDeps, provenance: Provenance, now: datetime
) -> None:
    """Locks juveniles' records that were stored right before: they lie apart, where nobody reads them without an
    order."""
    for arrest, verdict in arrests:
        deps.seals.settle(arrest.arrest_id, verdict, provenance, now)
        if verdict.is_linked:
            Settling(arrest.agency, deps, provenance, now).ask(arrest)


# What a seal means


def _order_of(seal: Seal, agency: str, deps: SealDeps) -> SealOrder | None:
    """None for the answer to a lock that does not exist, or is answered."""
    if seal.lock_id:
        lock = deps.locks.find(agency, seal.lock_id)
        if lock is None or not lock.is_open:
            return None
        return SealOrder(seal, frozenset(lock.keys), frozenset(lock.custody_keys), rule_of(seal), lock)
    keys = keys_of_seal(seal, deps.pseudonyms)
    lock = deps.locks.find(agency, lock_id_of(seal, deps.pseudonyms))
    return SealOrder(seal, keys, frozenset(lock.custody_keys if lock else ()), rule_of(seal), lock)


def _is_news(order: SealOrder, register: SealRegister) -> bool:
    """A seal without a statute that is sent again once its statute is known says nothing new."""
    return order.is_answer or not all(map(register.is_answered, order.keys))


def _add_custody_keys(orders: Iterable[SealOrder], agency: str, deps: SealDeps) -> None:
    """A seal by number reaches other agencies by the numbers of the arrest that it means, if that is stored."""
    by_id = {arrest_id(deps.pseudonyms, agency, order.seal.number): order for order in orders if order.seal.number}
    for stored in deps.seals.find(by_id):
        by_id[stored.arrest_id].custody_keys |= custody_keys_of_stored(stored, deps.pseudonyms)


def _answered_entries(orders: Iterable[SealOrder]) -> set[str]:
    return {entry_of(key, EntryKind.LOCK) for order in orders if order.is_answer and order.lock for key in order.keys}


def _seal_by_number(orders: Iterable[SealOrder], agency: str, settling: Settling) -> None:
    """At once, however long the search for the others takes, and also if it was never stored."""
    for order in orders:
        if order.rule and order.erases and order.seal.number:
            sealed_id = arrest_id(settling.deps.pseudonyms, agency, order.seal.number)
            settling.erase(sealed_id, agency, order.keys | order.custody_keys, order.rule.statute)
