"""Plans what the office watches from its first day on."""

from collections.abc import Iterator
from uuid import uuid4

from shared.matching.rules import TooBroadError, selective_terms
from shared.provisioning.folders import FolderTrees, find_folder
from shared.provisioning.office_file import KeyPath, OfficeFileFault, PlannedSubscription
from shared.provisioning.plan import PlanAction, PlanBuilder
from shared.subscriptions.check_request import require_can_hit
from shared.subscriptions.errors import (
    ImmigrationTextError,
    NeverHitsError,
    RecipientsNotAllowedError,
    SubscriptionOverError,
    SubscriptionRefusedError,
)
from shared.subscriptions.folders.model import SEPARATOR, Tab
from shared.subscriptions.model import Status, Subscription, SubscriptionRequest
from shared.subscriptions.subscribe import change, new_subscription, subscribe


def plan_subscription(
    path: KeyPath, planned: PlannedSubscription, users: set[str], trees: FolderTrees, builder: PlanBuilder
) -> None:
    """Adds one step, or the faults for which there is none. `users` and `trees` are as they are after the plan."""
    if planned.owner not in users:
        builder.add_fault((*path, "owner"), "is no user of the office; name them under users")
        return
    if planned.request.folders:
        builder.add_fault((*path, "wish", "folders"), "write paths under folders beside the wish instead")
    folder_ids = tuple(_find_folders(path, planned, trees, builder))
    request = planned.request.model_copy(update={"folders": folder_ids})
    try:
        selective_terms(request.criterion)
        today = builder.file.office.local_day(builder.now)
        require_can_hit(request.criterion, today, builder.sends_arrests, request.events)
        described = new_subscription(request, planned.owner, builder.file.office, builder.now)
    except (
        RecipientsNotAllowedError,
        NeverHitsError,
        SubscriptionOverError,
        TooBroadError,
        ImmigrationTextError,
    ) as error:
        builder.faults.extend(_faults_of((*path, "wish"), error))
        return
    _add_step(request, described, builder)


def _add_step(request: SubscriptionRequest, described: Subscription, builder: PlanBuilder) -> None:
    """`described` is what the request would make. The plan compares it with what its owner watches already."""
    deps, office, owner, now = builder.deps.subscribing, builder.file.office, described.owner, builder.now
    what = f"subscription of {owner}, {described.basis.kind.value} {described.basis.case_number}"
    key = deps.index.find_same(described)
    before = deps.subscriptions.find(*key) if key else None
    if before is None:
        create = lambda: subscribe(request, owner, office, deps, uuid4().hex, now)  # noqa: E731
        builder.add_step(PlanAction.CREATE, what, write=create)
    elif before.status is not Status.ACTIVE:
        builder.add_step(PlanAction.STAYS, what, f"it is {before.status.value}; its owner renews it")
    elif changed := _changed_fields(before, described, request):
        update = lambda: change(before, request, owner, office, deps, now)  # noqa: E731
        builder.add_step(PlanAction.CHANGE, what, ", ".join(changed), update)
    else:
        builder.add_step(PlanAction.NOTHING, what)


def _changed_fields(before: Subscription, described: Subscription, request: SubscriptionRequest) -> list[str]:
    """A request without `starts` keeps the stored one, so that never counts as changed."""
    names = [name for name in SubscriptionRequest.model_fields if name != "starts" or request.starts]
    return [name for name in names if getattr(before, name) != getattr(described, name)]


def _find_folders(
    path: KeyPath, planned: PlannedSubscription, trees: FolderTrees, builder: PlanBuilder
) -> Iterator[str]:
    """Yields the ids of the folders that the file names by paths such as "team > Gangs > Harbor Ave"."""
    for number, folder_path in enumerate(planned.folders):
        tab_name, *names = [name.strip() for name in folder_path.split(SEPARATOR.strip())]
        tab = next((tab for tab in Tab if tab.value == tab_name), None)
        tree = trees[planned.owner if tab is Tab.MY else None]
        folder = find_folder(tree, tab, tuple(names)) if tab else None
        if folder:
            yield folder.folder_id
        else:
            fix = f"there is no such folder; write it like {Tab.TEAM.value} > Category > Group"
            builder.add_fault((*path, "folders", number), fix)


def _faults_of(path: KeyPath, error: SubscriptionRefusedError | TooBroadError) -> Iterator[OfficeFileFault]:
    match error:
        case RecipientsNotAllowedError():
            for refusal in error.refusals:
                keys = (int(key) if key.isdigit() else key for key in refusal.field.split("."))
                yield OfficeFileFault((*path, *keys), refusal.mend)
        case ImmigrationTextError():
            for field in error.fields:
                yield OfficeFileFault((*path, *field.split(".")), error.MEND)
        case NeverHitsError():
            for fault in error.faults:
                yield OfficeFileFault((*path, *fault.location), fault.mend)
        case TooBroadError():
            yield OfficeFileFault((*path, "criterion"), str(error))
        case SubscriptionOverError():
            yield OfficeFileFault((*path, "ends"), str(error))
