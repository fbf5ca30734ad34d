"""O6: an office from one file: what would be done is shown, then done, and a second time there is nothing to do."""

from datetime import date
from pathlib import Path

import boto3
import pytest

import functions.cli
from functions.cli.main import main
from shared.offices.purposes import Purpose
from shared.offices.users import Right, Scope
from shared.records_requests.table import RecordsRequestsTable
from shared.subscriptions.events import EventGroup
from shared.subscriptions.folders.model import Role, Tab
from tests.builders import NOW

DEMO = Path(__file__).resolve().parents[1] / "demo" / "office.yaml"
CANARY_PROFILE = Path(functions.cli.__file__).with_name("canary") / "profile.yaml"
KINGS = """
office: {office_id: kings, name: Kings, ori: NY000000A, time_zone: America/New_York, allowed_domains: [da.example.gov]}
users: [{email: ada@da.example.gov}]
"""


@pytest.fixture
def stack(tables):
    boto3.client("secretsmanager").create_secret(Name="pseudonyms", SecretString="a key for tests only")
    parameters = "Conditions: {Never: !Equals [a, b]}\nResources: {T: {Type: AWS::SNS::Topic, Condition: Never}}\n"
    names = {"OfficesTable": "Offices", "AgenciesTable": "Agencies", "SubscriptionsTable": "Subscriptions"}
    names |= {"Machines": '\'{"case-system": "client-1"}\''}
    listed_outputs = ", ".join(
        f"{name}: {{Value: {value}}}" for name, value in (names | {"AuditTable": "Audit"}).items()
    )
    template = f"{parameters}Outputs: {{{listed_outputs}, PseudonymSecretArn: {{Value: pseudonyms}}}}"
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=template)
    return tables


@pytest.fixture
def set_up(stack, tmp_path, capsys):
    """Runs the command on this text, or on the demo's office: status, what it said."""

    def run(text: str | None = None, *arguments: str) -> tuple[int, str]:
        file = DEMO
        if text is not None:
            file = tmp_path / "office.yaml"
            file.write_text(text)
        status = main(["set-up", "--stack", "here", *arguments, str(file)])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return run


def verbs(output: str) -> set[str]:
    return {line.split()[0] for line in output.splitlines()[:-1]}


def test_o6_a_plan_is_shown_first_then_done_and_a_second_time_there_is_nothing_to_do(stack, set_up):
    status, plan = set_up()
    assert (status, verbs(plan)) == (0, {"create"})
    assert "say --apply" in plan
    assert stack.offices.office("queensbridge-da") is None, "showing does nothing"
    assert set_up(None, "--apply")[0] == 0
    before = stack.everything_in("Subscriptions")
    status, again = set_up(None, "--apply")
    assert (status, verbs(again)) == (0, {"nothing"})
    assert "There is nothing to do" in again
    assert stack.everything_in("Subscriptions") == before


def test_o6_s9_s10_s12_tabs_levels_roles_notes_users_and_agreements_are_as_the_file_says(stack, set_up):
    set_up(None, "--apply")
    office = "queensbridge-da"
    tree = stack.subscriptions.folders.tree(office)
    paths = {(folder.tab, tree.path(folder.folder_id)): folder for folder in tree.folders}
    assert set(paths) == {
        (Tab.TEAM, "Gangs"), (Tab.TEAM, "Gangs > Harbor Ave"), (Tab.TEAM, "Gangs > Harbor Ave > Shooters"),
        (Tab.TEAM, "Robbery"), (Tab.PREDEFINED, "Open cases"), (Tab.PREDEFINED, "Bench warrants"),
        (Tab.PREDEFINED, "Orders of protection"), (Tab.PREDEFINED, "Parole and probation"),
    }  # fmt: skip
    assert [*paths[Tab.TEAM, "Gangs"].events] == ["arrests", "custody begins", "releases to come", "releases"]
    shooters = paths[Tab.TEAM, "Gangs > Harbor Ave > Shooters"].folder_id
    domain = "da.queensbridge.example"
    assert tree.roles_on(shooters) == {
        f"dee.deputy@{domain}": Role.OWNER, f"ada.advocate@{domain}": Role.EDITOR,
        f"pat.paralegal@{domain}": Role.VISITOR,
    }  # fmt: skip
    assert [folder.name for folder in stack.subscriptions.folders.tree(office, f"ada.advocate@{domain}").folders] == [
        "Parole"
    ]
    assert stack.users.find(office, f"chief@{domain}").rights == {Right.SUPER_OWNER}
    assert [agreement.agency for agreement in stack.subscriptions.agreements.of(office).agreements] == [
        "nypd",
        "harris",
        "roster",
    ]
    assert "agency: nypd" in stack.agencies.text("nypd")
    filed = [subscription for subscription in stack.subscriptions.all_of(office) if subscription.folders == (shooters,)]
    assert filed[0].note.private.startswith("Ask the gang unit")


def test_o6_what_the_file_says_anew_is_changed_and_what_it_leaves_out_stays(stack, set_up):
    folders = "folders: {team: [{name: Gangs, roles: {ada@da.example.gov: owner}}]}\n"
    assert set_up(KINGS + folders, "--apply")[0] == 0
    changed = KINGS.replace("name: Kings", "name: Kings County").replace("ada@", "bo@") + folders.replace("ada@", "bo@")
    status, output = set_up(changed, "--apply")
    assert status == 0
    assert stack.offices.office("kings").name == "Kings County"
    assert {user.email for user in stack.users.all_of("kings") if user.active} == {
        "ada@da.example.gov",
        "bo@da.example.gov",
    }
    assert "change   office kings  (name)" in output
    assert "stays    user ada@da.example.gov  (the file does not name them)" in output
    assert "stays    role of ada@da.example.gov on team > Gangs" in output
    (gangs,) = stack.subscriptions.folders.tree("kings").folders
    assert gangs.roles == {"ada@da.example.gov": Role.OWNER, "bo@da.example.gov": Role.OWNER}


AGREEMENT = "agreements: [{{agency: testville, reference: MOU-1, starts: 2026-11-01, ends: {ends}}}]\n"


@pytest.mark.parametrize(("rule", "stored"), [("", True), (", only_by_agreement: false", False)])
def test_p6_cjis_ca_3_a_new_office_hears_of_agencies_only_by_agreement_unless_its_file_says_else(
    stack, set_up, rule, stored
):
    assert set_up(KINGS.replace("]}\nusers", f"]{rule}}}\nusers"), "--apply")[0] == 0
    assert stack.offices.office("kings").only_by_agreement is stored


def test_p6_cjis_ca_3_an_office_of_before_keeps_its_rule_when_its_file_says_nothing(stack, set_up):
    assert set_up(KINGS.replace("]}\nusers", "], only_by_agreement: false}\nusers"), "--apply")[0] == 0
    status, output = set_up(KINGS, "--apply")
    assert (status, stack.offices.office("kings").only_by_agreement) == (0, False)
    assert "nothing  office kings" in output


@pytest.mark.parametrize(("ends", "status"), [("2029-10-31", 0), ("2029-11-01", 1)])
def test_cjis_ca_3_an_agreement_runs_for_three_years_at_most(stack, set_up, ends, status):
    result, output = set_up(KINGS + AGREEMENT.format(ends=ends), "--apply")
    assert result == status
    assert ("more than 3 years after its start; write 2029-10-31 or earlier" in output) is bool(status)


def test_pa_9114_the_clocks_of_disputes_are_those_of_the_offices_counsel(stack, set_up):
    clocks = "decide_within: {days: 20, source: counsel}, tell_within: {days: 5, source: counsel}"
    rules = f"dispute_rules: {{{clocks}, appeal: Write to us.}}\n"
    status, plan = set_up(KINGS + rules, "--apply")
    assert (status, "decided within 20 days, told within 5" in plan) == (0, True)
    stored = stack.subscriptions.disputes.rules("kings")
    assert stored is not None
    assert (stored.decide_within.days, stored.tell_within.source, stored.appeal) == (20, "counsel", "Write to us.")
    assert "rules of disputes" in set_up(KINGS + rules)[1]
    assert set_up(KINGS, "--apply")[0] == 0
    assert stack.subscriptions.disputes.rules("kings") == stored, "a file that does not name them leaves them"
    assert set_up(KINGS + rules.replace("days: 20", "days: -1"))[0] == 1


def test_cjis_ir_6_the_steps_of_a_breach_are_those_of_the_offices_counsel(stack, set_up):
    step = "{name: inside, title: Tell the sheriff, from: suspected, hours: 2, source: memo 7}"
    rules = f"breach_steps: {{steps: [{step}]}}\n"
    breaches = stack.subscriptions.breaches
    assert [step.name for step in breaches.steps("kings")][:2] == ["inside", "privacy chief"], "those that are shipped"
    status, plan = set_up(KINGS + rules, "--apply")
    assert (status, "steps of a breach" in plan) == (0, True)
    [stored] = breaches.steps("kings")
    assert (stored.title, stored.hours, stored.source) == ("Tell the sheriff", 2, "memo 7")
    assert "nothing  steps of a breach" in set_up(KINGS + rules)[1]
    assert set_up(KINGS, "--apply")[0] == 0
    assert breaches.steps("kings") == (stored,), "a file that does not name them leaves them"
    assert set_up(KINGS + rules.replace(", source: memo 7", ""))[0] == 1, "a step has its source"


def test_pol_89_3_the_clocks_and_holidays_of_records_requests_are_those_of_the_offices_counsel(stack, set_up):
    rules = "records_request_rules: {clocks: {foil: {first answer: {days: 3, source: memo 7}}}, dates: [2026-12-24]}\n"
    status, plan = set_up(KINGS + rules, "--apply")
    assert (status, "first answer of foil: 3" in plan, "1 further dates" in plan) == (0, True, True)
    table = RecordsRequestsTable(stack.client, "Subscriptions")
    stored = table.rules("kings")
    assert stored is not None
    assert stored.dates == (date(2026, 12, 24),)
    assert "nothing  rules of records requests" in set_up(KINGS + rules)[1]
    assert set_up(KINGS, "--apply")[0] == 0
    assert table.rules("kings") == stored, "a file that does not name them leaves them"
    unknown = set_up(KINGS + rules.replace("first answer", "last answer"))
    assert (unknown[0], "write one of: first answer" in unknown[1]) == (1, True)


def test_p6_cjis_ca_3_the_next_agreement_ends_the_hold_of_the_agencys_files_at_once(stack, set_up):
    stack.agencies.set_sharing_ended_on("testville", date(2026, 10, 31))
    in_force = AGREEMENT.format(ends="2029-09-30").replace("2026-11-01", "2026-10-01")
    assert set_up(KINGS + in_force, "--apply")[0] == 0
    assert stack.agencies.sharing_ended_on("testville") is None


def test_o6_p2_showing_and_doing_are_written_down_and_what_is_done_in_the_record_of_the_office(stack, set_up):
    def written() -> list[str]:
        return sorted(item["pk"]["S"].split("#")[1] for item in stack.everything_in("Audit"))

    set_up(KINGS)
    assert written() == ["-"]
    set_up(KINGS, "--apply")
    assert written() == ["-", "-", "kings"]


def test_o6_who_was_removed_does_not_come_back_by_a_file(stack, set_up):
    set_up(KINGS, "--apply")
    user = stack.users.find("kings", "ada@da.example.gov")
    stack.users.change(user, user.model_copy(update={"deprovisioned_at": NOW, "revision": 2}))
    status, output = set_up(KINGS, "--apply")
    assert (status, "was removed" in output) == (0, True)
    assert not stack.users.find("kings", "ada@da.example.gov").active


MACHINE = KINGS.replace(
    "users: [", "users: [{email: sys@da.example.gov, machine: {name: case-system, scopes: [lists], purpose: warrant}}, "
)


def test_o6_p1_a_machine_of_the_file_is_bound_to_its_client_and_a_second_time_there_is_nothing_to_do(stack, set_up):
    assert "create   user sys@da.example.gov  (lists)" in set_up(MACHINE, "--apply")[1]
    machine = stack.users.find("kings", "sys@da.example.gov").machine
    assert (machine.client_id, machine.scopes, machine.purpose) == ("client-1", {Scope.LISTS}, Purpose.WARRANT)
    assert stack.users.find_machine("client-1") == ("kings", "sys@da.example.gov")
    assert verbs(set_up(MACHINE, "--apply")[1]) == {"nothing", "waits"}
    set_up(MACHINE.replace("[lists]", "[lists, subscriptions]"), "--apply")
    assert stack.users.find("kings", "sys@da.example.gov").machine.scopes == {Scope.LISTS, Scope.SUBSCRIPTIONS}


def test_o6_p1_a_machine_is_one_user_of_one_office_at_a_time(stack, set_up):
    set_up(MACHINE, "--apply")
    other = MACHINE.replace("office_id: kings", "office_id: queens").replace("sys@", "other@")
    status, output = set_up(other, "--apply")
    assert (status, "is sys@da.example.gov of kings" in output) == (1, True)
    user = stack.users.find("kings", "sys@da.example.gov")
    stack.users.change(user, user.model_copy(update={"deprovisioned_at": NOW, "revision": 2}))
    assert set_up(other, "--apply")[0] == 0
    assert stack.users.find_machine("client-1") == ("queens", "other@da.example.gov")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (MACHINE.replace("case-system", "toaster"), "is none that the stack has (case-system)"),
        (MACHINE.replace("[lists]", "[]"), ":3: users.0.machine.scopes:"),
        (
            MACHINE.replace("[lists]", "[everything]"),
            "write 'lists', 'subscriptions', 'feeds' or 'alerts'",
        ),
        (MACHINE.replace("[lists]", "[alerts]"), "name the webhooks or topics it receives"),
        (MACHINE.replace("machine:", "rights: [audit], machine:"), "a machine has scopes and no rights"),
    ],
)
def test_o6_a_machine_that_cannot_be_is_named_with_its_mend(stack, set_up, text, fault):
    status, output = set_up(text, "--apply")
    assert (status, fault in output) == (1, True), output
    assert stack.everything_in("Offices") == []


def test_the_secret_of_a_machine_that_the_stack_has_not_is_not_made(stack, capsys):
    assert main(["machine-secret", "--stack", "here", "toaster"]) == 1
    assert "there is case-system" in capsys.readouterr().err


GONE = """
subscriptions:
  - owner: ada@da.example.gov
    folders: [team > Gone]
    wish:
      criterion: {watch: identifier, identifier: {kind: sid, value: 1A, issuer: NY}}
      basis: {kind: open case, case_number: C-1}
      recipients: [{email: ada@da.example.gov}]
"""
DEEP = "{name: A, folders: [{name: B, folders: [{name: C, folders: [\n  {name: D}]}]}]}"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("users: []\n", "line 4: `users` is said twice"),
        ("mend: [", "line 4: "),
        ("folder: {}\n", ":4: folder: is not a field here; remove it"),
        ("folders: {team: [\n  {name: Gangs, roles: {ada@da.example.gov: boss}}]}\n",
         ":5: folders.team.0.roles.ada@da.example.gov: is none of the choices; write 'owner', 'editor' or 'visitor'"),
        ("folders: {team: [\n  {name: Gangs, roles: {x@da.example.gov: owner}}]}\n",
         ":5: folders.team.0.roles.x@da.example.gov: is no user of the office; name them under users"),
        (f"folders: {{team: [{DEEP}]}}\n",
         ":5: folders.team.0.folders.0.folders.0.folders.0: Folders go three deep"),
        ("profiles:\n  - nowhere.yaml\n", "nowhere.yaml cannot be read: No such file or directory; write its path"),
        ("agreements:\n  - {agency: nypd, reference: R, starts: 2026-02-01, ends: 2026-01-01}\n",
         ":5: agreements.0: ends lies before starts"),
        (GONE, ":7: subscriptions.0.folders.0: there is no such folder; write it like team > Category > Group"),
        (GONE.replace("email: ada@da", "email: ada@elsewhere"), ":11: subscriptions.0.wish.recipients.0.email:"),
        (GONE.replace("      basis", "      bases"), ":8: subscriptions.0.wish.basis: is missing; add it"),
        (GONE.replace("owner: ada", "owner: x"), ":6: subscriptions.0.owner: is no user of the office"),
    ],
)  # fmt: skip
def test_o6_a_fault_is_named_by_line_and_key_with_its_mend_and_nothing_is_done(stack, set_up, lines, fault):
    status, output = set_up(KINGS + lines, "--apply")
    assert status == 1
    assert fault in output
    assert stack.everything_in("Offices") == []


@pytest.mark.parametrize("key", ["agencies: [canary]", "may_seal: [roster, canary]"])
def test_no_office_hides_what_is_real_behind_the_canary(stack, set_up, key):
    status, output = set_up(KINGS.replace("]}\nusers", f"], {key}}}\nusers"), "--apply")
    assert (status, "the agency canary is the office canary's alone" in output) == (1, True), output
    assert stack.everything_in("Offices") == []


def test_the_canarys_files_are_read_as_its_own_office_says_alone(stack, set_up):
    status, output = set_up(f"{KINGS}profiles: [{CANARY_PROFILE}]\n", "--apply")
    assert (status, "profiles.0: the agency canary" in output) == (1, True), output
    assert not stack.agencies.is_enrolled("canary")


def test_o6_a_user_outside_the_offices_domains_is_refused(stack, set_up):
    status, output = set_up(KINGS.replace("ada@da.example.gov", "ada@elsewhere.example"), "--apply")
    assert status == 1
    assert "users.0.email: lies outside the office's domains (da.example.gov)" in output


OWN_FILE = """
users: [{email: ada@da.example.gov, rights: [super-owner]}, {email: bo@da.example.gov}]
folders: {team: [{name: Gangs, roles: {bo@da.example.gov: owner, ada@da.example.gov: owner}}]}
"""


@pytest.mark.parametrize(("session", "status"), [("ada@da.example.gov", 1), ("operator@elsewhere.example", 0)])
def test_tc4_an_operator_gives_himself_no_higher_role_or_right_by_the_offices_file(
    stack, set_up, monkeypatch, session, status
):
    head, _, _ = KINGS.rpartition("users:")
    before = "users: [{email: ada@da.example.gov}, {email: bo@da.example.gov}]\nfolders: {team: [{name: Gangs}]}\n"
    assert set_up(head + before, "--apply")[0] == 0
    role = boto3.client("iam").create_role(RoleName="operator", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    assumed = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName=session)["Credentials"]
    keys = {"aws_access_key_id": assumed["AccessKeyId"], "aws_secret_access_key": assumed["SecretAccessKey"]}
    there = boto3.Session(**keys, aws_session_token=assumed["SessionToken"], region_name="us-east-1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", there)
    done, output = set_up(head + OWN_FILE, "--apply")
    assert done == status, output
    assert output.count("another operator") == (2 if status else 0)
    (gangs,) = stack.subscriptions.folders.tree("kings").folders
    assert ("ada@da.example.gov" in gangs.roles) is (status == 0)


def test_tc6_an_offices_file_that_names_immigration_enforcement_is_refused_by_line_and_key(stack, set_up):
    text = (
        KINGS.replace("name: Kings", "contact: ero@ice.dhs.gov, name: Kings")
        + """
agreements: [{agency: nypd, reference: MOU with ICE, starts: 2026-01-01, ends: 2036-01-01}]
folders: {team: [{name: Deportations}]}
subscriptions:
- owner: ada@da.example.gov
  wish:
    criterion: {watch: identifier, identifier: {kind: sid, value: 01234567A, issuer: NY}}
    basis: {kind: open case, case_number: ICE-7}
    reference: ICE detainer
"""
    )
    status, output = set_up(text, "--apply")
    assert status == 1
    faults = [line for line in output.splitlines() if "names immigration enforcement" in line]
    keys = ("office.contact", "agreements.0.reference", "folders.team.0.name", "basis.case_number", "reference")
    assert len(faults) == len(keys)
    assert all(any(key in fault for fault in faults) for key in keys)
    assert stack.offices.office("kings") is None


FOLDER_OF_RELEASES = (
    KINGS + "folders: {team: [{name: Gangs, events: [releases, arrests], folders: [{name: Crew 9}]}]}\n"
)


def test_o6_a_folder_of_the_file_says_of_which_events_its_watches_tell(stack, set_up):
    assert set_up(FOLDER_OF_RELEASES, "--apply")[0] == 0
    tree = stack.subscriptions.folders.tree("kings")
    assert {folder.name: [*folder.events] for folder in tree.folders} == {
        "Gangs": ["arrests", "releases"],
        "Crew 9": [],
    }
    assert verbs(set_up(FOLDER_OF_RELEASES)[1]).isdisjoint({"create", "change"})
    gangs = next(folder for folder in tree.folders if folder.name == "Gangs")
    stack.subscriptions.folders.save(tree.with_folder(gangs.model_copy(update={"events": (EventGroup.DEATHS,)})))
    assert set_up(FOLDER_OF_RELEASES.replace("events: [releases, arrests], ", ""), "--apply")[0] == 0
    assert stack.subscriptions.folders.tree("kings").find(gangs.folder_id).events == ("deaths",)


def test_o6_an_event_that_does_not_exist_is_named_with_its_place_in_the_file(stack, set_up):
    status, said = set_up(FOLDER_OF_RELEASES.replace("releases, arrests", "detainers"))
    assert status != 0
    assert "folders.team.0.events.0: is none of the choices; write 'arrests', 'custody begins'," in said
