"""`texts`: have SNS report what becomes of text messages. That is a setting of the whole account, and so are the log
groups it reports to: they belong to no stack, or taking one away would make the others deaf."""

import argparse
from contextlib import suppress

import boto3

from functions.cli.deployment import Run, Subcommands, add_stack_option, outputs

KEPT = 30  # days
_GROUPS = ("DirectPublishToPhoneNumber", "DirectPublishToPhoneNumber/Failure")


def texts(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("texts", help="have SNS report to this stack what becomes of text messages")
    add_stack_option(parser)
    parser.add_argument("--spend-limit", type=int, metavar="DOLLARS", help="that the account may spend in a month")
    return _texts


def _texts(args: argparse.Namespace) -> int:
    """May run again. Two stacks of one account can be told of the same texts: each knows its own."""
    found, logs = outputs(args.stack), boto3.client("logs")
    function = boto3.client("lambda").get_function_configuration(FunctionName=found["NoteReceiptsFunction"])
    _, _, _, region, account, *_ = function["FunctionArn"].split(":")
    for name in _GROUPS:
        group = f"sns/{region}/{account}/{name}"
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName=group, kmsKeyId=found["KeyArn"])
        logs.put_retention_policy(logGroupName=group, retentionInDays=KEPT)
        logs.put_subscription_filter(
            logGroupName=group, filterName=args.stack, filterPattern="", destinationArn=function["FunctionArn"]
        )
    limit = {"MonthlySpendLimit": str(args.spend_limit)} if args.spend_limit else {}
    attributes = {"DeliveryStatusIAMRole": found["TextReportsRole"], "DeliveryStatusSuccessSamplingRate": "100"}
    boto3.client("sns").set_sms_attributes(attributes=attributes | limit)
    print(f"SNS reports every text of account {account} in {region} to {found['NoteReceiptsFunction']}")
    return 0
