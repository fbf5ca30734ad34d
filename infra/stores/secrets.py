"""The product's secrets: one for each purpose, so that one that leaks opens nothing else.

Each function reads those whose keys it needs. `arrest-alert rotate` gives all but the pseudonyms' a newer version.
"""

from dataclasses import dataclass

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

_SIGNS = {
    "links": "Signs the links in mails",
    "cursors": "Signs the cursors of lists",
    "webhooks": "Signs the messages to webhooks",
    "entries": "Signs the arrests and seals that people enter",
}


@dataclass(frozen=True, kw_only=True)
class Secrets:
    pseudonym: secretsmanager.Secret
    links: secretsmanager.Secret
    cursors: secretsmanager.Secret
    webhooks: secretsmanager.Secret
    entries: secretsmanager.Secret

    def outputs(self) -> dict[str, str]:
        """Name of the output -> the secret's ARN."""
        return {f"{name.capitalize()}SecretArn": getattr(self, name).secret_arn for name in self.__dataclass_fields__}


def product_secrets(scope: Construct, *, key: kms.IKey, removal: RemovalPolicy) -> Secrets:
    def secret(name: str, description: str) -> secretsmanager.Secret:
        return secretsmanager.Secret(
            scope,
            f"{name.capitalize()}Secret",
            encryption_key=key,
            removal_policy=removal,
            description=description,
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
        )

    hashes = "Key of the keyed hashes under which names, identifiers and arrest numbers are indexed; never rotated"
    signing = {name: secret(name, description) for name, description in _SIGNS.items()}
    return Secrets(pseudonym=secret("pseudonym", hashes), **signing)
