"""Finds the commands that a text names, and tries those of `arrest-alert` on the real parser."""

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from functions.cli.main import COMMANDS, parser

ROOT = Path(__file__).resolve().parents[2]
READMES = sorted(
    path for top in ("", "infra", "functions", "shared", "tests", ".github")
    for path in (ROOT.glob("*.md") if not top else (ROOT / top).rglob("*.md"))
)  # fmt: skip
NUMBERS = {"DOLLARS": "50", "N": "5", "DAYS": "90"}  # placeholders that stand for a number
COMMAND_NAMES = {command.name for command in COMMANDS}
_OURS, _AWS, _MAKE, _MODULE = r"(?:\.venv/bin/)?(arrest-alert", r"(aws", r"(make", r"\.venv/bin/(python -m"
_CODE_SPAN = re.compile(r"`([^`]+)`")
_CODE_BLOCK = re.compile(r"^[ ]*```\w*\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)
_PARAGRAPH_END = re.compile(r"\n\s*\n|\n(?=\s*(?:\||[0-9]+\.|-) )")


def commands_in(text: str, program: str = _OURS) -> Iterator[str]:
    """Yields the commands between backticks and those on a line of a code block. A backslash at the end of a line goes
    on with the next one."""
    lines = [line for block in _CODE_BLOCK.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    for code in [*_CODE_SPAN.findall(_CODE_BLOCK.sub("", text)), *lines]:
        if command := re.fullmatch(rf"\s*(?:\$ )?{program}\s.+)", code, re.DOTALL):
            yield " ".join(command[1].split())


def aws_commands_in(text: str) -> Iterator[str]:
    yield from commands_in(text, _AWS)


def make_commands_in(text: str) -> Iterator[str]:
    yield from commands_in(text, _MAKE)


def module_commands_in(text: str) -> Iterator[str]:
    """Yields commands of modules of ours or of the virtual environment: `python -m ...`."""
    yield from commands_in(text, _MODULE)


def commands_with_options_in(text: str) -> Iterator[str]:
    """Yields the commands, and each again with every option that its paragraph or table row names beside it, as in
    "`arrest-alert dead-letters ... alerts` shows them, `--replay` does the work again"."""
    for paragraph in _PARAGRAPH_END.split(text):
        options = [span for span in _CODE_SPAN.findall(paragraph) if re.fullmatch(r"--[a-z-]+( [A-Z]+)?", span)]
        for command in commands_in(paragraph):
            yield command
            if not mentions(command):
                yield from (varied for option in options if (varied := _with_option(command, option)))


def _with_option(command: str, option: str) -> str:
    """Returns the command with the option, in place of another one if the two exclude each other; empty if the command
    has it already, or does not know it."""
    program, name, *words = command.split()
    if option.partition(" ")[0] in words:
        return ""
    others = [word for word in words if word.startswith("--") and word != "--stack"]
    for left_out in ("", *others):
        rest = [word for word in words if word != left_out]
        candidate = " ".join([program, name, option, *rest])
        if not fault_of(candidate):
            return candidate
    return ""


def mentions(command: str) -> bool:
    """Whether the text only names the command, or the help of any command."""
    _, *words = command.split()
    return words in (["COMMAND", "--help"], ["--help"]) or (len(words) == 1 and words[0] in COMMAND_NAMES)


def fault_of(command: str) -> str:
    """Returns argparse's complaint about a command line, empty if there is none. A mere mention is accepted."""
    if mentions(command):
        return ""
    _, *words = shlex.split(command)
    complaint = io.StringIO()
    with contextlib.redirect_stderr(complaint), contextlib.redirect_stdout(io.StringIO()):
        try:
            parser().parse_args([NUMBERS.get(word, word) for word in words])
        except SystemExit as ended:
            return complaint.getvalue() if ended.code else ""
    return ""
