"""How we make a queue: encrypted, reached over TLS only, with a dead-letter queue."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

RETENTION = Duration.days(14)  # the longest that SQS offers
TRIES = 10  # what may succeed later is spread over half an hour (`shared/aws/consume_queue.py`)


def dead_letter(scope: Construct, id_: str, *, key: kms.IKey, removal: RemovalPolicy) -> sqs.Queue:
    return sqs.Queue(
        scope,
        id_,
        encryption=sqs.QueueEncryption.KMS,
        encryption_master_key=key,
        enforce_ssl=True,
        retention_period=RETENTION,
        removal_policy=removal,
    )


class WorkQueue(Construct):
    """`queue` and its `dead_letter`, to which a message goes after ten tries.

    The visibility timeout is six times the consumer's timeout, as AWS advises for Lambda, so that a slow batch is not
    handed out twice. A message that fails is given back by the function itself, much earlier.
    """

    def __init__(
        self, scope: Construct, id_: str, *, key: kms.IKey, removal: RemovalPolicy, consumer_timeout: Duration
    ) -> None:
        super().__init__(scope, id_)
        self.dead_letter = dead_letter(self, "DeadLetter", key=key, removal=removal)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            visibility_timeout=Duration.seconds(6 * consumer_timeout.to_seconds()),
            retention_period=RETENTION,
            removal_policy=removal,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letter, max_receive_count=TRIES),
        )
