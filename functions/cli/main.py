"""`arrest-alert`: one function per subcommand, one line each in COMMANDS."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from functions.cli.alerts import address, recall, webhook_secret
from functions.cli.audit import audit
from functions.cli.audit_command import written_down
from functions.cli.dead_letters import dead_letters
from functions.cli.deployment import Run, Subcommands
from functions.cli.drops import drop, drops
from functions.cli.enrol import enrol_agency, enrol_user
from functions.cli.load import load_boundaries, load_statutes
from functions.cli.machines import machine_secret
from functions.cli.repost import repost
from functions.cli.set_up import set_up
from functions.cli.texts import texts
from functions.cli.weights import weights
from shared.arrests.items import WriteOutcome
from shared.errors import Rejected
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import ReceiptState
from shared.feeds.intake.process_drop import parse_drop
from shared.feeds.intake.receipt import receipt_of, refused_receipt, rejects_file
from shared.feeds.profiles.model import parse_profile
from shared.pseudonyms import Pseudonyms

SHOWN = 10  # rejects, with their reasons; `--rejects` writes all of them


def dry_run(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("dry-run", help="the receipt that a file would get; nothing is stored, no AWS")
    parser.add_argument("--profile", type=Path, required=True, help="the agency's profile, YAML")
    parser.add_argument("--rows", type=int, default=0, metavar="N", help="print the first N arrests as read, too")
    parser.add_argument("--rejects", type=Path, help="write all rejects here, with their rows")
    parser.add_argument("file", type=Path, metavar="FILE")
    return _dry_run


def _dry_run(args: argparse.Namespace) -> int:
    """0: taken; 1: nothing of the file can be taken."""
    now, pseudonyms = datetime.now(UTC), Pseudonyms(b"dry run")
    drop = Drop(key=f"dry-run/in/{args.file.name}", size=args.file.stat().st_size, dropped_at=now)
    try:
        profile = parse_profile(args.profile.read_text(encoding="utf-8"))
        drop = drop.model_copy(update={"key": f"{profile.agency}/in/{args.file.name}"})
        with args.file.open("rb") as stream:
            reading = parse_drop(stream, profile, drop, pseudonyms)
    except Rejected as fault:
        print(refused_receipt(drop, drop.id(pseudonyms), fault, now).model_dump_json(indent=2))
        return 1
    outcomes = {parsed.arrest.arrest_id: WriteOutcome.ACCEPTED for parsed in reading.arrests}
    receipt = receipt_of(drop, drop.id(pseudonyms), reading, outcomes, now).model_dump(mode="json")
    first = [
        {name: getattr(reject, name) for name in ("line", "code", "reason", "fix")}
        for reject in reading.rejects[:SHOWN]
    ]
    print(json.dumps(receipt | ({"first_rejects": first} if first else {}), indent=2))
    for one in reading.arrests[: args.rows]:
        print(one.arrest.model_dump_json(indent=2, exclude_defaults=True))
    if args.rejects:
        args.rejects.write_bytes(rejects_file(reading.rejects))
    return int(receipt["state"] == ReceiptState.REJECTED)


COMMANDS: Mapping[str, Callable[[Subcommands], Run]] = {
    "dry-run": dry_run,
    "set-up": set_up,
    "enrol-agency": enrol_agency,
    "enrol-user": enrol_user,
    "load-statutes": load_statutes,
    "load-boundaries": load_boundaries,
    "weights": weights,
    "repost": repost,
    "dead-letters": dead_letters,
    "drops": drops,
    "drop": drop,
    "recall": recall,
    "texts": texts,
    "webhook-secret": webhook_secret,
    "machine-secret": machine_secret,
    "address": address,
    "audit": audit,
}


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="arrest-alert",
        description="Try a feed, set offices up, enrol agencies, look at dead letters, prove the audit trail.",
    )
    subcommands = parser.add_subparsers(dest="command", required=True)
    runs = {name: command(subcommands) for name, command in COMMANDS.items()}
    args = parser.parse_args(words)
    try:
        if "stack" in args:
            written_down(args)
        return runs[args.command](args)
    except (OSError, BotoCoreError, ClientError) as fault:  # a missing file, no credentials, no region, no such stack
        print(f"arrest-alert {args.command}: {fault}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
