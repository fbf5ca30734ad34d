"""A first deployment that failed can be tried again: nothing that it left behind has a name that the next one gives."""

import json

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tests.infra.template import Assembly, Resource

# Cognito gives each pool an id, and takes any number of pools of one name (CreateUserPool, API reference).
NAMES_THAT_MAY_BE_TAKEN_TWICE = {"AWS::Cognito::UserPool"}


def given_names(resource: Resource) -> set[str]:
    """The properties by which AWS would refuse a second such resource. By the provider's schema: what identifies it,
    where the template and not AWS says it; and what is called its name."""
    kind = resource["Type"]
    if kind in NAMES_THAT_MAY_BE_TAKEN_TWICE:
        return set()
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    names = {path.removeprefix("/properties/") for path in schema["primaryIdentifier"]}
    names |= {"Name", f"{kind.rsplit('::', 1)[-1]}Name"}
    return names & set(resource.get("Properties", {}))


def kept_by_name(assembly: Assembly, policy: str) -> set[str]:
    return {
        id_
        for id_, resource in assembly.resources.items()
        if resource.get("DeletionPolicy") == policy and given_names(resource)
    }


def test_nothing_that_a_failed_first_deployment_leaves_behind_has_a_name_of_ours(assembly: Assembly) -> None:
    assert kept_by_name(assembly, "Retain") == set(), (
        "removal_of_named (infra/blocks/removal.py) is for what has a name"
    )


def test_what_has_a_name_of_ours_and_was_once_whole_outlives_its_stack_in_production(prod: Assembly) -> None:
    kinds = {prod.resources[id_]["Type"] for id_ in kept_by_name(prod, "RetainExceptOnCreate")}
    assert kinds == {"AWS::Backup::BackupVault", "AWS::Logs::LogGroup", "AWS::StepFunctions::StateMachine"}
    names = json.dumps([prod.resources[id_]["Properties"] for id_ in kept_by_name(prod, "RetainExceptOnCreate")])
    for name in ("/aws/vendedlogs/cognito/", "/aws/vendedlogs/states/", "arrest-alert-prod-state"):
        assert name in names
