"""A kind of denial that is counted for an alarm."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs


@dataclass(frozen=True, kw_only=True)
class Denial:
    """`log_group` is where the single denials are read."""

    name: str
    metric: cloudwatch.Metric
    log_group: logs.LogGroup
