"""Records every command that works on a deployed stack in its audit table, before the command does anything."""

import argparse
from datetime import UTC, datetime
from uuid import uuid4

import boto3

from functions.cli.deployment import operator_arn, outputs_of
from shared.audit.event import NO_OFFICE, AuditEvent, AuditOutcome
from shared.audit.table import AuditTable
from shared.offices.purposes import Purpose
from shared.offices.table import OfficesTable


def record_command(args: argparse.Namespace, office_id: str | None = None) -> None:
    """Writes who (the ARN that AWS knows them by), which command, and which office if it is about one.

    A command about an office that is not there is recorded as about none: a misspelt name makes no chain of its own.
    The command's other arguments are left out: one may be an arrest's number. Raises ClientError or TryLater when the
    event cannot be written; then the command must not run.
    """
    outputs, dynamodb = outputs_of(args.stack), boto3.client("dynamodb")
    named = getattr(args, "office", None)
    if named and OfficesTable(dynamodb, outputs["OfficesTable"]).office(named):
        office_id = office_id or named
    event = AuditEvent(
        event_id=uuid4().hex,
        occurred_at=datetime.now(UTC),
        office_id=office_id or NO_OFFICE,
        who=operator_arn(),
        action=f"arrest-alert {args.command}",
        purpose=Purpose.ADMINISTRATION,
        outcome=AuditOutcome.ALLOWED,
    )
    AuditTable(dynamodb, outputs["AuditTable"]).write(event)
