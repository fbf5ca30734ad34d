"""`restore`: what was lost of a table comes back from a point in time, and nothing that is sealed, changed or gone."""

import argparse
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from functions.cli.restored_items import AT_ONCE, KINDS, LiveRecords, RestoreVerdict, TableKind, judged, seals_in
from shared.arrests.model import Arrest, Provenance
from shared.arrests.seals.apply import settle_restored
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.register import KEY_DIGITS
from shared.arrests.seals.settle import SealDeps
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.aws.dynamodb import Item
from shared.aws.secrets import load_pseudonyms
from shared.batching import batches
from shared.retention.certificate import Certificates

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_OLDEST_BACKUP = timedelta(days=36)  # a table is restored to an instant of the last 35 days, or from a younger backup


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("write the instant with its zone, like 2026-11-22T08:00:00Z")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", choices=list(KINDS), help="of what")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--to", type=_instant, metavar="INSTANT", help="restores the table as it was, under a new name")
    source.add_argument("--from", dest="restored", metavar="RESTORED", help="the name that --to printed")
    parser.add_argument("--apply", action="store_true", help="put back what is lost; without it, only count")


def run(args: Arguments) -> int:
    """1 while the restored table is not ready, and for --apply without --from."""
    if args.to and args.to > datetime.now(UTC):
        print("--to lies in the future: say the last moment at which all was well", file=sys.stderr)
        return 1
    if args.to and args.apply:
        print("--apply goes with --from: first restore the table, then look at what would come back", file=sys.stderr)
        return 1
    outputs, dynamodb = outputs_of(args.stack), boto3.client("dynamodb")
    kind = KINDS[args.table]
    if args.to:
        return _begin(args, outputs[kind.output], outputs[kind.under], dynamodb)
    status = dynamodb.describe_table(TableName=args.restored)["Table"]["TableStatus"]
    if status != "ACTIVE":
        print(f"{args.restored} is {status}: wait, then run the same command again", file=sys.stderr)
        return 1
    certificates = Certificates(boto3.client("s3"), outputs["AuditBucket"])
    live = LiveRecords(dynamodb, outputs, load_pseudonyms(outputs["PseudonymSecretArn"]))
    live.purged_ids = frozenset(certificates.purged_ids_since(datetime.now(UTC).date() - _OLDEST_BACKUP))
    counts = _put_back(kind, args.restored, live, apply=args.apply)
    for verdict in RestoreVerdict:
        print(f"{counts[verdict]:>9,} {verdict.value}")
    print(_outcome(counts[RestoreVerdict.RESTORED], apply=args.apply))
    return 0


def _outcome(restored: int, *, apply: bool) -> str:
    if not restored:
        return "Nothing is lost that could go back."
    return "They are back." if apply else "Nothing is changed: run it again with --apply."


def _begin(args: Arguments, table: str, key: str, dynamodb: "DynamoDBClient") -> int:
    restored = f"{table[:220]}-restored-{args.to.astimezone(UTC):%Y%m%dT%H%M%S}"
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=table,
        TargetTableName=restored,
        RestoreDateTime=args.to,
        SSESpecificationOverride={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
    )
    print(f"{restored} is being restored, which takes minutes to hours. Then:")
    print(f"arrest-alert restore --stack {args.stack} {args.table} --from {restored}")
    return 0


def _put_back(kind: TableKind, restored: str, live: LiveRecords, *, apply: bool) -> Counter[RestoreVerdict]:
    """Seals come first, and are looked at once more after each hundred arrests, as the intake does: one that is ordered
    in this moment is found by one of the two, and what comes back unmarked is marked again."""
    now, counts = datetime.now(UTC), Counter[RestoreVerdict]()
    if kind.output == "ArrestsTable":
        for agency, keys in seals_in(restored, live.client):
            _add_seals(agency, keys, live, apply=apply)
    for batch in batches(judged(kind, restored, live, now), AT_ONCE):
        back = []
        for item, verdict in batch:
            if apply and verdict in (RestoreVerdict.RESTORED, RestoreVerdict.APART):
                verdict = verdict if _put(kind, item, live) else RestoreVerdict.LIVE  # noqa: PLW2901
                back += [item] if verdict is RestoreVerdict.RESTORED else []
            counts[verdict] += 1
        if kind.output in ("ArrestsTable", "JuvenilesTable"):
            _settle_seals(back, live, now)
    return counts


def _add_seals(agency: str, keys: list[str], live: LiveRecords, *, apply: bool) -> None:
    """A lock that was answered since stays answered."""
    register = live.register_of(agency)
    lost = {entry for entry in set(keys) - live.seals_of(agency) if not register.is_answered(entry[:KEY_DIGITS])}
    if lost and apply:
        live.seals_table.add(agency, lost)
    live.seal_entries[agency] = live.seals_of(agency) | lost


def _put(kind: TableKind, item: Item, live: LiveRecords) -> bool:
    """Returns False when somebody stored something under this key in the meantime: that wins."""
    prepared = kind.prepared(item, live)
    if prepared is None:
        return True
    try:
        live.client.put_item(
            TableName=live.outputs[kind.output],
            Item=prepared,
            ConditionExpression=f"attribute_not_exists({kind.key[0]})",
        )
    except live.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _settle_seals(items: list[Item], live: LiveRecords, now: datetime) -> None:
    documents = [item.get("locked", {}).get("M", item).get("doc") for item in items]
    arrests = [Arrest.model_validate_json(document["S"]) for document in documents if document]
    locks = LocksTable(live.client, live.outputs["AgenciesTable"])
    unsealings = UnsealingsTable(live.client, live.outputs["AgenciesTable"])
    seals = SealDeps(live.seals_table, locks, unsealings, live.pseudonyms)
    provenance = Provenance(drop_id="restore", dropped_at=now)
    for agency in {arrest.agency for arrest in arrests}:
        settle_restored((arrest for arrest in arrests if arrest.agency == agency), agency, seals, provenance, now)


RESTORE = Command(
    name="restore",
    summary="Puts back what was lost of a table since a point in time; what is sealed or changed since stays so",
    details="First with --to, which restores the whole table under a new name; then with --from, which counts what the "
    "live table lacks; then with --apply. An item that the live table has, in whatever state, is never touched.",
    example="arrest-alert restore --stack arrest-alert-dev arrests --to 2026-11-22T08:00:00Z",
    add_arguments=add_arguments,
    run=run,
)
