"""Synthesises one environment: `cdk synth -c environment=dev`, or without the CDK CLI
`CDK_OUTDIR=cdk.out CDK_CONTEXT_JSON='{"environment": "dev"}' python -m infra.app`. `region` beside
`environment` moves it to another region."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # `python infra/app.py` starts without the root
# The library's Node bridge prints a banner on every run once Node 20 is past its end of life.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")

from aws_cdk import App, Tags

from infra.agencies import AgencyConnectionError
from infra.bundle import BundleError
from infra.regions import UnknownRegionError

try:
    from infra.environments import Environment, UnknownEnvironmentError, environment_named
except (AgencyConnectionError, UnknownRegionError) as problem:  # it is checked where it is written
    sys.exit(f"error: {problem}")
from infra.nag import check
from infra.service import Service
from infra.state import State

# The CDK library's recommended behaviour. It is read here as well, for a synth without the CLI.
FLAGS = json.loads(Path(__file__).parents[1].joinpath("cdk.json").read_text(encoding="utf-8"))["context"]


def assemble(environment: Environment, *, outdir: str | None = None) -> App:
    """The app with one environment's two stacks, and the checks of `nag.py` where the environment wants them."""
    app = App(outdir=outdir, analytics_reporting=False, context=FLAGS)
    state = State(app, environment=environment)
    service = Service(app, environment=environment, state=state)
    Tags.of(app).add("Product", "arrest-alert")
    Tags.of(app).add("Environment", environment.name)
    if environment.nag:
        check(app, state, service)
    return app


def main() -> None:
    context = App().node.try_get_context
    try:
        assemble(environment_named(context("environment") or "local", context("region") or "")).synth()
    except (UnknownEnvironmentError, UnknownRegionError, AgencyConnectionError, BundleError) as problem:
        sys.exit(f"error: {problem}")


if __name__ == "__main__":
    main()
