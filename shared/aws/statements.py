"""Conditional writes in batches of PartiQL statements. Each statement succeeds or fails for itself, and costs one write
unit for each KB begun, where a transaction costs two.

Source: Amazon DynamoDB Developer Guide, "Running batch operations with PartiQL for DynamoDB" (25 statements a call) and
"PartiQL insert statements" (an item that exists already is refused as a duplicate); API Reference, BatchStatementError.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from shared.aws.dynamodb import Item
from shared.aws.throttling import THROTTLES, attempts
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STATEMENTS_A_CALL = 25
_BYTES_A_CALL = 3 << 20
# The item was not as the statement expects, or nobody knows whether it was written: it has to be read once more.
_TO_BE_READ_AGAIN = frozenset({"ConditionalCheckFailed", "DuplicateItem", "TransactionConflict", "InternalServerError"})


class Statement(NamedTuple):
    """PartiQL's text with a `?` for each of the typed values."""

    text: str
    parameters: tuple[Item, ...]

    @property
    def size(self) -> int:
        """Roughly the bytes of the request."""
        return len(self.text) + sum(len(str(value)) for value in self.parameters)


def insert(table: str, item: Item) -> Statement:
    """Writes an item that does not exist yet."""
    attributes = ", ".join(f"'{name}': ?" for name in item)
    return Statement(f'INSERT INTO "{table}" VALUE {{{attributes}}}', tuple(item.values()))


def update(table: str, key: Item, values: Item, expected: Item) -> Statement:
    """Sets attributes of an item whose attributes are still as `expected`."""
    setting = " ".join(f'SET "{name}" = ?' for name in values)
    condition = " AND ".join(f'"{name}" = ?' for name in [*key, *expected])
    return Statement(
        f'UPDATE "{table}" {setting} WHERE {condition}',
        (*values.values(), *key.values(), *expected.values()),
    )


def write_each(client: "DynamoDBClient", statements: Mapping[str, Statement]) -> set[str]:
    """Carries out statements that write distinct items. Returns the keys of those that were written; whoever asked
    reads the others once more.

    A throttled statement is repeated as long as the invocation may wait; then it raises TryLater. ClientError for a
    statement that AWS refuses for another reason: the others of its call may have been written.
    """
    written: set[str] = set()
    for batch in _batches(statements):
        written |= _write_batch(client, batch)
    return written


def _write_batch(client: "DynamoDBClient", statements: Mapping[str, Statement]) -> set[str]:
    pending, written = dict(statements), set[str]()
    for _ in attempts():
        answer = client.batch_execute_statement(
            Statements=[{"Statement": text, "Parameters": parameters} for text, parameters in pending.values()]
        )
        throttled: dict[str, Statement] = {}
        for (key, statement), response in zip(pending.items(), answer["Responses"], strict=True):
            code = response.get("Error", {}).get("Code", "")
            if not code:
                written.add(key)
            elif code in THROTTLES:
                throttled[key] = statement
            elif code not in _TO_BE_READ_AGAIN:
                message = response["Error"].get("Message", "")
                raise client.exceptions.ClientError(
                    {"Error": {"Code": code, "Message": message}}, "BatchExecuteStatement"
                )
        if not throttled:
            return written
        pending = throttled
    raise TryLater("DynamoDB has been too busy for a batch of statements")


def _batches(statements: Mapping[str, Statement]) -> Iterator[dict[str, Statement]]:
    batch: dict[str, Statement] = {}
    octets = 0
    for key, statement in statements.items():
        if batch and (len(batch) == STATEMENTS_A_CALL or octets + statement.size > _BYTES_A_CALL):
            yield batch
            batch, octets = {}, 0
        batch[key] = statement
        octets += statement.size
    if batch:
        yield batch
