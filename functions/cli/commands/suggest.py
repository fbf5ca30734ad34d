"""`suggest`: a profile from one sample file, what it reads of the sample, and what a person must answer."""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from functions.cli.command import Arguments, Command
from shared.errors import Rejected
from shared.feeds.drops.receipt import ReceiptState
from shared.feeds.intake.dry_run import dry_run
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.record import FIELD_NAMES
from shared.feeds.suggest.suggest_profile import suggest_profile
from shared.feeds.suggest.suggestion import Known, Suggestion
from shared.pseudonyms import Pseudonyms

ARRESTS_SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agency", default="", help="the agency's folder in the bucket")
    parser.add_argument("--title", default="", help="the agency's name for people")
    parser.add_argument("--time-zone", default="", metavar="ZONE", help="such as America/New_York; no file says it")
    parser.add_argument("--sid-issuer", default="", metavar="STATE", help="the state that issues the state IDs")
    parser.add_argument("--ori", default="", help="the agency's ORI")
    parser.add_argument("--event", default="", choices=["arrest", "booking"], help="what every record reports")
    order = parser.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first", action="store_const", const=True, default=None, help="03/04 is the third of April"
    )
    order.add_argument("--month-first", action="store_const", const=False, dest="day_first", help="03/04 is March 4")
    parser.add_argument("--surname-first", action="store_const", const=True, default=None, help="names have no comma")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        type=_column,
        metavar="NAME=FIELD",
        help="what a column is, in our field names; nothing behind `=` means that it is not read",
    )
    parser.add_argument("--out", type=Path, metavar="PROFILE", help="write the profile to this file")
    parser.add_argument("file", type=Path, metavar="FILE", help="a sample of what the agency sends")


def run(args: Arguments) -> int:
    """The profile goes to stdout or `--out`, all else to stderr.

    0 when the profile reads the sample; 1 when none can be made of the file or the options, or it takes no record.
    """
    content = args.file.read_bytes()
    try:
        suggestion = suggest_profile(content, args.file.name, known_of(args))
        profile = parse_profile(suggestion.profile)
    except Rejected as refusal:
        print(f"{refusal.reason} {refusal.fix}", file=sys.stderr)
        return 1
    if args.out:
        args.out.write_text(suggestion.profile, encoding="utf-8")
    else:
        print(suggestion.profile, end="")
    state = _print_dry_run(profile, content, args.file.name)
    _print_questions(suggestion)
    return int(state.is_unread)


def known_of(args: Arguments) -> Known:
    return Known(
        agency=args.agency,
        title=args.title,
        time_zone=args.time_zone,
        sid_issuer=args.sid_issuer,
        ori=args.ori,
        event=args.event,
        day_first=args.day_first,
        surname_first=args.surname_first,
        fields=dict(args.column),
    )


def _column(text: str) -> tuple[str, str]:
    name, sign, field = text.rpartition("=")
    if not sign or (field and field not in FIELD_NAMES):
        raise argparse.ArgumentTypeError(f"write it like 'Bkg#=number', with one of: {', '.join(FIELD_NAMES)}")
    return name, field


def _print_dry_run(profile: Profile, content: bytes, file_name: str) -> ReceiptState:
    now = datetime.now(UTC)
    receipt, parsed = dry_run(content, file_name, profile, Pseudonyms(b"dry run"), now, may_seal=False)
    shown: Mapping[str, Any] = receipt.model_dump(mode="json", exclude_defaults=True)
    print(f"\nThe receipt of a dry run:\n{json.dumps(shown, indent=2)}", file=sys.stderr)
    print(f"\nThe first {ARRESTS_SHOWN} arrests:", file=sys.stderr)
    for arrest in parsed.arrests[:ARRESTS_SHOWN]:
        print(arrest.arrest.model_dump_json(indent=2, exclude_defaults=True), file=sys.stderr)
    return receipt.state


def _print_questions(suggestion: Suggestion) -> None:
    print("\nBefore the profile is used, answer these; `# ASK` in the profile shows where:", file=sys.stderr)
    for number, question in enumerate(suggestion.questions, 1):
        assumed = f" (the profile says: {question.assumed})" if question.assumed else ""
        print(f"{number}. {question.about}: {question.text}{assumed}", file=sys.stderr)


SUGGEST = Command(
    name="suggest",
    summary="Suggests a profile from one sample of an agency's file, and asks what the file does not say",
    details="Nothing is stored and AWS is not called.",
    example="arrest-alert suggest --time-zone America/New_York --out millbrook.yaml millbrook.csv",
    add_arguments=add_arguments,
    run=run,
    uses_stack=False,
)
