"""Every alarm counts something that is emitted, says what to do, and everything that is emitted has an alarm."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.alarms.remedies import BEHIND, CONSUMERS, DEAD_LETTERS, MOST_CHARACTERS, WAITING, MissingRemedyError
from infra.blocks.lambda_function import METRICS_NAMESPACE
from infra.bundle import ROOT
from infra.capabilities.scheduled_jobs import INTERVALS
from shared.audit.unfinished import OLDEST, YOUNGEST
from shared.aws.metrics import Metric, count, record_seconds
from tests.cli.command_lines import aws_commands_in, commands_in, fault_of
from tests.infra.aws_commands import aws_fault_of
from tests.infra.template import FUNCTIONS, Assembly, Resource, referred

# Metrics that nobody is woken by: (function, metric) -> why none.
WITHOUT_ALARM: dict[tuple[str, Metric], str] = {}
METRICS_MODULE = ROOT / "shared" / "aws" / "metrics.py"
LOG_GROUP = "arrest-alert-dev-DeliveryNoteReceiptsLogs372FE681-AbCdEfGhIjKl"  # as long as they get


def emitted() -> set[tuple[str, Metric]]:
    """(function, metric) for each member of Metric that a module of the function names."""
    return {(function, Metric[name]) for function, name in metric_names() if name in Metric.__members__}


def modules_of(function: str) -> list[Path]:
    """The API's routes lie in `shared/`, because the console runs them too."""
    runs_them = function in {"office_api", "console"}
    folders = [ROOT / "functions" / function, *([ROOT / "shared" / "office_api"] if runs_them else [])]
    return [path for folder in folders for path in folder.rglob("*.py")]


def metric_names() -> set[tuple[str, str]]:
    """(function, name) for each `Metric.NAME` in a module of the function."""
    return {
        (name, node.attr)
        for name in FUNCTIONS
        for path in modules_of(name)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Metric"
    }


def test_every_metric_that_a_function_names_is_listed() -> None:
    unknown = {name for _, name in metric_names()} - set(Metric.__members__)
    assert not unknown, f"add {sorted(unknown)} to `Metric` in shared/aws/metrics.py"


def own_alarms(assembly: Assembly) -> dict[str, Resource]:
    """The alarms on the metrics that functions emit, by logical id."""
    alarms = assembly.of_type("CloudWatch::Alarm").items()
    return {id_: alarm for id_, alarm in alarms if alarm.get("Namespace") == METRICS_NAMESPACE}


def counted(assembly: Assembly) -> set[tuple[str, str]]:
    return {(service_of(alarm), alarm["MetricName"]) for alarm in own_alarms(assembly).values()}


def service_of(alarm: Resource) -> str:
    (dimension,) = alarm["Dimensions"]
    assert dimension["Name"] == "service"
    return str(dimension["Value"])


def test_every_metric_that_an_alarm_counts_is_emitted_by_the_function_that_it_names(assembly: Assembly):
    unheard = counted(assembly) - {(name, metric.value) for name, metric in emitted()}
    assert unheard == set(), (
        "these alarms can never go off: correct `metric` or `function` of their entries in "
        "infra/alarms/product_metrics.py, or emit the metric"
    )


def test_every_metric_that_a_function_emits_has_an_alarm_or_a_reason_why_none(assembly: Assembly):
    silent = {pair for pair in emitted() if (pair[0], pair[1].value) not in counted(assembly)}
    assert silent - set(WITHOUT_ALARM) == set(), (
        "add an entry for each of these to infra/alarms/product_metrics.py, or a reason to WITHOUT_ALARM of this test"
    )
    assert set(WITHOUT_ALARM) - silent == set(), "these have an alarm, or are not emitted: take their reason away"


def test_every_name_in_the_list_of_metrics_is_emitted():
    unused = set(Metric) - {metric for _, metric in emitted()}
    assert unused == set(), "no function emits these: remove them from shared/aws/metrics.py"


def test_no_metric_is_emitted_past_the_list():
    importers = [
        str(path.relative_to(ROOT))
        for folder in ("functions", "shared")
        for path in (ROOT / folder).rglob("*.py")
        if path != METRICS_MODULE and imports_metrics(path)
    ]
    assert importers == [], "emit with `count` or `record_seconds` of shared/aws/metrics.py, where the names stand"


def imports_metrics(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if (node.module or "").startswith("aws_lambda_powertools.metrics"):
                return True
            if node.module == "aws_lambda_powertools" and names & {"metrics", "Metrics", "single_metric"}:
                return True
    return False


@pytest.mark.parametrize(("name", "metric"), sorted(emitted()))
def test_what_a_function_emits_is_the_very_metric_that_its_alarm_counts(
    prod: Assembly, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, metric: Metric
):
    """Namespace, name and dimensions of the line that the function prints under its own settings."""
    for setting, value in prod.settings(name).items():
        monkeypatch.setenv(setting, value)
    if metric in (Metric.DROP_TO_SENT, Metric.CANARY_TO_SENT):
        record_seconds(metric, 12.5)
    else:
        count(metric)
    line = json.loads(capsys.readouterr().out)
    (printed,) = line["_aws"]["CloudWatchMetrics"]
    (declared,) = printed["Metrics"]
    alarms = [
        alarm for alarm in own_alarms(prod).values() if (service_of(alarm), alarm["MetricName"]) == (name, metric)
    ]
    assert alarms or (name, metric) in WITHOUT_ALARM
    for alarm in alarms:
        assert (printed["Namespace"], declared["Name"]) == (alarm["Namespace"], alarm["MetricName"])
        assert [sorted(names) for names in printed["Dimensions"]] == [sorted(d["Name"] for d in alarm["Dimensions"])]
        assert all(line[dimension["Name"]] == dimension["Value"] for dimension in alarm["Dimensions"])


def text_of(description: Any) -> str:
    """An alarm's description as it is deployed."""
    if isinstance(description, str):
        return description
    separator, pieces = description["Fn::Join"]
    return str(separator).join(piece if isinstance(piece, str) else LOG_GROUP for piece in pieces)


def descriptions(assembly: Assembly) -> Iterator[tuple[str, str]]:
    for id_, alarm in assembly.of_type("CloudWatch::Alarm").items():
        yield id_, text_of(alarm["AlarmDescription"])


def test_every_alarm_says_what_happened_what_to_do_and_with_which_command(assembly: Assembly):
    for id_, text in descriptions(assembly):
        paragraphs = text.split("\n\n")
        assert len(paragraphs) == 3, id_
        happened, action, command = paragraphs
        assert happened.endswith("."), id_
        assert re.fullmatch(r"What to do: .{20,}\.", action), id_
        assert re.fullmatch(r"Command: `(arrest-alert|aws) [^`{}]+`", command), id_
        assert len(text) <= MOST_CHARACTERS, id_


def test_the_commands_in_an_alarm_exist_and_name_its_own_stack(assembly: Assembly):
    wrong = {}
    for id_, text in descriptions(assembly):
        commands = [*commands_in(text), *aws_commands_in(text)]
        assert commands, id_
        for command in commands:
            fault = (
                fault_of(command.partition(" | ")[0]) if command.startswith("arrest-alert") else aws_fault_of(command)
            )
            if fault or (" --stack " in command and f" --stack arrest-alert-{assembly.name} " not in command):
                wrong[id_] = (command, fault)
    assert wrong == {}, "correct the command of the remedy in infra/alarms/"


def test_the_routes_that_an_alarm_names_exist(assembly: Assembly):
    routes = {route["RouteKey"] for route in assembly.of_type("ApiGatewayV2::Route").values()}
    named = {
        route for _, text in descriptions(assembly) for route in re.findall(r"(?:GET|POST|PUT) /v1/[\w/{}-]+", text)
    }
    assert named
    assert named - routes == set()


def test_what_has_no_remedy_is_named_with_where_to_write_it():
    with pytest.raises(MissingRemedyError, match=r"Faxes has no remedy: add an entry to DEAD_LETTERS in infra/alarms/"):
        DEAD_LETTERS["Faxes"]


def test_no_remedy_is_left_of_what_is_gone(prod: Assembly):
    outputs = set(prod.template["Outputs"])
    assert {f"{name}DeadLetter" for name in DEAD_LETTERS} <= outputs
    assert {f"{name}Queue" for name in WAITING} <= outputs
    assert set(CONSUMERS) == set(WAITING)
    assert {prod.functions[name] for name in BEHIND} == set(prod.alarms_on("IteratorAge", "FunctionName"))


def test_a_queues_remedy_looks_at_the_function_that_reads_it(prod: Assembly):
    readers = {
        queue: prod.functions[name]
        for name in FUNCTIONS
        for queue, mapping in prod.sources()
        if prod.invoked(mapping["FunctionName"]) == prod.functions[name]
    }
    for name, consumer in CONSUMERS.items():
        queue = referred(prod.template["Outputs"][f"{name}Queue"]["Value"])
        assert readers[queue] == prod.functions[consumer], name


# From AWS's documents: "Lambda function metrics", "DynamoDB metrics and dimensions", "Monitoring your SES sender
# reputation", "Monitoring Amazon SNS topics", "HTTP API CloudWatch metrics", "Step Functions metrics".
# A metric under a name or a dimension that AWS does not
# write counts nothing, and its alarm never goes off.
WRITTEN_BY_AWS: dict[tuple[str, str], list[set[str]]] = {
    ("AWS/Lambda", "Throttles"): [set(), {"FunctionName"}],
    ("AWS/Lambda", "Errors"): [set(), {"FunctionName"}],
    ("AWS/Lambda", "IteratorAge"): [{"FunctionName"}],
    ("AWS/DynamoDB", "ReadThrottleEvents"): [{"TableName"}, {"TableName", "GlobalSecondaryIndexName"}],
    ("AWS/DynamoDB", "WriteThrottleEvents"): [{"TableName"}, {"TableName", "GlobalSecondaryIndexName"}],
    ("AWS/SES", "Reputation.BounceRate"): [set()],
    ("AWS/SES", "Reputation.ComplaintRate"): [set()],
    ("AWS/SNS", "NumberOfNotificationsFailed"): [{"TopicName"}],
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): [{"QueueName"}],
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): [{"QueueName"}],
    ("AWS/ApiGateway", "5xx"): [{"ApiId"}, {"ApiId", "Stage"}],
    ("AWS/ApiGateway", "Latency"): [{"ApiId"}, {"ApiId", "Stage"}],
    ("AWS/States", "ExecutionsFailed"): [{"StateMachineArn"}],
    ("AWS/States", "ExecutionsTimedOut"): [{"StateMachineArn"}],
    ("AWS/States", "ExecutionsAborted"): [{"StateMachineArn"}],
    ("AWS/States", "ExecutionThrottled"): [{"StateMachineArn"}],
}


def aws_metrics(assembly: Assembly) -> Iterator[tuple[str, str, set[str]]]:
    """(namespace, name, names of dimensions) of every metric of AWS's that an alarm counts."""
    for alarm in assembly.of_type("CloudWatch::Alarm").values():
        if alarm["Namespace"].startswith("AWS/"):
            yield alarm["Namespace"], alarm["MetricName"], {entry["Name"] for entry in alarm.get("Dimensions", [])}


def test_every_metric_of_aws_that_an_alarm_counts_is_written_by_aws_under_that_name(assembly: Assembly):
    counted_metrics = list(aws_metrics(assembly))
    assert counted_metrics
    wrong = [metric for metric in counted_metrics if metric[2] not in WRITTEN_BY_AWS.get((metric[0], metric[1]), [])]
    assert wrong == []


def test_every_table_index_and_topic_has_an_alarm_of_its_own(assembly: Assembly):
    alarms = assembly.of_type("CloudWatch::Alarm")
    for metric in ("ReadThrottleEvents", "WriteThrottleEvents"):
        watched = assembly.alarms_on(metric, "TableName")
        assert set(watched) == set(assembly.of_type("DynamoDB::GlobalTable")), metric
    tables = assembly.of_type("DynamoDB::GlobalTable").values()
    indexes = [index["IndexName"] for table in tables for index in table.get("GlobalSecondaryIndexes", [])]
    for metric in ("ReadThrottleEvents", "WriteThrottleEvents"):
        of_indexes = [
            entry["Value"]
            for alarm in alarms.values()
            for entry in alarm.get("Dimensions", [])
            if alarm["MetricName"] == metric and entry["Name"] == "GlobalSecondaryIndexName"
        ]
        assert sorted(of_indexes) == sorted(indexes), metric
    topics = [alarm for alarm in alarms.values() if alarm.get("MetricName") == "NumberOfNotificationsFailed"]
    assert len(topics) == len(assembly.of_type("SNS::Topic")) - 1  # not of the topic that would have to say it


@pytest.mark.parametrize(("environment", "minutes"), [("prod", 5), ("gov", 5), ("dev", 15)])
def test_the_canary_is_silent_only_when_two_of_its_drops_in_a_row_do_not_arrive(
    assemblies: dict[str, Assembly], environment: str, minutes: int
):
    assembly = assemblies[environment]
    [rule] = [rule for rule in assembly.of_type("Events::Rule").values() if '\\"canary\\"' in json.dumps(rule)]
    assert rule["ScheduleExpression"] == f"rate({minutes} minutes)"
    [silent] = [alarm for id_, alarm in own_alarms(assembly).items() if "CanarySilent" in id_]
    assert 2 * minutes * 60 <= silent["Period"] * silent["EvaluationPeriods"]


def test_a_budget_warns_before_the_money_is_spent(assembly: Assembly):
    budgets = assembly.of_type("Budgets::Budget")
    assert len(budgets) == (0 if assembly.name == "local" or assembly.moved_to else 1)
    for budget in budgets.values():
        assert budget["Budget"]["CostFilters"] == {"TagKeyValue": [f"user:Environment${assembly.name}"]}
        kinds = [entry["Notification"]["NotificationType"] for entry in budget["NotificationsWithSubscribers"]]
        assert kinds == ["ACTUAL", "FORECASTED"]


def test_the_dashboard_shows_every_alarm(assembly: Assembly):
    (dashboard,) = assembly.of_type("CloudWatch::Dashboard").values()
    body = json.dumps(dashboard["DashboardBody"])
    missing = [id_ for id_ in assembly.of_type("CloudWatch::Alarm") if f'["{id_}", "Arn"]' not in body]
    assert missing == []


LOGGING_FAILS = ("AuditNotRecorded", "AuditOutcomeUnknown", "AuditRowAltered")


def test_cjis_au_5_a_failure_of_logging_wakes_somebody_within_the_hour(prod: Assembly):
    """What cannot be recorded, what began and was never closed, what was altered, and a chain that falls behind."""
    of_logging = [alarm for alarm in own_alarms(prod).values() if alarm["MetricName"] in LOGGING_FAILS]
    services = {(alarm["MetricName"], service_of(alarm)) for alarm in of_logging}
    assert {("AuditNotRecorded", "office_api"), ("AuditNotRecorded", "console")} <= services
    assert {name for name, _ in services} == set(LOGGING_FAILS)
    behind = [
        alarm
        for alarm in prod.of_type("CloudWatch::Alarm").values()
        if alarm.get("MetricName") == "IteratorAge" and "ChainAudit" in json.dumps(alarm["Dimensions"])
    ]
    assert behind, "the chain"
    for alarm in (*of_logging, *behind):
        assert alarm.get("ActionsEnabled", True)
        assert alarm["AlarmActions"], "somebody is woken"
        assert alarm["Period"] * alarm["EvaluationPeriods"] <= 3_600 - OLDEST.total_seconds(), alarm["AlarmName"]


def test_cjis_au_5_a_request_without_an_outcome_is_counted_well_within_the_hour():
    """The job closes it when it is five minutes old, and runs every five minutes."""
    assert YOUNGEST + timedelta(minutes=INTERVALS["outcomes"].to_minutes()) < timedelta(minutes=30)
