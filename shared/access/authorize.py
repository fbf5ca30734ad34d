"""Access decisions: may this principal do this action to this resource? Cedar decides by the policies in this folder.

The module turns our values into Cedar entities and Cedar's answers into decisions; it holds no rule itself.
"""

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cedarpy

from shared.access.actions import Action
from shared.offices.governance.standing import Barrier
from shared.offices.model import Office
from shared.offices.users import Right, Scope, User

POLICIES = Path(__file__).with_name("policies.cedar")


class Relation(StrEnum):
    """How the principal is related to the resource. Owner, editor and visitor are roles in its folder."""

    MAKER = "maker"
    RECIPIENT = "recipient"
    SELF = "self"
    OWNER = "owner"
    EDITOR = "editor"
    VISITOR = "visitor"
    KEEPER = "keeper"  # the principal's office keeps the agency's feed
    READER = "reader"  # one of those for whom a juvenile's record is open
    SEALER = "sealer"  # the principal's office may seal the agency's arrests


class ResourceState(StrEnum):
    """A state of the resource that narrows who may use it."""

    SEALED = "sealed"
    JUVENILE = "juvenile"
    QUARANTINED = "quarantined"
    HELD = "held"
    ARCHIVED = "archived"


class ResourceKind(StrEnum):
    """The entity types of the policies."""

    OFFICE = "Office"
    SUBSCRIPTION = "Subscription"
    ALERT = "Alert"
    ARREST = "Arrest"
    REVIEW = "Review"
    DISCLOSURE = "Disclosure"
    DISPUTE = "Dispute"
    EXPORT = "Export"
    BREACH = "Breach"
    OPENING = "Opening"  # of a juvenile's record
    FOLDER = "Folder"
    MATCH = "Match"
    UNSEALING = "Unsealing"
    AGENCY = "Agency"  # as the office sees it that keeps its feed
    ACCOUNT = "Account"  # a user, as another user sees it


class Principal(NamedTuple):
    """A user who asks, or who is to be notified.

    A machine has `scopes` (an empty set when its token grants none of its own) and the `purpose` it was enrolled for.
    A person has neither: `scopes` is None. `live` is False while the office's governance is incomplete; `barriers` are
    what the person must see to before anything is read.
    """

    email: str
    office_id: str
    rights: frozenset[Right]
    active: bool
    suspended: bool
    may_subscribe: bool
    scopes: frozenset[Scope] | None = None
    purpose: str = ""
    live: bool = True
    barriers: frozenset[Barrier] = frozenset()


class Resource(NamedTuple):
    """A record, as the principal stands to it.

    `agreed` is False when the record comes from an agency with which no agreement is in force.
    """

    kind: ResourceKind
    id: str
    office_id: str
    relations: frozenset[Relation] = frozenset()
    states: frozenset[ResourceState] = frozenset()
    agreed: bool = True


class Decision(NamedTuple):
    """`policy_ids` are the policies that decided. None of them and `allowed` False means: no policy permits it."""

    allowed: bool
    policy_ids: tuple[str, ...]


def principal_of(user: User, office: Office) -> Principal:
    person = Principal(user.email, user.office_id, user.rights, user.active, office.suspended, office.may_subscribe)
    person = person._replace(live=office.live)
    return person._replace(scopes=user.machine.scopes, purpose=user.machine.purpose) if user.machine else person


def permits(principal: Principal, action: Action, resource: Resource, purpose: str = "") -> bool:
    """Says whether the policies allow it. `purpose` is the purpose that the request states, if it states one."""
    return decide_access(principal, action, resource, purpose).allowed


def decide_access(principal: Principal, action: Action, resource: Resource, purpose: str = "") -> Decision:
    """Like `permits`, and says by which policies."""
    return _evaluate(principal, action, [resource], purpose)[0]


def permits_each(principal: Principal, action: Action, resources: Iterable[Resource], purpose: str = "") -> list[bool]:
    """Returns one answer for each resource, in order. Lists are filtered by it."""
    resources = list(resources)
    decisions = _evaluate(principal, action, resources, purpose) if resources else []
    return [decision.allowed for decision in decisions]


def scopes_for(action: Action) -> tuple[Scope, ...]:
    """Returns the scopes that each alone allow a machine this action on some resource, for the OpenAPI document."""
    any_resource = [Resource(kind, "-", "-", frozenset(Relation)) for kind in ResourceKind]
    machine = Principal("-", "-", frozenset(), active=True, suspended=False, may_subscribe=True)
    return tuple(
        scope for scope in Scope if any(permits_each(machine._replace(scopes=frozenset({scope})), action, any_resource))
    )


@cache
def _policies() -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str(POLICIES.read_text(encoding="utf-8"))


def _evaluate(principal: Principal, action: Action, resources: Sequence[Resource], purpose: str) -> list[Decision]:
    """Asks Cedar about all resources in one call.

    Raises RuntimeError when a policy has an error. Cedar itself would skip that policy, and a skipped `forbid` permits.
    """
    entities = {
        json.dumps(entity["uid"]): entity for entity in (_user_entity(principal), *map(_resource_entity, resources))
    }
    requests = [
        {
            "principal": _uid("User", principal.email),
            "action": _uid("Action", action),
            "resource": _uid(resource.kind, resource.id),
            "context": {"purpose": purpose},
        }
        for resource in resources
    ]
    results = cedarpy.is_authorized_batch(requests, _policies(), json.dumps(list(entities.values())))
    if errors := [error for result in results for error in result.diagnostics.errors]:
        raise RuntimeError(f"the policies cannot be evaluated: {errors}")
    return [
        Decision(result.allowed, tuple(sorted(result.diagnostics.id_annotations_by_reason.values())))
        for result in results
    ]


def _uid(entity_type: str, id_: str) -> dict[str, str]:
    return {"type": str(entity_type), "id": str(id_)}


def _user_entity(principal: Principal) -> dict[str, Any]:
    attrs = {
        "office": principal.office_id,
        "rights": sorted(principal.rights),
        "active": principal.active,
        "suspended": principal.suspended,
        "may_subscribe": principal.may_subscribe,
        "machine": principal.scopes is not None,
        "scopes": sorted(principal.scopes or ()),
        "purpose": principal.purpose,
        "live": principal.live,
        "barriers": sorted(principal.barriers),
    }
    return {"uid": _uid("User", principal.email), "attrs": attrs, "parents": []}


def _resource_entity(resource: Resource) -> dict[str, Any]:
    attrs = {
        "office": resource.office_id,
        "relations": sorted(resource.relations),
        "states": sorted(resource.states),
        "agreed": resource.agreed,
    }
    return {"uid": _uid(resource.kind, resource.id), "attrs": attrs, "parents": []}
