"""An agency's drops, looked at and decided about by command."""

from collections.abc import Callable
from datetime import UTC, datetime

import boto3
import pytest

from functions.cli.main import main
from functions.receive_feed.events import drops_in
from shared.feeds.drops.model import DropStatus
from shared.feeds.drops.receipt import Receipt
from shared.feeds.profiles.table import AgenciesTable
from tests.conftest import Tables
from tests.feeds.intake.test_executions import a_state_machine
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.small_drops import PROFILE, a_drop, a_row

TEMPLATE = """
Resources: {{Nothing: {{Type: AWS::SNS::Topic}}}}
Outputs:
  AgenciesTable: {{Value: Agencies}}
  AuditTable: {{Value: Audit}}
  FeedsBucket: {{Value: feeds}}
  CopiesBucket: {{Value: copies}}
  FeedsQueue: {{Value: "{queue}"}}
  LargeDrops: {{Value: "{machine}"}}
"""
FLOOD = a_drop(*(a_row(number, Last="Quillfeather") for number in range(60)))


class Stack:
    """A deployed stack, `here`, with one drop that is held."""

    def __init__(self, tables: Tables) -> None:
        self.queue = boto3.client("sqs").create_queue(QueueName="feeds")["QueueUrl"]
        template = TEMPLATE.format(queue=self.queue, machine=a_state_machine())
        boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=template)
        profile = PROFILE + "rhythm: {records: 2}\n"
        AgenciesTable(boto3.client("dynamodb"), "Agencies").enrol("testville", profile)
        self.feeds = Feeds(tables, testville=profile)
        self.dropped = self.feeds.drop(FLOOD, "testville/in/Quillfeather Dorian.csv")
        self.held = self.feeds.take_in(self.dropped)

    def announced(self) -> list[Receipt]:
        """What becomes of the drops that the intake is to read once more."""
        messages = boto3.client("sqs").receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", [])
        return [self.feeds.take_in(drop) for one in messages for drop in drops_in(one["Body"])]

    def standing(self) -> DropStatus:
        record = self.feeds.tables.drops.find("testville", self.held.drop_id)
        assert record
        return record.status


@pytest.fixture
def stack(tables: Tables) -> Stack:
    return Stack(tables)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """The exit status of a command, what it says, and what it complains of."""

    def said(command: str, *words: str) -> tuple[int, str, str]:
        status = main([command, "--stack", "here", *words])
        return status, *capsys.readouterr()

    return said


def test_the_drops_of_an_agency_are_listed_with_why_they_are_held_and_without_the_names_of_files(stack, say):
    under_way = stack.feeds.drop(FLOOD)
    stack.feeds.tables.drops.begin(under_way, "0" * 32)
    status, out, _ = say("drops", "testville")
    newest, held = out.splitlines()
    assert status == 0
    assert newest.startswith("0" * 32)
    assert "being read" in newest
    for word in (
        stack.held.drop_id,
        "60 records",
        "held",
        "usually sends 2",
        f"{stack.dropped.dropped_at:%Y-%m-%d %H:%M}",
    ):
        assert word in held
    assert "Quillfeather" not in out


def test_an_agency_that_is_not_enrolled_is_not_taken_for_one_that_sent_nothing(stack, say):
    for command, *words in (["drops", "elsewhere"], ["replay", "elsewhere", "--since", "2026-11-22"]):
        status, out, complaint = say(command, *words)
        assert (status, out) == (1, "")
        assert "elsewhere: no such agency is enrolled" in complaint
    stack.feeds.take_in(stack.feeds.drop(FLOOD, "elsewhere/in/day.csv"))
    status, out, _ = say("drops", "elsewhere")
    assert (status, "quarantined  The profile of `elsewhere` names the agency" in out) == (0, True)
    AgenciesTable(boto3.client("dynamodb"), "Agencies").enrol("quiet", PROFILE.replace("testville", "quiet"))
    assert say("drops", "quiet") == (0, "quiet has dropped nothing yet\n", "")


def test_a_drop_of_which_nothing_was_taken_is_listed_with_what_to_do(stack, say):
    stack.feeds.take_in(stack.feeds.drop(b"a,b\n1,2\n", "testville/in/other.csv"))
    newest = say("drops", "testville")[1].splitlines()[0]
    assert "  refused      The header lacks the columns" in newest
    assert "Send the file with these columns" in newest


def test_a_day_that_cannot_be_read_is_refused_with_how_to_write_it(stack, say, capsys):
    with pytest.raises(SystemExit):
        say("replay", "testville", "--since", "yesterday")
    assert "write the day like 2026-11-22" in capsys.readouterr().err


def test_a_drop_that_is_not_large_has_no_execution_to_show_or_to_redrive(stack, say):
    for wish in ("show", "redrive"):
        status, out, complaint = say("drop", "testville", stack.held.drop_id, wish)
        assert (status, out) == (1, "")
        assert "it is not large" in complaint


def test_a_held_drop_is_released_and_everybody_is_told(stack, say):
    assert say("drop", "testville", stack.held.drop_id, "release")[:2] == (0, f"{stack.held.drop_id}: released\n")
    (receipt,) = stack.announced()
    assert (receipt.drop_id, receipt.state, receipt.arrests.accepted) == (stack.held.drop_id, "taken", 60)
    [line] = say("drops", "testville")[1].splitlines()
    assert ("released" in line, "usually sends" in line) == (True, False), "why it was held is over"


def test_a_held_drop_is_discarded(stack, say):
    assert say("drop", "testville", stack.held.drop_id, "discard")[0] == 0
    assert [one.state for one in stack.announced()] == ["discarded"]


@pytest.mark.parametrize(("words", "manner"), [([], "again"), (["--silent"], "silent")])
def test_a_drop_is_replayed_aloud_or_silently(stack, say, words, manner):
    say("drop", "testville", stack.held.drop_id, "release")
    answer = say("drop", "testville", stack.held.drop_id, "replay", *words)
    assert answer == (0, f"{stack.held.drop_id}: is read again\n", "")
    record = stack.feeds.tables.drops.find("testville", stack.held.drop_id)
    assert (record.decision.notify_mode, record.decision.decided_by) == (manner, "set-up")


def test_the_drops_of_some_days_are_read_again_the_oldest_first_and_what_cannot_be_is_named(stack, say):
    day = f"{stack.dropped.dropped_at:%Y-%m-%d}"
    later = stack.feeds.take_in(stack.feeds.drop(a_drop(a_row(900)), "testville/in/later.csv"))
    status, out, complaint = say("replay", "testville", "--since", day)
    assert (status, out) == (1, "1 of 2 drops are read again\n")
    assert f"{stack.held.drop_id}: The drop is held" in complaint
    assert [receipt.drop_id for receipt in stack.announced()] == [later.drop_id]
    say("drop", "testville", stack.held.drop_id, "release")
    stack.announced()
    assert say("replay", "testville", "--since", day, "--until", day, "--silent")[:2] == (
        0,
        "2 of 2 drops are read again\n",
    )
    assert [receipt.drop_id for receipt in stack.announced()] == [stack.held.drop_id, later.drop_id]
    for words in (["--since", "2999-01-01"], ["--since", "2020-01-01", "--until", "2020-02-01"]):
        assert say("replay", "testville", *words) == (0, "0 of 0 drops are read again\n", "")


def test_what_cannot_be_is_refused_with_what_can_and_changes_nothing(stack, say):
    status, out, complaint = say("drop", "testville", stack.held.drop_id, "replay")
    assert (status, out) == (1, "")
    assert "release, discard" in complaint
    for agency, drop in (("testville", "f" * 32), ("elsewhere", stack.held.drop_id), ("testville", "#")):
        status, out, complaint = say("drop", agency, drop, "release")
        assert (status, out) == (1, "")
        assert "no such drop" in complaint
    for stored in stack.feeds.s3.list_objects_v2(Bucket="copies")["Contents"]:  # as the lifecycle does, after its days
        stack.feeds.s3.delete_object(Bucket="copies", Key=stored["Key"])
    status, _, complaint = say("drop", "testville", stack.held.drop_id, "release")
    assert status == 1
    assert "send it again" in complaint
    assert (stack.standing(), stack.announced()) == (DropStatus.HELD, [])


@pytest.mark.parametrize("words", [[], ["testville"], ["testville", "x"], ["testville", "x", "burn"]])
def test_a_command_that_is_not_whole_is_refused_with_how_to_say_it(stack, words, capsys):
    with pytest.raises(SystemExit) as refusal:
        main(["drop", "--stack", "here", *words])
    assert refusal.value.code == 2
    assert "usage: arrest-alert drop" in capsys.readouterr().err


def test_without_such_a_stack_nothing_is_done(stack, capsys):
    assert main(["drops", "--stack", "elsewhere", "testville"]) == 2
    assert "elsewhere" in capsys.readouterr().err


def test_whoever_decides_by_command_is_written_down(stack, say):
    say("drop", "testville", stack.held.drop_id, "release")
    written = stack.feeds.tables.everything_in("Audit")
    assert any("arrest-alert drop" in item["doc"]["S"] for item in written)
    assert datetime.now(UTC).isoformat()[:10] in str(written)
