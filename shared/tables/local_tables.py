"""An agency's own tables, in the offices' table: what its codes mean, and where its precincts and beats lie.

    pk tables#<agency>                      which version of each kind is live: attribute <kind> = <version>/<parts>
    pk tables#<agency>#<version>#<n>        that version, compressed, in parts that DynamoDB takes

A version's parts are there before it is live, so a reader sees the old table or the new one, never half of either.
"""

import zlib
from hashlib import blake2b
from typing import TYPE_CHECKING

from shared.domain.boundaries import Boundaries
from shared.domain.charging.table import Statutes
from shared.domain.errors import TryLater
from shared.domain.local_knowledge import LocalKnowledge

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STATUTES, PRECINCT, BEAT = KINDS = ("statutes", "precinct", "beat")
_A_PART = 350_000  # bytes


class LocalTables:
    def __init__(self, client: "DynamoDBClient", offices_table: str) -> None:
        self._client, self._name = client, offices_table
        self._known: dict[str, tuple[dict[str, str], LocalKnowledge]] = {}

    def load(self, agency: str, kind: str, table: Statutes | Boundaries) -> None:
        """From the next drop on; arrests that are stored stay as they are."""
        document = zlib.compress(table.model_dump_json().encode())
        version = blake2b(document, digest_size=8).hexdigest()
        parts = [document[at : at + _A_PART] for at in range(0, len(document), _A_PART)]
        for number, part in enumerate(parts):
            self._client.put_item(
                TableName=self._name, Item={"pk": {"S": _part(agency, version, number)}, "part": {"B": part}}
            )
        self._client.update_item(
            TableName=self._name, Key={"pk": {"S": f"tables#{agency}"}}, UpdateExpression="SET #kind = :live",
            ExpressionAttributeNames={"#kind": kind},
            ExpressionAttributeValues={":live": {"S": f"{version}/{len(parts)}"}},
        )  # fmt: skip

    def knowledge(self, agency: str) -> LocalKnowledge | None:
        """None where nothing is loaded. Kept between drops for as long as it is live."""
        item = self._client.get_item(TableName=self._name, Key={"pk": {"S": f"tables#{agency}"}}).get("Item", {})
        live = {kind: item[kind]["S"] for kind in KINDS if kind in item}
        if not live:
            return None
        if agency not in self._known or self._known[agency][0] != live:
            self._known[agency] = live, self._made(agency, live)
        return self._known[agency][1]

    def _made(self, agency: str, live: dict[str, str]) -> LocalKnowledge:
        found = {kind: self._read(agency, version) for kind, version in live.items()}
        return LocalKnowledge(
            Statutes.model_validate_json(found[STATUTES]) if STATUTES in found else None,
            *(Boundaries.model_validate_json(found[kind]) if kind in found else None for kind in (PRECINCT, BEAT)),
        )

    def _read(self, agency: str, live: str) -> bytes:
        version, _, count = live.partition("/")
        document = b""
        for number in range(int(count)):
            key = {"pk": {"S": _part(agency, version, number)}}
            item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
            if item is None:
                raise TryLater(f"a table of {agency} is being replaced")
            document += bytes(item["part"]["B"])
        return zlib.decompress(document)


def _part(agency: str, version: str, number: int) -> str:
    return f"tables#{agency}#{version}#{number}"
