"""Authorization in one place: `permits(principal, action, resource, purpose)`. The rules are in `policies.cedar`."""

from shared.access.actions import Action
from shared.access.authorize import (
    Decision,
    Principal,
    Relation,
    Resource,
    ResourceKind,
    ResourceState,
    decide_access,
    permits,
    permits_each,
    principal_of,
    scopes_for,
)
from shared.access.self_widening import SECOND_PERSON, is_wider

__all__ = [
    "SECOND_PERSON",
    "Action",
    "Decision",
    "Principal",
    "Relation",
    "Resource",
    "ResourceKind",
    "ResourceState",
    "decide_access",
    "is_wider",
    "permits",
    "permits_each",
    "principal_of",
    "scopes_for",
]
