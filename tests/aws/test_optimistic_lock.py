"""One revision is saved once, whatever the keys of its table are called."""

import pytest

from shared.aws.dynamodb import Item
from shared.aws.optimistic_lock import ConflictError, put_if_unchanged
from tests.conftest import Tables

KEYS: dict[str, Item] = {
    "Subscriptions": {"pk": {"S": "a"}, "sk": {"S": "b"}},
    "Juveniles": {"arrest_id": {"S": "a"}, "part": {"S": "b"}},
    "Agencies": {"agency": {"S": "a"}, "part": {"S": "b"}},
    "Arrests": {"arrest_id": {"S": "a"}},
}


@pytest.mark.parametrize("table", KEYS)
def test_whoever_saves_a_revision_that_is_there_or_older_is_told_that_it_changed(tables: Tables, table: str) -> None:
    for revision in (1, 2, 3):
        put_if_unchanged(tables.client, table, KEYS[table] | {"by": {"S": "first"}}, revision)
        for stale in range(1, revision + 1):
            with pytest.raises(ConflictError):
                put_if_unchanged(tables.client, table, KEYS[table] | {"by": {"S": "second"}}, stale)
    stored = tables.client.get_item(TableName=table, Key=KEYS[table])["Item"]
    assert stored == KEYS[table] | {"by": {"S": "first"}, "revision": {"N": "3"}}
