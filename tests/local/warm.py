"""A process that has imported what every function imports, and is forked for each Lambda worker.

`completions/workers.py` runs it; nobody runs it by hand. It is reached by a socket: a message is a worker's command,
folder and environment, with its three standard streams; the answer is the worker's process id. Modules imported
here must read the environment only when they are used: a worker gets its own before its handler is imported.
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

MAX_MESSAGE_BYTES = 1 << 20  # bytes of a message; an environment is a few thousand


def work(worker: dict[str, object], streams: list[int]) -> None:
    """Runs the worker's script as `python script` would; what is imported already stays imported."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(worker["environment"])  # type: ignore[call-overload]
    os.chdir(str(worker["folder"]))
    script = str(worker["script"])
    sys.argv, sys.path[0] = [script], os.path.dirname(script)  # noqa: PTH120
    runpy.run_path(script, run_name="__main__")


def serve(line: socket.socket) -> None:
    while True:
        message, streams, _, _ = socket.recv_fds(line, MAX_MESSAGE_BYTES, 3)
        if not message:
            return
        if not (process_id := os.fork()):
            line.close()
            work(json.loads(message), streams)
            return
        for stream in streams:
            os.close(stream)
        line.send(str(process_id).encode())


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a worker that has ended
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
