"""The messages by which a provider tries a destination. They carry no work, so whoever receives one ignores it.

This is the one table of them. `published` is the provider's own text; where the document shows none of a kind, the
text is made of the fields that it lists.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple


class Handshake(NamedTuple):
    """`fields` are what the JSON message holds at its top, which nothing else sent there does. Without any the message
    is the published text itself."""

    published: str
    source: str
    fields: Mapping[str, str] = {}

    def is_in(self, text: str, document: Any) -> bool:
        """`document` is the JSON that the text says, None if it says none."""
        if not self.fields:
            return text.strip() == self.published
        return isinstance(document, dict) and all(document.get(name) == value for name, value in self.fields.items())


HANDSHAKES: Mapping[str, Handshake] = {
    "ses-event-destination": Handshake(
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "Amazon SES Developer Guide, Set up an Amazon SNS event destination for event publishing",
    ),
    "ses-identity-notification": Handshake(
        '{"notificationType":"AmazonSnsSubscriptionSucceeded","message":"You have successfully subscribed your Amazon '
        "SNS topic 'arn:aws:sns:us-east-1:123456789012:mail' to receive 'Bounce' notifications from Amazon SES for "
        "identity 'example.com'.\"}",
        "Amazon SES Developer Guide, Amazon SNS notification contents for Amazon SES",
        {"notificationType": "AmazonSnsSubscriptionSucceeded"},
    ),
    "sns-subscribe": Handshake(
        '{"Type":"SubscriptionConfirmation","MessageId":"165545c9-2a5c-472c-8df2-7ff2be2b3b1b","Token":"2336412f37",'
        '"TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic","Message":"You have chosen to subscribe to the topic '
        "arn:aws:sns:us-west-2:123456789012:MyTopic.\\nTo confirm the subscription, visit the SubscribeURL included in "
        'this message."}',
        "Amazon SNS Developer Guide, HTTP/HTTPS subscription confirmation JSON format",
        {"Type": "SubscriptionConfirmation"},
    ),
    "sns-unsubscribe": Handshake(
        '{"Type":"UnsubscribeConfirmation","MessageId":"47138184-6831-46b8-8f7c-afc488602d7d","Token":"2336412f37",'
        '"TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic","Message":"You have chosen to deactivate subscription '
        'arn:aws:sns:us-west-2:123456789012:MyTopic:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55."}',
        "Amazon SNS Developer Guide, HTTP/HTTPS unsubscribe confirmation JSON format",
        {"Type": "UnsubscribeConfirmation"},
    ),
    "s3-notification": Handshake(
        '{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2014-10-13T15:57:02.089Z","Bucket":"bucketname",'
        '"RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE"}',
        "Amazon S3 User Guide, Granting permissions to publish event notification messages to a destination",
        {"Service": "Amazon S3", "Event": "s3:TestEvent"},
    ),
    "logs-subscription": Handshake(
        '{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"",'
        '"subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1510109208016,"message":"CWL CONTROL MESSAGE: '
        'Checking health of destination Firehose."}]}',
        "Amazon CloudWatch Logs User Guide, Log group-level subscription filters",
        {"messageType": "CONTROL_MESSAGE"},
    ),
}


def handshake_in(text: str) -> str | None:
    """Returns the name of the handshake that this message is, None for every other message. It raises nothing."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    return next((name for name, handshake in HANDSHAKES.items() if handshake.is_in(text, document)), None)
