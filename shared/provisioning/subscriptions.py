"""What the office watches from the first day on."""

from collections.abc import Iterator
from uuid import uuid4

from shared.matching.rules import TooBroadError, selective_terms
from shared.provisioning.folders import Trees, lying_at
from shared.provisioning.office_file import FilePath, OfficeFileFault, PlannedSubscription
from shared.provisioning.plan import PlanAction, Wanted
from shared.subscriptions.errors import RecipientsNotAllowedError, SubscriptionOverError
from shared.subscriptions.folders.model import SEPARATOR, Tab
from shared.subscriptions.model import Status, Subscription, SubscriptionRequest
from shared.subscriptions.subscribe import change, new_subscription, subscribe


def plan_watch(place: FilePath, watch: PlannedSubscription, people: set[str], trees: Trees, wanted: Wanted) -> None:
    if watch.owner not in people:
        wanted.faults.append(OfficeFileFault((*place, "owner"), "is no user of the office; name them under users"))
        return
    if watch.request.folders:
        wanted.faults.append(
            OfficeFileFault((*place, "wish", "folders"), "write paths under folders beside the wish instead")
        )
    ids = list(_lying_in(place, watch, trees, wanted))
    wish = watch.request.model_copy(update={"folders": tuple(ids)})
    try:
        selective_terms(wish.criterion)
        like = new_subscription(wish, watch.owner, wanted.file.office, wanted.now)
    except (RecipientsNotAllowedError, SubscriptionOverError, TooBroadError) as refused:
        wanted.faults.extend(_refused((*place, "wish"), refused))
        return
    _watched(wish, like, wanted)


def _watched(wish: SubscriptionRequest, like: Subscription, wanted: Wanted) -> None:
    deps, office = wanted.at.subscribing, wanted.file.office
    what = f"subscription of {like.owner}, {like.basis.kind.value} {like.basis.case_number}"
    key = deps.index.find_same(like)
    before = deps.subscriptions.find(*key) if key else None
    if before is None:
        wanted.plan.add(
            PlanAction.CREATE, what, write=lambda: subscribe(wish, like.owner, office, deps, uuid4().hex, wanted.now)
        )
        return
    if before.status is not Status.ACTIVE:
        wanted.plan.add(PlanAction.STAYS, what, f"it is {before.status.value}; its owner renews it")
        return
    names = [name for name in SubscriptionRequest.model_fields if getattr(before, name) != getattr(like, name)]
    names = [name for name in names if name != "starts" or wish.starts]
    if not names:
        wanted.plan.add(PlanAction.NOTHING, what)
    else:
        write = lambda: change(before, wish, like.owner, office, deps, wanted.now)  # noqa: E731
        wanted.plan.add(PlanAction.CHANGE, what, ", ".join(names), write)


def _lying_in(place: FilePath, watch: PlannedSubscription, trees: Trees, wanted: Wanted) -> Iterator[str]:
    for number, path in enumerate(watch.folders):
        tab, *names = [part.strip() for part in path.split(SEPARATOR.strip())]
        known = {each.value for each in Tab}
        tree = trees[watch.owner if tab == Tab.MY else None]
        if folder := lying_at(tree, Tab(tab), tuple(names)) if tab in known else None:
            yield folder.folder_id
        else:
            mend = f"there is no such folder; write it like {Tab.TEAM.value} > Category > Group"
            wanted.faults.append(OfficeFileFault((*place, "folders", number), mend))


def _refused(
    place: FilePath, refused: RecipientsNotAllowedError | SubscriptionOverError | TooBroadError
) -> Iterator[OfficeFileFault]:
    match refused:
        case RecipientsNotAllowedError():
            for each in refused.refusals:
                yield OfficeFileFault(
                    (*place, *(int(part) if part.isdigit() else part for part in each.field.split("."))), each.mend
                )
        case TooBroadError():
            yield OfficeFileFault((*place, "criterion"), str(refused))
        case SubscriptionOverError():
            yield OfficeFileFault((*place, "ends"), str(refused))
