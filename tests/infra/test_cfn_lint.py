import subprocess
import sys
from pathlib import Path

import pytest

from infra.bundle import ROOT
from tests.infra.template import Assembly


@pytest.mark.exhaustive  # `make rules` runs it; it takes 20 s
def test_cfn_lint_has_nothing_to_say(assemblies: dict[str, Assembly]):
    templates = [str(one.folder / f"arrest-alert-{name}.template.json") for name, one in assemblies.items()]
    command = [str(Path(sys.executable).with_name("cfn-lint")), *templates]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
