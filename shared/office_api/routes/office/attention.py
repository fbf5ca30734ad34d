"""What the office's people must see to: incidents that are told by mail as well, and watches that reach nobody."""

from datetime import UTC, date, datetime

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, Field

from shared.access import Action
from shared.alerts.incidents.model import ConcernedParty, Incident, IncidentKind
from shared.alerts.incidents.text import incident_text
from shared.alerts.reach import ReachDeps, UnreachedWatch, unreached_watches
from shared.alerts.reviews.model import ReviewVerdict
from shared.alerts.view import CurrentReview
from shared.office_api import dependencies
from shared.office_api.answers.report_answer import report_answer
from shared.office_api.answers.reported_alerts import reported_subscriptions
from shared.office_api.endpoints import Routes
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.gate.authentication import SignedIn
from shared.office_api.gate.relations import folder_trees
from shared.office_api.gate.resources import review_resources
from shared.office_api.middleware.authorization import current_request
from shared.subscriptions.model import SubscriptionKey
from shared.value import FrozenModel

routes = Routes("reports")
router = routes.router


class NoticeView(BaseModel):
    """`path` is the route where to read on, empty for none. `over_at` is null while it lasts."""

    kind: IncidentKind
    title: str
    happened: list[str]
    to_do: list[str]
    by_when: str
    path: str
    since: datetime
    last_told: date
    over_at: datetime | None


class NoticesView(BaseModel):
    """`open` counts those that are not over."""

    open: int
    items: list[NoticeView]


class WithoutReaderReport(BaseModel):
    complete: bool
    rows: list[UnreachedWatch] = Field(description="Watches that you may read.")


class PossibleMatchRow(FrozenModel):
    review_id: str
    subscription_id: str
    owner: str
    case_number: str
    waiting_since: datetime
    days: int


class PossibleMatchesReport(BaseModel):
    complete: bool
    rows: list[PossibleMatchRow]


@routes.get("/v1/notices", action=Action.READ_NOTICES, summary="List what needs to be seen to, the newest first")
def list_notices() -> NoticesView:
    """Silent agencies, held and refused files, agreements that end, and your watches that reach nobody. The same is
    told by mail to who answers for it. Those that are over stay for a while."""
    by = current_request(router).by
    incidents = _readable_incidents(by)
    return NoticesView(
        open=sum(incident.over_at is None for incident in incidents),
        items=[_view(incident, by) for incident in incidents],
    )


def open_notices(by: SignedIn) -> int:
    return sum(incident.over_at is None for incident in _readable_incidents(by))


@routes.get(
    "/v1/reports/without-reader",
    action=Action.READ_REPORTS,
    summary="Report watches that reach nobody",
    also_csv=True,
)
def report_without_reader() -> Response[WithoutReaderReport | str]:
    """Every recipient is refused or has no address that works, or nobody is named. `Accept: text/csv` gets a table."""
    request, now = current_request(router), datetime.now(UTC)
    office = request.by.office
    subscriptions = reported_subscriptions(request, dependencies.subscriptions.all_of(office.office_id))
    deps = ReachDeps(dependencies.subscriptions, dependencies.alerts)
    rows = unreached_watches(office, subscriptions, deps, now)
    return report_answer(router, WithoutReaderReport(complete=True, rows=rows))


@routes.get(
    "/v1/reports/possible-matches",
    action=Action.READ_REPORTS,
    summary="Report possible matches that wait for a verdict, the oldest first",
    also_csv=True,
)
def report_possible_matches() -> Response[PossibleMatchesReport | str]:
    """Those that you may read. `Accept: text/csv` gets a table."""
    request, now = current_request(router), datetime.now(UTC)
    waiting = list(dependencies.alerts.reviews.waiting(request.by.office.office_id))
    keys = {review.review_id: SubscriptionKey(review.office_id, review.subscription_id) for review in waiting}
    watches, _ = dependencies.subscriptions.read(keys.values())
    pairs = [(review, watches[keys[review.review_id]]) for review in waiting if keys[review.review_id] in watches]
    agreed, trees = agreement_filter(request.by), folder_trees(request.by)
    current = request.filter_allowed(Action.READ_REVIEW, review_resources(request.by, pairs, agreed, trees))
    rows = [_waiting_row(review, now) for review in current if review.review.verdict is ReviewVerdict.WAITING]
    rows.sort(key=lambda row: (row.waiting_since, row.review_id))
    return report_answer(router, PossibleMatchesReport(complete=True, rows=rows))


def _waiting_row(current: CurrentReview, now: datetime) -> PossibleMatchRow:
    return PossibleMatchRow(
        review_id=current.review.review_id,
        subscription_id=current.subscription.subscription_id,
        owner=current.subscription.owner,
        case_number=current.subscription.basis.case_number,
        waiting_since=current.review.created_at,
        days=(now - current.review.created_at).days,
    )


def _readable_incidents(by: SignedIn) -> list[Incident]:
    """What goes to the agency itself is no news to the office; what goes to a person is for that person."""
    incidents = dependencies.alerts.incidents.of_office(by.office.office_id)
    return [
        incident
        for incident in incidents
        if incident.concern.party in (ConcernedParty.KEEPER, ConcernedParty.OFFICE)
        or (incident.concern.party is ConcernedParty.PERSON and incident.concern.subject == by.user.email)
    ]


def _view(incident: Incident, by: SignedIn) -> NoticeView:
    text = incident_text(incident.concern, incident.last_told, by.office.zone)
    return NoticeView(
        kind=incident.concern.kind,
        title=text.title,
        happened=list(text.happened),
        to_do=list(text.to_do),
        by_when=text.by_when,
        path=text.path,
        since=incident.concern.since,
        last_told=incident.last_told,
        over_at=incident.over_at,
    )
