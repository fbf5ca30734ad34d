"""One seal with what it means: its keys, its rule and its lock. Pure."""

from dataclasses import dataclass

from shared.arrests.seals.effect import SealEffect, SealRule, rule_for
from shared.arrests.seals.lock import LIFTED, SealLock
from shared.arrests.seals.register import EntryKind, custody_entry, entry_for, entry_of
from shared.arrests.seals.seal import Seal


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


def rule_of(seal: Seal) -> SealRule | None:
    """None for a seal that names no statute, or none that we know: it locks."""
    return rule_for(seal.statute) if seal.statute else None
