"""The folders, each after the one it lies in; a tree is written as a whole."""

from uuid import uuid4

from shared.provisioning.office_file import OfficeFileFault, PlacedFolder, placed_folders
from shared.provisioning.plan import PlanAction, Wanted, Write
from shared.subscriptions.errors import FolderPlacementError
from shared.subscriptions.folders.model import SEPARATOR, Folder, FolderTree, Tab

Trees = dict[str | None, FolderTree]


def trees_of(wanted: Wanted, people: set[str]) -> Trees:
    """The trees as they will be, by whose they are; None is the office's."""
    table = wanted.at.subscribing.subscriptions.folders
    trees: Trees = {None: table.tree(wanted.id)}
    trees |= {watch.owner: table.tree(wanted.id, watch.owner) for watch in wanted.file.subscriptions}
    trees |= {person: table.tree(wanted.id, person) for person in wanted.file.folders.my}
    before = dict(trees)
    for here in placed_folders(wanted.file.folders):
        trees[here.person] = _folder(here, trees[here.person], people, wanted)
    for person, tree in trees.items():
        if tree.folders != before[person].folders:
            kept = tree.model_copy(update={"revision": before[person].revision + 1})
            wanted.plan.writes.append(_keep(kept, wanted))
    return trees


def _keep(tree: FolderTree, wanted: Wanted) -> Write:
    return lambda: wanted.at.subscribing.subscriptions.folders.save(tree)


def _folder(here: PlacedFolder, tree: FolderTree, people: set[str], wanted: Wanted) -> FolderTree:
    for email in here.folder.roles:
        if email not in people:
            wanted.faults.append(
                OfficeFileFault((*here.place, "roles", email), "is no user of the office; name them under users")
            )
        elif here.person:
            wanted.faults.append(
                OfficeFileFault((*here.place, "roles"), "a folder of the My tab is one person's; use the Team tab")
            )
    above = lying_at(tree, here.tab, here.path[:-1])
    before = lying_at(tree, here.tab, here.path)
    fresh = Folder(folder_id=uuid4().hex, tab=here.tab, name=here.folder.name, parent=above and above.folder_id)
    folder = before or fresh
    after = folder.model_copy(
        update={"roles": folder.roles | here.folder.roles, "keeps": here.folder.keeps, "unseen": here.folder.unseen}
    )
    does = PlanAction.CREATE if before is None else PlanAction.CHANGE if after != before else PlanAction.NOTHING
    roles = ", ".join(f"{email} {role}" for email, role in sorted(here.folder.roles.items()))
    wanted.plan.add(does, f"folder {here.said}", roles if does is not PlanAction.NOTHING else "")
    for email in sorted(folder.roles.keys() - here.folder.roles.keys()):
        wanted.plan.add(PlanAction.STAYS, f"role of {email} on {here.said}", "the file does not name it")
    try:
        return tree if does is PlanAction.NOTHING else tree.with_folder(after)
    except FolderPlacementError as fault:
        wanted.faults.append(OfficeFileFault(here.place, str(fault)))
        return tree


def lying_at(tree: FolderTree, tab: Tab, path: tuple[str, ...]) -> Folder | None:
    wanted = SEPARATOR.join(path).casefold()
    folders = (
        folder for folder in tree.folders if folder.tab is tab and tree.path(folder.folder_id).casefold() == wanted
    )
    return next(folders, None) if path else None
