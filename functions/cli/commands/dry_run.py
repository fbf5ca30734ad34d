"""`dry-run`: the receipt that a file would get, without AWS."""

import argparse
import json
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from functions.cli.command import Arguments, Command
from shared.errors import Rejected
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import ReceiptState
from shared.feeds.intake.dry_run import outcomes_if_new
from shared.feeds.intake.process_drop import parse_drop
from shared.feeds.intake.receipt import receipt_of, refused_receipt, rejects_file
from shared.feeds.layouts.files import read_named_files
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.record import Reject
from shared.pseudonyms import Pseudonyms

REJECTS_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", type=Path, required=True, metavar="PROFILE", help="the agency's profile, YAML")
    parser.add_argument("--rows", type=int, default=0, metavar="N", help="also print the first N arrests as understood")
    parser.add_argument("--rejects", type=Path, metavar="CSV", help="write every reject with its row to this file")
    parser.add_argument("--seals-by-feed", action="store_true", help="as if the agency had permitted its feed to seal")
    parser.add_argument(
        "files", type=Path, metavar="FILE", nargs="+", help="the feed file; or several that belong together"
    )


def run(args: Arguments) -> int:
    """0 when the drop would be taken in, 1 when it would be refused or every row of it rejected."""
    now, pseudonyms = datetime.now(UTC), Pseudonyms(b"dry run")
    name, size = args.files[0].name, sum(file.stat().st_size for file in args.files)
    drop = Drop(key=f"dry-run/in/{name}", size=size, dropped_at=now)
    try:
        profile = parse_profile(args.profile.read_text(encoding="utf-8"))
        drop = drop.model_copy(update={"key": f"{profile.agency}/in/{name}"})
        parsed_drop = _read(args.files, profile, drop, pseudonyms, may_seal=args.seals_by_feed)
    except Rejected as refusal:
        print(refused_receipt(drop, drop.id(pseudonyms), refusal, now).model_dump_json(indent=2))
        return 1
    receipt = receipt_of(drop, drop.id(pseudonyms), parsed_drop, outcomes_if_new(parsed_drop), profile, now)
    print(json.dumps(receipt.model_dump(mode="json") | _first_rejects(parsed_drop.rejects), indent=2))
    for parsed in parsed_drop.arrests[: args.rows]:
        print(parsed.arrest.model_dump_json(indent=2, exclude_defaults=True))
    if args.rejects:
        args.rejects.write_bytes(rejects_file(parsed_drop.rejects))
    return int(receipt.state is ReceiptState.REJECTED)


def _read(files: Sequence[Path], profile: Profile, drop: Drop, pseudonyms: Pseudonyms, *, may_seal: bool) -> ParsedDrop:
    """Raises Rejected when the files cannot be read, or are several and the profile has no layouts for them."""
    if len(files) == 1:
        with files[0].open("rb") as stream:
            return parse_drop(stream, profile, drop, pseudonyms, may_seal=may_seal)
    if not profile.layouts:
        raise Rejected("profile", "The profile has no `layouts`, so each file is a drop.", "Try one file at a time.")
    with ExitStack() as opened:
        streams = [(file.name, opened.enter_context(file.open("rb"))) for file in files]
        return read_named_files(streams, profile, pseudonyms, drop.day(profile.zone), may_seal=may_seal)


def _first_rejects(rejects: Sequence[Reject]) -> dict[str, Any]:
    """Without their rows, which hold personal data."""
    shown = [
        {name: getattr(reject, name) for name in ("line", "code", "reason", "fix")}
        for reject in rejects[:REJECTS_SHOWN]
    ]
    return {"first_rejects": shown} if shown else {}


DRY_RUN = Command(
    name="dry-run",
    summary="Prints the receipt that a feed file would get",
    details="Nothing is stored and AWS is not called.",
    example="arrest-alert dry-run --profile shared/feeds/profiles/roster.yaml tests/feeds/demo/roster.csv",
    add_arguments=add_arguments,
    run=run,
    uses_stack=False,
)
