"""The office API as one application: a request of API Gateway in, its answer out.

The API's function calls it, and so does the console's, in its own process: both pass the same gate and leave the same
audit events.

Each module in MODULES declares its routes; this file puts them together.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.office_api.answers.problems import REFUSALS, RefusalError, problem_event, problem_response
from shared.office_api.gate.audited_subjects import SUBJECTS, AuditedSubjects
from shared.office_api.middleware.audit import audit_request
from shared.office_api.middleware.authorization import gate
from shared.office_api.middleware.idempotency import idempotent
from shared.office_api.middleware.openapi_extras import DocumentedResolver
from shared.office_api.middleware.query_parameters import refuse_unknown_parameters
from shared.office_api.middleware.request_body import require_readable_body
from shared.office_api.middleware.security_headers import with_security_headers
from shared.office_api.routes import documentation, vocabulary
from shared.office_api.routes.agencies import (
    agencies,
    arrests,
    drops,
    feed_files,
    rejects,
    seals,
    submissions,
    suggestions,
)
from shared.office_api.routes.alerts import alert_list, alerts, links, reviews, tellings
from shared.office_api.routes.breaches import breaches
from shared.office_api.routes.disclosures import biennial, disclosures
from shared.office_api.routes.disputes import corrections, disputes
from shared.office_api.routes.juveniles import openings
from shared.office_api.routes.office import (
    agreements,
    attention,
    case_entries,
    governance,
    holds,
    me,
    personnel,
    removals,
    sources,
    users,
)
from shared.office_api.routes.office import settings as office
from shared.office_api.routes.places import place_history
from shared.office_api.routes.records import records_exports, records_requests
from shared.office_api.routes.reports import audit, audit_weeks, beliefs, releases, reports, roster, summaries
from shared.office_api.routes.subscriptions import (
    backtest,
    calendar,
    caselists,
    folders,
    lists,
    other_subscribers,
    renewals,
    subscription_search,
    subscriptions,
)

# `subscriptions` stays first. CDK names the API's integration after the first route, so another first module would
# replace the integration of a deployed stack. tests/office_api/test_endpoints.py checks this.
MODULES = (
    subscriptions, me, backtest, alert_list, alerts, reviews, reports, renewals, lists, caselists, folders, users,
    removals, summaries, links, audit, agreements, other_subscribers, arrests, agencies, drops, submissions,
    tellings, attention, subscription_search, vocabulary, feed_files, rejects, office, calendar, audit_weeks,
    suggestions, seals, disclosures, holds, governance, personnel, disputes, corrections, place_history, releases,
    roster, sources, case_entries,
    records_requests, records_exports, breaches, openings, biennial, beliefs,
)  # fmt: skip

logger = Logger()
app = DocumentedResolver(enable_validation=True)
app.use([gate, refuse_unknown_parameters, idempotent])
app.include((module.routes for module in MODULES), documentation.ENDPOINTS)
app.exception_handler([*REFUSALS])(problem_response)


def answer_request(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers one request. Never raises for what a caller sent: the answer says what is wrong (RFC 9457).

    `event` is an HTTP API event of payload version 2.0 whose authorizer has verified the claims."""
    if event.get("rawPath") in (documentation.DOCUMENT, documentation.PAGE):
        response = documentation.answer(app, event, context)
    else:
        subjects = AuditedSubjects()
        response = audit_request(event, subjects, lambda: _answer(event, context, subjects))
    logger.info("request answered", extra={"route": event.get("routeKey"), "status": response["statusCode"]})
    return with_security_headers(response)


def _answer(event: dict[str, Any], context: LambdaContext, subjects: AuditedSubjects) -> dict[str, Any]:
    try:
        require_readable_body(event)
    except RefusalError as refusal:
        return problem_event(refusal)
    app.append_context(**{SUBJECTS: subjects})
    return app.resolve(event, context)
