"""What a person holds who leaves the office, and how it comes to a successor or ends.

Nothing that a person holds may be left without a reader: each active subscription gets the successor as its owner, or
is ended, and so says the answer. What a run does not reach in its time, the next run does: everything may run twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from shared.aws.optimistic_lock import ConflictError
from shared.offices.recipient import Recipient, each_once
from shared.subscriptions.folders.model import Folder
from shared.subscriptions.folders.succession import owned_folders, with_folders_of, with_successor
from shared.subscriptions.model import MAX_FOLDERS_OF_ONE, MAX_RECIPIENTS, Status, Subscription
from shared.subscriptions.subscribe import SubscribeDeps, cancel
from shared.subscriptions.table import SubscriptionsTable
from shared.subscriptions.validity import next_revision


@dataclass(frozen=True)
class Holdings:
    """Active subscriptions that a person owns, rows of a caselist among them; folders of the office on which the person
    has the role owner, each with its path."""

    office_id: str
    email: str
    subscriptions: tuple[Subscription, ...]
    folders: tuple[tuple[Folder, str], ...]

    def __bool__(self) -> bool:
        return bool(self.subscriptions or self.folders)


class Succession(NamedTuple):
    """The subscriptions that were handed over or ended, and how many are left for another run."""

    done: tuple[Subscription, ...]
    left: int


def holdings_of(email: str, office_id: str, subscriptions_table: SubscriptionsTable) -> Holdings:
    owned = (
        subscription
        for subscription in subscriptions_table.all_of(office_id)
        if subscription.status is Status.ACTIVE and subscription.is_owned_by(email)
    )
    tree = subscriptions_table.folders.tree(office_id)
    folders = owned_folders(tree, email)
    return Holdings(office_id, email, tuple(owned), tuple((folder, tree.path(folder.folder_id)) for folder in folders))


def hand_over(holdings: Holdings, successor: str, deps: SubscribeDeps, now: datetime, seconds: float) -> Succession:
    """The successor owns what was held. Folders come first, so that no subscription lies in a folder that is gone.

    Raises ConflictError when somebody changes the folders at the same time; FolderPlacementError when they do not fit
    into the successor's My tab.
    """
    folders, office_id, email = deps.subscriptions.folders, holdings.office_id, holdings.email
    leaving = folders.tree(office_id, email)
    if leaving.folders:
        folders.save(with_folders_of(folders.tree(office_id, successor), leaving))
    folders.save(with_successor(folders.tree(office_id), email, successor))
    succession = _each(holdings.subscriptions, lambda before: _hand_over_one(before, successor, deps, now), seconds)
    if leaving.folders and not succession.left:
        folders.save(leaving.model_copy(update={"folders": (), "revision": leaving.revision + 1}))
    return succession


def end_all(holdings: Holdings, by: str, deps: SubscribeDeps, now: datetime, seconds: float) -> Succession:
    """Cancels every subscription of the holdings and takes every role. Raises ConflictError as `hand_over`."""
    folders = deps.subscriptions.folders
    succession = _each(holdings.subscriptions, lambda before: cancel(before, by, deps, now), seconds)
    folders.save(folders.tree(holdings.office_id).without_person(holdings.email))
    return succession


def in_hands_of(before: Subscription, successor: str, now: datetime) -> Subscription:
    """The next revision with the successor as owner, who is notified wherever the owner was."""
    recipients = each_once(
        tuple(
            Recipient.from_email(successor) if recipient.has_email(before.owner) else recipient
            for recipient in before.recipients
        )
    )
    without = tuple(email for email in before.without if email.casefold() != successor.casefold())
    return next_revision(before, now, owner=successor, recipients=recipients, without=without)


def _each(subscriptions: Iterable[Subscription], act: Callable[[Subscription], object], seconds: float) -> Succession:
    """Acts until the time is over. One that somebody changes at the same time is left for the next run."""
    deadline, left = monotonic() + seconds, 0
    done: list[Subscription] = []
    for subscription in subscriptions:
        if monotonic() > deadline:
            left += 1
            continue
        try:
            act(subscription)
        except ConflictError:
            left += 1
        else:
            done.append(subscription)
    return Succession(tuple(done), left)


def _hand_over_one(before: Subscription, successor: str, deps: SubscribeDeps, now: datetime) -> None:
    """If the successor watches the same for the same case already, that one takes over whom this one notified.

    Raises ConflictError when somebody else changed one of the two.
    """
    after = in_hands_of(before, successor, now)
    key = deps.index.find_same(after)
    existing = deps.subscriptions.find(*key) if key and key != before.key else None
    if existing is None:
        deps.index.replace(before, after)
        return
    joined = _joined(existing, after, now)
    if len(joined.recipients) > MAX_RECIPIENTS or len(joined.folders) > MAX_FOLDERS_OF_ONE:
        raise ConflictError  # left until somebody makes room in one of them: nobody is to fall silent
    deps.index.replace(existing, joined)
    cancel(before, successor, deps, now)


def _joined(existing: Subscription, other: Subscription, now: datetime) -> Subscription:
    """`existing` notifies whom the other one does too. If it does not alert any more, it does so within the dates of
    the other one."""
    changes = {
        "recipients": each_once((*_notified_by_name(existing), *_notified_by_name(other))),
        "folders": tuple(dict.fromkeys((*existing.folders, *other.folders))),
        "status": Status.ACTIVE,
        "ended_by": "",
    }
    if existing.status is not Status.ACTIVE:
        dates = ("starts", "ends", "validated_on", "validated_by", "validation_due")
        changes |= {name: getattr(other, name) for name in dates}
    return next_revision(existing, now, **changes)


def _notified_by_name(subscription: Subscription) -> tuple[Recipient, ...]:
    """A subscription without recipients and folders notifies its owner."""
    if subscription.recipients or subscription.folders:
        return subscription.recipients
    return (Recipient.from_email(subscription.owner),)
