"""`machine-secret`: what a machine of an office gets its tokens with. It is shown once and kept nowhere else; the same
command issues the next."""

import argparse
import sys

import boto3

from functions.cli.deployment import Run, Subcommands, add_stack_option, machines, outputs


def machine_secret(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("machine-secret", help="a new secret for a machine; the one before it goes on")
    add_stack_option(parser)
    parser.add_argument("--only", action="store_true", help="end all older ones at once, as when one got out")
    parser.add_argument("machine", metavar="MACHINE", help="its name in infra/environments.py")
    return _machine_secret


def _machine_secret(args: argparse.Namespace) -> int:
    """Two are valid at a time, so that the machine's people can change over without an interruption."""
    found = outputs(args.stack)
    known = machines(found)
    if args.machine not in known:
        print(f"there is no machine {args.machine} (there is {', '.join(known) or 'none'})", file=sys.stderr)
        return 1
    cognito, client = boto3.client("cognito-idp"), known[args.machine]
    of = {"UserPoolId": found["UserPoolId"], "ClientId": client}
    older = cognito.list_user_pool_client_secrets(**of)["ClientSecrets"]
    older = sorted(older, key=lambda one: one["ClientSecretCreateDate"])
    for one in older[:-1]:
        cognito.delete_user_pool_client_secret(**of, ClientSecretId=one["ClientSecretId"])
    made = cognito.add_user_pool_client_secret(**of)["ClientSecretDescriptor"]
    for one in older[-1:] if args.only else []:
        cognito.delete_user_pool_client_secret(**of, ClientSecretId=one["ClientSecretId"])
    print(f"token_url: {found['TokenUrl']}\nclient_id: {client}\nclient_secret: {made['ClientSecretValue']}")
    return 0
