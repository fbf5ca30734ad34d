import json
from typing import Any

import pytest

from tests.infra.template import Assembly

EXCUSED, LOGICAL_ID = "aws:cdk:acknowledged-rules", "aws:cdk:logicalId"  # entries that the CDK writes beside a template


@pytest.mark.parametrize("name", ["dev", "prod", "gov"])
def test_what_reaches_aws_is_clean_under_both_rule_books(assemblies: dict[str, Assembly], name: str):
    assert assemblies[name].judges == ["AwsSolutions", "NIST.800.53.R5"]
    assert assemblies[name].findings == []


def noted(assembly: Assembly, kind: str) -> dict[str, str]:
    """Maps the path of each construct of the services to what the CDK noted of that kind, as text."""
    metadata: dict[str, list[dict[str, Any]]] = json.loads(
        (assembly.folder / f"arrest-alert-{assembly.name}.metadata.json").read_text()
    )
    return {
        path: " ".join(json.dumps(entry["data"]) for entry in entries if entry["type"] == kind)
        for path, entries in metadata.items()
    }


def test_only_functions_without_a_reservation_are_excused_from_having_one(prod: Assembly):
    ids, rules = noted(prod, LOGICAL_ID), noted(prod, EXCUSED)
    excused = {json.loads(ids[f"{path}/Resource"]) for path, excuses in rules.items() if "LambdaConcurrency" in excuses}
    reserved = {
        id_ for id_, function in prod.of_type("Lambda::Function").items() if "ReservedConcurrentExecutions" in function
    }
    assert reserved == {prod.functions["office_api"], prod.functions["console"]}
    assert excused == set(prod.functions.values()) - reserved
