"""What costs money says of which product and environment it is: the bill and the budget tell them apart by tags."""

from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tests.infra.template import Assembly, Resource


def tags_of(resource: Resource) -> dict[str, str] | None:
    """None for a kind that takes no tags, by its provider's schema. A table has those of its replica."""
    kind, properties = resource["Type"], resource.get("Properties", {})
    if kind == "AWS::DynamoDB::GlobalTable":
        [replica] = properties["Replicas"]
        return as_mapping(replica.get("Tags", []))
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    tagging = schema.get("tagging", {})
    name = tagging.get("tagProperty", "/properties/Tags").removeprefix("/properties/")
    if name not in schema["properties"] or not tagging.get("taggable", True):
        return None
    return as_mapping(properties.get(name, []))


def as_mapping(tags: Any) -> dict[str, str]:
    return tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}


def test_everything_that_takes_tags_bears_its_product_and_its_environment(assembly: Assembly) -> None:
    tags = {id_: tags_of(resource) for id_, resource in assembly.resources.items()}
    tagged = {id_: names for id_, names in tags.items() if names is not None}
    due = {"Product": "arrest-alert", "Environment": assembly.name}
    assert {id_: names for id_, names in tagged.items() if not due.items() <= names.items()} == {}


COSTLY = {
    "AWS::Backup::BackupVault",
    "AWS::DynamoDB::GlobalTable",
    "AWS::KMS::Key",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
}


def test_what_costs_most_takes_tags(prod: Assembly) -> None:
    costly = [resource for resource in prod.resources.values() if resource["Type"] in COSTLY]
    assert {resource["Type"] for resource in costly} == COSTLY
    assert all(tags_of(resource) is not None for resource in costly)
