"""Plans the folders, each after its parent. A tree is saved as a whole, because it is one document."""

from uuid import uuid4

from shared.provisioning.office_file import PlacedFolder, placed_folders
from shared.provisioning.plan import PlanAction, PlanBuilder, Write
from shared.subscriptions.errors import FolderPlacementError
from shared.subscriptions.folders.model import SEPARATOR, Folder, FolderTree, Tab

FolderTrees = dict[str | None, FolderTree]
"""Trees by the person whose My tab they are; None is the office's tree."""


def plan_folders(builder: PlanBuilder, users: set[str]) -> FolderTrees:
    """Returns the trees as they are once the plan is applied. `users` are the addresses that may have a role."""
    table = builder.deps.subscribing.subscriptions.folders
    owners = [planned.owner for planned in builder.file.subscriptions]
    persons = (None, *owners, *builder.file.folders.my)
    before: FolderTrees = {person: table.tree(builder.office_id, person) for person in dict.fromkeys(persons)}
    after = dict(before)
    for placed in placed_folders(builder.file.folders):
        after[placed.person] = _plan_folder(placed, after[placed.person], users, builder)
    for person, tree in after.items():
        if tree.folders != before[person].folders:
            saved = tree.model_copy(update={"revision": before[person].revision + 1})
            builder.writes.append(_save(saved, builder))
    return after


def find_folder(tree: FolderTree, tab: Tab, path: tuple[str, ...]) -> Folder | None:
    """Finds a folder by its names from the category down, regardless of case."""
    if not path:
        return None
    wanted = SEPARATOR.join(path).casefold()
    candidates = (folder for folder in tree.folders if folder.tab is tab)
    return next((folder for folder in candidates if tree.path(folder.folder_id).casefold() == wanted), None)


def _plan_folder(placed: PlacedFolder, tree: FolderTree, users: set[str], builder: PlanBuilder) -> FolderTree:
    """Returns the tree with the folder; the same tree if nothing changes, or after a fault."""
    _check_roles(placed, users, builder)
    before = find_folder(tree, placed.tab, placed.path)
    if before is None:
        builder.check_text((*placed.key_path, "name"), placed.folder.name)
    folder = before or _new_folder(placed, tree)
    planned = placed.folder
    changes = {"roles": folder.roles | planned.roles, "keeps": planned.keeps, "unseen": planned.unseen}
    events = folder.events if planned.events is None else planned.events
    after = folder.model_copy(update=changes | {"events": events})
    _add_steps(placed, before, after, builder)
    if after == before:
        return tree
    try:
        planned_tree = tree.with_folder(after)
    except FolderPlacementError as error:
        builder.add_fault(placed.key_path, str(error))
        return tree
    if builder.operator_email and planned_tree.widened_for(builder.operator_email, tree):
        fix = f"would give you, {builder.operator_email}, a higher role; let another operator apply it"
        builder.add_fault((*placed.key_path, "roles"), fix)
    return planned_tree


def _check_roles(placed: PlacedFolder, users: set[str], builder: PlanBuilder) -> None:
    for email in placed.folder.roles:
        if email not in users:
            fix = "is no user of the office; name them under users"
            builder.add_fault((*placed.key_path, "roles", email), fix)
        elif placed.person:
            fix = "a folder of the My tab is one person's; use the Team tab"
            builder.add_fault((*placed.key_path, "roles"), fix)


def _new_folder(placed: PlacedFolder, tree: FolderTree) -> Folder:
    parent = find_folder(tree, placed.tab, placed.path[:-1])
    parent_id = parent.folder_id if parent else None
    return Folder(folder_id=uuid4().hex, tab=placed.tab, name=placed.folder.name, parent=parent_id)


def _add_steps(placed: PlacedFolder, before: Folder | None, after: Folder, builder: PlanBuilder) -> None:
    what = f"folder {placed.description}"
    if after == before:
        builder.add_step(PlanAction.NOTHING, what)
    else:
        roles = ", ".join(f"{email} {role}" for email, role in sorted(placed.folder.roles.items()))
        builder.add_step(PlanAction.CREATE if before is None else PlanAction.CHANGE, what, roles)
    for email in sorted(after.roles.keys() - placed.folder.roles.keys()):
        role = f"role of {email} on {placed.description}"
        builder.add_step(PlanAction.STAYS, role, "the file does not name it")


def _save(tree: FolderTree, builder: PlanBuilder) -> Write:
    return lambda: builder.deps.subscribing.subscriptions.folders.save(tree)
