"""P11: what must be on record before an office and its feeds go live, from the office's file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from shared.feeds.profiles.enrolment import FeedGovernance
from shared.offices.governance.model import Governance, Requirement, hash_of_policy
from shared.offices.governance.personnel import DisabledFor, Disabling
from tests.builders import NOW
from tests.cli.test_set_up import CANARY_PROFILE, DEMO, set_up, stack
from tests.conftest import Tables

__all__ = ["set_up", "stack"]  # the fixtures
SetUp = Callable[..., tuple[int, str]]
TEXT = "Use an alert for the purpose that you state."
KINGS = """
office: {office_id: kings, name: Kings, ori: NY000000A, time_zone: America/New_York, allowed_domains: [da.example.gov]}
governance:
  policy: {version: "1", sha256: HASH, file: rules.md}
  contact: privacy@da.example.gov
  training: {kinds: [Awareness]}
agreements: [{agency: canary-not, reference: MOU-1, starts: 2026-01-01, ends: 2028-12-31}]
users: [{email: ada@da.example.gov}]
""".replace("HASH", hash_of_policy(TEXT))


@pytest.fixture(autouse=True)
def rules(tmp_path) -> None:
    (tmp_path / "rules.md").write_text(TEXT)


def test_p11_governors_brief_a_new_office_waits_for_what_its_file_leaves_out_and_goes_live_with_it(
    stack: Tables, set_up: SetUp
) -> None:
    without = KINGS.replace("  contact: privacy@da.example.gov\n", "")
    _, plan = set_up(without, "--apply")
    assert "waits    office kings" in plan
    assert "who answers for the policy" in plan
    office = stack.offices.office("kings")
    assert office
    assert (office.live, office.governance.missing) == (False, (Requirement.CONTACT,))
    assert "waits    office" not in set_up(KINGS, "--apply")[1]
    office = stack.offices.office("kings")
    assert office
    assert (office.live, office.governance.agreement) == (True, "MOU-1")


def test_p11_cjis_at_3_an_office_of_before_runs_on_and_its_people_have_thirty_days_to_be_trained(
    stack: Tables, set_up: SetUp
) -> None:
    set_up(KINGS, "--apply")
    stored = stack.offices.office("kings")
    assert stored
    stack.offices.enrol(stored.model_copy(update={"governance": Governance(), "waits_for_governance": False}))
    set_up(KINGS.partition("governance:")[0] + "users: [{email: ada@da.example.gov}]", "--apply")
    office = stack.offices.office("kings")
    assert office
    assert office.live
    set_up(KINGS, "--apply")
    office = stack.offices.office("kings")
    assert office
    rule = office.governance.training
    assert rule
    assert rule.starts
    user = stack.users.find("kings", "ada@da.example.gov")
    assert user
    assert rule.starts - user.added_at.date() >= timedelta(days=29)


@pytest.mark.parametrize(
    ("before", "after", "where", "fix"),
    [
        (hash_of_policy(TEXT), "b" * 64, "governance.policy.sha256", hash_of_policy(TEXT)),
        ("rules.md", "lost.md", "governance.policy.file", "cannot be read"),
        ("office_id: kings,", "office_id: kings, waits_for_governance: false,", "waits_for_governance", "governance"),
        ("[{email: ada@da.example.gov}]", "[{email: ada@da.example.gov, vendor: true}]", "contract_ends", "last day"),
        (
            "[{email: ada@da.example.gov}]",
            "[{email: ada@da.example.gov, trainings: [{kind: Awareness, completed_on: 2126-01-01}]}]",
            "completed_on",
            "future",
        ),
        (
            "[{email: ada@da.example.gov}]",
            "[{email: ada@da.example.gov, trainings: [{kind: Yoga, completed_on: 2026-01-01}]}]",
            "kind",
            "Awareness",
        ),
        (
            "[{email: ada@da.example.gov}]",
            "[{email: s@da.example.gov, machine: {name: case-system, scopes: [lists], purpose: warrant}}]",
            "keeper",
            "person",
        ),
    ],
)
def test_p11_governors_brief_what_cannot_be_recorded_is_refused_with_its_line_and_what_to_write(
    stack: Tables, set_up: SetUp, before: str, after: str, where: str, fix: str
) -> None:
    status, output = set_up(KINGS.replace(before, after), "--apply")
    assert status == 1
    [line] = [line for line in output.splitlines() if where in line]
    assert fix in line
    assert stack.offices.office("kings") is None


def test_p11_governors_brief_a_changed_text_needs_a_new_version(stack: Tables, set_up: SetUp, tmp_path) -> None:
    set_up(KINGS, "--apply")
    other = f"{TEXT} And for nothing else."
    (tmp_path / "rules.md").write_text(other)
    changed = KINGS.replace(hash_of_policy(TEXT), hash_of_policy(other))
    status, output = set_up(changed, "--apply")
    assert (status, "give a changed text a new version" in output) == (1, True)
    assert set_up(changed.replace('version: "1"', 'version: "2"'), "--apply")[0] == 0


def test_p11_governors_brief_a_new_feed_waits_until_its_own_governance_is_on_record(
    stack: Tables, set_up: SetUp
) -> None:
    """Its agreement comes with the office's file, whenever that names it."""
    roster = DEMO.parents[2] / "shared" / "feeds" / "profiles" / "roster.yaml"
    file = KINGS + f"profiles: [{roster}]\n"
    _, plan = set_up(file, "--apply")
    assert "waits    feed roster" in plan
    assert len(stack.agencies.missing_before_live("roster")) == 4
    feeds = """
feeds:
  - agencies: [roster]
    policy: {version: "1", sha256: HASH, file: rules.md}
    contact: records@police.example
    training: {kinds: [Awareness]}
""".replace("HASH", hash_of_policy(TEXT))
    set_up(file + feeds, "--apply")
    assert stack.agencies.missing_before_live("roster") == (Requirement.AGREEMENT,)
    agreed = file.replace("agency: canary-not", "agency: roster")
    assert "waits    feed" not in set_up(agreed, "--apply")[1]
    assert stack.agencies.missing_before_live("roster") == ()


def test_p11_governors_brief_a_plan_says_who_will_have_no_access_and_why(stack: Tables, set_up: SetUp) -> None:
    waits = "waits    user ada@da.example.gov  (no access before this is mended: their training is not on record"
    assert waits in set_up(KINGS, "--apply")[1]
    assert waits in set_up(KINGS, "--apply")[1], "for as long as it is so"
    trained = "users: [{email: ada@da.example.gov, trainings: [{kind: Awareness, completed_on: DAY}]}]"
    today = datetime.now(UTC).date() - timedelta(days=1)
    plan = set_up(KINGS.partition("users:")[0] + trained.replace("DAY", today.isoformat()), "--apply")[1]
    assert "waits    user" not in plan


def test_p11_cjis_at_3_an_account_without_training_is_not_opened_by_another_change(
    stack: Tables, set_up: SetUp
) -> None:
    set_up(KINGS, "--apply")
    ada = stack.users.find("kings", "ada@da.example.gov")
    assert ada
    off = Disabling(reason=DisabledFor.TRAINING, since=NOW)
    stack.users.change(ada, ada.model_copy(update={"disabled": off, "revision": ada.revision + 1}))
    set_up(KINGS.replace("{email: ada@da.example.gov}", "{email: ada@da.example.gov, title: Paralegal}"), "--apply")
    ada = stack.users.find("kings", "ada@da.example.gov")
    assert ada
    assert (ada.title, ada.disabled) == ("Paralegal", off)


def test_p11_governors_brief_a_plan_names_agencies_from_which_nothing_comes(stack: Tables, set_up: SetUp) -> None:
    misspelt = KINGS.replace("agency: canary-not", "agency: milbrook").replace(
        "allowed_domains:", "agencies: [ghost], allowed_domains:"
    )
    status, plan = set_up(misspelt, "--apply")
    assert status == 0
    assert "waits    agreement MOU-1  (nothing comes from milbrook: it is not enrolled, or is misspelt here)" in plan
    assert "waits    agencies of the office  (nothing comes from ghost:" in plan


def test_p11_governors_brief_feeds_of_before_and_the_canary_do_not_wait(stack: Tables, set_up: SetUp) -> None:
    roster = DEMO.parents[2] / "shared" / "feeds" / "profiles" / "roster.yaml"
    stack.agencies.enrol("roster", roster.read_text())
    set_up(KINGS + f"profiles: [{roster}]\n", "--apply")
    assert stack.agencies.missing_before_live("roster") == ()
    stack.agencies.await_governance("canary")
    assert stack.agencies.governance("canary") is None
    assert CANARY_PROFILE.is_file()


def test_p11_governors_brief_the_demos_office_and_its_feeds_are_live(stack: Tables, set_up: SetUp) -> None:
    """The hash in its file is that of its policy."""
    assert "waits" not in set_up(None, "--apply")[1]
    office = stack.offices.office("queensbridge-da")
    assert office
    assert office.live
    feeds = [stack.agencies.governance(agency) for agency in ("nypd", "harris", "roster")]
    assert [isinstance(feed, FeedGovernance) and feed.governance.missing for feed in feeds] == [()] * 3
