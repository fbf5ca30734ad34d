"""What the channels need to reach their providers."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from shared.aws.signing_keys import SigningKeys
from shared.channels.network import Network

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient

# One attempt only: a retry inside the SDK after a lost answer would be a second message.
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=10)


@dataclass(frozen=True)
class ChannelDeps:
    """The settings and clients of this deployment. Each client is made on first use."""

    sender: str
    configuration_set: str
    alerts_topic: str
    webhook_keys: Callable[[], SigningKeys]  # from which each webhook's secret is derived
    mails_a_second: int
    texts_a_second: int
    outside: Network | None = None  # None: the public network

    @cached_property
    def ses(self) -> "SESV2Client":
        return boto3.client("sesv2", config=ONE_ATTEMPT)

    @cached_property
    def sns(self) -> "SNSClient":
        return boto3.client("sns", config=ONE_ATTEMPT)

    @cached_property
    def network(self) -> Network:
        return self.outside or Network(ssl.create_default_context())
