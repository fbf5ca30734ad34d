"""What an environment keeps lies in a stack of its own, which a release of code does not touch."""

import json
import re

from tests.infra.template import Assembly

# What cannot be made again as it was: records, keys, people, and what others hold or have confirmed.
KEPT = {
    "AWS::ApiGatewayV2::Api",
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::UserPoolDomain",
    "AWS::Cognito::UserPoolResourceServer",
    "AWS::DynamoDB::GlobalTable",
    "AWS::KMS::Key",
    "AWS::S3::Bucket",
    "AWS::SES::EmailIdentity",
    "AWS::SecretsManager::Secret",
}
# A logical id that changes is a new, empty resource, and in `prod` the old one stays behind, full and unused.
LOGICAL_IDS = {
    "AlarmsOperationsKeyC963D5A4",
    "AlarmsOperationsTopicA82531FF",
    "CursorsSecret0AA8413B",
    "DeliveryAlertsTopic05CE5FA0",
    "DeliverySender3D9FA587",
    "EntriesSecret429FB50A",
    "IntakeAccessLogsDBEC2A16",
    "IntakeBenchEEDB4138",
    "IntakeCopies9850A9EE",
    "IntakeDrops1E9E8A63",
    "IntakeFeedsDeadLetter4D1F9609",
    "IntakeFeedsQueueDF74B86B",
    "JuvenilesKeyBC25EE4E",
    "Key9BCD29C7",
    "LinksSecretCA02707C",
    "OfficeApi8195B549",
    "OfficePeople00924B7A",
    "OfficePeopleConsoleE832D1AA",
    "OfficePeopleMachinecasesystem08655652",
    "OfficePeopleMachinerecordssystem5769C4E9",
    "OfficePeopleScopesA07BDDC9",
    "OfficePeopleSignInPage695E99A7",
    "PseudonymSecretDEF71C06",
    "TablesAgencies19ECC05A",
    "TablesAlertsF4292B9D",
    "TablesArrestsF2A62FF0",
    "TablesAuditCEFF9E0F",
    "TablesChainsC1B0904A",
    "TablesJuveniles06D8A69E",
    "TablesOffices2788B817",
    "TablesSessions486350CB",
    "TablesSubscriptionsEF5802C5",
    "TrailChains9724E792",
    "WebhooksSecret784E2348",
}
ONLY_IN_PRODUCTION = {
    "BackupsPlan6D7B6ED1",
    "BackupsPolicy374D03D2",
    "BackupsRoleD4F311A7",
    "BackupsTablesDB7C5C82",
    "BackupsVault63F50EE3",
    "TrailsTrailB85700A8",
}
# They follow those above: policies of buckets, queues and topics, the look of the sign-in, an address's subscription.
FOLLOWING = {
    "AWS::Cognito::ManagedLoginBranding",
    "AWS::Events::Rule",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
}


def state(assembly: Assembly) -> dict[str, dict]:
    resources: dict[str, dict] = assembly.stacks[f"arrest-alert-{assembly.name}-state"]["Resources"]
    return resources


def service(assembly: Assembly) -> dict[str, dict]:
    resources: dict[str, dict] = assembly.stacks[f"arrest-alert-{assembly.name}"]["Resources"]
    return resources


def test_the_state_is_deployed_before_the_services(assembly: Assembly):
    assert list(assembly.stacks) == [f"arrest-alert-{assembly.name}-state", f"arrest-alert-{assembly.name}"]


def test_what_is_kept_is_in_the_state_alone(assembly: Assembly):
    assert {made["Type"] for made in state(assembly).values()} >= KEPT
    assert {id_ for id_, made in service(assembly).items() if made["Type"] in KEPT} == set()


def test_what_is_kept_has_the_logical_id_that_it_always_had(assembly: Assembly):
    ids = {id_ for id_, made in state(assembly).items() if made["Type"] not in FOLLOWING}
    known = LOGICAL_IDS | (ONLY_IN_PRODUCTION if assembly.name == "prod" else set())
    assert known - ids == set(), "a store with another id is a new, empty one"
    assert ids - known == set(), "write the new store's id into LOGICAL_IDS: it stays for ever"


def test_nobody_outside_subscribes_to_a_topic_of_the_services(assembly: Assembly):
    subscriptions = [
        made["Properties"] for made in service(assembly).values() if made["Type"] == "AWS::SNS::Subscription"
    ]
    assert {subscription["Protocol"] for subscription in subscriptions} == {"sqs"}


def test_the_state_depends_on_nothing_that_a_release_replaces(assembly: Assembly):
    template = assembly.stacks[f"arrest-alert-{assembly.name}-state"]
    assert "Fn::ImportValue" not in json.dumps(template)
    assets = json.loads((assembly.folder / f"arrest-alert-{assembly.name}-state.assets.json").read_text())["files"]
    assert {asset["source"]["path"] for asset in assets.values()} == {
        f"arrest-alert-{assembly.name}-state.template.json"
    }


def test_in_production_everything_that_is_kept_is_retained(prod: Assembly):
    kept = {
        id_: made
        for id_, made in state(prod).items()
        if made["Type"]
        in {
            "AWS::DynamoDB::GlobalTable",
            "AWS::KMS::Key",
            "AWS::S3::Bucket",
            "AWS::Cognito::UserPool",
            "AWS::SecretsManager::Secret",
        }
    }
    assert {id_ for id_, made in kept.items() if made.get("DeletionPolicy") != "Retain"} == set()


def test_every_export_of_the_state_is_used(assembly: Assembly):
    """An export that nothing imports protects nothing, and hides that its store is unused."""
    exported = {
        output["Export"]["Name"]
        for output in assembly.stacks[f"arrest-alert-{assembly.name}-state"]["Outputs"].values()
    }
    imported = json.dumps(assembly.stacks[f"arrest-alert-{assembly.name}"])
    assert {name for name in exported if name not in imported} == set()


def test_the_roles_that_buckets_know_by_name_have_names_that_iam_takes(assembly: Assembly):
    names = [
        made["Properties"]["RoleName"]
        for made in service(assembly).values()
        if made["Type"] == "AWS::IAM::Role" and "RoleName" in made["Properties"]
    ]
    policies = json.dumps([made for made in state(assembly).values() if made["Type"] == "AWS::S3::BucketPolicy"])
    assert set(names) == set(re.findall(r":role/(arrest-alert-[\w-]+)", policies))
    assert all(len(name) <= 64 for name in names)
