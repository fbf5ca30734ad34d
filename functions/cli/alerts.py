"""`recall`: take back what was told of an arrest. `webhook-secret`: what an office checks our messages with. `address`:
why an address is written to no more, and letting it in again."""

import argparse
from contextlib import suppress
from datetime import UTC, datetime

import boto3

from functions.cli.deployment import Run, Subcommands, add_stack_option, outputs
from shared.alerts.delivery.messages.digests_table import DigestsTable
from shared.alerts.delivery.queue import delivery_enqueuer
from shared.alerts.table import AlertsTable
from shared.alerts.withdraw import WithdrawDeps
from shared.alerts.withdraw import withdraw_alerts as take_back
from shared.arrests.model import arrest_id
from shared.aws.secrets import load_secret_key
from shared.channels.webhook import secret_of
from shared.offices.table import OfficesTable
from shared.pseudonyms import Pseudonyms


def recall(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("recall", help="tell everyone who was told of an arrest that it is withdrawn")
    add_stack_option(parser)
    parser.add_argument("agency", help="who sent the arrest")
    parser.add_argument("number", help="the agency's number of it")
    return _recall


def _recall(args: argparse.Namespace) -> int:
    """1 when nobody was told of such an arrest. Run it again a minute later: what was told in the same second may be
    missing from the index."""
    found = outputs(args.stack)
    arrest = arrest_id(Pseudonyms(load_secret_key(found["PseudonymSecretArn"])), args.agency, args.number)
    alerts = AlertsTable(boto3.client("dynamodb"), found["AlertsTable"])
    queue = delivery_enqueuer(boto3.client("sqs"), found["AlertsQueue"])
    taken_back = take_back(arrest, WithdrawDeps(alerts, queue), datetime.now(UTC))
    print(f"{len(taken_back)} alerts withdrawn")
    return 0 if taken_back else 1


def webhook_secret(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("webhook-secret", help="the secret that one webhook of an office is signed with")
    add_stack_option(parser)
    parser.add_argument("office", help="its office_id")
    parser.add_argument("url", help="the webhook, as it stands in the office's file")
    return _webhook_secret


def _webhook_secret(args: argparse.Namespace) -> int:
    """It is printed and stored nowhere; whoever may read the stack's secret can have it again."""
    found = outputs(args.stack)
    office = OfficesTable(boto3.client("dynamodb"), found["OfficesTable"]).office(args.office)
    if office is None or args.url not in office.webhooks:
        known = ", ".join(office.webhooks) if office else "the office is not enrolled"
        print(f"{args.office} has no such webhook ({known or 'it has none'})")
        return 1
    print(secret_of(load_secret_key(found["PseudonymSecretArn"]), args.office, args.url))
    return 0


def address(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("address", help="why an address is written to no more; --let-in ends that")
    add_stack_option(parser)
    parser.add_argument("channel", choices=("email", "sms"))
    parser.add_argument("address")
    parser.add_argument("--let-in", action="store_true", help="write to it again, once it works or its owner agrees")
    return _address


def _address(args: argparse.Namespace) -> int:
    """SES keeps a list of its own for the account, and refuses whatever is on it."""
    digests = DigestsTable(boto3.client("dynamodb"), outputs(args.stack)["AlertsTable"])
    why = digests.barred(args.channel, args.address)
    if args.let_in:
        digests.unsuppress(args.channel, args.address)
        if args.channel == "email":
            ses = boto3.client("sesv2")
            with suppress(ses.exceptions.NotFoundException):
                ses.delete_suppressed_destination(EmailAddress=args.address)
    print(f"{why or 'it is written to'}{'; it is written to again' if why and args.let_in else ''}")
    return 0
