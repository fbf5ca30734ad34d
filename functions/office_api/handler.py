"""HTTP API -> the routes of an office. A module of routes stands in MODULES; its routes are declared in it."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.office_api.middleware.audit import audit_request
from functions.office_api.middleware.authorization import gate
from functions.office_api.middleware.idempotency import idempotent
from functions.office_api.middleware.openapi_extras import DocumentedResolver
from functions.office_api.problems import Mend, Refusal, answer, invalid
from functions.office_api.routes import (
    agencies,
    agreements,
    alerts,
    arrests,
    audit,
    backtest,
    disclosures,
    documentation,
    drops,
    folders,
    links,
    lists,
    me,
    other_subscribers,
    renewals,
    reports,
    reviews,
    submissions,
    subscriptions,
    summaries,
    users,
)
from shared.aws.optimistic_lock import ConflictError
from shared.errors import Rejected, TryLater
from shared.matching.rules import TooBroadError
from shared.subscriptions.errors import FolderPlacementError, RecipientsNotAllowedError, SubscriptionOverError

MODULES = (
    subscriptions, me, backtest, alerts, reviews, reports, renewals, lists, folders, users, summaries, links, audit,
    agreements, other_subscribers, arrests, agencies, drops, submissions, disclosures,
)  # fmt: skip

logger = Logger()
app = DocumentedResolver(enable_validation=True)
app.use([gate, idempotent])
app.include((module.routes for module in MODULES), documentation.ENDPOINTS)


@app.exception_handler(Refusal)
def refused(refusal: Refusal) -> Response[str]:
    return answer(refusal)


@app.not_found
def no_such_route(_error: NotFoundError) -> Response[str]:
    return answer(Refusal(HTTPStatus.NOT_FOUND, "There is no such route; /v1/swagger shows all of them."))


@app.exception_handler(RequestValidationError)
def malformed(error: RequestValidationError) -> Response[str]:
    return answer(invalid(error.errors()))


@app.exception_handler(RecipientsNotAllowedError)
def not_allowed(error: RecipientsNotAllowedError) -> Response[str]:
    mends = [Mend(field=refusal.field, mend=refusal.mend) for refusal in error.refusals]
    return answer(Refusal(HTTPStatus.FORBIDDEN, "Your office may not write to these recipients.", mends))


@app.exception_handler(TooBroadError)
def watches_everybody(error: TooBroadError) -> Response[str]:
    mend = Mend(field="criterion", mend=str(error))
    return answer(Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "This criterion cannot be watched as it is.", [mend]))


@app.exception_handler(SubscriptionOverError)
def too_late(error: SubscriptionOverError) -> Response[str]:
    return answer(Refusal(HTTPStatus.CONFLICT, str(error)))


@app.exception_handler(FolderPlacementError)
def misplaced(fault: FolderPlacementError) -> Response[str]:
    return answer(Refusal(HTTPStatus.CONFLICT, str(fault)))


@app.exception_handler(ConflictError)
def overtaken(_error: ConflictError) -> Response[str]:
    return answer(Refusal(HTTPStatus.CONFLICT, "It was changed, or the same is watched already. Read it again."))


@app.exception_handler(Rejected)
def rejected(fault: Rejected) -> Response[str]:
    mend = Mend(field="body", mend=f"{fault.reason} {fault.fix}")
    return answer(Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "It cannot be taken as it is.", [mend]))


@app.exception_handler(TryLater)
def try_later(_error: TryLater) -> Response[str]:
    return answer(
        Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "It could not be stored just now. Send the same request again.")
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    if event.get("rawPath") in (documentation.DOCUMENT, documentation.PAGE):
        documentation.add_to(app)
        answered = app.resolve(event, context)
    else:
        answered = audit_request(event, app.endpoints, lambda: app.resolve(event, context))
    logger.info("request answered", extra={"route": event.get("routeKey"), "status": answered["statusCode"]})
    return answered
