"""What the command line says of itself, and what the READMEs say of it, is so."""

from pathlib import Path

import boto3
import pytest

from functions.cli.command import Command
from functions.cli.main import COMMANDS, main, parser
from tests.cli.command_lines import COMMAND_NAMES, commands_in, fault_of, with_stack

ROOT = Path(__file__).resolve().parents[2]
READMES = sorted(
    path for top in ("", "infra", "functions", "shared", "tests", ".github")
    for path in (ROOT.glob("*.md") if not top else (ROOT / top).rglob("*.md"))
)  # fmt: skip
STACK = """
Resources: {Nothing: {Type: AWS::SNS::Topic}}
Outputs: {AuditTable: {Value: Audit}, ChainsTable: {Value: Chains}, AuditBucket: {Value: audit}}
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
    wrong = {command: fault for command in commands_in(readme.read_text()) if (fault := fault_of(with_stack(command)))}
    assert wrong == {}, f"correct these commands in {readme.relative_to(ROOT)}; `arrest-alert COMMAND --help` says how"


def test_the_page_about_the_command_line_names_every_command():
    text = (ROOT / "functions" / "cli" / "README.md").read_text()
    shown = {command.split()[1] for command in commands_in(text)}
    assert COMMAND_NAMES - shown == set(), "add a line with an example to functions/cli/README.md"


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
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
