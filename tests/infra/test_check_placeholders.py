import subprocess
import sys
from dataclasses import replace

import pytest

from infra.bundle import ROOT


@pytest.mark.thorough  # starts Node for it alone
def test_an_environment_as_shipped_is_not_deployed_and_the_answer_says_what_to_fill_in():
    command = [sys.executable, "-m", "infra.check_placeholders", "prod"]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    for name in ("sender", "sender_identity", "alarm_email"):
        assert name in refused.stderr


def test_an_environment_with_its_own_names_is_ready(environments):
    mail = "alerts@alerts.agency.gov"
    own = replace(
        environments["prod"],
        sender=mail,
        sender_identity=mail,
        alarm_email=mail,
        console_url="https://console.agency.gov",
    )
    assert environments["prod"].placeholders
    assert own.placeholders == []
