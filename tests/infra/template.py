"""A synthesised template, asked in the product's words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Resource = dict[str, Any]

FUNCTIONS = ("receive_feed", "match_arrests", "send_alerts", "record_delivery_events", "scheduled_jobs", "office_api",
             "chain_audit")  # fmt: skip


@dataclass(frozen=True)
class Assembly:
    """One environment as synthesised; findings are what cdk-nag refused."""

    name: str
    folder: Path

    @cached_property
    def template(self) -> dict[str, Any]:
        return json.loads((self.folder / f"arrest-alert-{self.name}.template.json").read_text())

    @cached_property
    def findings(self) -> list[str]:
        report = json.loads((self.folder / "validation-report.json").read_text())
        return [
            f"{violation['ruleName']} at {construct['constructPath']}"
            for plugin in report["pluginReports"]
            for violation in plugin["violations"]
            for construct in violation["violatingConstructs"]
        ]

    @cached_property
    def judges(self) -> list[str]:
        report = json.loads((self.folder / "validation-report.json").read_text())
        return sorted(plugin["pluginName"] for plugin in report["pluginReports"])

    @property
    def resources(self) -> dict[str, Resource]:
        return self.template["Resources"]

    def of_type(self, kind: str) -> dict[str, Resource]:
        """Logical id -> properties."""
        return {id_: one.get("Properties", {}) for id_, one in self.resources.items() if one["Type"] == f"AWS::{kind}"}

    @property
    def functions(self) -> dict[str, str]:
        """Folder below functions/ -> logical id."""
        return {one["Handler"].split(".")[1]: id_ for id_, one in self.of_type("Lambda::Function").items()}

    def function(self, name: str) -> Resource:
        return self.resources[self.functions[name]]["Properties"]

    def settings(self, name: str) -> dict[str, str]:
        """The environment of a function, with a stand-in for every value known only after a deployment."""
        given = self.function(name)["Environment"]["Variables"]
        return {key: value if isinstance(value, str) else f"deployed-{key.lower()}" for key, value in given.items()}

    def statements(self, name: str) -> list[Resource]:
        role = self.resources[referred(self.function(name)["Role"])]["Properties"]
        return [
            statement
            for policy in role["ManagedPolicyArns"]
            for statement in self.resources[referred(policy)]["Properties"]["PolicyDocument"]["Statement"]
        ]

    def sources(self) -> Iterator[tuple[str, Resource]]:
        """(logical id of what is read, event source mapping)."""
        for mapping in self.of_type("Lambda::EventSourceMapping").values():
            yield referred(mapping["EventSourceArn"]), mapping

    @property
    def dead_letters(self) -> set[str]:
        queues = self.of_type("SQS::Queue").values()
        ends = [queue["RedrivePolicy"]["deadLetterTargetArn"] for queue in queues if "RedrivePolicy" in queue]
        ends += [
            m["DestinationConfig"]["OnFailure"]["Destination"] for _, m in self.sources() if "DestinationConfig" in m
        ]
        functions = self.of_type("Lambda::Function").values()
        ends += [one["DeadLetterConfig"]["TargetArn"] for one in functions if "DeadLetterConfig" in one]
        return {referred(end) for end in ends}

    def alarms_on(self, metric: str, dimension: str) -> dict[str, Resource]:
        """Logical id of what is watched -> alarm."""
        return {
            referred(one["Value"]): alarm
            for alarm in self.of_type("CloudWatch::Alarm").values()
            if alarm["MetricName"] == metric
            for one in alarm["Dimensions"]
            if one["Name"] == dimension
        }


def referred(value: Any) -> str:
    """The logical id behind a Ref or a GetAtt; any other value is a test's mistake."""
    match value:
        case {"Ref": str(id_)} | {"Fn::GetAtt": [str(id_), _]}:
            return id_
        case _:
            raise ValueError(f"refers to nothing in the template: {value}")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
