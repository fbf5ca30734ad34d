"""Whoever works on a deployed stack by command is written down before anything is done: no audit, no change."""

import argparse
from datetime import UTC, datetime
from uuid import uuid4

import boto3

from functions.cli.deployment import outputs
from shared.audit.event import NO_OFFICE, AuditEvent, AuditOutcome
from shared.audit.table import AuditTable
from shared.offices.purposes import Purpose


def written_down(args: argparse.Namespace, office_id: str | None = None) -> None:
    """Who, by the account that AWS knows them by, and which command; never what else stood on the line, which may be an
    arrest's number. The office is the one it is about, where it is about one."""
    table = AuditTable(boto3.client("dynamodb"), outputs(args.stack)["AuditTable"])
    event = AuditEvent(
        event_id=uuid4().hex,
        occurred_at=datetime.now(UTC),
        office_id=office_id or getattr(args, "office", NO_OFFICE),
        who=boto3.client("sts").get_caller_identity()["Arn"],
        action=f"arrest-alert {args.command}",
        purpose=Purpose.ADMINISTRATION,
        outcome=AuditOutcome.ALLOWED,
    )
    table.write(event)
