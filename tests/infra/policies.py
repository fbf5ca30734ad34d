"""Policies of a template, as another implementation of IAM reads them: the emulator's evaluator, on its own."""

from collections.abc import Iterable, Mapping
from typing import Any

from ministack.core.iam_evaluator import (
    EvalContext,
    combine_resource_policy,
    evaluate,
    parse_policy_document,
)

from tests.infra.template import Assembly

ACCOUNT = "123456789012"
NAMED_WITHOUT_PLACE = {"S3::Bucket"}
NAMED_BY_ARN = {"AWS::Lambda::Alias", "AWS::SNS::Topic", "AWS::SecretsManager::Secret"}


def resolved(assembly: Assembly, value: Any) -> Any:  # noqa: PLR0911 - one line a kind
    """Returns the value with each reference replaced by what it could be after a deployment."""
    match value:
        case {"Fn::Join": [separator, items]}:
            return separator.join(str(resolved(assembly, item)) for item in items)
        case {"Ref": "AWS::AccountId"}:
            return account_of(assembly)
        case {"Ref": id_} if assembly.resources.get(id_, {}).get("Type") in NAMED_BY_ARN:
            return arn_of(assembly, id_)
        case {"Ref": id_}:
            return id_.lower()
        case {"Fn::GetAtt": [id_, "Arn" | "StreamArn" | "TopicArn" as attribute]}:
            return arn_of(assembly, id_) + ("/stream/2026" if attribute == "StreamArn" else "")
        case {"Fn::GetAtt": [id_, attribute]}:
            return f"{id_}.{attribute}".lower()
        case dict():
            return {key: resolved(assembly, item) for key, item in value.items()}
        case list():
            return [resolved(assembly, item) for item in value]
    return value


def account_of(assembly: Assembly) -> str:
    return "000000000000" if assembly.name == "local" else ACCOUNT


def arn_of(assembly: Assembly, id_: str) -> str:
    kind = assembly.resources[id_]["Type"].removeprefix("AWS::")
    service = kind.partition("::")[0].lower()
    if kind in NAMED_WITHOUT_PLACE:
        return f"arn:{assembly.partition}:{service}:::{id_.lower()}"
    if service == "iam":
        return f"arn:{assembly.partition}:iam::{account_of(assembly)}:{kind.partition('::')[2].lower()}/{id_}"
    return f"arn:{assembly.partition}:{service}:{assembly.region}:{account_of(assembly)}:{id_}"


def policy_of(assembly: Assembly, kind: str, names: str, id_: str) -> dict[str, Any]:
    """The policy of a bucket (`S3::BucketPolicy`, `Bucket`) or its like, resolved."""
    [policy] = [entry["PolicyDocument"] for entry in assembly.of_type(kind).values() if entry[names] == {"Ref": id_}]
    document: dict[str, Any] = resolved(assembly, policy)
    return document


def context(
    assembly: Assembly, principal: str, action: str, resource: str, conditions: Mapping[str, str]
) -> EvalContext:
    return EvalContext(
        principal_arn=principal,
        principal_type="AssumedRole" if ":role/" in principal else "User",
        principal_account=principal.split(":")[4],
        action=action,
        resource_arn=resource,
        region=assembly.region,
        source_ip="192.0.2.1",
        secure_transport=True,
        service_context={name.lower(): value for name, value in conditions.items()},
    )


def is_allowed(
    assembly: Assembly,
    principal: str,
    action: str,
    resource: str,
    *,
    identity: Iterable[Mapping[str, Any]],
    resource_policy: Mapping[str, Any] | None = None,
    conditions: Mapping[str, str] = {},
) -> bool:
    """Whether a request of this principal, over TLS, is allowed by its own statements and the policy of the resource,
    which belongs to the environment's account."""
    of_request = context(assembly, principal, action, resource, conditions)
    own = evaluate(of_request, [parse_policy_document({"Statement": list(identity)})])
    if resource_policy is None:
        return bool(own.decision == "Allow")
    return bool(combine_resource_policy(own, of_request, dict(resource_policy), ACCOUNT).decision == "Allow")
