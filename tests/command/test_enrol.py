from pathlib import Path

import boto3
import pytest

from functions.command.main import main
from shared.domain.users import Right
from shared.tables.users import UsersTable

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = """
Resources: {Offices: {Type: AWS::DynamoDB::Table, Properties: {TableName: Offices, BillingMode: PAY_PER_REQUEST,
  KeySchema: [{AttributeName: pk, KeyType: HASH}], AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]}},
  Subscriptions: {Type: AWS::DynamoDB::Table, Properties: {TableName: Subscriptions, BillingMode: PAY_PER_REQUEST,
  KeySchema: [{AttributeName: pk, KeyType: HASH}, {AttributeName: sk, KeyType: RANGE}],
  AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: sk, AttributeType: S}]}}}
Outputs: {OfficesTable: {Value: !Ref Offices}, SubscriptionsTable: {Value: !Ref Subscriptions},
  FeedsBucket: {Value: feeds}}
"""


@pytest.fixture
def table(aws):
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=TEMPLATE)
    return boto3.client("dynamodb")


def items(table) -> dict[str, str]:
    return {item["pk"]["S"]: item["doc"]["S"] for item in table.scan(TableName="Offices")["Items"]}


def test_an_office_and_an_agency_are_enrolled_from_their_files_and_enrolling_again_changes_nothing(table):
    for _ in range(2):
        assert main(["enrol-office", "--stack", "here", str(ROOT / "tests/demo/office.yaml")]) == 0
        assert main(["enrol-agency", "--stack", "here", str(ROOT / "shared/profiles/nypd.yaml")]) == 0
    assert set(items(table)) == {"office#queensbridge-da", "agency#nypd"}


def test_the_first_super_owner_is_enrolled_by_command_and_a_second_time_changes_the_rights(table, capsys):
    main(["enrol-office", "--stack", "here", str(ROOT / "tests/demo/office.yaml")])
    who = ["queensbridge-da", "Ada.Advocate@da.queensbridge.example"]
    assert main(["enrol-user", "--stack", "here", "--right", "super-owner", *who]) == 0
    assert main(["enrol-user", "--stack", "here", "--right", "super-owner", "--right", "audit", *who]) == 0
    user = UsersTable(table, "Subscriptions").find(*who)
    assert (user.email, user.rights) == (who[1].lower(), {Right.SUPER_OWNER, Right.AUDIT})
    assert main(["enrol-user", "--stack", "here", who[0], "ada@elsewhere.example"]) == 1
    assert "outside the domains" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "text", "says"),
    [
        (
            "enrol-office",
            "office_id: a\nname: A\nori: NY000000A\ntime_zone: Mars/Olympus\nallowed_domains: [a.example]",
            "IANA time zone",
        ),
        ("enrol-office", "office_id: A B\nname: A\ntime_zone: UTC\nallowed_domains: [a.example]", "office_id"),
        ("enrol-office", "office_id: a\nname: A\ntime_zone: UTC\nallowed_domains: []", "allowed_domains"),
        ("enrol-office", "[not: closed", "line"),
        ("enrol-agency", "agency: nypd\nformat: papyrus\ntime_zone: UTC", "format"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_the_place_and_nothing_is_stored(
    table, tmp_path, capsys, command, text, says
):
    file = tmp_path / "it.yaml"
    file.write_text(text)
    assert main([command, "--stack", "here", str(file)]) == 1
    assert says in capsys.readouterr().err
    assert items(table) == {}
