"""Cheap Lambda workers: importing and unpacking, a second for each, is most of what a worker costs.

A worker is forked from a process that has imported everything, and its code is unpacked once for all. Each is still a
process with an environment and a folder of its own, and is killed and replaced as before.
"""

import hashlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime

OURS = "functions"


def install() -> None:
    lambda_runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": UnpackedOnce})
    if hasattr(os, "pidfd_open"):  # Linux; elsewhere a process that has loaded so much is not forked lightly
        lambda_runtime.subprocess = SimpleNamespace(**vars(subprocess) | {"Popen": started})


class UnpackedOnce(zipfile.ZipFile):
    """The same code is unpacked once for all workers."""

    def extractall(self, path: Any = None, *rest: Any) -> None:
        with _lock:
            unpacked = Path(tempfile.gettempdir(), hashlib.sha256(Path(str(self.filename)).read_bytes()).hexdigest())
            if not unpacked.exists():
                super().extractall(unpacked, *rest)
        Path(path).rmdir()
        Path(path).symlink_to(unpacked)


_lock = threading.RLock()


def started(command: list[str], *, cwd: str, env: dict[str, str], **options: Any) -> Any:
    if not (Path(cwd, OURS).is_dir() or _warm.cache_info().currsize):
        return subprocess.Popen(command, cwd=cwd, env=env, **options)
    return Forked(command[-1], cwd, env)


class Forked:
    """A process that `warm` has forked, with what the emulator needs of a `subprocess.Popen`."""

    def __init__(self, script: str, folder: str, environment: dict[str, str]) -> None:
        (stdin, self._in), (self._out, stdout), (self._err, stderr) = os.pipe(), os.pipe(), os.pipe()
        worker = json.dumps({"script": script, "folder": folder, "environment": environment}).encode()
        with _lock:
            socket.send_fds(_warm(), [worker], [stdin, stdout, stderr])
            self.pid = int(_warm().recv(32))
        # It is closed with this object and not earlier: a number that is free names another file at once, and several
        # threads wait on it.
        self._life = os.fdopen(os.pidfd_open(self.pid), "rb", buffering=0)
        for stream in (stdin, stdout, stderr):
            os.close(stream)
        self.stdin = os.fdopen(self._in, "w", buffering=1)
        self.stdout, self.stderr = os.fdopen(self._out), os.fdopen(self._err)

    def poll(self) -> int | None:
        return -signal.SIGKILL if self._ends_within(0) else None

    def wait(self, timeout: float | None = None) -> int:
        if not self._ends_within(timeout):
            raise subprocess.TimeoutExpired("worker", timeout or 0)
        return -signal.SIGKILL

    def _ends_within(self, seconds: float | None) -> bool:
        end = select.poll()
        end.register(self._life, select.POLLIN)
        return bool(end.poll(None if seconds is None else seconds * 1_000))

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._life.fileno(), number)


@cache
def _warm() -> socket.socket:
    """The socket to the process that is forked from; that process ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    subprocess.Popen(
        [sys.executable, "-m", "tests.local.warm", str(theirs.fileno())], pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    theirs.close()
    return ours
