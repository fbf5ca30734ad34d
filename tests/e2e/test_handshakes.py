"""Providers try the destinations that a deployment gives them; that is no work and no failure."""

import json

from tests.local.deployed import Deployed, eventually


def ignored(product: Deployed, function: str) -> set[str]:
    lines = [line for line in product.log_lines(function) if '"handshake ignored"' in line]
    return {json.loads(line)["handshake"] for line in lines}


def test_the_handshakes_of_a_deployment_are_ignored_and_wait_nowhere(product: Deployed) -> None:
    eventually(lambda: ignored(product, "ReceiveFeedFunction") == {"s3-notification"}, what="S3's test event")
    eventually(lambda: ignored(product, "NoteReceiptsFunction") == {"ses-event-destination"}, what="SES's message")
    product.settle()
    assert product.waiting("FeedsDeadLetter") + product.waiting("ProviderEventsDeadLetter") == 0
