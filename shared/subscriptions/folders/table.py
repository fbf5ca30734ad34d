"""The folders, in the subscriptions' table: pk office#<office>, sk folders (Team and Pre-defined tab) and
folders#<e-mail> (that person's My tab); each a whole tree in one item, so that a batch of arrests reads it at once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from shared.aws.dynamodb import Item, get_all
from shared.aws.optimistic_lock import put_if_unchanged
from shared.subscriptions.folders.model import FolderTree

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class TreeKey(NamedTuple):
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
        """An empty tree where nothing is stored."""
        wanted = sorted(set(keys), key=str)
        trees = {key: FolderTree(office_id=key.office_id, person=key.person) for key in wanted}
        for item in get_all(self._client, self._name, [key.item for key in wanted]):
            tree = FolderTree.model_validate_json(item["doc"]["S"])
            trees[TreeKey(tree.office_id, tree.person)] = tree
        return trees

    def tree(self, office_id: str, person: str | None = None) -> FolderTree:
        key = TreeKey(office_id, person.casefold() if person else None)
        return self.read([key])[key]

    def save(self, tree: FolderTree) -> None:
        """Raises ConflictError when somebody changed the tree meanwhile."""
        item = TreeKey(tree.office_id, tree.person).item | {"doc": {"S": tree.model_dump_json()}}
        put_if_unchanged(self._client, self._name, item, tree.revision)
