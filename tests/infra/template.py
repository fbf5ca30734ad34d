"""A synthesised template, with questions in the product's words."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.local.deployment import Stack, assembly, product_template

Resource = dict[str, Any]

FUNCTIONS = (
    "receive_feed",
    "match_arrests",
    "send_alerts",
    "record_delivery_events",
    "scheduled_jobs",
    "office_api",
    "console",
    "chain_audit",
    "purge_records",
    "export_records",
    "open_juvenile_records",
    "learn_names",
)


@dataclass(frozen=True)
class Assembly:
    """One environment, in another region than its own if one is given. It is synthesised at the first question,
    unless it is `made` already; `findings` are those of cdk-nag."""

    name: str
    moved_to: str = ""
    made: Path | None = None

    @cached_property
    def folder(self) -> Path:
        return self.made or assembly(self.name, self.moved_to)

    @property
    def region(self) -> str:
        return self.moved_to or "us-east-1"

    @property
    def partition(self) -> str:
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    @property
    def template_files(self) -> list[Path]:
        return [stack.template for stack in Stack.all(self.folder)]

    @cached_property
    def template(self) -> dict[str, Any]:
        """Both stacks as one."""
        return product_template(self.folder)

    @cached_property
    def stacks(self) -> dict[str, dict[str, Any]]:
        """Maps the name of a stack to its own template, in the order of deployment."""
        return {stack.name: json.loads(stack.template.read_text()) for stack in Stack.all(self.folder)}

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
        resources: dict[str, Resource] = self.template["Resources"]
        return resources

    def of_type(self, kind: str) -> dict[str, Resource]:
        """Maps logical id to properties."""
        resources = self.resources.items()
        return {
            id_: resource.get("Properties", {}) for id_, resource in resources if resource["Type"] == f"AWS::{kind}"
        }

    @property
    def functions(self) -> dict[str, str]:
        """Maps a folder below functions/ to its logical id."""
        functions = self.of_type("Lambda::Function").items()
        return {function["Handler"].split(".")[1]: id_ for id_, function in functions}

    def function(self, name: str) -> Resource:
        properties: Resource = self.resources[self.functions[name]]["Properties"]
        return properties

    def settings(self, name: str) -> dict[str, str]:
        """Returns a function's environment variables, with a stand-in for each value that only a deployment knows."""
        variables = self.function(name)["Environment"]["Variables"]
        return {key: value if isinstance(value, str) else f"deployed-{key.lower()}" for key, value in variables.items()}

    def statements(self, name: str) -> list[Resource]:
        role = self.resources[referred(self.function(name)["Role"])]["Properties"]
        return [
            statement
            for policy in role["ManagedPolicyArns"]
            for statement in self.resources[referred(policy)]["Properties"]["PolicyDocument"]["Statement"]
        ]

    def invoked(self, value: Any) -> str:
        """Returns the logical id of the function that an alias leads to. Raises ValueError for what names no alias:
        nothing may invoke a function's newest code, which no release has published."""
        aliases = self.of_type("Lambda::Alias")
        [alias] = [aliases[id_] for id_ in re.findall(r'"Ref": "(\w+)"', json.dumps(value)) if id_ in aliases]
        return referred(alias["FunctionName"])

    def sources(self) -> Iterator[tuple[str, Resource]]:
        """Returns pairs of the logical id of a source and its event source mapping."""
        for mapping in self.of_type("Lambda::EventSourceMapping").values():
            yield referred(mapping["EventSourceArn"]), mapping

    @property
    def dead_letters(self) -> set[str]:
        """Returns the dead letters of queues, of streams and of functions that are invoked asynchronously."""
        queues = self.of_type("SQS::Queue").values()
        targets = [queue["RedrivePolicy"]["deadLetterTargetArn"] for queue in queues if "RedrivePolicy" in queue]
        mappings = [mapping["DestinationConfig"] for _, mapping in self.sources() if "DestinationConfig" in mapping]
        targets += [destination["OnFailure"]["Destination"] for destination in mappings]
        functions = self.of_type("Lambda::Function").values()
        targets += [
            function["DeadLetterConfig"]["TargetArn"] for function in functions if "DeadLetterConfig" in function
        ]
        return {referred(target) for target in targets}

    def alarms_on(self, metric: str, dimension: str) -> dict[str, Resource]:
        """Maps the logical id of a watched resource to its alarm."""
        return {
            referred(pair["Value"]): alarm
            for alarm in self.of_type("CloudWatch::Alarm").values()
            if alarm.get("MetricName") == metric
            for pair in alarm.get("Dimensions", [])
            if pair["Name"] == dimension
        }


def referred(value: Any) -> str:
    """Returns the logical id behind a Ref or a GetAtt. Raises ValueError for any other value."""
    match value:
        case {"Ref": str(id_)} | {"Fn::GetAtt": [str(id_), _]}:
            return id_
        case _:
            raise ValueError(f"refers to nothing in the template: {value}")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
