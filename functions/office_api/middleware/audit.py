"""Every request is written down before its answer goes out: no audit, no data.

It stands around the router, so it holds for every route, for denials and for faults. The request says who asks and for
what purpose; the parts that the route's declaration names (`endpoints.AuditedPart`) say about whom.
"""

import json
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
from functions.office_api.authentication import claims_of, named_in
from functions.office_api.endpoints import EVERY_PART, AuditedPart, EndpointList
from functions.office_api.problems import Problem, title
from functions.office_api.purposes import HEADER
from shared.audit.event import NO_OFFICE, AuditEvent, outcome_of, subjects_in
from shared.offices.purposes import ImmigrationPurposeError, UnknownPurposeError, purpose_of

Event = dict[str, Any]
logger = Logger()
_OFFICE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ID = re.compile(r"[0-9a-f]{32}")
_MOST_SUBJECTS = 2_000  # of one request; what a report counts over is more than anybody has seen


def audit_request(event: Event, endpoints: EndpointList, answer: Callable[[], Event]) -> Event:
    """The answer, or 503 where it could not be written down. A change may be made then; the same request again is
    harmless and is written down."""
    answered: Event = {"statusCode": HTTPStatus.INTERNAL_SERVER_ERROR.value}
    try:
        answered = answer()
    finally:
        written = _write(event, _audited_parts(event, endpoints), answered)
    return answered if written else _unwritten()


def _write(event: Event, audited: AuditedPart, answered: Event) -> bool:
    try:
        dependencies.audit.write(_event(event, audited, answered))
    except (ClientError, BotoCoreError):
        logger.exception("not audited, so not answered")
        return False
    return True


def _event(event: Event, audited: AuditedPart, answered: Event) -> AuditEvent:
    context = event["requestContext"]
    claims = claims_of(event)
    office_id, who = named_in(claims)
    return AuditEvent(
        event_id=uuid4().hex,
        occurred_at=datetime.now(UTC),
        office_id=office_id if _OFFICE.fullmatch(office_id) else NO_OFFICE,
        who=who or "-",
        ori=str(claims.get("custom:ori", "")),
        action=str(event.get("routeKey", "")),
        subjects=tuple(sorted(_subjects(event, audited, answered))[:_MOST_SUBJECTS]),
        purpose=_purpose(event),
        outcome=outcome_of(answered["statusCode"]),
        status=answered["statusCode"],
        request_id=str(context.get("requestId", "")),
    )


def _audited_parts(event: Event, endpoints: EndpointList) -> AuditedPart:
    endpoint = endpoints.of_gateway(str(event.get("routeKey", "")))
    return endpoint.audited if endpoint else EVERY_PART


def _subjects(event: Event, audited: AuditedPart, answered: Event) -> set[str]:
    subjects = set(_in_path(str(event.get("rawPath", "")))) if AuditedPart.PATH in audited else set()
    bodies = [(AuditedPart.BODY, event.get("body")), (AuditedPart.ANSWER, answered.get("body"))]
    for part, text in bodies:
        document = _read(text) if part in audited else None
        if document is not None:
            subjects |= subjects_in(document, dependencies.keyed())
    return subjects


def _in_path(path: str) -> Iterator[str]:
    """`/v1/alerts/<id>/verdict` names an alert; an id that is none of ours is not repeated."""
    words = path.split("/")
    for collection, id_ in pairwise(words):
        if _ID.fullmatch(id_):
            yield f"{collection.removesuffix('s')}:{id_}"


def _read(text: Any) -> Any:
    try:
        return json.loads(text) if text else None
    except (TypeError, ValueError):
        return None


def _purpose(event: Event) -> str:
    """A word of the list, or that it was the forbidden one: what else was written there is not repeated."""
    try:
        return purpose_of(event.get("headers", {}).get(HEADER.lower())).value
    except ImmigrationPurposeError:
        return "immigration"
    except UnknownPurposeError:
        return ""


def _unwritten() -> Event:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    detail = "It could not be written down who asked, so it is not answered. Send the same request again."
    problem = Problem(title=title(status), status=status, detail=detail)
    return {
        "statusCode": status.value,
        "headers": {"Content-Type": "application/problem+json"},
        "isBase64Encoded": False,
        "body": problem.model_dump_json(),
    }
