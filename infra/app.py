"""Synthesises one environment: `cdk synth -c environment=dev`, or without the CDK CLI
`CDK_OUTDIR=cdk.out CDK_CONTEXT_JSON='{"environment": "dev"}' python -m infra.app`."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # `python infra/app.py` starts without the root
# The library's Node bridge prints a banner on every run once Node 20 is past its end of life.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")

from aws_cdk import App

from infra.bundle import BundleError
from infra.environments import Environment, UnknownEnvironmentError, environment_named
from infra.nag import judge
from infra.stack import ArrestAlert

# Behaviour of the CDK library that it keeps off unless asked; here, so that a synth without the CLI says the same.
FLAGS = {
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,  # access logs without ACLs
    "@aws-cdk/core:enablePartitionLiterals": True,
}


def assemble(environment: Environment, *, outdir: str | None = None) -> App:
    app = App(outdir=outdir, analytics_reporting=False, context=FLAGS)
    stack = ArrestAlert(app, environment=environment)
    if environment.nag:
        judge(app, stack)
    return app


def main() -> None:
    wanted = App().node.try_get_context("environment") or "local"
    try:
        assemble(environment_named(wanted)).synth()
    except (UnknownEnvironmentError, BundleError) as problem:
        sys.exit(f"error: {problem}")


if __name__ == "__main__":
    main()
