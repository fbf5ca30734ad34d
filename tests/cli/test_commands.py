"""What the command line says of itself, and what the READMEs say of it and of other programs, is so.

`tests/e2e/test_readme_commands.py` runs the commands of the READMEs on a deployed stack.
"""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import boto3
import pytest

from functions.cli.command import Command
from functions.cli.main import COMMANDS, main, parser
from shared.audit.event import NO_OFFICE, AuditEvent
from tests.cli.command_lines import (
    COMMAND_NAMES,
    READMES,
    ROOT,
    aws_commands_in,
    commands_in,
    fault_of,
    make_commands_in,
    module_commands_in,
)
from tests.infra.aws_commands import aws_fault_of

STACK = """
Resources: {Nothing: {Type: AWS::SNS::Topic}}
Outputs: {AuditTable: {Value: Audit}, ChainsTable: {Value: Chains}, AuditBucket: {Value: audit},
  OfficesTable: {Value: Offices}}
"""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_shows_an_example_in_its_help_and_the_example_is_right(
    command: Command, capsys: pytest.CaptureFixture[str]
):
    assert command.example.startswith(f"arrest-alert {command.name} ")
    assert fault_of(command.example) == ""
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([command.name, "--help"])
    assert ended.value.code == 0
    assert " ".join(command.example.split()) in " ".join(capsys.readouterr().out.split())


def test_commands_have_names_of_their_own():
    assert len(COMMAND_NAMES) == len(COMMANDS)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_commands_that_a_readme_names_exist_with_these_arguments(readme: Path):
    wrong = {command: fault for command in commands_in(readme.read_text()) if (fault := fault_of(command))}
    assert wrong == {}, f"correct these commands in {readme.relative_to(ROOT)}; `arrest-alert COMMAND --help` says how"


def named_in_readmes(extract: Callable[[str], Iterator[str]]) -> list[str]:
    """Every such command of every README, each once."""
    return list(dict.fromkeys(command for readme in READMES for command in extract(readme.read_text())))


def test_tb4_every_make_target_that_a_readme_names_exists_with_these_variables():
    named = dict.fromkeys(word for command in named_in_readmes(make_commands_in) for word in command.split()[1:])
    planned = subprocess.run(["make", "-n", *named], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert planned.returncode == 0, f"write this target into the Makefile or correct the README: {planned.stderr}"
    assert len(named) > 10


def test_tb4_every_module_that_a_readme_runs_exists():
    for command in named_in_readmes(module_commands_in):
        module, *files = command.split()[2:]
        assert importlib.util.find_spec(module), f"no module is called so: {command}"
        assert all((ROOT / file).exists() for file in files), f"no file is called so: {command}"


def test_tb4_every_aws_command_that_a_readme_names_is_an_operation_with_these_arguments():
    """The AWS CLI is in no environment of ours, and these commands change an account: what each calls is compared with
    botocore's description of the service."""
    commands = named_in_readmes(aws_commands_in)
    assert {command: fault for command in commands if (fault := aws_fault_of(command))} == {}
    assert len(commands) > 10


def test_the_page_about_the_command_line_names_every_command():
    text = (ROOT / "functions" / "cli" / "README.md").read_text()
    shown = {command.split()[1] for command in commands_in(text)}
    assert COMMAND_NAMES - shown == set(), "add a line with an example to functions/cli/README.md"


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("arrest-alert audit verify", "required: --stack"),
        ("arrest-alert gossip --stack s", "invalid choice: 'gossip'"),
        ("arrest-alert dead-letters alerts --replay", "required: --stack"),
        ("arrest-alert drop --stack s nypd 1 burn", "invalid choice: 'burn'"),
    ],
)
def test_a_documented_command_that_does_not_exist_would_be_found(command: str, complaint: str):
    (found,) = commands_in(f"Then run `.venv/bin/{command}` at once.")
    assert complaint in fault_of(found)


def test_p2_all_chains_are_verified_without_naming_an_office_and_the_command_is_recorded(tables, capsys):
    boto3.client("s3").create_bucket(Bucket="audit")
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=STACK)
    assert main(["audit", "--stack", "here", "verify"]) == 0
    assert any("arrest-alert audit" in item["doc"]["S"] for item in tables.everything_in("Audit"))


@pytest.mark.parametrize("what", ["verify", "export"])
def test_p2_of_an_office_without_a_chain_nothing_is_proved_and_its_name_makes_none(tables, capsys, what):
    boto3.client("s3").create_bucket(Bucket="audit")
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=STACK)
    assert main(["audit", "--stack", "here", "--office", "kinsg", what]) == 1
    answer = capsys.readouterr()
    assert (answer.out, answer.err) == ("", "kinsg has no chain (there is one of: none)\n")
    (event,) = (AuditEvent.model_validate_json(item["doc"]["S"]) for item in tables.everything_in("Audit"))
    assert (event.action, event.office_id) == ("arrest-alert audit", NO_OFFICE)


def test_output_that_nobody_reads_to_its_end_is_said_with_what_to_do(monkeypatch, capsys):
    read, write = os.pipe()
    os.close(read)
    profile, roster = (ROOT / "shared/feeds/profiles/roster.yaml", ROOT / "tests/feeds/demo/roster.csv")
    with os.fdopen(write, "w", buffering=1) as pipe, monkeypatch.context() as process:
        process.setattr(sys, "stdout", pipe)
        status = main(["dry-run", "--profile", str(profile), str(roster)])
        with suppress(BrokenPipeError):
            pipe.close()
    assert status == 2
    assert "read all of it, as with `> FILE`" in capsys.readouterr().err


def test_a_stack_that_does_not_exist_is_refused_with_what_to_look_at(tables, capsys):
    assert main(["drops", "--stack", "elsewhere", "nypd"]) == 2
    complaint = capsys.readouterr().err
    assert "elsewhere" in complaint
    assert "aws sts get-caller-identity" in complaint


def test_a_file_that_does_not_exist_is_refused_by_name(tmp_path, capsys):
    missing = tmp_path / "missing.csv"
    profile = ROOT / "shared" / "feeds" / "profiles" / "roster.yaml"
    assert main(["dry-run", "--profile", str(profile), str(missing)]) == 2
    assert str(missing) in capsys.readouterr().err
