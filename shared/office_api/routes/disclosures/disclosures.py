"""The disclosure log: what is passed on to somebody outside of the office, on which ground, and who agreed."""

import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, Field

from shared.access import Action
from shared.disclosures.decide import Requester, check_request, decided, new_disclosure
from shared.disclosures.default_rules import default_rules
from shared.disclosures.model import (
    DISCLOSURE_ID,
    Disclosure,
    DisclosureRequest,
    DisclosureRules,
    DisclosureState,
    DisclosureText,
    Ground,
)
from shared.disclosures.summary import SummaryRow, quarter_bounds, summary_rows
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.answers.readable_arrests import readable_arrest
from shared.office_api.answers.report_answer import report_answer
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.resources import disclosure_resource
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.offices.model import Office
from shared.value import FrozenModel

routes = Routes("disclosures")
router = routes.router
DisclosureId = Annotated[str, Path(pattern=DISCLOSURE_ID, description="The id of the disclosure.")]


class DecisionRequest(FrozenModel):
    reason: DisclosureText = Field(description="Why; whoever asked for it reads it.")


class DisclosuresPage(BaseModel):
    """Those that you asked for, or all with the right `privacy` or `audit`."""

    items: list[Disclosure]
    next: str | None


class DisclosureSummary(BaseModel):
    """How many disclosures of the quarter, by ground, kind of recipient and means. It names nobody."""

    quarter: str
    rows: list[SummaryRow]


@routes.get(
    "/v1/disclosure-rules", action=Action.LIST_DISCLOSURES, summary="List the grounds on which you may disclose"
)
def list_disclosure_rules() -> DisclosureRules:
    """Which grounds there are, which need the approval of somebody with the right `privacy`, and which a document."""
    return _rules(current_request(router).by.office.office_id)


@routes.get("/v1/disclosures", action=Action.LIST_DISCLOSURES, summary="List disclosures, newest first")
def list_disclosures(limit: Limit = 50, after: Cursor = "") -> DisclosuresPage:
    """A page may hold fewer items than `limit`, or none, and still have a `next`."""
    request = current_request(router)
    of = ("disclosures", request.by.office.office_id)
    page, following = dependencies.disclosures.page(of[1], limit, place_of(after, *of))
    resources = [disclosure_resource(request.by, disclosure) for disclosure in page]
    items = request.filter_allowed(Action.READ_DISCLOSURE, resources)
    return DisclosuresPage(items=items, next=cursor_of(following, *of))


@routes.get("/v1/disclosures/{disclosure_id}", action=Action.READ_DISCLOSURE, summary="Read a disclosure")
def read_disclosure(disclosure_id: DisclosureId) -> Disclosure:
    """What was asked for, on which ground, and who decided. `waiting` and `refused` mean: pass nothing on."""
    return current_request(router).resource(Disclosure)


def _read_again(ids: Ids, **_arguments: object) -> Response[Disclosure]:
    return _answer(_find(current_request(router), ids["disclosure_id"]), HTTPStatus.CREATED)


@routes.post(
    "/v1/disclosures",
    action=Action.RECORD_DISCLOSURE,
    summary="Record a disclosure, or ask for its approval",
    replay=Replay(answer=_read_again, ids=lambda document: {"disclosure_id": document["disclosure_id"]}),
    success=(HTTPStatus.CREATED,),
    example=examples.DISCLOSURE,
)
def record_disclosure(body: DisclosureRequest) -> Response[Disclosure]:
    """What leaves the office is recorded before it leaves; `disputed` are facts of which to say so. While the answer
    says `waiting`, pass nothing on: somebody else with the right `privacy` decides. You must be able to read each
    arrest."""
    request = current_request(router)
    office, now = request.by.office, datetime.now(UTC)
    arrests = [readable_arrest(request, arrest_id, "arrest_ids").arrest for arrest_id in body.arrest_ids]
    agencies = {arrest.agency for arrest in arrests}
    ground = _check(body, agencies, office, now)
    requester = Requester(office.office_id, request.caller.email)
    disclosure = new_disclosure(body, requester, agencies, ground, now, secrets.token_hex(9))
    disputed = tuple(sorted({mark.fact for arrest in arrests for mark in arrest.disputed}))
    disclosure = disclosure.model_copy(update={"disputed": disputed})
    dependencies.disclosures.save(disclosure)
    return _answer(disclosure, HTTPStatus.CREATED)


def _decided_again(_ids: Ids, **_arguments: object) -> Disclosure:
    return current_request(router).resource(Disclosure)


@routes.post(
    "/v1/disclosures/{disclosure_id}/approve",
    action=Action.DECIDE_DISCLOSURE,
    summary="Approve a disclosure",
    replay=Replay(answer=_decided_again),
    example=examples.DISCLOSURE_DECISION,
)
def approve_disclosure(disclosure_id: DisclosureId, body: DecisionRequest) -> Disclosure:
    """From now on it may be passed on. Nobody approves what he asked for himself, nor what may not be passed on any
    more: the agreement forbids it since, or an arrest is sealed or gone."""
    return _decide(DisclosureState.APPROVED, body.reason)


@routes.post(
    "/v1/disclosures/{disclosure_id}/refuse",
    action=Action.DECIDE_DISCLOSURE,
    summary="Refuse a disclosure",
    replay=Replay(answer=_decided_again),
    example=examples.DISCLOSURE_DECISION,
)
def refuse_disclosure(disclosure_id: DisclosureId, body: DecisionRequest) -> Disclosure:
    """It may not be passed on. It stays in the log."""
    return _decide(DisclosureState.REFUSED, body.reason)


@routes.get(
    "/v1/reports/disclosures",
    action=Action.READ_REPORTS,
    summary="Count the disclosures of a quarter",
    also_csv=True,
)
def count_disclosures(
    quarter: Annotated[str, Query(pattern=r"^2[0-9]{3}-Q[1-4]$", description="Such as 2026-Q4, in UTC.")],
) -> Response[DisclosureSummary | str]:
    """By ground, kind of recipient and means, without a name or a number. `Accept: text/csv` gets a table."""
    office_id, (start, end) = current_request(router).by.office.office_id, quarter_bounds(quarter)
    rows = summary_rows(dependencies.disclosures.between(office_id, start, end))
    return report_answer(router, DisclosureSummary(quarter=quarter, rows=rows))


def _decide(state: DisclosureState, reason: str) -> Disclosure:
    request = current_request(router)
    disclosure, now = request.resource(Disclosure), datetime.now(UTC)
    after = decided(disclosure, state, request.caller.email, reason, now)
    if state is DisclosureState.APPROVED:
        _check_arrests_remain(disclosure.request)
        _check(disclosure.request, disclosure.agencies, request.by.office, now)
    dependencies.disclosures.save(after)
    return after


def _check(body: DisclosureRequest, agencies: Collection[str], office: Office, now: datetime) -> Ground:
    agreements = dependencies.subscriptions.agreements.of(office.office_id)
    return check_request(body, agencies, agreements, _rules(office.office_id), office.local_day(now))


def _check_arrests_remain(body: DisclosureRequest) -> None:
    """Raises RefusalError (422) where an arrest was sealed or purged since it was asked for."""
    if len(dependencies.arrests.versions(body.arrest_ids)) < len(body.arrest_ids):
        problem = FieldProblem(field="arrest_ids", mend="refuse this, and have it asked for again without what is gone")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "An arrest of this is sealed or gone.", [problem])


def _rules(office_id: str) -> DisclosureRules:
    return dependencies.disclosures.rules(office_id) or default_rules()


def _find(request: AuthorizedRequest, disclosure_id: str) -> Disclosure:
    disclosure = dependencies.disclosures.find(request.by.office.office_id, disclosure_id)
    if disclosure is None:
        raise LookupError(disclosure_id)
    return disclosure


def _answer(disclosure: Disclosure, status: HTTPStatus) -> Response[Disclosure]:
    return Response(status_code=status, content_type="application/json", body=disclosure)
