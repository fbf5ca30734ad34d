import ast
import dataclasses
import importlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter

import pytest

from infra.bundle import ROOT
from shared.alerts.delivery.model import DeliveryState
from shared.alerts.disclosures.events import audit_outcome_of
from shared.offices.users import Scope
from tests.alerts.delivery import test_rate_simulation as simulated
from tests.infra.template import FUNCTIONS, Assembly, referred

READ_BY_LIBRARIES = {
    "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "LOG_LEVEL", "PYDANTIC_DISABLE_PLUGINS",
}  # fmt: skip


def test_the_template_holds_exactly_our_functions(assembly: Assembly):
    assert set(assembly.functions) == set(FUNCTIONS)


def test_every_environment_is_looked_at(environments, assemblies: dict[str, Assembly]):
    assert {assembly.name for assembly in assemblies.values()} == set(environments)


# What guards records there and would guard invented people elsewhere: backups and a trail.
OF_PRODUCTION = Counter(
    {
        "AWS::Backup::BackupVault": 1, "AWS::Backup::BackupPlan": 1, "AWS::Backup::BackupSelection": 1,
        "AWS::IAM::Role": 1, "AWS::IAM::ManagedPolicy": 1, "AWS::Events::Rule": 1, "AWS::CloudTrail::Trail": 1,
    }
)  # fmt: skip


def test_all_environments_are_made_of_the_same_parts(assemblies: dict[str, Assembly]):
    kinds = {
        name: Counter(made["Type"] for made in assembly.resources.values()) for name, assembly in assemblies.items()
    }
    budget = Counter({"AWS::Budgets::Budget": 1})
    assert kinds["local"] + budget == kinds["dev"]
    assert kinds["local"] + OF_PRODUCTION == kinds["gov"]
    assert kinds["local"] + OF_PRODUCTION + budget == kinds["prod"]


def test_every_local_difference_that_is_explained_is_a_setting(environments):
    from infra.environments import SWITCHED_OFF_LOCALLY  # noqa: PLC0415 - starts Node

    assert set(SWITCHED_OFF_LOCALLY) <= {field.name for field in dataclasses.fields(environments["local"])}


def test_every_end_of_a_message_reaches_the_audit_record(assembly: Assembly):
    """The stream's filter names the states; what an end is, the product says."""
    filters = [
        json.loads(entry["Pattern"])["dynamodb"]["NewImage"]
        for mapping in assembly.of_type("Lambda::EventSourceMapping").values()
        for entry in mapping.get("FilterCriteria", {}).get("Filters", ())
    ]
    (states,) = (entry["state"]["S"] for entry in filters if "state" in entry)
    assert sorted(states) == sorted(state for state in DeliveryState if audit_outcome_of(state))


def test_every_queue_has_a_dead_letter(assembly: Assembly):
    queues = assembly.of_type("SQS::Queue")
    bare = {id_ for id_, queue in queues.items() if "RedrivePolicy" not in queue}
    assert bare == assembly.dead_letters


def test_every_queue_is_six_times_as_patient_as_its_consumer(assembly: Assembly):
    queues = assembly.of_type("SQS::Queue")
    read = {id_: mapping for id_, mapping in assembly.sources() if id_ in queues}
    assert set(read) == set(queues) - assembly.dead_letters
    for id_, mapping in read.items():
        consumer = assembly.resources[assembly.invoked(mapping["FunctionName"])]["Properties"]
        assert queues[id_]["VisibilityTimeout"] >= 6 * consumer["Timeout"], id_


def test_every_event_source_reports_the_items_that_failed(assembly: Assembly):
    mappings = [mapping for _, mapping in assembly.sources()]
    assert len(mappings) == 8
    assert all(mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for mapping in mappings)


def test_a_poisoned_arrest_does_not_block_the_stream(assembly: Assembly):
    mappings = [entry for _, entry in assembly.sources() if "StartingPosition" in entry]
    readers = [assembly.invoked(entry["FunctionName"]) for entry in mappings]
    assert readers == [assembly.functions[name] for name in ("chain_audit", "chain_audit", "match_arrests")]
    assert [entry["MaximumRetryAttempts"] for entry in mappings] == [10, 10, 5]
    for mapping in mappings:
        assert mapping["BisectBatchOnFunctionError"]
        assert referred(mapping["DestinationConfig"]["OnFailure"]["Destination"]) in assembly.dead_letters


def test_every_route_needs_a_token_but_the_public_documentation_and_the_signed_links_of_mails(
    assembly: Assembly, environments
):
    routes = assembly.of_type("ApiGatewayV2::Route").values()
    (authorizer,) = assembly.of_type("ApiGatewayV2::Authorizer")
    guarded = {
        route["RouteKey"]
        for route in routes
        if route["AuthorizationType"] == "JWT" and referred(route["AuthorizerId"]) == authorizer
    }
    documentation = {"GET /v1/openapi.json", "GET /v1/swagger"}
    public = documentation if environments[assembly.name].public_documentation else set()
    public |= {"GET /v1/links/{token}", "POST /v1/links/{token}"}
    public |= {"ANY /console", "ANY /console/{proxy+}", "GET /a/{number}"}  # behind the console's own sessions
    public |= {"GET /policy", "GET /policy/{office}"}  # an office's policy, for everybody
    assert {route["RouteKey"] for route in routes} - guarded == public


def test_the_documentation_is_not_public_in_production(prod: Assembly, environments):
    assert not environments["prod"].public_documentation
    assert prod.settings("office_api")["PUBLIC_DOCUMENTATION"] == "false"


def test_people_sign_in_with_a_second_factor_and_cannot_choose_their_office(assembly: Assembly):
    (pool,) = assembly.of_type("Cognito::UserPool").values()
    client = client_named("Console", assembly)
    assert pool["MfaConfiguration"] == "ON"
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]
    assert client["WriteAttributes"] == ["locale"]
    assert "custom:office" in client["ReadAttributes"]
    assert not client["GenerateSecret"]


def test_cjis_ps_4_no_sign_in_lives_longer_than_eight_hours(assembly: Assembly):
    """So who leaves at an identity provider is out within the day: it is asked anew at each sign-in."""
    units = {"minutes": 1, "hours": 60, "days": 24 * 60}
    people = [entry for id_, entry in assembly.of_type("Cognito::UserPoolClient").items() if "Machine" not in id_]
    assert people
    for client in people:
        unit = client["TokenValidityUnits"]["RefreshToken"]
        assert client["RefreshTokenValidity"] * units[unit] <= 8 * 60


def client_named(name: str, assembly: Assembly) -> dict:
    """The one whose logical id says so."""
    (found,) = (entry for id_, entry in assembly.of_type("Cognito::UserPoolClient").items() if f"People{name}" in id_)
    return found


def test_p1_a_machine_gets_tokens_by_its_secret_alone_and_the_api_takes_those_of_named_clients(prod: Assembly):
    client = client_named("Machinecasesystem", prod)
    assert client["GenerateSecret"]
    assert (client["AllowedOAuthFlows"], client["ExplicitAuthFlows"]) == (
        ["client_credentials"], ["ALLOW_REFRESH_TOKEN_AUTH"]
    )  # fmt: skip
    (server,) = prod.of_type("Cognito::UserPoolResourceServer").values()
    assert {f"{server['Identifier']}/{entry['ScopeName']}" for entry in server["Scopes"]} == {s.in_token for s in Scope}
    scopes = {entry["Fn::Join"][1][1] for entry in client["AllowedOAuthScopes"]}
    assert scopes == {"/alerts", "/lists", "/subscriptions"}
    (authorizer,) = prod.of_type("ApiGatewayV2::Authorizer").values()
    clients = set(prod.of_type("Cognito::UserPoolClient"))
    assert {referred(entry) for entry in authorizer["JwtConfiguration"]["Audience"]} == clients
    assert "ClientSecret" not in json.dumps(prod.template)


def test_kd1_people_sign_in_on_the_pools_own_pages_by_code_alone_and_come_back_to_the_console(assembly: Assembly):
    client = client_named("Console", assembly)
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"], "no password passes through us"
    assert (client["AllowedOAuthFlows"], client["AllowedOAuthScopes"]) == (["code"], ["openid"])
    assert client["SupportedIdentityProviders"] == ["COGNITO"]
    (api,) = assembly.of_type("ApiGatewayV2::Api")
    own = {"Fn::GetAtt": [api, "ApiEndpoint"]}
    callback, *loopbacks = client["CallbackURLs"]
    assert callback == {"Fn::Join": ["", [own, "/console/signed-in"]]}
    assert all(address.startswith("http://localhost:") for address in loopbacks), "of `arrest-alert sign-in`"
    assert client["LogoutURLs"] == [{"Fn::Join": ["", [own, "/console/signed-out"]]}]
    assert assembly.function("console")["Environment"]["Variables"]["CONSOLE_URL"] == own
    assert assembly.function("send_alerts")["Environment"]["Variables"]["CONSOLE_URL"] == own


def test_kd1_managed_login_has_its_pages(assembly: Assembly):
    (domain,) = assembly.of_type("Cognito::UserPoolDomain").values()
    assert domain["ManagedLoginVersion"] == 2
    (branding,) = assembly.of_type("Cognito::ManagedLoginBranding").values()
    assert branding["UseCognitoProvidedValues"]
    assert "PeopleConsole" in referred(branding["ClientId"])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_given_exactly_its_settings(assembly: Assembly, name: str):
    settings = importlib.import_module(f"functions.{name}.settings").Settings
    wanted = {field.name.upper() for field in dataclasses.fields(settings)}
    given = set(assembly.settings(name)) - {"AWS_USE_FIPS_ENDPOINT"}  # by the region: `test_regions.py`
    assert given - READ_BY_LIBRARIES == wanted - READ_BY_LIBRARIES


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_runs_as_we_run_functions(assembly: Assembly, name: str):
    function = assembly.function(name)
    assert function["Handler"] == f"functions.{name}.handler.handler"
    assert (ROOT / "functions" / name / "handler.py").is_file()
    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == ["arm64"]
    assert function["TracingConfig"] == {"Mode": "Active"}
    assert function["LoggingConfig"]["LogFormat"] == "JSON"
    assert referred(function["LoggingConfig"]["LogGroup"]) in assembly.of_type("Logs::LogGroup")
    assert set(assembly.settings(name)) >= READ_BY_LIBRARIES


def test_only_who_reads_feeds_and_lists_carries_the_parsers(assembly: Assembly):
    layers = {name: len(assembly.function(name)["Layers"]) for name in FUNCTIONS}
    assert layers == dict.fromkeys(FUNCTIONS, 1) | {
        "receive_feed": 2, "match_arrests": 3, "office_api": 4, "console": 5, "send_alerts": 3, "scheduled_jobs": 2,
        "purge_records": 2, "export_records": 4, "learn_names": 2,
    }  # fmt: skip


def test_names_are_learned_every_week_with_time_for_a_large_table(assembly: Assembly):
    [rule] = [
        rule
        for rule in assembly.of_type("Events::Rule").values()
        if [assembly.invoked(target["Arn"]) for target in rule["Targets"] if "ScheduleExpression" in rule]
        == [assembly.functions["learn_names"]]
    ]
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(7 days)", "ENABLED")
    assert rule["Targets"][0]["DeadLetterConfig"]
    function = assembly.function("learn_names")
    assert (function["Timeout"], function["MemorySize"]) == (900, 1769)
    assert function["DeadLetterConfig"]


def test_every_dead_letter_function_and_queue_has_an_alarm(assembly: Assembly):
    waiting = assembly.alarms_on("ApproximateNumberOfMessagesVisible", "QueueName")
    oldest = assembly.alarms_on("ApproximateAgeOfOldestMessage", "QueueName")
    errors = assembly.alarms_on("Errors", "FunctionName")
    behind = assembly.alarms_on("IteratorAge", "FunctionName")
    assert set(waiting) == assembly.dead_letters
    assert set(oldest) == set(assembly.of_type("SQS::Queue")) - assembly.dead_letters
    assert set(errors) == set(assembly.functions.values())
    assert set(behind) == {assembly.functions[name] for name in ("match_arrests", "chain_audit")}


def test_every_alarm_reaches_operations_and_says_what_to_do(assembly: Assembly):
    operations = referred(assembly.template["Outputs"]["OperationsTopicArn"]["Value"])
    for name, alarm in assembly.of_type("CloudWatch::Alarm").items():
        assert [referred(action) for action in alarm["AlarmActions"]] == [operations], name
        assert alarm["AlarmDescription"], name
        silence_is_the_news = alarm["ComparisonOperator"] == "LessThanThreshold"
        assert alarm["TreatMissingData"] == ("breaching" if silence_is_the_news else "notBreaching"), name


def test_67_a_day_without_an_alert_is_an_alarm(assembly: Assembly):
    (alarm,) = (entry for name, entry in assembly.of_type("CloudWatch::Alarm").items() if "NoAlert" in name)
    assert (alarm["MetricName"], alarm["Statistic"]) == ("DropToSent", "SampleCount")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 24 * 3600


def test_every_table_survives_a_mistake_in_production(prod: Assembly):
    for name, table in prod.of_type("DynamoDB::GlobalTable").items():
        (replica,) = table["Replicas"]
        assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], name
        assert replica["DeletionProtectionEnabled"], name
        assert prod.resources[name]["DeletionPolicy"] == "Retain"


def test_the_outside_can_ask_for_everything_it_needs(assembly: Assembly):
    wanted = {"FeedsBucket", "ApiUrl", "ApiId", "UserPoolId", "UserPoolClientId", "AlertsTopicArn"}
    wanted |= {"ArrestsTable", "SubscriptionsTable", "AlertsTable", "OfficesTable"}
    wanted |= {"FeedsQueue", "AlertsQueue", "ProviderEventsQueue", "LargeDrops"}
    wanted |= {
        f"{name}DeadLetter"
        for name in ("Feeds", "Alerts", "ProviderEvents", "Purges", "Exports", "Unmatched", "Unchained", "Housekeeping")
    }
    assert wanted <= set(assembly.template["Outputs"])


@pytest.mark.thorough  # starts Node for it alone
def test_an_unknown_environment_is_refused_by_name():
    command = [sys.executable, "-m", "infra.app"]
    context = {"CDK_CONTEXT_JSON": '{"environment": "staging"}', "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=ROOT, env=context, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "unknown environment 'staging': choose one of local, dev, prod" in done.stderr


@pytest.mark.thorough  # starts Node for it alone, twice
@pytest.mark.parametrize("module", ["infra.app", "infra.preflight"])
def test_a_wrong_setting_is_told_by_its_sentence_alone(tmp_path, module):
    shutil.copytree(ROOT / "infra", tmp_path / "infra")
    settings = tmp_path / "infra" / "environments.py"
    wrong = 'agencies=(AgencyConnection(agency="nypd", account="1111"),),'
    settings.write_text(settings.read_text().replace("DEV = Environment(", f"DEV = Environment({wrong}"))
    command = [sys.executable, "-m", module, "dev"]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: agency 'nypd': account '1111' is no number of an AWS account")


def test_the_tables_of_a_large_drop_are_warm_in_production_with_their_indexes(assembly: Assembly, environments):
    tables = assembly.of_type("DynamoDB::GlobalTable").items()
    warmed = {id_: table["WarmThroughput"] for id_, table in tables if "WarmThroughput" in table}
    writes = environments[assembly.name].warm_writes_a_second
    wanted = ("Arrests", "Alerts") if writes else ()
    assert sorted(warmed) == sorted(id_ for id_, _ in tables if any(f"Tables{name}" in id_ for name in wanted))
    for id_ in warmed:
        indexes = dict(tables)[id_].get("GlobalSecondaryIndexes", [])
        assert {entry["WarmThroughput"]["WriteUnitsPerSecond"] for entry in indexes} <= {writes}
        assert warmed[id_]["WriteUnitsPerSecond"] == writes


def test_the_simulation_of_rates_is_of_what_production_is(prod: Assembly):
    """What is simulated says something of `prod` only as long as these are its numbers."""
    [mapping] = [
        mapping
        for _, mapping in prod.sources()
        if prod.invoked(mapping["FunctionName"]) == prod.functions["send_alerts"]
    ]
    handler = ast.parse((ROOT / "functions" / "send_alerts" / "handler.py").read_text())
    [needed] = [
        ast.literal_eval(node.value)
        for node in handler.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SECONDS_A_MESSAGE"
    ]
    assert prod.settings("send_alerts")["MAILS_A_SECOND"] == str(simulated.QUOTA)
    assert prod.function("send_alerts")["Timeout"] == simulated.TIME
    assert needed == simulated.LEAST_LEFT
    assert mapping["BatchSize"] == simulated.BATCH
    assert mapping["ScalingConfig"]["MaximumConcurrency"] == simulated.SENDERS
