"""`repost`: indexes every active subscription under the terms of this release, and lists every office.

A subscription that is indexed already is left alone, so a second run does what the first left. The subscriptions
themselves, and who changed them last, stay as they are.
"""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from shared.aws.optimistic_lock import ConflictError
from shared.aws.secrets import load_pseudonyms
from shared.errors import TryLater
from shared.matching.rules import TooBroadError
from shared.offices.table import OfficesTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import SubscriptionsTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def run(args: Arguments) -> int:
    """1 when some subscriptions cannot be indexed; they are named."""
    outputs, dynamodb = outputs_of(args.stack), boto3.client("dynamodb")
    pseudonyms = load_pseudonyms(outputs["PseudonymSecretArn"])
    index = SubscriptionIndex(dynamodb, outputs["SubscriptionsTable"], pseudonyms)
    indexed, up_to_date, faults = 0, 0, list[str]()
    OfficesTable(dynamodb, outputs["OfficesTable"]).list_in_index()
    for office_id, subscription in _subscriptions(dynamodb, outputs):
        if isinstance(subscription, str):
            faults.append(f"{office_id}/{subscription} has a document that cannot be read")
        elif subscription.status is Status.ACTIVE:
            try:
                changed = _index(subscription, index)
            except (TooBroadError, TryLater) as error:
                faults.append(f"{office_id}/{subscription.subscription_id} {error}")
            else:
                indexed, up_to_date = indexed + changed, up_to_date + (not changed)
    print(f"{indexed} subscriptions were indexed again, {up_to_date} were up to date.")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _index(subscription: Subscription, index: SubscriptionIndex) -> bool:
    """False when it was posted already. Raises TooBroadError, and TryLater when the index is busy."""
    index.make_known(subscription)
    if index.is_indexed(subscription):
        return False
    try:
        index.replace(subscription, subscription)
    except ConflictError:  # whoever changed the subscription in this moment has indexed it
        return False
    return True


def _subscriptions(dynamodb: "DynamoDBClient", outputs: dict[str, str]) -> Iterator[tuple[str, Subscription | str]]:
    """(office_id, subscription), of every office. In place of a subscription that cannot be read: its id."""
    subscriptions = SubscriptionsTable(dynamodb, outputs["SubscriptionsTable"])
    for office_id in OfficesTable(dynamodb, outputs["OfficesTable"]).ids():
        for subscription in subscriptions.each_of(office_id):
            yield office_id, subscription


REPOST = Command(
    name="repost",
    summary="Indexes every subscription again, after a release that changed the index terms",
    details="The release's notes say when it is needed. It may be run again.",
    example="arrest-alert repost --stack arrest-alert-dev",
    run=run,
)
