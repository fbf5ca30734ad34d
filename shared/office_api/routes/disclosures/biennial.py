"""The report of two years that a city agency makes: what it holds, what it disclosed, who asked, by which policies."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from shared.access import Action
from shared.disclosures.biennial import BiennialRow, biennial_rows, covered_by, due_on
from shared.office_api import dependencies
from shared.office_api.answers.report_answer import report_answer
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.offices.model import Office

routes = Routes("disclosures")
router = routes.router


class BiennialReport(BaseModel):
    """`due_on` is 31 July of the year; it covers the days from `first_day` to before `day_after`. It names nobody."""

    due_on: date
    first_day: date
    day_after: date
    rows: list[BiennialRow]


@routes.get(
    "/v1/reports/disclosures-of-two-years",
    action=Action.READ_REPORTS,
    summary="Report what was disclosed in two years",
    also_csv=True,
)
def report_two_years(
    year: Annotated[int, Query(ge=2000, le=2999, description="The year in which the report is due.")],
) -> Response[BiennialReport | str]:
    """New York City Administrative Code 23-1205: kinds of information held, disclosures, who asked and why, policies.
    It names nobody. Records requests are kept for three years after they were closed. `Accept: text/csv` gets a
    table."""
    office = current_request(router).by.office
    first_day, day_after = covered_by(year)
    start, end = (datetime.combine(day, time(), office.zone).astimezone(UTC) for day in (first_day, day_after))
    requests = Counter(
        (request.kind.value, request.facts.requester_kind.value)
        for request in dependencies.records_requests.of_office(office.office_id)
        if first_day <= request.facts.received_on < day_after
    )
    rows = biennial_rows(
        dependencies.disclosures.between(office.office_id, start, end),
        requests,
        dependencies.disclosures.rules_in_force(office.office_id),
        _policies(office),
    )
    report = BiennialReport(due_on=due_on(year), first_day=first_day, day_after=day_after, rows=rows)
    return report_answer(router, report)


def _policies(office: Office) -> Iterator[tuple[str, str]]:
    copy = office.retention.copy_rule
    yield "retention", f"copies are {copy.status.value}, kept for {copy.days} days: {copy.source}"
    if policy := office.governance.policy:
        yield "rules of behavior", f"version {policy.version}, SHA-256 {policy.sha256}"
    for agreement in dependencies.subscriptions.agreements.of(office.office_id).agreements:
        yield f"agreement {agreement.reference}", f"with {agreement.agency}: {agreement.onward_disclosure.value}"
