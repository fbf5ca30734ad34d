"""Audit middleware: an intent is recorded before a request does anything, its outcome before the answer is sent.

It runs around the router, so it covers every route, every denial and every fault. The intent says who asks, for which
route and purpose, and holds nothing of the body. Without it nothing is done. The outcome adds the subjects
(`audited_subjects.py`). Without it nothing is answered, and the event stays open until a scheduled job reports it.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from shared.audit.event import NO_OFFICE, AuditEvent, AuditOutcome, outcome_of
from shared.aws.metrics import Metric, count
from shared.aws.optimistic_lock import ConflictError
from shared.bounded_reader import UnreadableDocumentError, read_json
from shared.errors import TryLater
from shared.office_api import dependencies
from shared.office_api.answers.problems import RefusalError, problem_event
from shared.office_api.gate.audited_subjects import AuditedSubjects
from shared.office_api.gate.authentication import claims_of, office_and_email
from shared.office_api.gate.link_holder import link_holder
from shared.office_api.gate.purposes import HEADER as PURPOSE
from shared.offices.purposes import ImmigrationPurposeError, UnknownPurposeError, purpose_of

Event = dict[str, Any]
logger = Logger()
_OFFICE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONGEST = 320  # characters of a name or a route; an e-mail address has at most 254
_NOTHING_DONE = "The request could not be recorded, so nothing was done. Send the same request again."
_NOT_ANSWERED = (
    "The request may have been carried out. Its outcome could not be recorded, so it is not answered. Read the record "
    "before you change it again. With its Idempotency-Key the same request can be sent again safely."
)


def audit_request(event: Event, subjects: AuditedSubjects, answer: Callable[[], Event]) -> Event:
    """Returns the answer, or 503 if the intent or the outcome cannot be stored."""
    try:
        intent = _intent(event)
    except (ClientError, BotoCoreError):  # it could not be read who calls
        logger.exception("not audited, so not done")
        count(Metric.AUDIT_NOT_RECORDED)
        return _not_recorded(_NOTHING_DONE)
    if not _recorded(lambda: dependencies.audit.intents.begin(intent)):
        return _not_recorded(_NOTHING_DONE)
    response: Event = {"statusCode": HTTPStatus.INTERNAL_SERVER_ERROR.value}
    try:
        response = answer()
    finally:
        closed = _recorded(lambda: dependencies.audit.write(_ended(intent, subjects, response)))
    return response if closed else _not_recorded(_NOT_ANSWERED)


def _recorded(write: Callable[[], None]) -> bool:
    try:
        write()
    except (ClientError, BotoCoreError, ConflictError, TryLater):
        logger.exception("not audited, so not answered")
        count(Metric.AUDIT_NOT_RECORDED)
        return False
    return True


def _intent(event: Event) -> AuditEvent:
    claims, holder = claims_of(event), link_holder(event)
    office_id, who = (holder.office_id, holder.email) if holder else office_and_email(claims)
    route = str(event.get("routeKey", ""))
    return AuditEvent(
        event_id=uuid4().hex,
        occurred_at=datetime.now(UTC),
        office_id=office_id if _OFFICE.fullmatch(office_id) else NO_OFFICE,
        who=_bounded(who) or "-",
        ori=_bounded(claims.get("custom:ori", "")),
        action=_bounded(f"{route} {holder.doing}" if holder else route),
        purpose=_purpose(event),
        outcome=AuditOutcome.BEGUN,
        request_id=_bounded(event["requestContext"].get("requestId", "")),
    )


def _ended(intent: AuditEvent, subjects: AuditedSubjects, response: Event) -> AuditEvent:
    status = response["statusCode"]
    outcome = outcome_of(status)
    reached, denied = subjects.settle(outcome, _json(response.get("body")))
    return intent.model_copy(update={"because": subjects.because}).ended(outcome, status, reached, denied)


def _bounded(text: object) -> str:
    """Returns text that can be stored whatever it is: short, and without half letters (lone surrogates)."""
    return str(text)[:_LONGEST].encode(errors="replace").decode()


def _json(text: Any) -> Any:
    """Returns the document of an answer; None for a page or a table."""
    try:
        return read_json(text) if text else None
    except UnreadableDocumentError:
        return None


def _purpose(event: Event) -> str:
    """Returns a purpose of the list or "immigration". Any other text in the header is not repeated in the event."""
    try:
        return purpose_of(event.get("headers", {}).get(PURPOSE.lower())).value
    except ImmigrationPurposeError:
        return "immigration"
    except UnknownPurposeError:
        return ""


def _not_recorded(detail: str) -> Event:
    return problem_event(RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, detail))
