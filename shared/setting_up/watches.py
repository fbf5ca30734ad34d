"""What the office watches from the first day on."""

from collections.abc import Iterator
from uuid import uuid4

from shared.domain.folders import SEPARATOR, Tab
from shared.domain.matching import Unanchored, anchors_of
from shared.domain.set_up import Fault, Place, PlannedWatch
from shared.domain.subscriptions import Status, Subscription, Wish
from shared.enrolment import NotAllowed, TooLate, change, met, subscribe
from shared.setting_up.contract import Does, Wanted
from shared.setting_up.folders import Trees, lying_at


def plan_watch(place: Place, watch: PlannedWatch, people: set[str], trees: Trees, one: Wanted) -> None:
    if watch.owner not in people:
        one.faults.append(Fault((*place, "owner"), "is no user of the office; name them under users"))
        return
    if watch.wish.folders:
        one.faults.append(Fault((*place, "wish", "folders"), "write paths under folders beside the wish instead"))
    ids = list(_lying_in(place, watch, trees, one))
    wish = watch.wish.model_copy(update={"folders": tuple(ids)})
    try:
        anchors_of(wish.criterion)
        like = met(wish, watch.owner, one.file.office, one.now)
    except (NotAllowed, TooLate, Unanchored) as refused:
        one.faults.extend(_refused((*place, "wish"), refused))
        return
    _watched(wish, like, one)


def _watched(wish: Wish, like: Subscription, one: Wanted) -> None:
    at, office = one.at.enrolling, one.file.office
    what = f"subscription of {like.owner}, {like.basis.kind.value} {like.basis.case_number}"
    key = at.watch_list.same_as(like)
    before = at.subscriptions.find(*key) if key else None
    if before is None:
        one.plan.add(
            Does.CREATE, what, write=lambda: subscribe(wish, like.owner, office, at, uuid4().hex, one.now)
        )  # fmt: skip
        return
    if before.status is not Status.ACTIVE:
        one.plan.add(Does.STAYS, what, f"it is {before.status.value}; its owner renews it")
        return
    names = [name for name in Wish.model_fields if getattr(before, name) != getattr(like, name)]
    names = [name for name in names if name != "starts" or wish.starts]
    if not names:
        one.plan.add(Does.NOTHING, what)
    else:
        write = lambda: change(before, wish, like.owner, office, at, one.now)  # noqa: E731
        one.plan.add(Does.CHANGE, what, ", ".join(names), write)


def _lying_in(place: Place, watch: PlannedWatch, trees: Trees, one: Wanted) -> Iterator[str]:
    for number, path in enumerate(watch.folders):
        tab, *names = [part.strip() for part in path.split(SEPARATOR.strip())]
        known = {each.value for each in Tab}
        tree = trees[watch.owner if tab == Tab.MY else None]
        if folder := lying_at(tree, Tab(tab), tuple(names)) if tab in known else None:
            yield folder.folder_id
        else:
            mend = f"there is no such folder; write it like {Tab.TEAM.value} > Category > Group"
            one.faults.append(Fault((*place, "folders", number), mend))


def _refused(place: Place, refused: NotAllowed | TooLate | Unanchored) -> Iterator[Fault]:
    match refused:
        case NotAllowed():
            for each in refused.refusals:
                yield Fault(
                    (*place, *(int(part) if part.isdigit() else part for part in each.field.split("."))), each.mend
                )
        case Unanchored():
            yield Fault((*place, "criterion"), str(refused))
        case TooLate():
            yield Fault((*place, "ends"), str(refused))
