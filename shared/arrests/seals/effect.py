"""What a seal does to our records, by the statute that its message names (`statutes.yaml`)."""

import re
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter

from shared.value import FrozenModel

_LEFT_OUT = re.compile(r"[\s.,§()\[\]-]+|\bsection\b|\bsec\b", re.IGNORECASE)
_SUBDIVISION = re.compile(r"\(.*$")


class SealEffect(StrEnum):
    """What a seal does to our records. `statutes.yaml` says what each means."""

    ERASE = "erase"
    LOCK = "lock"  # of a seal that names no statute; no statute has it
    IDENTITY_ONLY = "identity_only"
    MARK = "mark_restrict"
    NOTATION = "notation"
    NOT_OURS = "not_ours"

    @property
    def erases(self) -> bool:
        return self in (SealEffect.ERASE, SealEffect.IDENTITY_ONLY)


class SealRule(FrozenModel):
    """One statute. `names` are how messages write it."""

    state: str = Field(pattern=r"^[A-Z]{2}$")
    statute: str
    names: tuple[str, ...] = Field(min_length=1)
    effect: SealEffect
    source: str = Field(min_length=5)


@cache
def seal_rules() -> tuple[SealRule, ...]:
    text = Path(__file__).with_name("statutes.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[SealRule, ...]).validate_python(yaml.safe_load(text))


def rule_for(statute: str) -> SealRule | None:
    """The rule of the statute that a message names, however it writes it; None if we know none."""
    return _by_name().get(_normal(statute))


@cache
def _by_name() -> dict[str, SealRule]:
    return {_normal(name): rule for rule in seal_rules() for name in rule.names}


def _normal(statute: str) -> str:
    """`C.P.L. § 160.50(1)(c)` is `CPL16050`."""
    return _LEFT_OUT.sub("", _SUBDIVISION.sub("", statute)).upper()
