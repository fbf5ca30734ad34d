"""Audit middleware: every request is recorded as an audit event before its answer is sent. No audit, no data.

It runs around the router, so it covers every route, every denial and every fault. The event says who asked, for what
purpose, and with what outcome. Its subjects are the ids and persons in the parts of the request that the route's
declaration names (`endpoints.AuditedPart`).
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import pairwise
from typing import Any
from uuid import uuid4

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from functions.office_api import dependencies
from functions.office_api.authentication import claims_of, office_and_email
from functions.office_api.endpoints import EVERY_PART, AuditedPart, EndpointList
from functions.office_api.problems import RefusalError, problem_event
from functions.office_api.purposes import HEADER as PURPOSE
from shared.audit.event import NO_OFFICE, AuditEvent, outcome_of, subjects_in
from shared.bounded_reader import UnreadableDocumentError, read_json
from shared.offices.purposes import ImmigrationPurposeError, UnknownPurposeError, purpose_of

Event = dict[str, Any]
logger = Logger()
_OFFICE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ID = re.compile(r"[0-9a-f]{32}")
_MAX_SUBJECTS = 2_000  # of one request; a report counts more records than anybody reads


def audit_request(event: Event, endpoints: EndpointList, answer: Callable[[], Event]) -> Event:
    """Returns the answer, or 503 if the audit event cannot be stored. The change of such a request may have been made.
    Sending it again is harmless: the repetition is recorded."""
    response: Event = {"statusCode": HTTPStatus.INTERNAL_SERVER_ERROR.value}
    try:
        response = answer()
    finally:
        recorded = _write(event, _audited_parts(event, endpoints), response)
    return response if recorded else _not_recorded()


def _write(event: Event, audited: AuditedPart, response: Event) -> bool:
    try:
        dependencies.audit.write(_event(event, audited, response))
    except (ClientError, BotoCoreError):
        logger.exception("not audited, so not answered")
        return False
    return True


def _event(event: Event, audited: AuditedPart, response: Event) -> AuditEvent:
    context = event["requestContext"]
    claims = claims_of(event)
    office_id, who = office_and_email(claims)
    return AuditEvent(
        event_id=uuid4().hex,
        occurred_at=datetime.now(UTC),
        office_id=office_id if _OFFICE.fullmatch(office_id) else NO_OFFICE,
        who=who or "-",
        ori=str(claims.get("custom:ori", "")),
        action=str(event.get("routeKey", "")),
        subjects=tuple(sorted(_subjects(event, audited, response))[:_MAX_SUBJECTS]),
        purpose=_purpose(event),
        outcome=outcome_of(response["statusCode"]),
        status=response["statusCode"],
        request_id=str(context.get("requestId", "")),
    )


def _audited_parts(event: Event, endpoints: EndpointList) -> AuditedPart:
    endpoint = endpoints.of_gateway(str(event.get("routeKey", "")))
    return endpoint.audited if endpoint else EVERY_PART


def _subjects(event: Event, audited: AuditedPart, response: Event) -> set[str]:
    subjects = set(_subjects_in_path(str(event.get("rawPath", "")))) if AuditedPart.PATH in audited else set()
    bodies = [(AuditedPart.BODY, event.get("body")), (AuditedPart.ANSWER, response.get("body"))]
    for part, text in bodies:
        document = _parse_json(text) if part in audited else None
        if document is not None:
            subjects |= subjects_in(document, dependencies.pseudonyms())
    return subjects


def _subjects_in_path(path: str) -> Iterator[str]:
    """`/v1/alerts/<id>/verdict` yields `alert:<id>`. Text that is not one of our ids is not repeated in the event."""
    for collection, id_ in pairwise(path.split("/")):
        if _ID.fullmatch(id_):
            yield f"{collection.removesuffix('s')}:{id_}"


def _parse_json(text: Any) -> Any:
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


def _not_recorded() -> Event:
    detail = "The request could not be recorded, so it is not answered. Send the same request again."
    return problem_event(RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, detail))
