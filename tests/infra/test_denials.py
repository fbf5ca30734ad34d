"""Whoever is not let in leaves a line in a log of ours, and many such lines wake somebody."""

import json

from tests.infra.template import Assembly, Resource, referred


def sign_in_log(assembly: Assembly) -> str:
    (delivery,) = assembly.of_type("Cognito::LogDeliveryConfiguration").values()
    (configuration,) = delivery["LogConfigurations"]
    *_, log_group = configuration["CloudWatchLogsConfiguration"]["LogGroupArn"]["Fn::Join"][1]
    return referred(log_group)


def test_tb5_every_sign_in_is_delivered_to_a_log_of_ours(assembly: Assembly) -> None:
    (delivery,) = assembly.of_type("Cognito::LogDeliveryConfiguration").values()
    ((pool_id, pool),) = assembly.of_type("Cognito::UserPool").items()
    (configuration,) = delivery["LogConfigurations"]
    assert referred(delivery["UserPoolId"]) == pool_id
    assert (configuration["EventSource"], configuration["LogLevel"]) == ("userAuthEvents", "INFO")
    assert pool["UserPoolTier"] == "PLUS", "the plan whose threat protection makes these events"
    assert pool["UserPoolAddOns"]["AdvancedSecurityMode"] == "ENFORCED"
    arn = configuration["CloudWatchLogsConfiguration"]["LogGroupArn"]
    assert "*" not in json.dumps(arn), "Cognito refuses the attribute Arn of a log group, which ends in :*"


def test_tb5_the_log_of_sign_ins_takes_lines_of_our_account_only_and_stays_as_long_as_the_others(
    assembly: Assembly,
) -> None:
    log_groups = assembly.of_type("Logs::LogGroup")
    sign_ins = log_groups[sign_in_log(assembly)]
    assert sign_ins["LogGroupName"].startswith("/aws/vendedlogs/cognito/")
    assert {group["RetentionInDays"] for group in log_groups.values()} == {sign_ins["RetentionInDays"]}
    (policy,) = assembly.of_type("Logs::ResourcePolicy").values()
    text = json.dumps(policy["PolicyDocument"])
    assert "delivery.logs.amazonaws.com" in text
    assert "aws:SourceAccount" in text
    assert sign_in_log(assembly) in text


def test_tb5_the_gateways_denials_are_in_the_access_log_with_their_reason_and_without_the_request(
    assembly: Assembly,
) -> None:
    (stage,) = assembly.of_type("ApiGatewayV2::Stage").values()
    line = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"status", "routeKey", "authorizer.error", "authorizer.claims.sub", "identity.sourceIp"} <= set(line)
    personal = {"path", "httpMethod", "identity.userAgent", "authorizer.claims.email", "authorizer.property"}
    assert not personal & set(line), "addresses and claims may name somebody; the pattern of the route does not"


def filters(assembly: Assembly) -> dict[str, Resource]:
    """Name of the metric -> the filter that counts it."""
    all_filters = assembly.of_type("Logs::MetricFilter").values()
    return {entry["MetricTransformations"][0]["MetricName"]: entry for entry in all_filters}


def test_tb5_many_denials_are_an_alarm(assembly: Assembly) -> None:
    by_metric = {alarm.get("MetricName", ""): alarm for alarm in assembly.of_type("CloudWatch::Alarm").values()}
    (stage,) = assembly.of_type("ApiGatewayV2::Stage").values()
    read_by = {
        "SignInsFailed": sign_in_log(assembly),
        "RequestsDenied": referred(stage["AccessLogSettings"]["DestinationArn"]),
    }
    assert set(filters(assembly)) == set(read_by)
    for name, counted in filters(assembly).items():
        (transformation,) = counted["MetricTransformations"]
        alarm = by_metric[name]
        assert referred(counted["LogGroupName"]) == read_by[name]
        assert (alarm["Namespace"], alarm["Statistic"]) == (transformation["MetricNamespace"], "Sum")
        assert "Dimensions" not in alarm, "a metric of a filter has none, and an alarm with one would never go off"
        assert (alarm["Period"], transformation["MetricValue"]) == (300, "1")
        assert 10 <= alarm["Threshold"] <= 100


def test_tb5_the_filters_count_denials_alone(assembly: Assembly) -> None:
    patterns = {name: entry["FilterPattern"] for name, entry in filters(assembly).items()}
    assert patterns == {
        "SignInsFailed": '{ $.message.eventResponse = "Fail" }',
        "RequestsDenied": '{ ($.status = "401") || ($.status = "403") }',
    }
