"""The emulator's process: MiniStack behind our completions.

Run by `LocalCloud`, never by hand: `python -m tests.local.emulator`. Standard input is the line to the process that
started us. A line `kill <function>` kills that function's workers and is answered on standard output with how many
there were; the end of the line (stopped, or its owner died) ends this process, every Lambda worker and the temp folder.

MiniStack's internals are touched here and in `completions/` only, so an upgrade starts by reading these files.
"""

import importlib.metadata
import os
import shutil
import signal
import sys
import tempfile
import threading

from ministack.app import main
from ministack.core import lambda_runtime

from tests.local.completions import audit_log, complete

MINISTACK = "1.5.33"


def kill_workers(function_name: str) -> int:
    """SIGKILL, as a machine that disappears would: no handler, no `finally`, no goodbye."""
    killed = 0
    for key, workers in list(lambda_runtime._workers.items()):
        process_ids = [w._proc.pid for w in workers if w._proc is not None and w._proc.poll() is None]
        if key.split(":")[2] == function_name:
            for process_id in process_ids:
                os.kill(process_id, signal.SIGKILL)
            killed += len(process_ids)
    return killed


def obey(answers: int) -> None:
    for line in sys.stdin:
        word, _, argument = line.strip().partition(" ")
        if word == "kill":
            os.write(answers, f"{kill_workers(argument)}\n".encode())
    shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def run() -> None:
    installed = importlib.metadata.version("ministack")
    if installed != MINISTACK:
        sys.exit(f"tests/local/completions is written for ministack {MINISTACK}, not {installed}: read it first")
    complete()
    audit_log.start(os.environ.get("AUDIT_LOG"))
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    threading.Thread(target=obey, args=[answers], daemon=True, name="obey").start()
    sys.argv = sys.argv[:1]
    main()


if __name__ == "__main__":
    run()
