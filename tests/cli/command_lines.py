"""Finds the `arrest-alert` commands that a text names, and tries each on the real parser."""

import contextlib
import io
import re
import shlex
from collections.abc import Iterator

from functions.cli.main import COMMANDS, parser

NUMBERS = {"DOLLARS": "50", "N": "5", "DAYS": "90"}  # placeholders that stand for a number
COMMAND_NAMES = {command.name for command in COMMANDS}
ON_A_STACK = {command.name for command in COMMANDS if command.uses_stack}
_IN_BACKTICKS = re.compile(r"`(?:\.venv/bin/)?(arrest-alert\s[^`]+)`")
_ON_A_LINE = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?(arrest-alert\s[^`\n]+)$", re.MULTILINE)


def commands_in(text: str) -> Iterator[str]:
    """Yields the commands between backticks and those on a line of their own, as in a code block."""
    for pattern in (_IN_BACKTICKS, _ON_A_LINE):
        for command in pattern.findall(text):
            yield " ".join(command.split())


def fault_of(command: str) -> str:
    """Returns argparse's complaint about a command line, empty if there is none. The bare name of a command is
    accepted: the text only mentions it.
    """
    _, *words = shlex.split(command.split(" | ", maxsplit=1)[0], comments=True)
    if words == ["COMMAND", "--help"] or (len(words) == 1 and words[0] in COMMAND_NAMES):
        return ""
    complaint = io.StringIO()
    with contextlib.redirect_stderr(complaint), contextlib.redirect_stdout(io.StringIO()):
        try:
            parser().parse_args([NUMBERS.get(word, word) for word in words])
        except SystemExit as ended:
            return complaint.getvalue() if ended.code else ""
    return ""


def with_stack(command: str) -> str:
    """Returns the command line with `--stack` added where a command needs it and the text leaves it out."""
    words = command.split()
    if len(words) > 2 and words[1] in ON_A_STACK and "--stack" not in words:
        words[2:2] = ["--stack", "arrest-alert-dev"]
    return " ".join(words)
