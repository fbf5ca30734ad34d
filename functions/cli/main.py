"""`arrest-alert`: reads the command line, records the command if it works on a stack, and runs it."""

import argparse
import sys

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from functions.cli.audit_record import record_command
from functions.cli.command import Command
from functions.cli.commands.account import ACCOUNT
from functions.cli.commands.audit import AUDIT
from functions.cli.commands.channels import ADDRESS, TEXTS
from functions.cli.commands.dead_letters import DEAD_LETTERS
from functions.cli.commands.documents import DOCUMENT
from functions.cli.commands.drops import DROP, DROPS
from functions.cli.commands.dry_run import DRY_RUN
from functions.cli.commands.enrol import CONFIRM_PROFILE, ENROL_AGENCY, ENROL_USER
from functions.cli.commands.exports import EXPORT
from functions.cli.commands.holds import HOLDS
from functions.cli.commands.match import MATCH
from functions.cli.commands.recall import RECALL
from functions.cli.commands.reference_data import LOAD_BOUNDARIES, LOAD_STATUTES, WEIGHTS
from functions.cli.commands.releases import RELEASES, ROLL_BACK
from functions.cli.commands.replay import REPLAY
from functions.cli.commands.repost import REPOST
from functions.cli.commands.restore import RESTORE
from functions.cli.commands.secrets import MACHINE_SECRET, ROTATE, WEBHOOK_SECRET
from functions.cli.commands.set_apart import SET_APART
from functions.cli.commands.set_up import SET_UP
from functions.cli.commands.sign_in import SIGN_IN
from functions.cli.commands.suggest import SUGGEST
from functions.cli.deployment import NoSuchAgencyError
from shared.errors import TryLater

COMMANDS: tuple[Command, ...] = (
    SUGGEST,
    DRY_RUN,
    MATCH,
    SIGN_IN,
    SET_UP,
    ENROL_AGENCY,
    CONFIRM_PROFILE,
    ENROL_USER,
    ACCOUNT,
    LOAD_STATUTES,
    LOAD_BOUNDARIES,
    WEIGHTS,
    RELEASES,
    ROLL_BACK,
    REPOST,
    SET_APART,
    DEAD_LETTERS,
    DROPS,
    DROP,
    REPLAY,
    RECALL,
    HOLDS,
    EXPORT,
    RESTORE,
    TEXTS,
    WEBHOOK_SECRET,
    MACHINE_SECRET,
    ROTATE,
    ADDRESS,
    AUDIT,
    DOCUMENT,
)


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="arrest-alert",
        description="Tries a feed file, signs you in for a script, and sets up and operates a deployed stack. "
        "`arrest-alert COMMAND --help` shows a command's arguments and an example.",
    )
    subcommands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        subparser = subcommands.add_parser(
            command.name,
            help=command.summary,
            description=f"{command.summary}. {command.details}".strip(),
            epilog=f"example: {command.example}",
        )
        if command.uses_stack:
            subparser.add_argument("--stack", required=True, help="the deployed stack, such as arrest-alert-dev")
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return root


def main(words: list[str] | None = None) -> int:
    args = parser().parse_args(words)
    try:
        if "stack" in args:
            record_command(args)
        status: int = args.run(args)
    except NoSuchAgencyError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except (OSError, BotoCoreError, ClientError, TryLater) as error:
        print(f"arrest-alert {args.command}: {error}{_fix_of(error)}", file=sys.stderr)
        return 2
    return status


def _fix_of(error: Exception) -> str:
    """What the operator can do about it; empty where the error says it."""
    if isinstance(error, NoCredentialsError):
        return ". Sign in to AWS: `aws sts get-caller-identity` must answer."
    if isinstance(error, NoRegionError):
        return " Say it: `export AWS_DEFAULT_REGION=us-east-1`."
    if isinstance(error, ClientError) and error.operation_name == "DescribeStacks":
        return ". `aws sts get-caller-identity` shows the account; a stack is called like arrest-alert-dev."
    if isinstance(error, BrokenPipeError):
        return ". Whoever read its output stopped, and so did it: read all of it, as with `> FILE`."
    if isinstance(error, FileNotFoundError):
        return ". Paths are relative to the folder that you are in."
    return ""


if __name__ == "__main__":
    sys.exit(main())
