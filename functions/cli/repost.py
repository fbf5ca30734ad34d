"""`repost`: every watch under the keys that this release looks up. What lies there already is left alone, so running it
again does what is left; a watch itself, and who changed it last, stay as they are."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

import boto3

from functions.cli.deployment import Run, Subcommands, add_stack_option, outputs
from shared.aws.optimistic_lock import ConflictError
from shared.aws.secrets import load_secret_key
from shared.errors import TryLater
from shared.matching.rules import TooBroadError
from shared.offices.table import OfficesTable
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import SubscriptionsTable


def repost(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("repost", help="post every watch anew, after a release that changed their keys")
    add_stack_option(parser)
    return _repost


def _repost(args: argparse.Namespace) -> int:
    """0: all lie where they are looked for; 1: some cannot, and are named."""
    found, client = outputs(args.stack), boto3.client("dynamodb")
    pseudonyms = Pseudonyms(load_secret_key(found["PseudonymSecretArn"]))
    watch_list = SubscriptionIndex(client, found["SubscriptionsTable"], pseudonyms)
    anew, as_they_were, refused = 0, 0, list[str]()
    for office_id, one in _each(client, found):
        if isinstance(one, str):
            refused.append(f"{office_id}/{one} has a document that cannot be read")
            continue
        if one.status is not Status.ACTIVE:
            continue
        try:
            if watch_list.is_indexed(one):
                as_they_were += 1
                continue
            watch_list.replace(one, one)
        except ConflictError:  # whoever wrote it in this moment posted it
            as_they_were += 1
        except (TooBroadError, TryLater) as why:
            refused.append(f"{office_id}/{one.subscription_id} {why}")
        else:
            anew += 1
    print(f"{anew} watches were posted anew, {as_they_were} lay well.")
    print("".join(f"{line}\n" for line in refused), end="", file=sys.stderr)
    return int(bool(refused))


def _each(client: Any, found: dict[str, str]) -> Iterator[tuple[str, Subscription | str]]:
    subscriptions = SubscriptionsTable(client, found["SubscriptionsTable"])
    for office_id in OfficesTable(client, found["OfficesTable"]).ids():
        for one in subscriptions.each_of(office_id):
            yield office_id, one
