"""Who is told of what a subscription finds: everyone with a role on a folder it lies in, and those it names itself."""

from collections.abc import Iterable
from typing import NamedTuple

from shared.offices.recipient import Recipient
from shared.subscriptions.folders.model import Role, Tree, people_through
from shared.subscriptions.model import Subscription


class EligibleRecipient(NamedTuple):
    """`role` and the path of the `folder` are those through which this one is told; none for whom the subscription
    names itself. Its maker is an owner of it."""

    recipient: Recipient
    role: Role | None = None
    folder: str = ""


def recipients_for(one: Subscription, trees: Iterable[Tree]) -> tuple[EligibleRecipient, ...]:
    """Nobody, when every folder it lies in is archived: an archived folder is silent. In no folder it lies in its
    maker's My, and tells whom it names, or else its maker. `without` takes people out, however they would be told."""
    trees = tuple(trees)
    if one.folders and not any(_live(tree, folder_id) for tree in trees for folder_id in one.folders):
        return ()
    out = {email.casefold() for email in one.without}
    through = {email: place for email, place in people_through(trees, one.folders).items() if email not in out}
    named = {told.key: told for told in one.told}
    if not one.folders and not one.recipients:
        named = {told.key: told for told in (Recipient({"email": one.owner}),)}
    found = {key: EligibleRecipient(told, _of_maker(told, one)) for key, told in named.items()}
    for email, (role, folder) in through.items():
        told = Recipient({"email": email})
        found[told.key] = EligibleRecipient(named.get(told.key, told), role, folder)
    return tuple(found.values())


def _live(tree: Tree, folder_id: str) -> bool:
    return tree.find(folder_id) is not None and not tree.archived(folder_id)


def _of_maker(told: Recipient, one: Subscription) -> Role | None:
    return Role.OWNER if told.root.get("email", "").casefold() == one.owner.casefold() else None
