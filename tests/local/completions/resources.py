"""Template properties that MiniStack's provisioners read past, applied through its own service functions.

Provisioners run on the emulator's event loop, so they cannot call its HTTP endpoint: we serialise the request as boto3
would and hand its body to the function behind the endpoint.
"""

from collections.abc import Callable
from typing import Any

import botocore.serialize
import botocore.session
from ministack.services import dynamodb, s3, secretsmanager
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]

HANDLERS: dict[str, Any] = provisioners._RESOURCE_HANDLERS


def install() -> None:
    after("AWS::S3::Bucket", complete_bucket)
    after("AWS::DynamoDB::GlobalTable", complete_table)
    refer_to_secrets_by_arn()


def after(resource_type: str, complete: Callable[[str, Properties], None]) -> None:
    """Calls `complete(physical_id, properties)` once the emulator has created or updated such a resource."""
    handler = HANDLERS[resource_type]
    create, update = handler["create"], handler["update"]

    def created(logical_id: str, properties: Properties, *rest: Any) -> Any:
        made = create(logical_id, properties, *rest)
        complete(made[0], properties)
        return made

    def updated(physical_id: str, old: Properties, new: Properties, *rest: Any) -> Any:
        made = update(physical_id, old, new, *rest)
        complete(made[0], new)
        return made

    handler.update(create=created, update=updated)


def complete_bucket(name: str, properties: Properties) -> None:
    encryption = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
    rules = properties.get("LifecycleConfiguration", {}).get("Rules", [])
    tags = properties.get("Tags", [])
    if encryption:
        rule_list = {"Rules": [_encryption_rule(rule) for rule in encryption]}
        _put(s3._put_bucket_encryption, "PutBucketEncryption", name, ServerSideEncryptionConfiguration=rule_list)
    if rules:
        _put(
            s3._put_bucket_lifecycle,
            "PutBucketLifecycleConfiguration",
            name,
            LifecycleConfiguration={"Rules": [_lifecycle_rule(rule) for rule in rules]},
        )
    if _true(properties.get("ObjectLockEnabled")):
        lock = properties["ObjectLockConfiguration"]
        rule = lock["Rule"]["DefaultRetention"]
        retention = {"Mode": rule["Mode"], "Days": int(rule["Days"])}
        _put(
            s3._put_object_lock_configuration,
            "PutObjectLockConfiguration",
            name,
            ObjectLockConfiguration={
                "ObjectLockEnabled": lock["ObjectLockEnabled"], "Rule": {"DefaultRetention": retention},
            },
        )  # fmt: skip
    if tags:
        tag_set = [{"Key": tag["Key"], "Value": str(tag["Value"])} for tag in tags]
        _put(s3._put_bucket_tagging, "PutBucketTagging", name, Tagging={"TagSet": tag_set})


def _encryption_rule(rule: Properties) -> Properties:
    return {
        "ApplyServerSideEncryptionByDefault": dict(rule["ServerSideEncryptionByDefault"]),
        "BucketKeyEnabled": _true(rule.get("BucketKeyEnabled")),
    }


def _lifecycle_rule(rule: Properties) -> Properties:
    put: Properties = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if "ExpirationInDays" in rule:
        put["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
    if "NoncurrentVersionExpiration" in rule:
        days = int(rule["NoncurrentVersionExpiration"]["NoncurrentDays"])
        put["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    if "AbortIncompleteMultipartUpload" in rule:
        days = int(rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
        put["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": days}
    if "ExpiredObjectDeleteMarker" in rule:
        put["Expiration"] = {"ExpiredObjectDeleteMarker": _true(rule["ExpiredObjectDeleteMarker"])}
    return put


def _put(apply: Callable[[str, bytes], Any], operation: str, bucket: str, **parameters: Any) -> None:
    model = botocore.session.get_session().get_service_model("s3").operation_model(operation)
    request = botocore.serialize.create_serializer("rest-xml").serialize_to_request(
        {"Bucket": bucket, **parameters}, model
    )
    status, _, body = apply(bucket, request["body"])
    if status >= 400:
        raise ValueError(f"{operation} {bucket}: {body!r}")


def complete_table(name: str, properties: Properties) -> None:
    ttl = properties.get("TimeToLiveSpecification", {})
    replica = properties["Replicas"][0]
    recovery = replica.get("PointInTimeRecoverySpecification", {})
    if _true(ttl.get("Enabled")):
        specification = {"Enabled": True, "AttributeName": ttl["AttributeName"]}
        dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": specification})
    if _true(recovery.get("PointInTimeRecoveryEnabled")):
        specification = {"PointInTimeRecoveryEnabled": True}
        dynamodb._update_continuous_backups({"TableName": name, "PointInTimeRecoverySpecification": specification})


def _true(value: object) -> bool:
    return str(value).lower() == "true"


def refer_to_secrets_by_arn() -> None:
    """A secret's Ref is its ARN on AWS and its name in the emulator, where no granted policy then matches."""
    handler = HANDLERS["AWS::SecretsManager::Secret"]
    create, update, delete = handler["create"], handler["update"], handler["delete"]

    def name_of(arn: str) -> str:
        return next((name for name, secret in secretsmanager._secrets.items() if secret["ARN"] == arn), arn)

    def created(logical_id: str, properties: Properties, *rest: Any) -> Any:
        _, attributes = create(logical_id, properties, *rest)
        return attributes["Arn"], attributes

    def updated(physical_id: str, old: Properties, new: Properties, *rest: Any) -> Any:
        _, attributes = update(name_of(physical_id), old, new, *rest)
        return attributes.get("Arn", physical_id), attributes

    def deleted(physical_id: str, properties: Properties) -> None:
        delete(name_of(physical_id), properties)

    handler.update(create=created, update=updated, delete=deleted)
