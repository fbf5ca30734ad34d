"""What providers send on their own once they are told of a destination: the emulator sends nothing.

On AWS these come with a deployment, and again whenever the destination changes. CloudWatch Logs has no destination in
our template; `arrest-alert texts` makes one.
"""

from typing import TYPE_CHECKING

from shared.aws.handshakes import HANDSHAKES

if TYPE_CHECKING:
    from tests.local.cloud import LocalCloud


def send_handshakes(cloud: "LocalCloud") -> int:
    """Tries each destination that is configured, as its provider does. Returns how many there are."""
    return _from_s3(cloud) + _from_ses(cloud)


def _from_s3(cloud: "LocalCloud") -> int:
    s3, sqs, number = cloud.client("s3"), cloud.client("sqs"), 0
    for bucket in s3.list_buckets()["Buckets"]:
        configuration = s3.get_bucket_notification_configuration(Bucket=bucket["Name"])
        for queue in configuration.get("QueueConfigurations", []):
            url = sqs.get_queue_url(QueueName=queue["QueueArn"].rpartition(":")[2])["QueueUrl"]
            sqs.send_message(QueueUrl=url, MessageBody=HANDSHAKES["s3-notification"].published)
            number += 1
    return number


def _from_ses(cloud: "LocalCloud") -> int:
    ses, sns, number = cloud.client("sesv2"), cloud.client("sns"), 0
    for name in ses.list_configuration_sets()["ConfigurationSets"]:
        answer = ses.get_configuration_set_event_destinations(ConfigurationSetName=name)
        for destination in answer["EventDestinations"]:
            topic = destination["SnsDestination"]["TopicArn"]
            sns.publish(TopicArn=topic, Message=HANDSHAKES["ses-event-destination"].published)
            number += 1
    return number
