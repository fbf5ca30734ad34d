"""The calls of the AWS CLI that a text names, each tried on the descriptions of AWS's services that boto3 ships."""

import shlex

import botocore.session
from botocore import xform_name

# Commands of the AWS CLI itself, which are no operation of a service: https://docs.aws.amazon.com/cli/latest/reference/
AWS_CLI_COMMANDS: dict[tuple[str, str], set[str]] = {
    ("logs", "tail"): {"--since", "--follow", "--filter-pattern", "--format"},
    ("s3", "cp"): set(),
    ("s3", "ls"): set(),
}
OF_EVERY_COMMAND = {"--output", "--query"}  # the same, "Global options"


def aws_fault_of(command: str) -> str:
    """What is wrong with a call of the AWS CLI, by the descriptions of AWS's services; empty when nothing is."""
    _, service, operation, *words = shlex.split(command)
    flags = {word for word in words if word.startswith("--")} - OF_EVERY_COMMAND
    is_of_the_cli = (service, operation) in AWS_CLI_COMMANDS
    known = AWS_CLI_COMMANDS[service, operation] if is_of_the_cli else flags_of(service, operation)
    if known is None:
        return f"there is no `aws {service} {operation}`"
    return f"unknown: {', '.join(sorted(flags - known))}" if flags - known else ""


def flags_of(service: str, operation: str) -> set[str] | None:
    """None when the service has no such operation."""
    model = botocore.session.get_session().get_service_model(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in operations:
        return None
    shape = model.operation_model(operations[operation]).input_shape
    return {f"--{xform_name(member, '-')}" for member in shape.members} if shape else set()
