"""Applies seals: an arrest is erased, locked, marked or opened again, as its seals say. The table's stream then
withdraws the alerts about what can be read no more."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.arrests.model import Arrest, Provenance, arrest_id
from shared.arrests.numbers import normal_number
from shared.arrests.seals.effect import SealEffect, SealRule, rule_for
from shared.arrests.seals.lock import LIFTED, SealLock, answered
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.register import (
    OF_ALL,
    EntryKind,
    SealRegister,
    SealVerdict,
    custody_entry,
    entry_for,
    entry_of,
)
from shared.arrests.seals.seal import Seal, custody_keys_of, keys_of_arrest, keys_of_seal, lock_id_of
from shared.arrests.seals.table import SealsTable, StoredArrest
from shared.arrests.seals.unsealing import UnsealingState
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.aws.dynamodb import Item
from shared.batching import map_in_threads
from shared.pseudonyms import Pseudonyms

_SEGMENTS = 8


@dataclass(frozen=True)
class SealDeps:
    seals: SealsTable
    locks: LocksTable
    unsealings: UnsealingsTable
    pseudonyms: Pseudonyms


@dataclass
class AppliedSeals:
    """The ids of the arrests that seals meant, by what became of them. `erased` has those that were erased before, too.
    `statutes` counts the seals by statute, empty where they named none. `copy_keys` are those by which the copies of
    each agency's drops are erased, `locked_keys` those by which exports and raw versions of drops are withdrawn."""

    erased: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    readable: set[str] = field(default_factory=set)
    statutes: Counter[str] = field(default_factory=Counter)
    copy_keys: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    locked_keys: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class SealOrder:
    """A seal with the keys of what it means, its rule (None where it names no statute) and the lock that it opens or
    answers. `custody_keys` reach other agencies' reports."""

    seal: Seal
    keys: frozenset[str]
    custody_keys: frozenset[str]
    rule: SealRule | None
    lock: SealLock | None

    @property
    def is_answer(self) -> bool:
        """Whether it says what is to be done; else it locks."""
        return self.rule is not None or self.seal.is_lifted

    @property
    def erases(self) -> bool:
        return self.rule is not None and self.rule.effect.erases

    @property
    def entries(self) -> set[str]:
        """What the agency's register has of it. A seal that does nothing to our records is remembered only where it
        answers an earlier one."""
        if self.rule and (self.lock or self.erases or self.rule.effect is SealEffect.MARK):
            return {entry_for(key, self.rule) for key in self.keys}
        if self.rule:
            return set()
        kind = EntryKind.NOTHING if self.seal.is_lifted else EntryKind.LOCK
        return {entry_of(key, kind) for key in self.keys}

    @property
    def custody_entries(self) -> set[str]:
        return {custody_entry(key, self.seal.agency) for key in self.custody_keys}

    @property
    def reaches_others(self) -> bool:
        """A seal that erases or locks makes every report of the custody unreadable; one that marks is its agency's."""
        return self.erases or not self.is_answer

    @property
    def answer(self) -> str:
        return self.rule.statute if self.rule else LIFTED


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


def rule_of(seal: Seal) -> SealRule | None:
    """None for a seal that names no statute, or none that we know: it locks."""
    return rule_for(seal.statute) if seal.statute else None


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
        by_id[stored.arrest_id].custody_keys |= _custody_keys_of(stored, deps.pseudonyms)


def _custody_keys_of(stored: StoredArrest, pseudonyms: Pseudonyms) -> frozenset[str]:
    """Of an arrest that an earlier attempt erased, all keys that its tombstone has."""
    return custody_keys_of(stored.arrest, pseudonyms) if stored.arrest else stored.sealed_by


def _answered_entries(orders: Iterable[SealOrder]) -> set[str]:
    return {entry_of(key, EntryKind.LOCK) for order in orders if order.is_answer and order.lock for key in order.keys}


def _seal_by_number(orders: Iterable[SealOrder], agency: str, settling: "Settling") -> None:
    """At once, however long the search for the others takes, and also if it was never stored."""
    for order in orders:
        if order.rule and order.erases and order.seal.number:
            sealed_id = arrest_id(settling.deps.pseudonyms, agency, order.seal.number)
            settling.erase(sealed_id, agency, order.keys | order.custody_keys, order.rule.statute)


class Settling:
    """Makes of arrests what the registers say, which are read once for each agency."""

    def __init__(self, agency: str, deps: SealDeps, provenance: Provenance, now: datetime) -> None:
        self.deps, self.applied = deps, AppliedSeals()
        self._agency, self._provenance, self._now = agency, provenance, now
        self._registers: dict[str, SealRegister] = {}
        self._statutes: dict[str, str] = {}  # by key, of the orders that erase
        self._new_keys = frozenset[str]()

    def enter(self, orders: Iterable[SealOrder]) -> None:
        """Stores what the registers have of orders, and their locks."""
        entries, custodies, reached_no_longer = set[str](), set[str](), set[str]()
        for order in orders:
            if not order.is_answer:
                order.lock = self._lock_of(order)
                self.deps.locks.store(order.lock)
            entries |= order.entries
            if order.reaches_others:
                custodies |= order.custody_entries
            elif order.lock:
                reached_no_longer |= order.custody_entries
            if order.rule and order.erases:
                self._statutes |= dict.fromkeys(order.keys, order.rule.statute)
        self.deps.seals.add(self._agency, entries)
        self.deps.seals.add(OF_ALL, custodies)
        self.deps.seals.remove(OF_ALL, reached_no_longer - custodies)
        self._registers = {}

    def _lock_of(self, order: SealOrder) -> SealLock:
        custody_keys = tuple(sorted(order.custody_keys))
        if order.lock and order.lock.is_open:
            return order.lock.model_copy(update={"custody_keys": custody_keys})
        return SealLock(
            lock_id=lock_id_of(order.seal, self.deps.pseudonyms),
            agency=order.seal.agency,
            keys=tuple(sorted(order.keys)),
            custody_keys=custody_keys,
            number=order.seal.number,
            arrested_on=order.seal.arrested_on,
            drop_id=self._provenance.drop_id,
            locked_at=self._now,
        )

    def open(self, unsealing_id: str) -> None:
        """Opens an arrest by a court's order, if that is approved and was not carried out before. What the seals say
        stays in the register, so that a seal which is sent again does not close it."""
        unsealing = self.deps.unsealings.find(unsealing_id)
        if unsealing is None or (unsealing.agency, unsealing.state) != (self._agency, UnsealingState.APPROVED):
            return
        if unsealing.opened_at:
            return
        seal = Seal(agency=self._agency, number=normal_number(unsealing.request.number))
        keys = keys_of_seal(seal, self.deps.pseudonyms)
        self.deps.seals.add(self._agency, {entry_of(key, EntryKind.OPENED) for key in keys})
        self.applied.statutes[unsealing.statute] += 1
        for stored in self.deps.seals.find([arrest_id(self.deps.pseudonyms, self._agency, seal.number)]):
            if stored.arrest:
                self.settle(stored, keys_of_arrest(stored.arrest, self.deps.pseudonyms))
        # Last, so that what a crash interrupted is done again. Nobody else changes an approved order, and of two that
        # carry it out at once either may write.
        self.deps.unsealings.save(unsealing.model_copy(update={"opened_at": self._now}), unsealing)

    def settle_all(self, orders: Sequence[SealOrder], touched: frozenset[str]) -> None:
        """Scans the table once, whatever the seals do: a seal is rare, and nothing else asks for arrests by person and
        day, so there is no index. Where the agency's arrests bear numbers that their seals did not name, other
        agencies' are asked once more, by these."""
        reached = self._scan(orders, touched)
        further = frozenset[str]()
        for order, custody_keys in zip(orders, reached, strict=True):
            if order.reaches_others:
                further |= custody_keys - order.custody_keys - order.keys
                order.custody_keys |= custody_keys - order.keys
        if further:
            self.enter(orders)
            self._scan((), further)

    def _scan(self, orders: Sequence[SealOrder], touched: frozenset[str]) -> list[frozenset[str]]:
        """Settles every arrest with one of these keys. Returns by order the custody keys of the arrests it means."""
        reached = [frozenset[str]() for _ in orders]
        numbers = {key: number for number, order in enumerate(orders) for key in order.keys}

        def settle_segment(segment: int) -> None:
            for stored, keys in self._meant(segment, touched):
                for key in (keys & numbers.keys()) if stored.agency == self._agency else ():
                    reached[numbers[key]] |= _custody_keys_of(stored, self.deps.pseudonyms)
                self.settle(stored, keys)

        list(map_in_threads(settle_segment, range(_SEGMENTS), _SEGMENTS))
        return reached

    def _meant(self, segment: int, touched: frozenset[str]) -> Iterator[tuple[StoredArrest, frozenset[str]]]:
        for stored in self.deps.seals.stored(segment, _SEGMENTS):
            keys = keys_of_arrest(stored.arrest, self.deps.pseudonyms) if stored.arrest else stored.sealed_by
            if not keys.isdisjoint(touched):
                yield stored, keys

    def close_again(self, orders: Iterable[SealOrder], before: SealRegister) -> None:
        """From here on, a seal that was not known before closes what a court had opened."""
        self._new_keys = frozenset(key for order in orders for key in order.keys if not before.knows(key))

    def settle(self, stored: StoredArrest, keys: frozenset[str]) -> None:
        """Makes of an arrest with these keys what its seals say."""
        if stored.arrest is None:
            self.applied.erased.add(stored.arrest_id)
            return
        register = self._register(stored.agency)
        if not self._new_keys.isdisjoint(keys) and (opened := register.opened & keys):
            self.deps.seals.remove(stored.agency, {entry_of(key, EntryKind.OPENED) for key in opened})
            register = self._registers[stored.agency] = self.deps.seals.register(stored.agency)
        verdict = register.verdict(keys)
        match verdict.effect:
            case SealEffect.ERASE:
                custody_keys = _custody_keys_of(stored, self.deps.pseudonyms)
                statute = next((self._statutes[key] for key in sorted(verdict.keys) if key in self._statutes), "")
                self.erase(stored.arrest_id, stored.agency, verdict.keys | custody_keys, statute)
                self.applied.copy_keys[stored.agency] |= verdict.keys
                return
            case SealEffect.LOCK:
                group = self.applied.locked
                self.applied.locked_keys[stored.agency] |= verdict.keys
                if verdict.is_linked:
                    self.ask(stored.arrest)
            case SealEffect.MARK:
                group = self.applied.marked
            case _:
                group = self.applied.readable
        group.add(stored.arrest_id)
        if verdict.effect is not SealEffect.LOCK and stored.is_locked:
            self._close_lock_of(stored.arrest)
        self.deps.seals.settle(stored.arrest_id, verdict, self._provenance, self._now)

    def ask(self, arrest: Arrest) -> None:
        """Asks another agency about its report of a custody that is sealed: what it says of its own arrest counts."""
        seal = Seal(agency=arrest.agency, number=arrest.number, person=arrest.person, arrested_on=arrest.arrested_on)
        lock = self.deps.locks.find(arrest.agency, lock_id_of(seal, self.deps.pseudonyms))
        if lock is None or not lock.is_open:
            order = SealOrder(seal, keys_of_seal(seal, self.deps.pseudonyms), frozenset(), None, None)
            self.deps.locks.store(self._lock_of(order).model_copy(update={"is_linked": True}))

    def _close_lock_of(self, arrest: Arrest) -> None:
        """Nobody is asked any more about a report that another agency's seal had reached and reaches no longer."""
        seal = Seal(agency=arrest.agency, number=arrest.number, person=arrest.person, arrested_on=arrest.arrested_on)
        lock = self.deps.locks.find(arrest.agency, lock_id_of(seal, self.deps.pseudonyms))
        if lock and lock.is_open and lock.is_linked:
            self.deps.locks.store(answered(lock, LIFTED, self._now))

    def erase(self, arrest_id: str, agency: str, keys: frozenset[str], statute: str) -> None:
        self.applied.erased.add(arrest_id)
        self.deps.seals.seal(arrest_id, agency, keys, self._provenance, self._now, statute)

    def _register(self, agency: str) -> SealRegister:
        register = self._registers.get(agency) or self.deps.seals.register(agency)
        return self._registers.setdefault(agency, register)
