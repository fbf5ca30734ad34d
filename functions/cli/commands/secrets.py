"""`machine-secret`: what a machine gets its tokens with. `webhook-secret`: what an office checks our messages with.
`rotate`: a newer key of what we sign."""

import argparse
import sys
from datetime import UTC, datetime

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import machine_clients, outputs_of
from shared.aws.secrets import OverlapError, read_signing_keys, rotate
from shared.aws.signing_keys import SETTLES, KeyPurpose, SigningKeys
from shared.channels.webhook import keys_of, secret_text
from shared.offices.table import OfficesTable

WEBHOOKS = KeyPurpose.WEBHOOKS


def add_machine_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", action="store_true", help="end all older secrets at once, as when one got out")
    parser.add_argument("machine", metavar="MACHINE", help="its name in infra/environments.py")


def run_machine_secret(args: Arguments) -> int:
    """Cognito allows two secrets at a time, so that the machine's people can change over without an interruption."""
    outputs = outputs_of(args.stack)
    clients = machine_clients(outputs)
    if args.machine not in clients:
        machines = ", ".join(clients) or "none"
        print(
            f"there is no machine {args.machine} (there is {machines}); add it to `machines` in infra/environments.py "
            "and deploy",
            file=sys.stderr,
        )
        return 1
    client_id = clients[args.machine]
    secret = _issue_secret(outputs["UserPoolId"], client_id, end_older=args.only)
    print(f"token_url: {outputs['TokenUrl']}\nclient_id: {client_id}\nclient_secret: {secret}")
    return 0


def _issue_secret(user_pool_id: str, client_id: str, *, end_older: bool) -> str:
    """The newest of the older secrets goes on, unless `end_older`."""
    cognito, client = boto3.client("cognito-idp"), {"UserPoolId": user_pool_id, "ClientId": client_id}
    older = cognito.list_user_pool_client_secrets(**client)["ClientSecrets"]
    older = sorted(older, key=lambda secret: secret["ClientSecretCreateDate"])
    for secret in older[:-1]:
        cognito.delete_user_pool_client_secret(**client, ClientSecretId=secret["ClientSecretId"])
    issued = cognito.add_user_pool_client_secret(**client)["ClientSecretDescriptor"]
    for secret in older[-1:] if end_older else []:
        cognito.delete_user_pool_client_secret(**client, ClientSecretId=secret["ClientSecretId"])
    return issued["ClientSecretValue"]


def add_webhook_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("office", metavar="OFFICE", help="the office_id")
    parser.add_argument("url", metavar="URL", help="the webhook, as the office's file has it")


def run_webhook_secret(args: Arguments) -> int:
    """1 when the office has no such webhook."""
    outputs = outputs_of(args.stack)
    office = OfficesTable(boto3.client("dynamodb"), outputs["OfficesTable"]).office(args.office)
    if office is None:
        print(f"there is no office {args.office}; `arrest-alert set-up` makes it", file=sys.stderr)
        return 1
    if args.url not in office.webhooks:
        webhooks = ", ".join(office.webhooks) or "none"
        print(f"{args.office} has no such webhook (it has {webhooks}): `webhooks` of its file", file=sys.stderr)
        return 1
    keys = read_signing_keys(boto3.client("secretsmanager"), _secret_arn(outputs, WEBHOOKS), WEBHOOKS)
    print(secret_text(keys_of(keys, args.office, args.url).newest))
    return 0


def add_rotate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--revoke", action="store_true", help="a key got out: accept nothing from now on that was signed before"
    )
    parser.add_argument("purpose", choices=[purpose.noun for purpose in KeyPurpose], help="what the key signs")


def run_rotate(args: Arguments) -> int:
    """1 when the version before the newest must be accepted for a while yet."""
    outputs, now = outputs_of(args.stack), datetime.now(UTC)
    purpose = next(purpose for purpose in KeyPurpose if purpose.noun == args.purpose)
    try:
        keys = rotate(boto3.client("secretsmanager"), _secret_arn(outputs, purpose), purpose, now, revoke=args.revoke)
    except OverlapError as error:
        print(f"{args.purpose}: {error}; rotate then, or now with --revoke if a key got out", file=sys.stderr)
        return 1
    print(f"{args.purpose}: {_effect_of(keys)}")
    if purpose is WEBHOOKS:
        _list_receivers(OfficesTable(boto3.client("dynamodb"), outputs["OfficesTable"]))
    return 0


def _shown(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _effect_of(keys: SigningKeys) -> str:
    if keys.previous is None:
        return (
            f"nothing that was signed before is accepted any more; every worker knows by {_shown(keys.since + SETTLES)}"
        )
    return (
        f"every worker knows the new key by {_shown(keys.since + SETTLES)}; "
        f"what the one before signed is accepted until {_shown(keys.previous_ends)}"
    )


def _list_receivers(offices: OfficesTable) -> None:
    for office in sorted(offices.each_office(), key=lambda office: office.office_id):
        for address in office.webhooks:
            print(f"  hand its new secret over: arrest-alert webhook-secret ... {office.office_id} {address}")


def _secret_arn(outputs: dict[str, str], purpose: KeyPurpose) -> str:
    return outputs[f"{purpose.noun.capitalize()}SecretArn"]


MACHINE_SECRET = Command(
    name="machine-secret",
    summary="Issues a new secret for a machine; the one before it goes on",
    details="The secret is shown once and stored nowhere else. Issuing the next one ends the one before the last.",
    example="arrest-alert machine-secret --stack arrest-alert-dev case-system",
    add_arguments=add_machine_arguments,
    run=run_machine_secret,
)
WEBHOOK_SECRET = Command(
    name="webhook-secret",
    summary="Prints the secret that the messages to an office's webhook are signed with",
    details="It is derived from the stack's secret and stored nowhere. Check with it as Standard Webhooks says.",
    example="arrest-alert webhook-secret --stack arrest-alert-dev kings https://cases.da.example.gov/alerts",
    add_arguments=add_webhook_arguments,
    run=run_webhook_secret,
)
ROTATE = Command(
    name="rotate",
    summary="Makes a newer key for what we sign: links, cursors, webhooks or entries",
    details="What the key before signed is still accepted: links for 60 days, cursors for 15 minutes, entries for 14 "
    "days. Messages to webhooks are signed with both keys for 7 days. The key of pseudonyms names what is stored and "
    "cannot be rotated.",
    example="arrest-alert rotate --stack arrest-alert-dev links",
    add_arguments=add_rotate_arguments,
    run=run_rotate,
)
