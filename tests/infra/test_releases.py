"""A release replaces code by moving an alias, so that it goes back by moving it back."""

import json

from infra.bundle import code
from tests.infra.template import FUNCTIONS, Assembly, Resource, listed, referred

PEOPLE = {"office_api", "console"}  # functions that people wait for


def live(assembly: Assembly) -> dict[str, Resource]:
    """Maps the logical id of a function to its alias, the whole resource."""
    return {
        referred(made["Properties"]["FunctionName"]): made
        for made in assembly.resources.values()
        if made["Type"] == "AWS::Lambda::Alias" and made["Properties"]["Name"] == "live"
    }


def test_every_function_has_a_live_alias_of_a_version_that_stays(assembly: Assembly):
    aliases = live(assembly)
    assert set(aliases) == set(assembly.functions.values())
    for function, alias in aliases.items():
        version = assembly.resources[referred(alias["Properties"]["FunctionVersion"])]
        assert (version["Type"], referred(version["Properties"]["FunctionName"])) == ("AWS::Lambda::Version", function)
        assert (version["DeletionPolicy"], version["UpdateReplacePolicy"]) == ("Retain", "Retain"), (
            "CloudFormation deletes the version before, and nothing can go back to it"
        )


def test_the_versions_of_a_release_say_which_code_they_are(assembly: Assembly):
    """`arrest-alert roll-back` goes by it."""
    _, content = code()
    versions = assembly.of_type("Lambda::Version").values()
    assert {version["Description"] for version in versions} == {f"code {content[:12]}"}


def test_nothing_invokes_code_that_no_release_has_published(assembly: Assembly):
    """`invoked` raises for what leads to a function and not to its alias."""
    called = [mapping["FunctionName"] for _, mapping in assembly.sources()]
    called += [made["IntegrationUri"] for made in assembly.of_type("ApiGatewayV2::Integration").values()]
    called += [made["FunctionName"] for made in assembly.of_type("Lambda::Permission").values()]
    rules = [rule for rule in assembly.of_type("Events::Rule").values() if "ScheduleExpression" in rule]
    called += [target["Arn"] for rule in rules for target in rule["Targets"]]
    asking = (entry for name in PEOPLE for entry in assembly.statements(name))
    called += [entry["Resource"] for entry in asking if "lambda:InvokeFunction" in listed(entry["Action"])]
    assert {assembly.invoked(value) for value in called} == set(assembly.functions.values())
    [machine] = assembly.of_type("StepFunctions::StateMachine").values()
    tasks = {referred(part) for part in machine["DefinitionString"]["Fn::Join"][1] if isinstance(part, dict)}
    functions = {id_ for id_ in tasks if assembly.resources[id_]["Type"].startswith("AWS::Lambda::")}
    assert [assembly.invoked({"Ref": id_}) for id_ in functions] == [assembly.functions["receive_feed"]]


def test_what_people_use_changes_for_a_tenth_at_first_and_goes_back_on_an_alarm(assembly: Assembly):
    groups = assembly.of_type("CodeDeploy::DeploymentGroup")
    gradual = {
        function: referred(alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"])
        for function, alias in live(assembly).items()
        if "UpdatePolicy" in alias
    }
    assert set(gradual) == {assembly.functions[name] for name in PEOPLE}
    assert set(gradual.values()) == set(groups)
    for group in groups.values():
        assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
        assert set(group["AutoRollbackConfiguration"]["Events"]) == {
            "DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST",
        }  # fmt: skip
        assert group["AutoRollbackConfiguration"]["Enabled"]
        assert group["AlarmConfiguration"]["Enabled"]


def test_an_error_of_either_function_and_a_failing_api_take_a_release_back(assembly: Assembly):
    alarms = assembly.of_type("CloudWatch::Alarm")
    for group in assembly.of_type("CodeDeploy::DeploymentGroup").values():
        watched = [alarms[referred(alarm["Name"])] for alarm in group["AlarmConfiguration"]["Alarms"]]
        errors = {
            referred(pair["Value"])
            for alarm in watched
            if alarm["MetricName"] == "Errors"
            for pair in alarm["Dimensions"]
        }
        assert errors == {assembly.functions[name] for name in PEOPLE}
        assert {alarm["MetricName"] for alarm in watched} == {"Errors", "5xx"}
        assert max(alarm["Period"] * alarm["EvaluationPeriods"] for alarm in watched) <= 300, "not within the canary"


def test_codedeploy_moves_those_aliases_and_no_others(assembly: Assembly):
    [group, *_] = assembly.of_type("CodeDeploy::DeploymentGroup").values()
    role = assembly.of_type("IAM::Role")[referred(group["ServiceRoleArn"])]
    [policy] = [assembly.of_type("IAM::ManagedPolicy")[referred(arn)] for arn in role["ManagedPolicyArns"]]
    moves, looks = policy["PolicyDocument"]["Statement"]
    assert looks == {"Action": "cloudwatch:DescribeAlarms", "Effect": "Allow", "Resource": "*"}
    assert moves["Action"] == ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"]
    assert not {name for name in FUNCTIONS if assembly.functions[name] in json.dumps(moves["Resource"])} - PEOPLE
    assert "*" not in json.dumps(moves["Resource"])


def test_what_people_wait_for_starts_from_a_snapshot_where_the_region_has_it(assembly: Assembly):
    snapshot = {
        name for name in FUNCTIONS if assembly.function(name).get("SnapStart") == {"ApplyOn": "PublishedVersions"}
    }
    assert snapshot == (set() if assembly.moved_to == "us-gov-west-1" else PEOPLE)
    for name in snapshot:  # Lambda Developer Guide, "Improving startup performance with Lambda SnapStart", limitations
        function = assembly.function(name)
        assert function.get("EphemeralStorage", {"Size": 512})["Size"] <= 512
        assert "FileSystemConfigs" not in function
        assert "ProvisionedConcurrencyConfig" not in live(assembly)[assembly.functions[name]]["Properties"]


def test_in_production_floods_of_drops_leave_the_api_and_the_console_their_share(assembly: Assembly):
    reserved = {
        name: function["ReservedConcurrentExecutions"]
        for name in FUNCTIONS
        if "ReservedConcurrentExecutions" in (function := assembly.function(name))
    }
    assert reserved == (dict.fromkeys(PEOPLE, 100) if assembly.name == "prod" else {})
    [stage] = assembly.of_type("ApiGatewayV2::Stage").values()
    bursts = stage["DefaultRouteSettings"]["ThrottlingBurstLimit"]
    assert all(share >= bursts for share in reserved.values()), "the gateway lets more through than may run"


def test_the_command_line_and_the_template_mean_the_same_alias(assembly: Assembly):
    from functions.cli.deployment import LIVE  # noqa: PLC0415 - beside what it is compared with

    assert {alias["Name"] for alias in assembly.of_type("Lambda::Alias").values()} == {LIVE}
    assert listed(LIVE) == ["live"]
