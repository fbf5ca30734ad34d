"""A worker knows a rotated key in time, goes on through an outage of Secrets Manager, and no longer than an hour."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError

from shared.aws.secrets import OverlapError, RotatingKeys, read_signing_keys, rotate
from shared.aws.signing_keys import SETTLES, KeyPurpose
from tests.conftest import Tables

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def vault(tables: Tables) -> "SecretsManagerClient":
    client = boto3.client("secretsmanager")
    client.create_secret(Name="links", SecretString="the first key")
    return client


def test_a_worker_knows_a_newer_key_before_that_one_signs(vault: "SecretsManagerClient") -> None:
    clock = Clock()
    known = RotatingKeys("links", KeyPurpose.LINKS, clock)
    assert known().signing(clock.now) == b"the first key"
    rotated = rotate(vault, "links", KeyPurpose.LINKS, clock.now, revoke=False)
    assert rotated.previous == b"the first key" != rotated.newest
    assert rotated.signing(clock.now) == b"the first key"
    clock.now += SETTLES / 2
    assert known() == rotated
    assert known().signing(clock.now + SETTLES) == rotated.newest
    assert known().valid(clock.now) == (rotated.newest, b"the first key")


def test_a_key_is_not_rotated_while_the_one_before_is_accepted_unless_it_got_out(vault: "SecretsManagerClient") -> None:
    first = rotate(vault, "links", KeyPurpose.LINKS, datetime.now(UTC), revoke=False)
    for now in (first.since, first.previous_ends - timedelta(seconds=1)):
        with pytest.raises(OverlapError, match="is accepted until 20"):
            rotate(vault, "links", KeyPurpose.LINKS, now, revoke=False)
    assert read_signing_keys(vault, "links", KeyPurpose.LINKS) == first
    assert rotate(vault, "links", KeyPurpose.LINKS, first.previous_ends, revoke=False).previous == first.newest


def test_whoever_has_a_revoked_key_has_nothing(vault: "SecretsManagerClient") -> None:
    leaked = rotate(vault, "links", KeyPurpose.LINKS, datetime.now(UTC), revoke=False)
    revoked = rotate(vault, "links", KeyPurpose.LINKS, datetime.now(UTC), revoke=True)
    assert not {leaked.newest, leaked.previous} & set(revoked.valid(revoked.since))
    assert revoked.signing(revoked.since) == revoked.newest, "there is no other one to sign with"


def test_an_outage_of_the_secrets_is_survived_for_an_hour(vault: "SecretsManagerClient") -> None:
    clock = Clock()
    known = RotatingKeys("links", KeyPurpose.LINKS, clock)
    before = known()
    vault.delete_secret(SecretId="links", ForceDeleteWithoutRecovery=True)
    clock.now += timedelta(minutes=59)
    assert known() == before
    clock.now += timedelta(minutes=6)
    for _ in range(2):
        with pytest.raises(ClientError):
            known()
