"""What a page shows of a subscription beside its fields: its title, its folders in words, where it stands, and whether
it reaches anybody."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, Field

from shared.access import Action
from shared.alerts.reach import NoReach, ReachDeps, unreached_watches
from shared.alerts.view import ShownSubscription
from shared.matching.criteria.titles import criterion_title
from shared.office_api import dependencies
from shared.office_api.gate.relations import Trees, folder_trees
from shared.office_api.gate.resources import folder_resource, subscription_resource
from shared.office_api.middleware.authorization import AuthorizedRequest
from shared.subscriptions.chosen_events import chosen_kinds, events_sentence
from shared.subscriptions.folders.model import FolderTree
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.validity import ValidityStatus, last_day, validity_status


class DueKind(StrEnum):
    """What ends a subscription first."""

    VALIDATION = "validation"  # somebody must say that it is still needed
    END = "end"  # its own last day; a renewal sets a later one
    NOTHING = ""


class SubscriptionSummary(BaseModel):
    """`last_day` is the last day on which it alerts unless somebody acts; null for none."""

    subscription_id: str
    title: str = Field(description="What is watched, in one line.")
    stands: ValidityStatus
    last_day: date | None
    due: DueKind = Field(description="What ends it on that day: a validation that is due, or its own end.")
    folder_paths: list[str] = Field(description="Of the folders that you may read.")
    reaches_anybody: bool
    unreached_because: NoReach | None = Field(description="Null if it reaches somebody, or is over.")
    tells_of: str = Field(description="Of which events it tells and of which not, in one sentence or two.")
    may_change: bool = Field(description="Whether you may change, cancel, validate and renew it.")


class _ReaderFacts(NamedTuple):
    paths: dict[str, str]
    trees: dict[str, list[FolderTree]]
    unreached: dict[str, NoReach]
    changeable: set[str]


def summarize(
    subscriptions: Sequence[ShownSubscription], request: AuthorizedRequest, now: datetime, trees: Trees | None = None
) -> list[SubscriptionSummary]:
    """One for each, in order. `trees` saves reading the folders again."""
    trees = trees or folder_trees(request.by)
    deps = ReachDeps(dependencies.subscriptions, dependencies.alerts)
    unreached = unreached_watches(request.by.office, subscriptions, deps, now)
    resources = (subscription_resource(request.by, subscription, trees) for subscription in subscriptions)
    facts = _ReaderFacts(
        paths=readable_folder_paths(request, trees),
        trees=dependencies.subscriptions.read_trees(subscriptions),
        unreached={row.subscription_id: row.why for row in unreached},
        changeable={
            subscription.subscription_id
            for subscription in request.filter_allowed(Action.CHANGE_SUBSCRIPTION, resources)
        },
    )
    today = request.by.office.local_day(now)
    return [_summary(subscription, facts, today) for subscription in subscriptions]


def readable_folder_paths(request: AuthorizedRequest, trees: Trees) -> dict[str, str]:
    """Maps the id of each folder that the caller may read to its names, from the category down."""
    resources = [folder_resource(request.by, tree, folder) for tree in trees for folder in tree.folders]
    allowed = request.filter_allowed(Action.READ_FOLDER, resources)
    return {placed.folder.folder_id: placed.tree.path(placed.folder.folder_id) for placed in allowed}


def _summary(subscription: ShownSubscription, facts: _ReaderFacts, today: date) -> SubscriptionSummary:
    id_ = subscription.subscription_id
    why = facts.unreached.get(id_)
    return SubscriptionSummary(
        subscription_id=id_,
        title=criterion_title(subscription.criterion),
        stands=validity_status(subscription, today),
        last_day=last_day(subscription),
        due=_due(subscription),
        folder_paths=[facts.paths[folder_id] for folder_id in subscription.folders if folder_id in facts.paths],
        reaches_anybody=why is None,
        unreached_because=why,
        tells_of=events_sentence(subscription.criterion, chosen_kinds(subscription, facts.trees[id_])),
        may_change=id_ in facts.changeable,
    )


def _due(subscription: Subscription) -> DueKind:
    last = last_day(subscription)
    if last is None or subscription.status is Status.CANCELLED:
        return DueKind.NOTHING
    return DueKind.END if last == subscription.ends else DueKind.VALIDATION
