"""Table of agency reference data, in the offices' table: what an agency's codes mean, where its precincts and beats
lie, and how common names are there.

    pk tables#<agency>                      the live version of each kind: attribute <kind> = <version>/<chunks>;
                                            names_pinned = the day since which the census counts, whatever is learned
    pk tables#<agency>#<version>#<n>        chunk n of that version, compressed, of a size that DynamoDB takes

The chunks of a version are stored before it is live, so a reader sees the old table or the new one, never half of
either. Those of the version before are deleted afterwards: who was reading them gets TryLater, and reads the new ones
when it tries again. Each load has a version of its own, so that a load never deletes what another one stores.
"""

import zlib
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from shared.arrests.boundaries import Boundaries
from shared.arrests.statutes.code_table import Statutes
from shared.aws.dynamodb import Item
from shared.errors import TryLater
from shared.matching.agency_reference import AgencyReference
from shared.matching.linkage.agency_frequencies import AgencyFrequencies, AgencyNameCounts, LiveNames
from shared.matching.linkage.frequencies import census

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STATUTES, PRECINCT, BEAT = KINDS = ("statutes", "precinct", "beat")
NAMES = "names"
PINNED = "names_pinned"
REFERENCE = "tables#"  # how each key begins
_CHUNK_SIZE = 350_000  # bytes


class AgencyReferenceTable:
    def __init__(self, client: "DynamoDBClient", offices_table: str) -> None:
        self._client, self._name = client, offices_table
        self._references: dict[str, tuple[dict[str, str], AgencyReference]] = {}
        self._frequencies: dict[str, tuple[str, AgencyFrequencies]] = {}

    def load(self, agency: str, kind: str, table: Statutes | Boundaries | AgencyNameCounts) -> str:
        """Makes the table live, from the next drop on (names: from the next match on), and deletes the one before.
        Stored arrests stay as they are. Counts of names end a pin. Returns the version."""
        live = self._store(agency, table)
        self._put_live(agency, "SET #kind = :live" + (f" REMOVE {PINNED}" if kind == NAMES else ""), kind, live)
        return _version_of(live)

    def learn_names(self, agency: str, counts: AgencyNameCounts) -> str | None:
        """Makes the counts live as `load` does, but only while the census is not pinned. Returns the version; None
        where it was pinned meanwhile, and nothing is changed."""
        live = self._store(agency, counts)
        try:
            self._put_live(agency, "SET #kind = :live", NAMES, live, f"attribute_not_exists({PINNED})")
        except self._client.exceptions.ConditionalCheckFailedException:
            self._delete(_chunk_pks(agency, live))
            return None
        return _version_of(live)

    def pin_census(self, agency: str, today: date) -> None:
        """The census counts from the next match on, until names are loaded. The agency's own counts are deleted."""
        self._put_live(agency, f"SET {PINNED} = :live REMOVE #kind", NAMES, today.isoformat())

    def live_names(self, agency: str) -> LiveNames:
        """Raises TryLater while the counts are being replaced."""
        item = self._head(agency, is_exact=True)
        if NAMES in item:
            live = item[NAMES]["S"]
            counts = AgencyNameCounts.model_validate_json(self._read(agency, live))
            return LiveNames(counts, version=_version_of(live))
        return LiveNames(pinned_on=date.fromisoformat(item[PINNED]["S"])) if PINNED in item else LiveNames()

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
        item = self._head(agency)
        return {kind: item[kind]["S"] for kind in (*KINDS, NAMES) if kind in item}

    def _head(self, agency: str, *, is_exact: bool = False) -> Item:
        """Without `is_exact` it may be as it was a moment ago, for half the price."""
        key = _key(_head_pk(agency))
        return self._client.get_item(TableName=self._name, Key=key, ConsistentRead=is_exact).get("Item", {})

    def _store(self, agency: str, table: Statutes | Boundaries | AgencyNameCounts) -> str:
        """Stores the chunks of a new version. Returns what the attribute of its kind says once it is live."""
        document = zlib.compress(table.model_dump_json().encode())
        chunks = [document[start : start + _CHUNK_SIZE] for start in range(0, len(document), _CHUNK_SIZE)]
        live = f"{uuid4().hex[:16]}/{len(chunks)}"
        for pk, chunk in zip(_chunk_pks(agency, live), chunks, strict=True):
            self._client.put_item(TableName=self._name, Item=_key(pk) | {"part": {"B": chunk}})
        return live

    def _put_live(self, agency: str, update: str, kind: str, value: str, condition: str | None = None) -> None:
        """Changes the agency's item, then deletes the chunks of the version of this kind that was live before. The SDK
        may send a change twice whose answer was lost: then the new version is the one before, too, and stays."""
        conditional: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
        before = self._client.update_item(
            TableName=self._name,
            Key=_key(_head_pk(agency)),
            UpdateExpression=update,
            ExpressionAttributeNames={"#kind": kind},
            ExpressionAttributeValues={":live": {"S": value}},
            ReturnValues="ALL_OLD",
            **conditional,
        ).get("Attributes", {})
        if kind in before and before[kind]["S"] != value:
            self._delete(_chunk_pks(agency, before[kind]["S"]))

    def _delete(self, pks: list[str]) -> None:
        for pk in pks:
            self._client.delete_item(TableName=self._name, Key=_key(pk))

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
        document = b""
        for pk in _chunk_pks(agency, live):
            item = self._client.get_item(TableName=self._name, Key=_key(pk), ConsistentRead=True).get("Item")
            if item is None:
                raise TryLater(f"a table of {agency} is being replaced")
            document += bytes(item["part"]["B"])
        return zlib.decompress(document)


def _head_pk(agency: str) -> str:
    return REFERENCE + agency


def _chunk_pks(agency: str, live: str) -> list[str]:
    version, _, count = live.partition("/")
    return [f"{_head_pk(agency)}#{version}#{number}" for number in range(int(count))]


def _version_of(live: str) -> str:
    return live.partition("/")[0]


def _key(pk: str) -> Item:
    return {"pk": {"S": pk}}
