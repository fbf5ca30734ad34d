"""`enrol-agency`: who sends feeds and how they are read, from one YAML file; run again, it changes what is there.
`enrol-user`: an office's first super-owner, who adds the others. An office with all that is its own: `set_up.py`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import boto3

from functions.cli.deployment import Run, Subcommands, add_stack_option, outputs
from shared.errors import Rejected
from shared.feeds.profiles.model import parse_profile
from shared.feeds.profiles.table import AgenciesTable
from shared.offices.table import OfficesTable
from shared.offices.users import Right, User
from shared.offices.users_table import UsersTable


def enrol_agency(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("enrol-agency", help="let an agency send feeds, or change its profile")
    add_stack_option(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="YAML")
    return _enrol_agency


def _enrol_agency(args: argparse.Namespace) -> int:
    text = args.file.read_text(encoding="utf-8")
    try:
        profile = parse_profile(text)
    except Rejected as fault:
        print(f"{args.file}: {fault.reason} {fault.fix}", file=sys.stderr)
        return 1
    found = outputs(args.stack)
    live = AgenciesTable(boto3.client("dynamodb"), found["AgenciesTable"]).enrol(profile.agency, text)
    print(
        f"{profile.agency}: enrolled, profile version {live.version}; "
        f"its drops go to s3://{found['FeedsBucket']}/{profile.agency}/in/"
    )
    return 0


def enrol_user(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("enrol-user", help="let somebody use the API for an office, or change their rights")
    add_stack_option(parser)
    parser.add_argument("--right", action="append", default=[], choices=list(Right), help="may be said several times")
    parser.add_argument("office", metavar="OFFICE", help="its office_id")
    parser.add_argument("email", metavar="EMAIL", help="that of the sign-in")
    return _enrol_user


def _enrol_user(args: argparse.Namespace) -> int:
    office, now = _table(args.stack).office(args.office), datetime.now(UTC)
    if office is None or not office.allows(args.email):
        print(f"{args.email} lies outside the domains of {args.office}, or there is no such office", file=sys.stderr)
        return 1
    users = UsersTable(boto3.client("dynamodb"), outputs(args.stack)["SubscriptionsTable"])
    user = User(
        office_id=args.office,
        email=args.email,
        rights=frozenset(args.right),
        added_by="set-up",
        added_at=now,
        recertified_at=now,
    )
    before = users.find(args.office, args.email)
    if before and before.machine:
        print(f"{args.email} is a machine; its scopes stand in the office's file (set-up)", file=sys.stderr)
        return 1
    if before:
        users.change(before, user.model_copy(update={"sub": before.sub, "revision": before.revision + 1}))
    else:
        users.add(user)
    print(f"{user.email}: enrolled at {office.name}; rights: {', '.join(sorted(user.rights)) or 'folders only'}")
    return 0


def _table(stack: str) -> OfficesTable:
    return OfficesTable(boto3.client("dynamodb"), outputs(stack)["OfficesTable"])
