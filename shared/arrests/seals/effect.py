"""What a seal does to our records, by the statute that its message names (`statutes.toml`)."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from pydantic import Field

from shared.arrests.model import Flag
from shared.value import FrozenModel, read_rules

_LEFT_OUT = re.compile(r"[\s.,§()\[\]-]+|\bsection\b|\bsec\b", re.IGNORECASE)
_SUBDIVISION = re.compile(r"\(.*$")


class SealEffect(StrEnum):
    """What a seal does to our records. `statutes.toml` says what each means."""

    ERASE = "erase"
    LOCK = "lock"  # of a seal that names no statute; no statute has it
    IDENTITY_ONLY = "identity_only"
    MARK = "mark_restrict"
    NOTATION = "notation"
    NOT_OURS = "not_ours"

    @property
    def erases(self) -> bool:
        return self in (SealEffect.ERASE, SealEffect.IDENTITY_ONLY)


class AccessNeed(StrEnum):
    NONE = "none"
    ORDER = "order"
    NEW_ARREST = "new_arrest"


class AccessFact(StrEnum):
    """What must be known before it can be said whether somebody may open what is sealed."""

    CASE_BEGUN = "case_begun"  # whether a criminal action is begun against the person
    MARIJUANA_ADJOURNMENT = "marijuana_adjournment"  # whether the accused asks for an adjournment under CPL 170.56
    FAMILY_HARASSMENT = "family_harassment"  # whether it was harassment 2 (PL 240.26) against family or household


class AccessRule(FrozenModel):
    """Who may read or open what a statute seals. `facts` must be so."""

    who: str = Field(min_length=3, max_length=40)
    needs: AccessNeed
    subparagraph: str = ""
    purposes: tuple[str, ...] = ()
    facts: Mapping[AccessFact, bool] = {}


class SealRule(FrozenModel):
    """One statute. `names` are how messages write it. `objection_days` is the notice on which the agency may object.
    `is_conviction` says whether a conviction that it seals still is one; None where no source that we read says so."""

    state: str = Field(pattern=r"^[A-Z]{2}$")
    statute: str
    names: tuple[str, ...] = Field(min_length=1)
    effect: SealEffect
    is_conviction: bool | None = None
    access: tuple[AccessRule, ...] = ()
    objection_days: int = Field(default=0, ge=0)
    source: str = Field(min_length=5)


@cache
def seal_rules() -> tuple[SealRule, ...]:
    return read_rules(__file__, "statutes.toml", dict[str, tuple[SealRule, ...]])["statutes"]


def rule_for(statute: str) -> SealRule | None:
    """The rule of the statute that a message names, however it writes it; None if we know none."""
    return _by_name().get(_normal(statute))


def flags_of_mark(statute: str) -> tuple[Flag, ...]:
    """What a record says in front of everything else that this statute marks; nothing where none does."""
    if not statute:
        return ()
    rule = rule_for(statute)
    is_no_conviction = rule is not None and rule.is_conviction is False
    return (Flag.SEALED_AND_OPEN, Flag.NO_CONVICTION) if is_no_conviction else (Flag.SEALED_AND_OPEN,)


@cache
def purposes_of_marks() -> frozenset[str]:
    """For which purposes a qualified agency reads a marked record: those that every statute that marks permits, because
    an answer does not say which statute it was."""
    permitted = [
        {purpose for access in rule.access for purpose in access.purposes}
        for rule in seal_rules()
        if rule.effect is SealEffect.MARK
    ]
    return frozenset(set.intersection(*permitted))


@cache
def _by_name() -> dict[str, SealRule]:
    return {_normal(name): rule for rule in seal_rules() for name in rule.names}


def _normal(statute: str) -> str:
    """`C.P.L. § 160.50(1)(c)` is `CPL16050`."""
    return _LEFT_OUT.sub("", _SUBDIVISION.sub("", statute)).upper()
