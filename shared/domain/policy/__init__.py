"""Authorisation, in one place: `permits(who, action, what, purpose)`. The rules are `policies.cedar`."""

from shared.domain.policy.actions import Action
from shared.domain.policy.asking import (
    Decision,
    Kind,
    Principal,
    Relation,
    Resource,
    State,
    decided,
    permits,
    permitted,
    principal,
    scopes_for,
)

__all__ = [
    "Action", "Decision", "Kind", "Principal", "Relation", "Resource", "State", "decided", "permits", "permitted",
    "principal", "scopes_for",
]  # fmt: skip
