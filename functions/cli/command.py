"""What a command is. Each lies in `commands/` and has one line in COMMANDS of `main.py`."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

Arguments = argparse.Namespace


def no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Of a command that takes `--stack` alone."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """`summary` is its line in the list of commands, `details` is added in its own help, `example` is a whole command
    line. `run` returns the exit status: 0 done, 1 refused with a reason on stderr; 2 is argparse's and AWS's.

    A command with `uses_stack` has the option `--stack`, and every run of it is recorded in the stack's audit table.
    """

    name: str
    summary: str
    details: str = ""
    example: str
    run: Callable[[Arguments], int]
    add_arguments: Callable[[argparse.ArgumentParser], None] = no_arguments
    uses_stack: bool = True
