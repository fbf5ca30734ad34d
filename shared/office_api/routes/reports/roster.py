"""Who is in custody now and is wanted, or has an open case, by the office's own watches."""

from datetime import UTC, date, datetime

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from shared.access import Action
from shared.alerts.wanted_in_custody import WantedMatch, wanted_in_custody
from shared.matching.criteria import Grade
from shared.office_api import dependencies
from shared.office_api.answers.report_answer import report_answer
from shared.office_api.endpoints import Routes
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.gate.relations import folder_trees
from shared.office_api.gate.resources import subscription_resource
from shared.office_api.middleware.authorization import current_request
from shared.offices.recipient import BasisKind
from shared.value import FrozenModel

routes = Routes("reports")
router = routes.router


class WantedRow(FrozenModel):
    """`because` says what matches. `case_number` is that of the office's own watch."""

    arrest_id: str
    agency: str
    number: str
    name: str
    since: date | None
    basis: BasisKind
    case_number: str
    grade: Grade
    because: str
    subscription_id: str


class WantedReport(BaseModel):
    """`agencies` are those whose lists of everybody in custody were read. Without `complete` there may be more."""

    agencies: list[str]
    complete: bool
    rows: list[WantedRow]


@routes.get(
    "/v1/reports/wanted-in-custody",
    action=Action.READ_ROSTER,
    summary="Report who is in custody and wanted",
    also_csv=True,
)
def report_wanted_in_custody() -> Response[WantedReport | str]:
    """The last list of everybody in custody, of each agency that sends such lists, against your office's watches for
    warrants and open cases. Only matches by an issued number, or by name and date of birth that leave hardly anybody
    else. Warrants come first. Watches that you may not read are in no row, and minors in none."""
    request = current_request(router)
    by, trees = request.by, folder_trees(request.by)
    watches = (
        subscription_resource(by, watch, trees) for watch in dependencies.subscriptions.all_of(by.office.office_id)
    )
    allowed = request.filter_allowed(Action.READ_SUBSCRIPTION, watches)
    agreed = agreement_filter(by, recorded_only=True)
    known = dependencies.subscriptions.agreements.of(by.office.office_id).agreements
    agencies = sorted({agreement.agency for agreement in known if agreed.covers(agreement.agency)})
    wanted = wanted_in_custody(
        agencies, allowed, by.office, dependencies.roster_deps(), agreed.show_arrest, datetime.now(UTC)
    )
    rows = [_row(match) for match in wanted.matches]
    return report_answer(router, WantedReport(agencies=list(wanted.agencies), complete=wanted.complete, rows=rows))


def _row(match: WantedMatch) -> WantedRow:
    arrest, watch, reason = match
    return WantedRow(
        arrest_id=arrest.arrest_id,
        agency=arrest.agency,
        number=arrest.number,
        name=str(arrest.person.names[0]) if arrest.person.names else "",
        since=arrest.arrested_on,
        basis=watch.basis.kind,
        case_number=watch.basis.case_number,
        grade=reason.grade,
        because=reason.sentence,
        subscription_id=watch.subscription_id,
    )
