"""Records every command that works on a deployed stack in its audit table, before the command does anything."""

import argparse
from datetime import UTC, datetime
from uuid import uuid4

import boto3

from functions.cli.deployment import operator_arn, outputs_of
from shared.audit.event import NO_OFFICE, AuditEvent, AuditOutcome
from shared.audit.table import AuditTable
from shared.offices.purposes import Purpose


def record_command(args: argparse.Namespace, office_id: str | None = None) -> None:
    """Writes who (the ARN that AWS knows them by), which command, and which office if it is about one.

    The command's other arguments are left out: one may be an arrest's number. Raises ClientError or TryLater when the
    event cannot be written; then the command must not run.
    """
    table = AuditTable(boto3.client("dynamodb"), outputs_of(args.stack)["AuditTable"])
    event = AuditEvent(
        event_id=uuid4().hex,
        occurred_at=datetime.now(UTC),
        office_id=office_id or getattr(args, "office", None) or NO_OFFICE,
        who=operator_arn(),
        action=f"arrest-alert {args.command}",
        purpose=Purpose.ADMINISTRATION,
        outcome=AuditOutcome.ALLOWED,
    )
    table.write(event)
