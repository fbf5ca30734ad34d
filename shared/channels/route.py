import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import boto3

from shared.channels.network import Network
from shared.channels.providers import ONE_ATTEMPT

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient


@dataclass(frozen=True)
class Route:
    """How this deployment sends: what every channel needs to reach its provider, each made when it is first used."""

    sender: str
    configuration_set: str
    alerts_topic: str
    secret: Callable[[], bytes]  # the deployment's key, from which each webhook's is derived
    outside: Network | None = None  # the public network when unsaid

    @cached_property
    def ses(self) -> "SESV2Client":
        return boto3.client("sesv2", config=ONE_ATTEMPT)

    @cached_property
    def sns(self) -> "SNSClient":
        return boto3.client("sns", config=ONE_ATTEMPT)

    @cached_property
    def network(self) -> Network:
        return self.outside or Network(ssl.create_default_context())
