"""The seals that an agency's arrests are under, as keys, and what they do to one arrest. Pure.

An entry of the table is a key of 32 hexadecimal digits and what is known of its seal:

    nothing         it erases
    L               it locks: it named no statute, and nobody has answered which it is
    M<statute>      it marks
    N               it does nothing: somebody answered that its statute does not bind us
    O               a court opened this arrest again

Seals that reach other agencies' reports of the same custody stand in a register of their own, each key with `L` and
the agency that sealed. Whatever they do to that agency's arrest, they lock another's: nothing is erased on the word of
somebody else, and the other agency is asked.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from shared.arrests.seals.effect import SealEffect, SealRule

OF_ALL = "*"  # no agency has this name: stands for the register of custodies
KEY_DIGITS = 32


class EntryKind(StrEnum):
    ERASE = ""
    LOCK = "L"
    MARK = "M"
    NOTHING = "N"
    OPENED = "O"


def entry_of(key: str, kind: EntryKind, added: str = "") -> str:
    """`added` is the statute of a mark, or the agency of a custody."""
    return f"{key}{kind}{added}"


def custody_entry(key: str, agency: str) -> str:
    return entry_of(key, EntryKind.LOCK, agency)


class SealVerdict(NamedTuple):
    """What an arrest must be: `effect` is ERASE, LOCK or MARK, or None where it may be read. `keys` are those that
    decided. `is_opened` says that a court opened it, and `is_linked` that another agency's seal of the same custody
    locks it."""

    effect: SealEffect | None = None
    keys: frozenset[str] = frozenset()
    statute: str = ""
    is_opened: bool = False
    is_linked: bool = False


class SealRegister(NamedTuple):
    """The keys of all seals that concern an agency's arrests, by what they do."""

    erasing: frozenset[str] = frozenset()
    locking: frozenset[str] = frozenset()
    marks: Mapping[str, str] = {}
    settled: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.erasing or self.locking or self.marks or self.linked)

    def verdict(self, keys: Collection[str]) -> SealVerdict:
        """The strictest wins: erased, then opened by a court, then locked, then marked. What the agency itself said of
        an arrest goes before what another agency sealed."""
        if erasing := self.erasing.intersection(keys):
            return SealVerdict(SealEffect.ERASE, erasing)
        if self.opened.intersection(keys):
            return SealVerdict(is_opened=True)
        if locking := self.locking.intersection(keys):
            return SealVerdict(SealEffect.LOCK, locking)
        if marking := self.marks.keys() & keys:
            return SealVerdict(SealEffect.MARK, frozenset(marking), self.marks[min(marking)])
        linked = self.linked.intersection(keys)
        if linked and self.settled.isdisjoint(keys):
            return SealVerdict(SealEffect.LOCK, linked, is_linked=True)
        return SealVerdict()

    def knows(self, key: str) -> bool:
        """Whether a seal with this key came before."""
        return key in self.locking or self.is_answered(key)

    def is_answered(self, key: str) -> bool:
        """Whether somebody said under which statute the seal with this key was ordered."""
        return key in self.erasing or key in self.marks or key in self.settled


def register_of(agency: str, own_entries: Iterable[str], custody_entries: Iterable[str]) -> SealRegister:
    erasing, locking, settled, opened = set[str](), set[str](), set[str](), set[str]()
    marks: dict[str, str] = {}
    keys_of_kind = {
        EntryKind.ERASE: erasing,
        EntryKind.LOCK: locking,
        EntryKind.NOTHING: settled,
        EntryKind.OPENED: opened,
    }
    for entry in own_entries:
        key, kind = entry[:KEY_DIGITS], EntryKind(entry[KEY_DIGITS : KEY_DIGITS + 1])
        if kind is EntryKind.MARK:
            marks[key] = entry[KEY_DIGITS + 1 :]
        else:
            keys_of_kind[kind].add(key)
    linked = {entry[:KEY_DIGITS] for entry in custody_entries if entry[KEY_DIGITS + 1 :] != agency}
    sets = map(frozenset, (settled, opened, linked))
    return SealRegister(frozenset(erasing), frozenset(locking), marks, *sets)


def entry_for(key: str, rule: SealRule) -> str:
    """The entry of a seal under this statute, or of its answer."""
    if rule.effect.erases:
        return entry_of(key, EntryKind.ERASE)
    if rule.effect is SealEffect.MARK:
        return entry_of(key, EntryKind.MARK, rule.statute)
    return entry_of(key, EntryKind.NOTHING)
