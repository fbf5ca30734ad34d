"""The one way we make a queue: encrypted, TLS only, with a dead letter, and patient enough for its consumer."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

KEPT = Duration.days(14)
TRIES = 5


def dead_letter(scope: Construct, id_: str, *, key: kms.IKey, removal: RemovalPolicy) -> sqs.Queue:
    return sqs.Queue(
        scope,
        id_,
        encryption=sqs.QueueEncryption.KMS,
        encryption_master_key=key,
        enforce_ssl=True,
        retention_period=KEPT,
        removal_policy=removal,
    )


class WorkQueue(Construct):
    """Visibility is six times the consumer's time-out (AWS's advice for Lambda): no slow batch is handed out twice."""

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
            retention_period=KEPT,
            removal_policy=removal,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letter, max_receive_count=TRIES),
        )
