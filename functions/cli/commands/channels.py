"""`texts`: has SNS report what becomes of text messages. `address`: the suppression list of mails and texts."""

import argparse
from contextlib import suppress

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import LIVE, outputs_of
from shared.alerts.delivery.suppression.table import SuppressionList
from shared.channels import CHANNELS
from shared.channels.channel import ProviderEvents

LOG_RETENTION_DAYS = 30
# The names that SNS gives to the log groups of texts: those taken by the carrier, and those that failed.
TEXT_LOG_GROUPS = ("DirectPublishToPhoneNumber", "DirectPublishToPhoneNumber/Failure")
# An address is suppressed after an event of its provider, so only where the provider reports events.
SUPPRESSED_CHANNELS = [name for name, channel in CHANNELS.items() if channel.EVENTS is not ProviderEvents.NONE]


def add_texts_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--spend-limit", type=int, metavar="DOLLARS", help="also set what the account may spend on texts in a month"
    )


def run_texts(args: Arguments) -> int:
    """May run again. Two stacks of one account may both be told of the same texts: each knows its own."""
    outputs = outputs_of(args.stack)
    name = outputs["NoteReceiptsFunction"]
    function_arn = boto3.client("lambda").get_function_configuration(FunctionName=name)["FunctionArn"]
    _, _, _, region, account, *_ = function_arn.split(":")
    live_arn = f"{function_arn}:{LIVE}"
    for log_group in TEXT_LOG_GROUPS:
        _forward_log(f"sns/{region}/{account}/{log_group}", args.stack, live_arn, outputs["KeyArn"])
    limit = {"MonthlySpendLimit": str(args.spend_limit)} if args.spend_limit else {}
    attributes = {"DeliveryStatusIAMRole": outputs["TextReportsRole"], "DeliveryStatusSuccessSamplingRate": "100"}
    boto3.client("sns").set_sms_attributes(attributes=attributes | limit)
    print(f"SNS reports every text of account {account} in {region} to {name}")
    return 0


def _forward_log(group: str, stack: str, function_arn: str, key_arn: str) -> None:
    logs = boto3.client("logs")
    with suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=group, kmsKeyId=key_arn)
    logs.put_retention_policy(logGroupName=group, retentionInDays=LOG_RETENTION_DAYS)
    logs.put_subscription_filter(logGroupName=group, filterName=stack, filterPattern="", destinationArn=function_arn)


def add_address_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--let-in", action="store_true", help="take it off the list, once it works again or its owner agrees"
    )
    parser.add_argument("channel", choices=SUPPRESSED_CHANNELS)
    parser.add_argument("address", metavar="ADDRESS", help="a mail address, or a number such as +12125550100")


def run_address(args: Arguments) -> int:
    suppression_list = SuppressionList(boto3.client("dynamodb"), outputs_of(args.stack)["AlertsTable"])
    reason = suppression_list.reason(args.channel, args.address)
    if args.let_in:
        suppression_list.remove(args.channel, args.address)
        CHANNELS[args.channel].unsuppress_at_provider(args.address)
    if reason is None:
        print("nothing holds it back: it is written to")
    else:
        print(f"{reason}; it is written to again" if args.let_in else reason)
    return 0


TEXTS = Command(
    name="texts",
    summary="Has SNS report to this stack what becomes of each text message",
    details="This is a setting of the whole account, and so are the log groups that SNS reports to. They belong to no "
    "stack, because removing one stack would end the reports for the others.",
    example="arrest-alert texts --stack arrest-alert-dev --spend-limit 50",
    add_arguments=add_texts_arguments,
    run=run_texts,
)
ADDRESS = Command(
    name="address",
    summary="Shows why nothing is sent to an address any more, or lets it in again",
    example="arrest-alert address --stack arrest-alert-dev --let-in email ada.advocate@da.example.gov",
    add_arguments=add_address_arguments,
    run=run_address,
)
