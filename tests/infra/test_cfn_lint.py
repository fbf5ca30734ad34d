import subprocess
import sys
from pathlib import Path

import pytest

from infra.bundle import ROOT
from tests.infra.template import Assembly

# W6001: the services have the outputs of the state as well, so that commands know one stack.
REGIONS = ["--ignore-checks", "W6001", "--regions"]


@pytest.mark.exhaustive  # `make rules` runs it; it takes 20 s
@pytest.mark.parametrize("region", ["", "us-gov-west-1"])
def test_cfn_lint_has_nothing_to_say(assemblies: dict[str, Assembly], region: str):
    """In the region of each: a resource that GovCloud does not have is a finding there (E3006)."""
    templates = [str(path) for one in assemblies.values() if one.moved_to == region for path in one.template_files]
    command = [str(Path(sys.executable).with_name("cfn-lint")), *REGIONS, region or "us-east-1", "--", *templates]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
