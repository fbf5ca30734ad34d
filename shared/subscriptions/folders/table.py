"""Folder trees, in the table of subscriptions, each tree as one item under pk `office#<office>`.

The sk is `folders` for the Team and Pre-defined tabs and `folders#<e-mail>` for that person's My tab. A batch of
arrests reads the trees of all its candidates in one call.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from shared.aws.dynamodb import Item, get_all
from shared.aws.item_size import fits
from shared.aws.optimistic_lock import put_if_unchanged
from shared.subscriptions.errors import FolderPlacementError
from shared.subscriptions.folders.model import FolderTree

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class TreeKey(NamedTuple):
    """Without a `person`, the tree of the office."""

    office_id: str
    person: str | None = None

    @property
    def item(self) -> Item:
        return {
            "pk": {"S": f"office#{self.office_id}"},
            "sk": {"S": f"folders#{self.person.casefold()}" if self.person else "folders"},
        }


class FoldersTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def read(self, keys: Iterable[TreeKey]) -> dict[TreeKey, FolderTree]:
        """Returns the tree under each key; an empty tree if none is stored. Persons must be in lower case."""
        distinct_keys = sorted(set(keys), key=str)
        trees = {key: FolderTree(office_id=key.office_id, person=key.person) for key in distinct_keys}
        for item in get_all(self._client, self._name, [key.item for key in distinct_keys]):
            tree = FolderTree.model_validate_json(item["doc"]["S"])
            trees[TreeKey(tree.office_id, tree.person)] = tree
        return trees

    def tree(self, office_id: str, person: str | None = None) -> FolderTree:
        key = TreeKey(office_id, person.casefold() if person else None)
        return self.read([key])[key]

    def save(self, tree: FolderTree) -> None:
        """Raises ConflictError when somebody else saved another revision since this one was read, and
        FolderPlacementError when the tree would be larger than an item may be."""
        document = tree.model_dump_json()
        if not fits(document):
            raise FolderPlacementError(
                "The folders and the roles on them are more than can be stored (400 KB, such as 1,000 folders with two "
                "roles each). Grant a role on a category instead of on each folder below it, or delete folders."
            )
        item = TreeKey(tree.office_id, tree.person).item | {"doc": {"S": document}}
        put_if_unchanged(self._client, self._name, item, tree.revision)
