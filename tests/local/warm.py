"""A process that has imported what every function imports, and is forked for each Lambda worker.

Run by `completions/workers.py`, never by hand. The line to it is a socket: a message is a worker's command, folder and
environment, with its three standard streams beside it; the answer is the worker's process id. What is imported here
must look at the environment only when it is used: a worker has its own before its handler is imported.
"""

import gc
import json
import os
import runpy
import signal
import socket
import sys

import aws_lambda_powertools
import aws_lambda_powertools.event_handler
import aws_lambda_powertools.event_handler.openapi.models
import aws_lambda_powertools.metrics
import aws_lambda_powertools.utilities.batch  # noqa: F401
import boto3  # noqa: F401
import botocore.handlers  # noqa: F401
import pydantic  # noqa: F401

MOST = 1 << 20  # bytes of a message; an environment is a few thousand


def work(wanted: dict[str, object], streams: list[int]) -> None:
    """As `python script` would begin, but for what is imported already."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(wanted["environment"])  # type: ignore[call-overload]
    os.chdir(str(wanted["folder"]))
    script = str(wanted["script"])
    sys.argv, sys.path[0] = [script], os.path.dirname(script)  # noqa: PTH120
    runpy.run_path(script, run_name="__main__")


def serve(line: socket.socket) -> None:
    while True:
        asked, streams, _, _ = socket.recv_fds(line, MOST, 3)
        if not asked:
            return
        if not (process_id := os.fork()):
            line.close()
            work(json.loads(asked), streams)
            return
        for stream in streams:
            os.close(stream)
        line.send(str(process_id).encode())


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a worker that has ended
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
