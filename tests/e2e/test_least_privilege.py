"""Every role may do what its function does, and not what another function does."""

import json
from typing import Any

import pytest

from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene, sweep
from tests.local.deployed import Deployed, eventually
from tests.local.probes import invoke, make_function

ASKS = """
import boto3, botocore.exceptions
def handler(event, context):
    try:
        getattr(boto3.client(event["service"]), event["act"])(**event["words"])
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    return "allowed"
"""


def test_every_grant_that_the_way_needs_is_there(scene: Scene) -> None:
    product = scene.product
    agency, ada = scene.agency(), scene.prosecutor()
    watched = ada.watch(
        scene.watch_for_pat,
        {"email": ada.email, "sms": "+12125550144"}, {"topic": "cases"},
    )  # fmt: skip

    key = product.drop(
        agency, "day.csv", roster(row("BK-1", **scene.pat), {"Booking No": "BK-2", "Arrest Date": "yesterday"})
    )

    receipt = product.receipt(key)
    assert (receipt.rows.accepted, receipt.rows.rejected) == (1, 1)
    eventually(lambda: sorted(one["state"] for one in scene.deliveries()) == ["delivered", "sent", "sent"])
    later = roster(row("BK-1", **scene.pat, State_ID="00009100M"))
    product.receipt(product.drop(agency, "later.csv", later))
    eventually(lambda: len(scene.mails(ada.email)) == 2, what="the update")
    alert = next(one for one in ada.api("GET", "/v1/alerts").body["items"] if "email" in one["recipient"])
    assert ada.api("GET", f"/v1/alerts/{alert['alert_id']}").body["arrest"]["number"] == "BK-1"
    path = f"/v1/subscriptions/{watched['subscription_id']}"
    wish = {name: watched[name] for name in ("criterion", "basis", "starts", "recipients")}
    moved = wish | {"criterion": wish["criterion"] | {"given": "Sam"}}
    assert [ada.api(*asked).status for asked in (
        ("GET", "/v1/me"), ("GET", "/v1/subscriptions"), ("GET", path), ("POST", "/v1/subscriptions", wish),
        ("PUT", path, moved), ("DELETE", path), ("GET", "/v1/openapi.json"),
    )] == [200] * 7  # fmt: skip
    assert sweep(product, "drops") == 0
    assert sweep(product, "deliveries") == 0


def item(table: str) -> dict[str, Any]:
    keys = {
        "SubscriptionsTable": {"pk": {"S": "office#x"}, "sk": {"S": "subscription#x"}},
        "AlertsTable": {"alert_id": {"S": "x"}, "part": {"S": "alert"}},
        "ArrestsTable": {"arrest_id": {"S": "x"}},
        "OfficesTable": {"pk": {"S": "office#x"}},
        "AuditTable": {"pk": {"S": "office#x"}, "sk": {"S": "x"}},
        "ChainsTable": {"pk": {"S": "x"}},
    }
    return keys[table]


DENIED = [
    ("NoteReceiptsFunction", "get_item", "SubscriptionsTable"),
    ("NoteReceiptsFunction", "get_item", "ArrestsTable"),
    ("NoteReceiptsFunction", "put_item", "ArrestsTable"),
    ("OfficeApiFunction", "put_item", "ArrestsTable"),
    ("OfficeApiFunction", "delete_item", "OfficesTable"),
    ("MatchArrestsFunction", "put_item", "ArrestsTable"),
    ("MatchArrestsFunction", "put_item", "OfficesTable"),
    ("SendAlertsFunction", "put_item", "ArrestsTable"),
    ("ReceiveFeedFunction", "get_item", "SubscriptionsTable"),
    ("ReceiveFeedFunction", "get_item", "AlertsTable"),
    ("KeepHouseFunction", "get_item", "ArrestsTable"),
    ("OfficeApiFunction", "delete_item", "AuditTable"),
    ("OfficeApiFunction", "put_item", "ChainsTable"),
    ("ChainAuditFunction", "put_item", "AuditTable"),
    ("MatchArrestsFunction", "put_item", "ChainsTable"),
    ("LearnNamesFunction", "get_item", "ArrestsTable"),
    ("LearnNamesFunction", "put_item", "ArrestsTable"),
    ("LearnNamesFunction", "get_item", "SubscriptionsTable"),
]


@pytest.fixture(scope="module")
def probes(product: Deployed) -> dict[str, str]:
    """A function of ours with the role of each of the product's."""
    service = product.cloud.client("lambda")
    functions = sorted({function for function, _, _ in DENIED})
    return {
        function: make_function(
            product.cloud, f"probe-{function}", ASKS,
            role=service.get_function_configuration(FunctionName=product.outputs[function])["Role"],
        )
        for function in functions
    }  # fmt: skip


def ask(product: Deployed, probe: str, service: str, act: str, words: dict[str, Any]) -> Any:
    answer, error = invoke(product.cloud, probe, {"service": service, "act": act, "words": words})
    assert error is None, json.dumps(answer)
    return answer


def test_no_role_reaches_a_table_that_is_not_its_business(product: Deployed, probes: dict[str, str]) -> None:
    answers = {}
    for function, act, table in DENIED:
        words = {"TableName": product.outputs[table], "Item" if act == "put_item" else "Key": item(table)}
        answers[function, act, table] = ask(product, probes[function], "dynamodb", act, words)
    assert {asked: answer for asked, answer in answers.items() if answer != "AccessDeniedException"} == {}


def test_the_probes_do_reach_what_is_their_business(product: Deployed, probes: dict[str, str]) -> None:
    words = {"TableName": product.outputs["AlertsTable"], "Key": item("AlertsTable")}
    assert ask(product, probes["NoteReceiptsFunction"], "dynamodb", "get_item", words) == "allowed"
    reference = {"TableName": product.outputs["OfficesTable"], "Key": {"pk": {"S": "tables#probe"}}}
    for act in ("get_item", "delete_item"):
        assert ask(product, probes["LearnNamesFunction"], "dynamodb", act, reference) == "allowed"


@pytest.mark.parametrize("key", ["x/receipts/day.json", "x/rejects/day.csv", "stray.csv"])
def test_the_intake_reads_drops_and_nothing_else(product: Deployed, probes: dict[str, str], key: str) -> None:
    words = {"Bucket": product.bucket, "Key": key}
    assert ask(product, probes["ReceiveFeedFunction"], "s3", "get_object", words) == "AccessDenied"


def test_the_intake_cannot_write_a_drop(product: Deployed, probes: dict[str, str]) -> None:
    words = {"Bucket": product.bucket, "Key": "x/in/day.csv", "Body": "x"}
    assert ask(product, probes["ReceiveFeedFunction"], "s3", "put_object", words) == "AccessDenied"


@pytest.fixture(scope="module")
def broad_agency(product: Deployed) -> str:
    """A probe with the role of an agency that was granted far too much: everything on every bucket."""
    iam = product.cloud.client("iam")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    everything = {"Effect": "Allow", "Action": ["s3:*", "kms:*"], "Resource": "*"}
    role = iam.create_role(RoleName="broad-agency", AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="broad-agency", PolicyName="all", PolicyDocument=policy(everything))
    return make_function(product.cloud, "probe-broad-agency", ASKS, role=role)


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_tc3_tg1_no_grant_lets_an_agency_enter_by_hand_or_read_a_raw_file(product: Deployed, broad_agency: str) -> None:
    feeds, copies = product.bucket, product.outputs["CopiesBucket"]
    asked = {
        (bucket, act, key): {"Bucket": bucket, "Key": key} | ({"Body": "x"} if act == "put_object" else {})
        for bucket, act, key in (
            (feeds, "put_object", "x/in/day.csv"),
            (feeds, "put_object", "x/entered/1.json"),
            (copies, "put_object", "clean/x/1/00000"),
            (copies, "get_object", "raw/x/1"),
        )
    }
    answers = [ask(product, broad_agency, "s3", act, words) for (_, act, _), words in asked.items()]
    assert answers == ["allowed", "AccessDenied", "AccessDenied", "AccessDenied"]


def test_tg1_the_intake_does_not_read_a_raw_file(product: Deployed, probes: dict[str, str]) -> None:
    words = {"Bucket": product.outputs["CopiesBucket"], "Key": "raw/x/1"}
    assert ask(product, probes["ReceiveFeedFunction"], "s3", "get_object", words) == "AccessDenied"


def test_only_the_sender_writes_mail(product: Deployed, probes: dict[str, str]) -> None:
    words = {
        "FromEmailAddress": "alerts@arrest-alert.example", "Destination": {"ToAddresses": ["a@example.gov"]},
        "Content": {"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
    }  # fmt: skip
    answers = {name: ask(product, probe, "sesv2", "send_email", words) for name, probe in probes.items()}
    assert {name for name, answer in answers.items() if answer == "allowed"} <= {"SendAlertsFunction"}
