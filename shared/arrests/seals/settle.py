"""Settles arrests: makes of each what the registers of seals say, erased, locked, marked or readable. The table's
stream then withdraws the alerts about what can be read no more."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.arrests.model import Arrest, Provenance, arrest_id
from shared.arrests.numbers import normal_number
from shared.arrests.seals.effect import SealEffect
from shared.arrests.seals.lock import LIFTED, SealLock, answered
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.order import SealOrder
from shared.arrests.seals.register import OF_ALL, EntryKind, SealRegister, entry_of
from shared.arrests.seals.seal import Seal, custody_keys_of, keys_of_arrest, keys_of_seal, lock_id_of
from shared.arrests.seals.table import SealsTable, StoredArrest
from shared.arrests.seals.unsealing import UnsealingState
from shared.arrests.seals.unsealings_table import UnsealingsTable
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
        numbers = {key: number for number, order in enumerate(orders) for key in order.keys}

        def settle_segment(segment: int) -> list[tuple[int, frozenset[str]]]:
            """Returns its own result: two threads that added to one set would lose what one of them had found."""
            reached: list[tuple[int, frozenset[str]]] = []
            for stored, keys in self._meant(segment, touched):
                if stored.agency == self._agency and (own := keys & numbers.keys()):
                    custody_keys = custody_keys_of_stored(stored, self.deps.pseudonyms)
                    reached += [(numbers[key], custody_keys) for key in own]
                self.settle(stored, keys)
            return reached

        by_order = [frozenset[str]() for _ in orders]
        for of_segment in map_in_threads(settle_segment, range(_SEGMENTS), _SEGMENTS):
            for number, custody_keys in of_segment:
                by_order[number] |= custody_keys
        return by_order

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
                custody_keys = custody_keys_of_stored(stored, self.deps.pseudonyms)
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


def custody_keys_of_stored(stored: StoredArrest, pseudonyms: Pseudonyms) -> frozenset[str]:
    """Of an arrest that an earlier attempt erased, all keys that its tombstone has."""
    return custody_keys_of(stored.arrest, pseudonyms) if stored.arrest else stored.sealed_by
