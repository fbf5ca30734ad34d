"""The deployment's secrets, from AWS Secrets Manager."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from shared.aws.signing_keys import KeyPurpose, SigningKeys
from shared.aws.time_limits import ANSWERS_WITHIN
from shared.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NEWEST, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"  # the labels of a secret's versions, which Secrets Manager moves itself
_READ_AGAIN_AFTER = timedelta(minutes=5)  # shorter than SETTLES
_GO_ON_WITHOUT = timedelta(hours=1)

logger = Logger()


def load_pseudonyms(secret_id: str) -> Pseudonyms:
    """Returns the deployment's keyed hashes. Reads the key once; call it at cold start."""
    secret = boto3.client("secretsmanager", config=ANSWERS_WITHIN).get_secret_value(SecretId=secret_id)
    return Pseudonyms(secret["SecretString"].encode())


def read_signing_keys(client: "SecretsManagerClient", secret_id: str, purpose: KeyPurpose) -> SigningKeys:
    """Reads the newest version of a secret and the one before it. `secret_id` is its name or ARN."""
    newest = client.get_secret_value(SecretId=secret_id, VersionStage=NEWEST)
    try:
        previous = client.get_secret_value(SecretId=secret_id, VersionStage=PREVIOUS)["SecretString"].encode()
    except client.exceptions.ResourceNotFoundException:  # it was never rotated, or what it had before is revoked
        previous = None
    return SigningKeys(purpose, newest["SecretString"].encode(), newest["CreatedDate"].astimezone(UTC), previous)


class RotatingKeys:
    """The keys of one secret in a worker: read when they are first needed, and again every five minutes.

    If Secrets Manager does not answer, a worker goes on with the keys that it has for an hour.
    """

    def __init__(
        self, secret_id: str, purpose: KeyPurpose, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._secret_id, self._purpose, self._clock = secret_id, purpose, clock
        self._client: SecretsManagerClient | None = None
        self._keys: SigningKeys | None = None
        self._read_at = self._asked_at = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> SigningKeys:
        now = self._clock()
        if self._keys is None or now >= self._asked_at + _READ_AGAIN_AFTER:
            self._keys = self._read(now)
            self._asked_at = now
        return self._keys

    def _read(self, now: datetime) -> SigningKeys:
        self._client = self._client or boto3.client("secretsmanager", config=ANSWERS_WITHIN)
        try:
            keys = read_signing_keys(self._client, self._secret_id, self._purpose)
        except (BotoCoreError, ClientError):
            if self._keys is None or now >= self._read_at + _GO_ON_WITHOUT:
                raise
            logger.warning("the keys could not be read again", extra={"purpose": self._purpose.noun})
            return self._keys
        self._read_at = now
        return keys


class OverlapError(Exception):
    """The version before the newest is still accepted, and a newer one would end it too early."""

    def __init__(self, keys: SigningKeys) -> None:
        super().__init__(
            f"what the version before the newest signed is accepted until {keys.previous_ends.isoformat()}"
        )


def rotate(
    client: "SecretsManagerClient", secret_id: str, purpose: KeyPurpose, now: datetime, *, revoke: bool
) -> SigningKeys:
    """Makes a newer version of a secret and returns the keys. With `revoke` nothing that was signed before is accepted
    any more; without, raises OverlapError as long as the version before the newest is."""
    keys = read_signing_keys(client, secret_id, purpose)
    if not revoke and len(keys.valid(now)) > 1:
        raise OverlapError(keys)
    client.put_secret_value(SecretId=secret_id, SecretString=token_urlsafe(48))
    if revoke:
        _end_previous(client, secret_id)
    return read_signing_keys(client, secret_id, purpose)


def _end_previous(client: "SecretsManagerClient", secret_id: str) -> None:
    """A version without a label can be read by its id alone, and Secrets Manager deletes it in time."""
    versions = client.describe_secret(SecretId=secret_id)["VersionIdsToStages"]
    for version_id, labels in versions.items():
        if PREVIOUS in labels:
            client.update_secret_version_stage(
                SecretId=secret_id, VersionStage=PREVIOUS, RemoveFromVersionId=version_id
            )
