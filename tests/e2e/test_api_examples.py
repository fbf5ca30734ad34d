"""The examples that the API's README names run as they stand: a shell script and a Python script."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene
from tests.local.deployed import eventually

EXAMPLES = Path(__file__).resolve().parents[2] / "shared" / "office_api" / "examples"


def run(scene: Scene, *command: str) -> str:
    api = scene.prosecutors[0].api
    environment = os.environ | {"API": api.base, "TOKEN": api.token or ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_shell_example_watches_a_person_once_however_often_it_runs(scene: Scene) -> None:
    scene.prosecutor()
    first, second = (run(scene, str(EXAMPLES / "watch.sh")).splitlines() for _ in range(2))
    assert json.loads(first[0])["criterion"]["surname"] == "Quillfeather"
    assert json.loads(first[0])["subscription_id"] == json.loads(second[0])["subscription_id"]
    assert json.loads(second[1])["items"] == []


def test_the_python_example_prints_and_acknowledges_new_alerts(scene: Scene) -> None:
    scene.prosecutor().watch(scene.watch_for_pat)
    scene.take_in(scene.agency(), "roster.csv", roster(row("N-1", **scene.pat)))
    (alert,) = eventually(scene.alerts)
    script = (sys.executable, str(EXAMPLES / "new_alerts.py"))
    assert alert.number in run(scene, *script)
    assert run(scene, *script) == ""
