"""An agency's own tables, in the offices' table: what its codes mean, where its precincts and beats lie, and how common
names are there.

    pk tables#<agency>                      which version of each kind is live: attribute <kind> = <version>/<parts>
    pk tables#<agency>#<version>#<n>        that version, compressed, in parts that DynamoDB takes

A version's parts are there before it is live, so a reader sees the old table or the new one, never half of either.
"""

import zlib
from hashlib import blake2b
from typing import TYPE_CHECKING

from shared.arrests.boundaries import Boundaries
from shared.arrests.statutes.code_table import Statutes
from shared.errors import TryLater
from shared.matching.agency_reference import AgencyReference
from shared.matching.linkage.agency_frequencies import AgencyFrequencies, AgencyNameCounts
from shared.matching.linkage.frequencies import census

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STATUTES, PRECINCT, BEAT = KINDS = ("statutes", "precinct", "beat")
NAMES = "names"
_A_PART = 350_000  # bytes


class AgencyReferenceTable:
    def __init__(self, client: "DynamoDBClient", offices_table: str) -> None:
        self._client, self._name = client, offices_table
        self._known: dict[str, tuple[dict[str, str], AgencyReference]] = {}
        self._names: dict[str, tuple[str, AgencyFrequencies]] = {}

    def load(self, agency: str, kind: str, table: Statutes | Boundaries | AgencyNameCounts) -> None:
        """From the next drop on; arrests that are stored stay as they are. Names count from the next match on."""
        document = zlib.compress(table.model_dump_json().encode())
        version = blake2b(document, digest_size=8).hexdigest()
        parts = [document[at : at + _A_PART] for at in range(0, len(document), _A_PART)]
        for number, part in enumerate(parts):
            self._client.put_item(
                TableName=self._name, Item={"pk": {"S": _part(agency, version, number)}, "part": {"B": part}}
            )
        self._client.update_item(
            TableName=self._name,
            Key={"pk": {"S": f"tables#{agency}"}},
            UpdateExpression="SET #kind = :live",
            ExpressionAttributeNames={"#kind": kind},
            ExpressionAttributeValues={":live": {"S": f"{version}/{len(parts)}"}},
        )

    def unload(self, agency: str, kind: str) -> None:
        """What was loaded is no longer live."""
        self._client.update_item(
            TableName=self._name,
            Key={"pk": {"S": f"tables#{agency}"}},
            UpdateExpression="REMOVE #kind",
            ExpressionAttributeNames={"#kind": kind},
        )

    def name_counts(self, agency: str) -> AgencyNameCounts | None:
        live = self._live(agency).get(NAMES)
        return AgencyNameCounts.model_validate_json(self._read(agency, live)) if live else None

    def frequencies_of(self, agency: str) -> AgencyFrequencies | None:
        """None where the census says how common names are. Kept for as long as it is live."""
        live = self._live(agency).get(NAMES)
        if live is None:
            return None
        if agency not in self._names or self._names[agency][0] != live:
            own = AgencyNameCounts.model_validate_json(self._read(agency, live))
            self._names[agency] = live, AgencyFrequencies(own, census())
        return self._names[agency][1]

    def reference(self, agency: str) -> AgencyReference | None:
        """None where nothing is loaded. Kept between drops for as long as it is live."""
        live = {kind: version for kind, version in self._live(agency).items() if kind in KINDS}
        if not live:
            return None
        if agency not in self._known or self._known[agency][0] != live:
            self._known[agency] = live, self._made(agency, live)
        return self._known[agency][1]

    def _live(self, agency: str) -> dict[str, str]:
        item = self._client.get_item(TableName=self._name, Key={"pk": {"S": f"tables#{agency}"}}).get("Item", {})
        return {kind: item[kind]["S"] for kind in (*KINDS, NAMES) if kind in item}

    def _made(self, agency: str, live: dict[str, str]) -> AgencyReference:
        found = {kind: self._read(agency, version) for kind, version in live.items()}
        return AgencyReference(
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
