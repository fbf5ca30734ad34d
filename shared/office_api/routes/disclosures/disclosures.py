"""The disclosure log: what is passed on to somebody outside of the office, on which ground, and who agreed."""

import secrets
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, Field

from shared.access import Action
from shared.arrests.model import Arrest
from shared.arrests.seals.effect import purposes_of_marks
from shared.arrests.table import Version
from shared.disclosures.decide import Requester, check_request, decided, new_disclosure
from shared.disclosures.model import (
    DISCLOSURE_ID,
    Disclosure,
    DisclosureRequest,
    DisclosureRules,
    DisclosureState,
    DisclosureText,
    Ground,
)
from shared.disclosures.recipients import RecordStanding, RecordStandings, standing_of
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
from shared.offices.criminal_justice import held_for
from shared.offices.model import Office
from shared.offices.purposes import Purpose
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
    """Which grounds there are, which need the approval of somebody with the right `privacy`, and which a document. And
    who may have sealed records and nonconviction data, by kind of recipient."""
    return dependencies.disclosures.rules_in_force(current_request(router).by.office.office_id)


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
    arrest, and a record that a statute seals, or that ended without a conviction, goes to those alone who may have
    it."""
    request = current_request(router)
    office, now = request.by.office, datetime.now(UTC)
    arrests = [readable_arrest(request, arrest_id, "arrest_ids").arrest for arrest_id in body.arrest_ids]
    agencies = {arrest.agency for arrest in arrests}
    ground = _check(body, agencies, office, _standings_for_reader(body, request, now), now)
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
    more: the agreement forbids it since, an arrest is sealed or gone, or has become one that this recipient may not
    have."""
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
        records = _standings_for_approval(disclosure.request, request, now)
        _check(disclosure.request, disclosure.agencies, request.by.office, records, now)
    dependencies.disclosures.save(after)
    return after


def _check(
    body: DisclosureRequest, agencies: Collection[str], office: Office, records: RecordStandings, now: datetime
) -> Ground:
    agreements = dependencies.subscriptions.agreements.of(office.office_id)
    rules = dependencies.disclosures.rules_in_force(office.office_id)
    return check_request(body, agencies, agreements, rules, records, office.local_day(now))


def _standings_for_reader(body: DisclosureRequest, request: AuthorizedRequest, now: datetime) -> RecordStandings:
    """As the caller has the records: of what he may not have himself he passes nothing on, and a refusal must not tell
    him of it. Raises RefusalError (422) where one was sealed or purged since he read it."""
    office = request.by.office
    today = office.local_day(now)
    return _standings(body, lambda version: held_for(version.arrest, office.ori, [request.by.purpose], today), today)


def _standings_for_approval(body: DisclosureRequest, request: AuthorizedRequest, now: datetime) -> RecordStandings:
    """As the office may have the records for any purpose, because another purpose may have been stated when they were
    asked for. Raises RefusalError (422) where one was sealed or purged since, or the approver may not have all of it:
    what decides would be told by the refusal."""
    office, purpose = request.by.office, request.by.purpose
    today = office.local_day(now)

    def held_for_approver(version: Version) -> Arrest | None:
        held = held_for(version.arrest, office.ori, Purpose, today)
        is_marked_for_others = bool(version.mark) and purpose not in purposes_of_marks()
        is_whole = held is not None and held == held_for(held, office.ori, [purpose], today)
        return held if is_whole and not is_marked_for_others else None

    return _standings(body, held_for_approver, today)


def _standings(
    body: DisclosureRequest, held_of: Callable[[Version], Arrest | None], today: date
) -> dict[str, RecordStanding]:
    """What the law says of each record, as far as `held_of` gives it. Raises RefusalError (422) where it gives none."""
    records: dict[str, RecordStanding] = {}
    for version in _versions(body):
        held = held_of(version)
        if held is None:
            raise _gone()
        records[held.arrest_id] = standing_of(held, version.mark, today)
    return records


def _versions(body: DisclosureRequest) -> list[Version]:
    """Raises RefusalError (422) where an arrest is sealed or purged."""
    versions = dependencies.arrests.versions(body.arrest_ids)
    if len(versions) < len(body.arrest_ids):
        raise _gone()
    return versions


def _gone() -> RefusalError:
    mend = "refuse this and have it asked for again without what is gone, or state the purpose for which you read it"
    problem = FieldProblem(field="arrest_ids", mend=mend)
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "An arrest of this is sealed or gone.", [problem])


def _find(request: AuthorizedRequest, disclosure_id: str) -> Disclosure:
    disclosure = dependencies.disclosures.find(request.by.office.office_id, disclosure_id)
    if disclosure is None:
        raise LookupError(disclosure_id)
    return disclosure


def _answer(disclosure: Disclosure, status: HTTPStatus) -> Response[Disclosure]:
    return Response(status_code=status, content_type="application/json", body=disclosure)
