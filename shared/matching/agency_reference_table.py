"""Table of agency reference data, in the offices' table: what an agency's codes mean, where its precincts and beats
lie, and how common names are there.

    pk tables#<agency>                      the live version of each kind: attribute <kind> = <version>/<chunks>
    pk tables#<agency>#<version>#<n>        chunk n of that version, compressed, of a size that DynamoDB takes

The chunks of a version are stored before it is live, so a reader sees the old table or the new one, never half of
either.
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
_CHUNK_SIZE = 350_000  # bytes


class AgencyReferenceTable:
    def __init__(self, client: "DynamoDBClient", offices_table: str) -> None:
        self._client, self._name = client, offices_table
        self._references: dict[str, tuple[dict[str, str], AgencyReference]] = {}
        self._frequencies: dict[str, tuple[str, AgencyFrequencies]] = {}

    def load(self, agency: str, kind: str, table: Statutes | Boundaries | AgencyNameCounts) -> None:
        """Makes the table live, from the next drop on (names: from the next match on). Stored arrests stay as they
        are."""
        document = zlib.compress(table.model_dump_json().encode())
        version = blake2b(document, digest_size=8).hexdigest()
        chunks = [document[start : start + _CHUNK_SIZE] for start in range(0, len(document), _CHUNK_SIZE)]
        for number, chunk in enumerate(chunks):
            self._client.put_item(
                TableName=self._name, Item={"pk": {"S": _chunk_pk(agency, version, number)}, "part": {"B": chunk}}
            )
        self._client.update_item(
            TableName=self._name,
            Key={"pk": {"S": f"tables#{agency}"}},
            UpdateExpression="SET #kind = :live",
            ExpressionAttributeNames={"#kind": kind},
            ExpressionAttributeValues={":live": {"S": f"{version}/{len(chunks)}"}},
        )

    def unload(self, agency: str, kind: str) -> None:
        """Makes the loaded table of this kind no longer live."""
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
        """None where the census counts. Remembered for as long as this version is live."""
        live = self._live(agency).get(NAMES)
        if live is None:
            return None
        if agency not in self._frequencies or self._frequencies[agency][0] != live:
            counts = AgencyNameCounts.model_validate_json(self._read(agency, live))
            self._frequencies[agency] = live, AgencyFrequencies(counts, census())
        return self._frequencies[agency][1]

    def reference(self, agency: str) -> AgencyReference | None:
        """None where nothing is loaded. Remembered between drops for as long as these versions are live."""
        live = {kind: version for kind, version in self._live(agency).items() if kind in KINDS}
        if not live:
            return None
        if agency not in self._references or self._references[agency][0] != live:
            self._references[agency] = live, self._read_reference(agency, live)
        return self._references[agency][1]

    def _live(self, agency: str) -> dict[str, str]:
        item = self._client.get_item(TableName=self._name, Key={"pk": {"S": f"tables#{agency}"}}).get("Item", {})
        return {kind: item[kind]["S"] for kind in (*KINDS, NAMES) if kind in item}

    def _read_reference(self, agency: str, live: dict[str, str]) -> AgencyReference:
        documents = {kind: self._read(agency, version) for kind, version in live.items()}
        statutes, precincts, beats = (documents.get(kind) for kind in KINDS)
        return AgencyReference(
            Statutes.model_validate_json(statutes) if statutes else None,
            Boundaries.model_validate_json(precincts) if precincts else None,
            Boundaries.model_validate_json(beats) if beats else None,
        )

    def _read(self, agency: str, live: str) -> bytes:
        """Takes what the attribute of a kind says, `<version>/<chunks>`. Raises TryLater while it is being replaced."""
        version, _, count = live.partition("/")
        document = b""
        for number in range(int(count)):
            key = {"pk": {"S": _chunk_pk(agency, version, number)}}
            item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
            if item is None:
                raise TryLater(f"a table of {agency} is being replaced")
            document += bytes(item["part"]["B"])
        return zlib.decompress(document)


def _chunk_pk(agency: str, version: str, number: int) -> str:
    return f"tables#{agency}#{version}#{number}"
