"""What the pages about infrastructure tell an operator to do can be done."""

import re

import pytest

from infra.bundle import ROOT
from tests.cli.command_lines import aws_commands_in
from tests.infra.aws_commands import aws_fault_of
from tests.infra.template import Assembly

PAGES = "\n".join((ROOT / "infra" / page).read_text() for page in ("README.md", "operate.md", "limits.md"))


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("aws cloudwatch describe-alarms --alarm-name-prefix x --state-value ALARM", ""),
        ("aws cloudwatch describe-alarms --colour red", "unknown: --colour"),
        ("aws cloudwatch explain-alarms", "there is no `aws cloudwatch explain-alarms`"),
    ],
)
def test_a_call_of_the_aws_cli_that_does_not_exist_would_be_found(command: str, fault: str):
    assert aws_fault_of(command) == fault


def test_the_calls_of_the_aws_cli_on_the_page_exist():
    commands = list(aws_commands_in(PAGES))
    assert commands
    assert {command: fault for command in commands if (fault := aws_fault_of(command))} == {}


def test_the_page_names_every_alarm(prod: Assembly):
    named = set(re.findall(r"`(?:\.\.\.)?([A-Z]\w+)`", PAGES))
    kinds = ("DeadLetter", "Oldest", "Behind", "Errors", "Throttled", "Undelivered")
    alarms = {re.sub(r"^Alarms|[0-9A-F]{8}$", "", id_) for id_ in prod.of_type("CloudWatch::Alarm")}
    missing = {name for name in alarms if name not in named and not name.endswith(kinds)}
    assert missing == set(), "add a line for each to the table of alarms in infra/operate.md"
    assert set(kinds) <= named


# They end like outputs, and are something else.
NO_OUTPUTS = {"DeadLetter": "a kind of alarm", "WorkQueue": "a construct"}


def last_word(name: str) -> str:
    return re.findall(r"[A-Z][a-z]*", name)[-1]


def quoted_names(page: str) -> set[str]:
    """Every name of several words, FeedsBucket for instance, that stands in back quotes, alone or in a command."""
    return set(re.findall(r"\b(?:[A-Z][a-z]+){2,}\b", " ".join(re.findall(r"`([^`]+)`", page))))


def test_the_page_names_only_outputs_that_the_stack_has(prod: Assembly):
    outputs = {name for name in prod.template["Outputs"] if not name.startswith("ExportsOutput")}
    endings = {last_word(name) for name in outputs}
    named = {name for name in quoted_names(PAGES) if last_word(name) in endings} - set(NO_OUTPUTS)
    assert {"FeedsBucket", "KeyArn", "UserPoolId"} <= named
    assert named <= outputs


def test_the_page_names_every_role_that_has_a_name(prod: Assembly):
    roles = {role["RoleName"] for role in prod.of_type("IAM::Role").values() if "RoleName" in role}
    [paragraph] = [entry for entry in PAGES.split("\n- ") if "roles have names" in entry]
    first, *others = re.findall(r"`arrest-alert-dev-us-east-1-(\w+)`|`-(\w+)`", paragraph.split("*Context*")[0])
    named = {name for pair in (first, *others) for name in pair if name}
    assert named == {name.rpartition("-")[2] for name in roles}
