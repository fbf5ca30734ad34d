"""Authorisation, in one place: `permits(who, action, what, purpose)`. The rules are `policies.cedar`."""

from shared.access.actions import Action
from shared.access.authorize import (
    Decision,
    Kind,
    Principal,
    Relation,
    Resource,
    ResourceState,
    decided,
    permits,
    permitted,
    principal,
    scopes_for,
)

__all__ = [
    "Action",
    "Decision",
    "Kind",
    "Principal",
    "Relation",
    "Resource",
    "ResourceState",
    "decided",
    "permits",
    "permitted",
    "principal",
    "scopes_for",
]
