"""The template's properties that the local cloud ignores, so that none is ignored silently."""

from __future__ import annotations

import json
from pathlib import Path

COSTS = "tags say whose costs these are, and the emulator has none"
GRADUAL = "an alias moves at once, without CodeDeploy; asserted on the template"
IN_MEMORY = "nothing is encrypted at rest in the emulator's memory"

# Type -> property -> why it may be ignored. A stale line fails the audit just as a missing one does.
KNOWN_IGNORED = {
    "AWS::Cognito::LogDeliveryConfiguration": {
        "LogConfigurations": "the emulator's user pools keep no log of sign-ins; asserted on the template",
    },
    "AWS::Cognito::ManagedLoginBranding": {
        "ClientId": "the emulator's page has one look; asserted on the template",
        "UseCognitoProvidedValues": "the emulator's page has one look; asserted on the template",
        "UserPoolId": "the emulator's page has one look; asserted on the template",
    },
    "AWS::CodeDeploy::Application": {
        "ComputePlatform": GRADUAL,
        "Tags": COSTS,
    },
    "AWS::CodeDeploy::DeploymentGroup": {
        "AlarmConfiguration": GRADUAL,
        "ApplicationName": GRADUAL,
        "AutoRollbackConfiguration": GRADUAL,
        "DeploymentConfigName": GRADUAL,
        "DeploymentStyle": GRADUAL,
        "ServiceRoleArn": GRADUAL,
        "Tags": COSTS,
    },
    "AWS::CloudWatch::Dashboard": {"Tags": COSTS},
    "AWS::DynamoDB::GlobalTable": {
        "Replicas[].Tags": COSTS,
        "Replicas[].Region": "the emulator has one region",
        "Replicas[].GlobalSecondaryIndexes": "settings of a replica's indexes; the table's own are read",
        "Replicas[].SSESpecification": IN_MEMORY,
        "Replicas[].ResourcePolicy": "append-only for every role; asserted on the template and refused by each role",
        "Replicas[].DeletionProtectionEnabled": "off in local; asserted on the prod template",
    },
    "AWS::Lambda::EventSourceMapping": {"Tags": COSTS},
    "AWS::Lambda::Function": {
        "DeadLetterConfig": "its schedules and log groups do not retry: a failed tick is made up for by the next",
    },
    "AWS::S3::Bucket": {
        "LoggingConfiguration": "access logs are for the account's auditor, nothing reads them here",
        "OwnershipControls": "no ACLs are used",
    },
    "AWS::SNS::Topic": {"KmsMasterKeyId": IN_MEMORY},
    "AWS::StepFunctions::StateMachine": {
        "TracingConfiguration": "the emulator has no traces; asserted on the template",
    },
    "AWS::SecretsManager::Secret": {
        "GenerateSecretString.ExcludePunctuation": "the key is opaque, any characters do",
    },
}


def known_ignored() -> set[tuple[str, str]]:
    return {(resource, path) for resource, paths in KNOWN_IGNORED.items() for path in paths}


def ignored_properties(audit_log: Path) -> set[tuple[str, str]]:
    """From the log of a `LocalCloud(audit_log=...)` that the stack was deployed to."""
    provisioned = [json.loads(line) for line in audit_log.read_text().splitlines()]
    return {(resource["type"], path) for resource in provisioned for path in resource["ignored"]}
