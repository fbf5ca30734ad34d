"""What others have confirmed: the sender's identity, verified by SES, and the topic that offices' systems subscribe to.

Made anew, both would be there and reach nobody until everybody had confirmed again.
"""

from aws_cdk import aws_kms as kms
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from constructs import Construct


class Contacts(Construct):
    """`sender_identity` is an address or a whole domain."""

    def __init__(self, scope: Construct, id_: str, *, key: kms.IKey, sender_identity: str) -> None:
        super().__init__(scope, id_)
        self.topic = sns.Topic(self, "AlertsTopic", display_name="Arrest Alert", master_key=key, enforce_ssl=True)
        self.identity = ses.EmailIdentity(self, "Sender", identity=_identity(sender_identity))


def _identity(name: str) -> ses.Identity:
    return ses.Identity.email(name) if "@" in name else ses.Identity.domain(name)
