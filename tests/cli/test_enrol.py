import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from functions.cli.main import main
from shared.audit.event import AuditEvent
from shared.feeds.profiles.enrolment import SealPermission
from shared.feeds.profiles.table import AgenciesTable
from shared.offices.governance.model import Governance, TrainingRule
from shared.offices.governance.personnel import (
    Acknowledgement,
    DisabledFor,
    Disabling,
    Personnel,
    RecordedTraining,
)
from shared.offices.purposes import Purpose
from shared.offices.table import OfficesTable
from shared.offices.users import AccountState, Machine, Right, Scope
from shared.offices.users_table import UsersTable
from tests.builders import NOW, a_user, an_office

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = """
Resources: {Offices: {Type: AWS::DynamoDB::Table, Properties: {TableName: Offices, BillingMode: PAY_PER_REQUEST,
  KeySchema: [{AttributeName: pk, KeyType: HASH}], AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]}},
  Subscriptions: {Type: AWS::DynamoDB::Table, Properties: {TableName: Subscriptions, BillingMode: PAY_PER_REQUEST,
  KeySchema: [{AttributeName: pk, KeyType: HASH}, {AttributeName: sk, KeyType: RANGE}],
  AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: sk, AttributeType: S}]}},
  Audit: {Type: AWS::DynamoDB::Table, Properties: {TableName: Audit, BillingMode: PAY_PER_REQUEST,
  KeySchema: [{AttributeName: pk, KeyType: HASH}, {AttributeName: sk, KeyType: RANGE}],
  AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: sk, AttributeType: S}]}},
  Agencies: {Type: AWS::DynamoDB::Table, Properties: {TableName: Agencies, BillingMode: PAY_PER_REQUEST,
  KeySchema: [{AttributeName: agency, KeyType: HASH}, {AttributeName: part, KeyType: RANGE}],
  AttributeDefinitions: [{AttributeName: agency, AttributeType: S}, {AttributeName: part, AttributeType: S}]}}}
Outputs: {OfficesTable: {Value: !Ref Offices}, SubscriptionsTable: {Value: !Ref Subscriptions},
  AgenciesTable: {Value: !Ref Agencies}, AuditTable: {Value: Audit},
  FeedsBucket: {Value: feeds}, UserPoolId: {Value: THE_POOL}}
"""


@pytest.fixture
def table(aws):
    made = boto3.client("cognito-idp").create_user_pool(
        PoolName="people", UsernameAttributes=["email"], Schema=[{"Name": "office", "AttributeDataType": "String"}]
    )
    template = TEMPLATE.replace("THE_POOL", made["UserPool"]["Id"])
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=template)
    return boto3.client("dynamodb")


def items(table) -> dict[str, str]:
    found = {item["pk"]["S"]: item["doc"]["S"] for item in table.scan(TableName="Offices")["Items"]}
    agencies = table.scan(TableName="Agencies")["Items"]
    return found | {f"{item['agency']['S']} {item['part']['S']}": item["doc"]["S"] for item in agencies}


def test_an_agency_is_enrolled_from_its_file_and_enrolling_again_changes_nothing(table):
    for _ in range(2):
        assert main(["enrol-agency", "--stack", "here", str(ROOT / "shared/feeds/profiles/nypd.yaml")]) == 0
    assert set(items(table)) == {"nypd governance", "nypd profile", "nypd profile#00000001"}


def test_a_profile_with_open_questions_of_suggest_is_enrolled_and_they_are_counted(table, tmp_path, capsys):
    sample, profile = ROOT / "tests/feeds/golden/delimited/millbrook.csv", tmp_path / "millbrook.yaml"
    suggest = ["suggest", "--agency", "millbrook", "--time-zone", "America/New_York", "--out", str(profile)]
    assert main([*suggest, str(sample)]) == 0
    capsys.readouterr()
    assert main(["enrol-agency", "--stack", "here", str(profile)]) == 0
    assert "questions in its profile that nobody has answered, at # ASK" in capsys.readouterr().err
    answered = "\n".join(line.partition(" # ")[0] for line in profile.read_text().splitlines())
    profile.write_text(answered)
    assert main(["enrol-agency", "--stack", "here", str(profile)]) == 0
    assert capsys.readouterr().err == ""


def test_a_profile_that_reads_ages_needs_no_second_person(table, capsys):
    profile = str(ROOT / "shared/feeds/profiles/nypd.yaml")
    assert main(["confirm-profile", "--stack", "here", profile]) == 0
    assert "reads ages, so it can be enrolled without" in capsys.readouterr().out


def test_the_first_super_owner_is_enrolled_by_command_and_a_second_time_changes_the_rights(table, capsys):
    OfficesTable(table, "Offices").enrol(an_office())
    who = ["kings", "Ada.Advocate@da.example.gov"]
    assert main(["enrol-user", "--stack", "here", "--right", "super-owner", *who]) == 0
    assert main(["enrol-user", "--stack", "here", "--right", "super-owner", "--right", "audit", *who]) == 0
    user = UsersTable(table, "Subscriptions").find(*who)
    assert (user.email, user.rights) == (who[1].lower(), {Right.SUPER_OWNER, Right.AUDIT})
    assert user.account is AccountState.INVITED
    assert capsys.readouterr().out.count("first password") == 1, "a change of rights invites nobody"
    assert main(["enrol-user", "--stack", "here", who[0], "ada@elsewhere.example"]) == 1
    assert "outside the domains" in capsys.readouterr().err


def test_a_change_of_rights_leaves_everything_else_of_a_person_as_it_is(table, capsys):
    rule = TrainingRule(kinds=("Awareness",))
    OfficesTable(table, "Offices").enrol(an_office(governance=Governance(training=rule)))
    users = UsersTable(table, "Subscriptions")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    training = RecordedTraining(kind="Awareness", completed_on=yesterday, recorded_by="set-up", recorded_at=NOW)
    facts: dict[str, Any] = {
        "name": "Ada Example",
        "personnel": Personnel(trainings=(training,)),
        "acknowledged": Acknowledgement.model_validate({"version": "1", "sha256": "0" * 64, "acknowledged_at": NOW}),
        "disabled": Disabling(reason=DisabledFor.IDLE, since=NOW),
        "account": AccountState.KEPT,
        "sub": "s",
    }
    before = a_user("ada@da.example.gov", **facts)
    users.add(before)
    assert main(["enrol-user", "--stack", "here", "--right", "audit", "kings", "ada@da.example.gov"]) == 0
    changed = {"rights": {Right.AUDIT}, "revision": 2}
    assert users.find("kings", "ada@da.example.gov") == before.model_copy(update=changed)
    assert "nothing yet" not in capsys.readouterr().out
    assert main(["enrol-user", "--stack", "here", "kings", "bo@da.example.gov"]) == 0
    assert "they can read nothing yet: their training is not on record, or is over" in capsys.readouterr().out


def test_a_machine_does_not_become_a_person_by_command(table, capsys):
    OfficesTable(table, "Offices").enrol(an_office())
    users = UsersTable(table, "Subscriptions")
    machine = Machine(client_id="c", scopes=frozenset({Scope.LISTS}), purpose=Purpose.PROSECUTION)
    users.add(a_user("system@da.example.gov", machine=machine))
    said = ["enrol-user", "--stack", "here", "--right", "super-owner", "kings", "system@da.example.gov"]
    assert main(said) == 1
    assert "is a machine" in capsys.readouterr().err
    assert users.find("kings", "system@da.example.gov").rights == frozenset()


def test_a_profile_that_cannot_be_taken_is_refused_with_the_place_and_nothing_is_stored(table, tmp_path, capsys):
    file = tmp_path / "it.yaml"
    file.write_text("agency: nypd\nformat: papyrus\ntime_zone: UTC")
    assert main(["enrol-agency", "--stack", "here", str(file)]) == 1
    assert "format" in capsys.readouterr().err
    assert items(table) == {}


def test_p2_whoever_works_on_a_stack_by_command_is_written_down_before_anything_is_done(table):
    OfficesTable(table, "Offices").enrol(an_office())
    main(["enrol-user", "--stack", "here", "kings", "ada@da.example.gov"])
    main(["enrol-user", "--stack", "here", "kings", "ada@elsewhere.example"])
    main(["enrol-agency", "--stack", "here", str(ROOT / "shared/feeds/profiles/nypd.yaml")])
    found = [AuditEvent.model_validate_json(item["doc"]["S"]) for item in table.scan(TableName="Audit")["Items"]]
    said = sorted((one.office_id, one.action) for one in found)
    assert said == [("-", "arrest-alert enrol-agency"), *[("kings", "arrest-alert enrol-user")] * 2]
    assert {one.who.split(":")[0] for one in found} == {"arn"}
    assert "ada@" not in "".join(one.model_dump_json() for one in found)


def test_p2_a_command_that_cannot_be_written_down_does_nothing(table):
    OfficesTable(table, "Offices").enrol(an_office())
    table.delete_table(TableName="Audit")
    assert main(["enrol-user", "--stack", "here", "kings", "ada@da.example.gov"]) == 2
    assert UsersTable(table, "Subscriptions").find("kings", "ada@da.example.gov") is None


NO_AGES = "agency: town\nformat: delimited\ntime_zone: UTC\ncolumns: {number: No, surname: Last}\n"


def test_tc2_a_profile_that_cannot_tell_minors_is_enrolled_by_another_operator_than_confirmed_it(
    table, tmp_path, capsys, monkeypatch
):
    file = tmp_path / "town.yaml"
    file.write_text(NO_AGES)
    enrol = ["enrol-agency", "--stack", "here", str(file)]
    assert main(enrol) == 1
    assert "arrest-alert confirm-profile" in capsys.readouterr().err
    assert main(["confirm-profile", "--stack", "here", str(file)]) == 0
    assert main(enrol) == 1, "whoever confirmed it is no second person"
    role = boto3.client("iam").create_role(RoleName="second", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    assumed = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="second@operator.example")["Credentials"]
    second = {
        "aws_access_key_id": assumed["AccessKeyId"],
        "aws_secret_access_key": assumed["SecretAccessKey"],
        "aws_session_token": assumed["SessionToken"],
    }
    with monkeypatch.context() as patch:
        patch.setattr(boto3, "DEFAULT_SESSION", boto3.Session(**second, region_name="us-east-1"))
        assert main(enrol) == 0
    (live,) = (json.loads(doc) for key, doc in items(table).items() if key == "town profile")
    assert live["confirmed_by"] == boto3.client("sts").get_caller_identity()["Arn"]


def test_tc1_the_operator_records_the_agencys_permission_with_its_document_and_its_withdrawal(table, tmp_path, capsys):
    file = tmp_path / "town.yaml"
    file.write_text(NO_AGES.replace("surname: Last", "event: What") + "codes: {event: {S: seal}}\n")
    enrol, agencies = ["enrol-agency", "--stack", "here", str(file)], AgenciesTable(table, "Agencies")
    assert main(enrol) == 0
    assert "seals are rejected until" in capsys.readouterr().out
    for option, permission in (("--seals-by-feed", SealPermission.GRANTED),
                               ("--no-seals-by-feed", SealPermission.NOT_GRANTED)):  # fmt: skip
        assert main([*enrol, option, "Letter of 2026-11-02"]) == 0
        assert agencies.seal_permission("town") is permission
        recorded = json.loads(items(table)["town enrolment"])
        assert (recorded["document"], bool(recorded["recorded_by"])) == ("Letter of 2026-11-02", True)
