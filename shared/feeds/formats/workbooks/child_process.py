"""The sheets of a workbook, read by `calamine_child.py` in a process of its own that may fail alone.

The child has two pipes, and no shared memory and no file: so a Lambda function may start it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Timer
from typing import IO, Any, BinaryIO

from shared.errors import Rejected
from shared.feeds.formats.workbooks.calamine_child import HAS_PASSWORD, IS_DAMAGED, MET_LIMIT
from shared.feeds.formats.workbooks.sheets import Sheet, SheetRow

LARGEST_WORKBOOK = 32 << 20  # bytes
MOST_SECONDS = 90  # from its start to its end
_MOST_OUTPUT = 200 << 20  # bytes of one sheet
_LONGEST_ROW = 4 << 20  # bytes
_PROGRAM = str(Path(__file__).with_name("calamine_child.py"))
_LIMIT = (
    "too-large",
    "Reading the workbook takes more memory or time than a list of arrests does.",
    "Save it as CSV.",
)
_FAULTS = {
    IS_DAMAGED: ("workbook", "The file is no workbook inside, or is damaged.", "Save it again, as .xlsx or as CSV."),
    HAS_PASSWORD: ("workbook", "The workbook has a password.", "Save it without a password."),
    MET_LIMIT: _LIMIT,
}


def open_sheets(stream: BinaryIO) -> list[Sheet]:
    """Raises Rejected when the file is no workbook or meets a limit; so does reading the rows of a sheet."""
    content = stream.read()
    return [
        Sheet(title, is_visible, partial(_rows_of, content, index))
        for index, (title, is_visible) in enumerate(_run(content))
    ]


def _rows_of(content: bytes, index: int) -> Iterator[SheetRow]:
    return enumerate(_run(content, str(index)), 1)


def _run(content: bytes, *arguments: str) -> Iterator[Any]:
    """Yields what the child writes. It is killed when nobody reads on, and when it takes too long."""
    child = subprocess.Popen(  # noqa: S603 - our own program, by this interpreter
        [sys.executable, "-P", "-S", _PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": ":".join(sys.path), "LD_LIBRARY_PATH": f"{sys.base_prefix}/lib"},
    )
    timer = Timer(MOST_SECONDS, child.kill)
    timer.start()
    try:
        if child.stdin and child.stdout:
            with suppress(BrokenPipeError), child.stdin:
                child.stdin.write(content)
            yield from _lines_of(child.stdout)
        _check_end(child.wait())
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def _check_end(code: int) -> None:
    """Raises Rejected for a fault of the file, and RuntimeError where the program itself did not run: the drop is then
    tried again."""
    if code < 0:  # a signal: native code aborted, or the time was over
        raise Rejected(*_LIMIT)
    if code in _FAULTS:
        raise Rejected(*_FAULTS[code])
    if code:
        raise RuntimeError(f"The program that reads workbooks ended with the code {code}.")


def _lines_of(output: IO[bytes]) -> Iterator[Any]:
    """Raises Rejected when a row, or all of them, are larger than a list of arrests has."""
    size = 0
    while line := output.readline(_LONGEST_ROW):
        size += len(line)
        if size > _MOST_OUTPUT or len(line) == _LONGEST_ROW:
            raise Rejected(*_LIMIT)
        if line.endswith(b"\n"):
            yield json.loads(line)
