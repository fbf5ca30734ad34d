"""Errors of the API: one exception, one answer (an RFC 9457 problem document), one table of what other errors become.

A refusal says what is wrong (`detail`) and, for each field, what to do about it (`errors`). Values that a client sent
are never repeated. The handler registers `problem_response` for every type in `REFUSALS`.
"""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, Field

from shared.arrests.juveniles.opening import OpeningDecisionError
from shared.arrests.retention.end_hold import HoldEndError
from shared.arrests.seals.unsealing import UnsealingDecisionError, UnsealingRefusedError
from shared.aws.item_size import is_too_large
from shared.aws.optimistic_lock import ConflictError
from shared.aws.temporary_errors import is_temporary
from shared.breaches.decide import BreachRefusedError, BreachStateError
from shared.disclosures.decide import DisclosureDecisionError, DisclosureRefusedError
from shared.disputes.decide import DisputeDecisionError, DisputeRefusedError
from shared.errors import Rejected, TryLater
from shared.matching.criteria.criterion import KINDS
from shared.matching.rules import TooBroadError
from shared.office_api.answers.refused_texts import count_refused_texts
from shared.records_requests.decide import RequestRefusedError
from shared.subscriptions.errors import (
    FolderPlacementError,
    ImmigrationTextError,
    NeverHitsError,
    RecipientsNotAllowedError,
    SelfWideningError,
    SubscriptionOverError,
)
from shared.value import mend_of


class FieldProblem(BaseModel):
    """One field that is wrong, and what to do about it."""

    field: str = Field(description="The place in the request, such as `recipients.0.email`.")
    mend: str = Field(description="What to do about it.")


class Problem(BaseModel):
    """An error (RFC 9457). `errors` is empty unless single fields are wrong."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


class RefusalError(Exception):
    """A request is refused with this status. `detail` is one or two sentences for whoever wrote the request."""

    def __init__(self, status: HTTPStatus, detail: str, errors: Sequence[FieldProblem] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, list(errors)


def not_found(noun: str) -> RefusalError:
    """The answer is the same whether the record does not exist or belongs to another office."""
    return RefusalError(HTTPStatus.NOT_FOUND, f"There is no such {noun} in your office.")


def title(status: int) -> str:
    """Returns the reason phrase of RFC 9110. Python before 3.13 has an older phrase for 422."""
    return "Unprocessable Content" if status == HTTPStatus.UNPROCESSABLE_ENTITY else HTTPStatus(status).phrase


def problem_response(error: Exception) -> Response[str]:
    """Returns the problem document for an error whose type, or a base of it, is in `REFUSALS`."""
    refusal = next(REFUSALS[type_](error) for type_ in type(error).__mro__ if type_ in REFUSALS)
    status, detail = refusal.status, refusal.detail
    problem = Problem(title=title(status), status=status, detail=detail, errors=refusal.errors)
    return Response(status_code=status, content_type="application/problem+json", body=problem.model_dump_json())


def problem_event(error: Exception) -> dict[str, Any]:
    """Returns the same problem document as a Lambda proxy answers, for an error that no route raised."""
    response = problem_response(error)
    return {
        "statusCode": response.status_code,
        "headers": {"Content-Type": response.content_type},
        "isBase64Encoded": False,
        "body": response.body,
    }


def _recipients_not_allowed(error: RecipientsNotAllowedError) -> RefusalError:
    field_problems = [FieldProblem(field=refusal.field, mend=refusal.mend) for refusal in error.refusals]
    detail = "Your office may not notify some of these recipients. Change or remove each one that `errors` names."
    return RefusalError(HTTPStatus.FORBIDDEN, detail, field_problems)


def _too_broad(error: TooBroadError) -> RefusalError:
    problem = FieldProblem(field="criterion", mend=str(error))
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This criterion is too broad. Make it narrower.", [problem])


def _immigration_text(error: ImmigrationTextError) -> RefusalError:
    count_refused_texts(len(error.fields), error.fields)
    field_problems = [FieldProblem(field=field, mend=error.MEND) for field in error.fields]
    detail = "These texts are not permitted. The request was recorded."
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, field_problems)


def _never_hits(error: NeverHitsError) -> RefusalError:
    field_problems = [FieldProblem(field=".".join(map(str, fault.location)), mend=fault.mend) for fault in error.faults]
    detail = "This watch would never alert. Correct each field that `errors` names."
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, field_problems)


def _faulty(
    error: DisclosureRefusedError | DisputeRefusedError | BreachRefusedError | UnsealingRefusedError,
) -> RefusalError:
    field_problems = [FieldProblem(field=fault.field, mend=fault.fix) for fault in error.faults]
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason, field_problems)


def _request_refused(error: RequestRefusedError) -> RefusalError:
    field_problems = [FieldProblem(field=fault.field, mend=fault.fix) for fault in error.faults]
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason, field_problems)


def _rejected(error: Rejected) -> RefusalError:
    problem = FieldProblem(field="body", mend=f"{error.reason} {error.fix}")
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The request cannot be accepted. Correct it.", [problem])


def _invalid(error: RequestValidationError) -> RefusalError:
    """`error.errors()` are pydantic's."""
    field_problems = [FieldProblem(field=_field(detail), mend=mend_of(detail)) for detail in error.errors()]
    detail = "Some fields are not valid. Correct each one that `errors` names."
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, field_problems)


def _always(status: HTTPStatus, detail: str) -> Callable[[Exception], RefusalError]:
    return lambda _error: RefusalError(status, detail)


_BUSY = _always(
    HTTPStatus.SERVICE_UNAVAILABLE, "The request could not be stored now. Send the same request again in a moment."
)


_TOO_LARGE = _always(
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "This is more than one record can hold (400 KB). Shorten its texts and lists, or make several of it.",
)


def _refused_by_aws(error: Exception) -> RefusalError:
    """Any other fault of AWS is ours, and raised again: an alarm tells an operator."""
    if is_too_large(error):
        return _TOO_LARGE(error)
    if not is_temporary(error):
        raise error
    return _BUSY(error)


# Each error that a route may raise, and the refusal that it becomes.
REFUSALS: Mapping[type[Exception], Callable[[Any], RefusalError]] = {
    RefusalError: lambda error: error,
    NotFoundError: _always(HTTPStatus.NOT_FOUND, "There is no such route. GET /v1/swagger shows all routes."),
    RequestValidationError: _invalid,
    RecipientsNotAllowedError: _recipients_not_allowed,
    TooBroadError: _too_broad,
    NeverHitsError: _never_hits,
    SubscriptionOverError: lambda error: RefusalError(HTTPStatus.CONFLICT, str(error)),
    ImmigrationTextError: _immigration_text,
    DisclosureRefusedError: _faulty,
    OpeningDecisionError: lambda error: RefusalError(HTTPStatus.CONFLICT, str(error)),
    DisputeRefusedError: _faulty,
    BreachRefusedError: _faulty,
    BreachStateError: lambda error: RefusalError(HTTPStatus.CONFLICT, str(error)),
    DisputeDecisionError: lambda error: RefusalError(HTTPStatus.CONFLICT, str(error)),
    UnsealingRefusedError: _faulty,
    UnsealingDecisionError: lambda error: RefusalError(HTTPStatus.CONFLICT, str(error)),
    DisclosureDecisionError: lambda error: RefusalError(HTTPStatus.CONFLICT, str(error)),
    RequestRefusedError: _request_refused,
    HoldEndError: lambda error: RefusalError(HTTPStatus.CONFLICT, str(error)),
    SelfWideningError: lambda error: RefusalError(HTTPStatus.CONFLICT, str(error)),
    FolderPlacementError: lambda error: RefusalError(HTTPStatus.CONFLICT, str(error)),
    ConflictError: _always(
        HTTPStatus.CONFLICT, "Somebody else changed this resource, or the same one exists already. Fetch it again."
    ),
    Rejected: _rejected,
    TryLater: _BUSY,
    ClientError: _refused_by_aws,
    BotoCoreError: _refused_by_aws,
}

_FRAME = {"body", "query", "path"}


def _field(detail: dict[str, Any]) -> str:
    """Returns the dotted place of a field, without the frame and without the tags that pydantic adds for a union."""
    if detail["type"] == "json_invalid":  # its place is a count of characters
        return "body"
    loc = detail["loc"]
    steps = [str(step) for step in (loc[1:] if loc and loc[0] in _FRAME else loc)]
    return ".".join(_without_tags(steps)) or "body"


def _without_tags(steps: Sequence[str]) -> list[str]:
    """Pydantic puts the kind of a criterion behind its place: `criterion.combination.all.0.charge.statute`."""
    path: list[str] = []
    for step in steps:
        follows_criterion = path[-1:] == ["criterion"] or path[-2:-1] in (["all"], ["any"], ["none"])
        if not (step in KINDS and follows_criterion):
            path.append(step)
    return path
