"""The one question: may this person do this to that? Cedar decides, by the policies beside this file."""

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cedarpy

from shared.access.actions import Action
from shared.offices.model import Office
from shared.offices.users import Right, Scope, User

POLICIES = Path(__file__).with_name("policies.cedar")


class Relation(StrEnum):
    """How a person stands to a record."""

    MAKER = "maker"
    RECIPIENT = "recipient"
    SELF = "self"
    OWNER = "owner"
    EDITOR = "editor"
    VISITOR = "visitor"
    KEEPER = "keeper"  # the caller's office keeps the agency's feed
    SEALER = "sealer"  # it may seal the agency's arrests


class ResourceState(StrEnum):
    """What about a record narrows who may use it."""

    SEALED = "sealed"
    JUVENILE = "juvenile"
    QUARANTINED = "quarantined"
    HELD = "held"
    ARCHIVED = "archived"


class ResourceKind(StrEnum):
    OFFICE = "Office"
    SUBSCRIPTION = "Subscription"
    ALERT = "Alert"
    ARREST = "Arrest"
    REVIEW = "Review"
    FOLDER = "Folder"
    MATCH = "Match"
    AGENCY = "Agency"  # as an office sees it that keeps its feed
    ACCOUNT = "Account"  # a user, as somebody else sees it


class Principal(NamedTuple):
    """Who asks, or is to be told. A machine has `scopes`, none when a token grants none of its own, and the `purpose`
    for which it was let in; people have neither."""

    email: str
    office_id: str
    rights: frozenset[Right]
    active: bool
    suspended: bool
    may_subscribe: bool
    scopes: frozenset[Scope] | None = None
    purpose: str = ""


def principal_of(user: User, office: Office) -> Principal:
    who = Principal(user.email, user.office_id, user.rights, user.active, office.suspended, office.may_subscribe)
    return who._replace(scopes=user.machine.scopes, purpose=user.machine.purpose) if user.machine else who


class Resource(NamedTuple):
    """What it is asked about, as seen by who asks. `agreed`: whether an agreement with the agency is in force, for
    what an agency reported."""

    kind: ResourceKind
    id: str
    office_id: str
    relations: frozenset[Relation] = frozenset()
    states: frozenset[ResourceState] = frozenset()
    agreed: bool = True


class Decision(NamedTuple):
    """`because` are the ids of the policies that decided; none means that no policy permits it."""

    allowed: bool
    policy_ids: tuple[str, ...]


def permits(who: Principal, action: Action, what: Resource, purpose: str = "") -> bool:
    return decide_access(who, action, what, purpose).allowed


def decide_access(who: Principal, action: Action, what: Resource, purpose: str = "") -> Decision:
    return _asked(who, action, [what], purpose)[0]


def permits_each(who: Principal, action: Action, whats: Iterable[Resource], purpose: str = "") -> list[bool]:
    """One answer for each, in order: how a list is filtered."""
    resources = list(whats)
    return [decision.allowed for decision in _asked(who, action, resources, purpose)] if resources else []


def scopes_for(action: Action) -> tuple[Scope, ...]:
    """Those of which each by itself lets a machine do this, to what it may do it to."""
    everything = [Resource(kind, "-", "-", frozenset(Relation)) for kind in ResourceKind]
    machine = Principal("-", "-", frozenset(), active=True, suspended=False, may_subscribe=True)
    return tuple(
        scope for scope in Scope if any(permits_each(machine._replace(scopes=frozenset({scope})), action, everything))
    )


@cache
def _policies() -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str(POLICIES.read_text(encoding="utf-8"))


def _asked(who: Principal, action: Action, whats: Sequence[Resource], purpose: str) -> list[Decision]:
    """An error in a policy is no word of it in Cedar, so that a `forbid` could go missing: it is a bug, and rises."""
    entities = {json.dumps(entity["uid"]): entity for entity in (_person(who), *map(_record, whats))}
    requests = [
        {
            "principal": _uid("User", who.email),
            "action": _uid("Action", action),
            "resource": _uid(resource.kind, resource.id),
            "context": {"purpose": purpose},
        }
        for resource in whats
    ]
    answers = cedarpy.is_authorized_batch(requests, _policies(), json.dumps(list(entities.values())))
    if faults := [error for answer in answers for error in answer.diagnostics.errors]:
        raise RuntimeError(f"the policies cannot be evaluated: {faults}")
    return [Decision(one.allowed, tuple(sorted(one.diagnostics.id_annotations_by_reason.values()))) for one in answers]


def _uid(kind: str, id_: str) -> dict[str, str]:
    return {"type": str(kind), "id": str(id_)}


def _person(who: Principal) -> dict[str, Any]:
    attrs = {
        "office": who.office_id,
        "rights": sorted(who.rights),
        "active": who.active,
        "suspended": who.suspended,
        "may_subscribe": who.may_subscribe,
        "machine": who.scopes is not None,
        "scopes": sorted(who.scopes or ()),
        "purpose": who.purpose,
    }
    return {"uid": _uid("User", who.email), "attrs": attrs, "parents": []}


def _record(what: Resource) -> dict[str, Any]:
    attrs = {
        "office": what.office_id,
        "relations": sorted(what.relations),
        "states": sorted(what.states),
        "agreed": what.agreed,
    }
    return {"uid": _uid(what.kind, what.id), "attrs": attrs, "parents": []}
