import json

import boto3

from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.delivery.queue import delivery_enqueuer, delivery_key_in


def test_each_office_has_a_message_group_so_that_none_starves_another(aws):
    """Fairness itself is Amazon SQS's; what we owe it is the group."""
    sqs, sent = boto3.client("sqs"), []
    sqs.meta.events.register("provide-client-params.sqs.SendMessageBatch", lambda params, **_: sent.append(params))
    url = sqs.create_queue(QueueName="alerts")["QueueUrl"]
    keys = [DeliveryKey(f"{n:032x}", 1, "email", "kings" if n % 10 else "queens") for n in range(20)]
    delivery_enqueuer(sqs, url)(keys)
    entries = [entry for call in sent for entry in call["Entries"]]
    assert [entry["MessageGroupId"] for entry in entries] == [key.office_id for key in keys]
    assert [delivery_key_in(entry["MessageBody"]) for entry in entries] == keys


def test_a_message_of_an_older_deployment_is_still_read():
    body = json.dumps({"alert_id": "0" * 32, "revision": 1, "channel": "email"})
    assert delivery_key_in(body) == DeliveryKey("0" * 32, 1, "email")
