from uuid import uuid4

import pytest

from shared.subscriptions.eligible_recipients import eligible_recipients
from shared.subscriptions.errors import FolderPlacementError
from shared.subscriptions.folders.model import MAX_FOLDERS, Folder, FolderTree, Role, Tab, roles_in_folders
from tests.builders import NOW, a_subscription
from tests.conftest import Tables


def a_folder(name: str, parent: Folder | None = None, **facts) -> Folder:
    above = parent.folder_id if parent else None
    return Folder(folder_id=uuid4().hex, tab=Tab.TEAM, name=name, parent=above, **facts)


GANGS = a_folder("Gangs", roles={"boss@da.example.gov": Role.OWNER, "vic@da.example.gov": Role.VISITOR})
HARBOR = a_folder("Harbor Ave", GANGS, roles={"ed@da.example.gov": Role.EDITOR, "vic@da.example.gov": Role.EDITOR})
CREW = a_folder("Crew 9", HARBOR)
TREE = FolderTree(office_id="kings", folders=(GANGS, HARBOR, CREW))


def test_s10_a_role_holds_for_all_below_and_never_above():
    assert TREE.role_of("boss@da.example.gov", CREW.folder_id) is Role.OWNER
    assert TREE.role_of("ed@da.example.gov", CREW.folder_id) is Role.EDITOR
    assert TREE.role_of("ed@da.example.gov", GANGS.folder_id) is None


def test_s10_of_two_roles_the_higher_holds():
    assert TREE.role_of("VIC@da.example.gov", CREW.folder_id) is Role.EDITOR
    assert TREE.role_of("vic@da.example.gov", GANGS.folder_id) is Role.VISITOR


def a_full_tree(roles_each: int) -> FolderTree:
    """As many folders as a tree may have, each with the longest name and so many roles."""
    roles = {f"ada.advocate{number:02}@da.queensbridge.example": Role.EDITOR for number in range(roles_each)}
    folders = [a_folder(f"{number:04}" + "x" * 76, roles=roles) for number in range(MAX_FOLDERS)]
    return FolderTree(office_id="kings", folders=tuple(folders), revision=1)


def test_a_tree_of_as_many_folders_as_there_may_be_is_stored_with_two_roles_on_each(tables: Tables) -> None:
    tables.subscriptions.folders.save(tree := a_full_tree(2))
    assert tables.subscriptions.folders.tree("kings") == tree


def test_a_tree_larger_than_an_item_is_refused_in_a_sentence_and_changes_nothing(tables: Tables) -> None:
    with pytest.raises(FolderPlacementError, match="Grant a role on a category"):
        tables.subscriptions.folders.save(a_full_tree(6))
    assert tables.subscriptions.folders.tree("kings").folders == ()


def test_s9_a_path_is_read_from_the_category_down():
    assert TREE.path(CREW.folder_id) == "Gangs > Harbor Ave > Crew 9"


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        (a_folder("Too deep", CREW), "three deep"),
        (a_folder("harbor ave", GANGS), "that name"),
        (a_folder("Lost", a_folder("not stored")), "does not exist"),
        (GANGS.model_copy(update={"parent": CREW.folder_id}), "in itself"),
        (a_folder("Elsewhere", GANGS).model_copy(update={"tab": Tab.MY}), "its tab"),
    ],
)
def test_s9_a_folder_that_cannot_lie_there_is_refused_with_the_reason(folder, says):
    with pytest.raises(FolderPlacementError, match=says):
        TREE.with_folder(folder)


def test_s9_moving_a_group_takes_what_lies_below_and_may_not_make_it_too_deep():
    other = a_folder("Task force")
    tree = TREE.with_folder(other)
    moved = tree.with_folder(HARBOR.model_copy(update={"parent": other.folder_id}))
    assert moved.path(CREW.folder_id) == "Task force > Harbor Ave > Crew 9"
    assert moved.role_of("boss@da.example.gov", CREW.folder_id) is None
    with pytest.raises(FolderPlacementError, match="three deep"):
        tree.with_folder(GANGS.model_copy(update={"parent": other.folder_id}))


def test_s11_everyone_with_a_role_is_told_with_additions_and_without_removals():
    watch = a_subscription(
        folders=(CREW.folder_id,), recipients=[{"email": "extra@da.example.gov"}], without=["ed@da.example.gov"]
    )
    notified = {
        eligible.recipient.email: (eligible.role, eligible.folder) for eligible in eligible_recipients(watch, [TREE])
    }
    path = "Gangs > Harbor Ave > Crew 9"
    assert notified == {
        "boss@da.example.gov": (Role.OWNER, path), "vic@da.example.gov": (Role.EDITOR, path),
        "extra@da.example.gov": (None, ""),
    }  # fmt: skip


def test_s11_in_no_folder_the_maker_is_told_unless_somebody_is_named():
    assert [eligible.recipient.key for eligible in eligible_recipients(a_subscription(recipients=[]), [])] == [
        "email:ada.example@da.example.gov"
    ]
    named = a_subscription(recipients=[{"email": "bo@da.example.gov"}])
    assert [eligible.recipient.key for eligible in eligible_recipients(named, [])] == ["email:bo@da.example.gov"]


def test_s9_what_lies_only_in_archived_folders_is_silent_and_in_another_it_is_not():
    tree = TREE.with_folder(HARBOR.model_copy(update={"archived_at": NOW}))
    watch = a_subscription(folders=(CREW.folder_id,))
    assert eligible_recipients(watch, [tree]) == ()
    both = a_subscription(folders=(CREW.folder_id, GANGS.folder_id), recipients=[])
    assert {eligible.folder for eligible in eligible_recipients(both, [tree])} == {"Gangs"}


def test_of_several_folders_the_higher_role_is_told_of():
    people = roles_in_folders([TREE], [GANGS.folder_id, HARBOR.folder_id])
    assert people["vic@da.example.gov"] == (Role.EDITOR, "Gangs > Harbor Ave")
