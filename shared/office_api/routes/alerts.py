"""Alerts: reading, acknowledgement, verdict, and withdrawal."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated, Self

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, model_validator

from shared.access import Action
from shared.alerts.delivery.model import Delivery
from shared.alerts.model import Alert
from shared.alerts.number import PATTERN, has_valid_check, parse_number
from shared.alerts.responses import respond
from shared.alerts.responses.model import AlertResponse, ReaderOutcome, TwoAnswers, Verdict
from shared.alerts.table import place_behind
from shared.alerts.view import AlertDisclosure, ShownAlert, ShownArrest
from shared.alerts.withdraw import withdraw_alerts
from shared.office_api import dependencies
from shared.office_api.answers.alert_people import names_of, people_in, stand_ins_at
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.listed_alerts import (
    AlertCounts,
    AlertFilter,
    AlertSummary,
    ListedAlert,
    count_alerts,
    days_between,
    is_unanswered,
    readable_alerts,
    summaries,
)
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Replay, Routes
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.offices.preferences import Urgency
from shared.value import FrozenModel

routes = Routes("alerts")
router = routes.router
_PAGES_LOOKED_THROUGH, _LOOKED_THROUGH_AT_ONCE = 5, 100  # for alerts that fit the filters, a request
AlertId = Annotated[
    str,
    Path(
        pattern=f"^[0-9a-f]{{32}}$|{PATTERN}",
        description="The id of the alert, or the number that somebody says: then your own alert of that arrest.",
    ),
]


class AlertView(BaseModel):
    """An alert. `arrest` is null if the arrest may no longer be read. A `withdrawn` alert must not be acted on.
    `escalates_at` is when it goes to `stand_ins` unless it is acknowledged. `names` are those of the colleagues in this
    answer who have one, by their addresses in lower case."""

    number: str
    withdrawn: bool
    alert: ShownAlert
    answers: AlertResponse
    arrest: ShownArrest | None
    deliveries: list[Delivery]
    escalates_at: datetime | None = None
    stand_ins: list[str] = []
    names: dict[str, str] = {}


class AlertsPage(BaseModel):
    """`summaries` has what a list shows of each of `items`, in the same order. `counts` is null unless asked for."""

    items: list[ShownAlert]
    summaries: list[AlertSummary]
    next: str | None
    counts: AlertCounts | None = None


@routes.get("/v1/alerts", action=Action.LIST_ALERTS, summary="List your alerts, newest first")
def list_alerts(  # noqa: PLR0913, PLR0917 - one for each filter
    limit: Limit = 50,
    after: Cursor = "",
    number: Annotated[str, Query(max_length=20, description="The number that somebody says.")] = "",
    mine: Annotated[bool, Query(description="Only alerts that you received yourself.")] = False,
    unanswered: Annotated[bool, Query(description="Only alerts that nobody has acknowledged.")] = False,
    since: Annotated[date | None, Query(description="The first day of the alerts, in your office's zone.")] = None,
    until: Annotated[date | None, Query(description="The last day.")] = None,
    folder: Annotated[str, Query(max_length=300, description="A folder's path; those below it count too.")] = "",
    urgency: Annotated[Urgency | None, Query(description="Only alerts of this urgency.")] = None,
    agency: Annotated[str, Query(max_length=63, description="Only arrests of this agency.")] = "",
    counts: Annotated[bool, Query(description="Count what is unanswered, too.")] = False,
) -> AlertsPage:
    """Alerts that you received, and those of subscriptions that you created. With `number`, your alerts of that arrest.
    A page may hold fewer items than `limit`, or none, and still have a `next`."""
    request = current_request(router)
    office = request.by.office
    chosen = AlertFilter(request.caller.email, mine, unanswered, folder, urgency, agency or None)
    place, between = place_of(after, "alerts", office.office_id), days_between(since, until, office)
    if number:
        listed, following = _chosen(_numbered(number, office.office_id), chosen, request), None
    elif chosen.narrows:
        listed, following = _look_through(place, between, limit, chosen, request)
    else:
        alerts, following = dependencies.alerts.page(office.office_id, limit, place, between=between)
        listed = _chosen(alerts, chosen, request)
    return AlertsPage(
        items=[item.disclosure.alert for item in listed],
        summaries=summaries(listed),
        next=cursor_of(following, "alerts", office.office_id),
        counts=count_alerts(request) if counts else None,
    )


def _look_through(
    place: str | None,
    between: tuple[datetime, datetime] | None,
    limit: int,
    chosen: AlertFilter,
    request: AuthorizedRequest,
) -> tuple[list[ListedAlert], str | None]:
    """The next alerts that fit the filters, and the place behind the last one that was looked at. Reads more at once
    than a page shows: what is asked for may be rare."""
    office_id, listed = request.by.office.office_id, list[ListedAlert]()
    for _ in range(_PAGES_LOOKED_THROUGH):
        alerts, place = dependencies.alerts.page(office_id, _LOOKED_THROUGH_AT_ONCE, place, between=between)
        listed += _chosen(alerts, chosen, request)
        if len(listed) > limit:
            return listed[:limit], place_behind(listed[limit - 1].disclosure.alert)
        if len(listed) == limit or place is None:
            break
    return listed, place


def _chosen(alerts: list[Alert], chosen: AlertFilter, request: AuthorizedRequest) -> list[ListedAlert]:
    listed = readable_alerts(alerts, request)
    return [item for item in listed if chosen.fits(item.disclosure.alert, item.answers)]


def _numbered(text: str, office_id: str) -> list[Alert]:
    """Raises RefusalError 422 for a text that is no number, or one that was mistyped."""
    number = parse_number(text)
    alerts = dependencies.alerts.numbered(office_id, number) if number else []
    if number is None:
        mend = "write the five letters and digits of an alert's number, like X7YG4, or all ten"
    elif not alerts and not has_valid_check(number):
        mend = "a letter or digit is wrong, or two are swapped; ask for the number once more"
    else:
        return alerts
    problem = FieldProblem(field="number", mend=mend)
    raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This is no number of an alert.", [problem])


@routes.get("/v1/alerts/{alert_id}", action=Action.READ_ALERT, summary="Read an alert with its arrest and deliveries")
def read_alert(alert_id: AlertId) -> AlertView:
    """Reading is recorded as the opening of the alert. `arrest` is null if you may no longer read the arrest. If the
    agency has corrected the record so that no reason holds any more, the alert is withdrawn."""
    return _opened()


@routes.get(
    "/v1/alerts/{alert_id}/print", action=Action.PRINT_ALERT, summary="Read an alert to print it for a file on paper"
)
def print_alert(alert_id: AlertId) -> AlertView:
    """The answer is that of reading the alert. It is an action of its own, so that the audit says that what it shows
    has left the system on paper."""
    return _opened()


def _opened() -> AlertView:
    request = current_request(router)
    alert, arrest = request.resource(AlertDisclosure)
    respond.record_opening(alert, request.caller.email, dependencies.response_deps, datetime.now(UTC))
    answers = _answers(alert)
    due = dependencies.alerts.escalations_due([alert.alert_id]) if is_unanswered(alert, answers) else {}
    escalates_at = due.get(alert.alert_id)
    told_else = stand_ins_at(alert, escalates_at)
    return AlertView(
        number=alert.number,
        withdrawn=alert.withdrawn_at is not None,
        alert=alert,
        answers=answers,
        escalates_at=escalates_at,
        stand_ins=told_else,
        names=names_of(request.by.office, [*told_else, *people_in(alert, answers)]),
        deliveries=dependencies.alerts.deliveries.of_alert(alert.alert_id),
        arrest=arrest,
    )


class VerdictRequest(FrozenModel):
    """Answer `right_person`, `useful` or both; or, as before there were two questions, one `verdict`."""

    right_person: bool | None = None
    useful: bool | None = None
    verdict: Verdict | None = None

    @model_validator(mode="after")
    def _check_answers(self) -> Self:
        answers = self.right_person is not None or self.useful is not None
        if answers == (self.verdict is not None):
            raise ValueError("answers nothing or twice; write right_person, useful or both, or verdict alone")
        return self


class OutcomeRequest(FrozenModel):
    outcome: ReaderOutcome


@routes.put(
    "/v1/alerts/{alert_id}/acknowledgement",
    action=Action.ACKNOWLEDGE_ALERT,
    summary="Acknowledge an alert",
)
def acknowledge_alert(alert_id: AlertId) -> AlertResponse:
    """The alert escalates no further, nor do the alerts of everybody else who was told of the same arrest for the same
    subscriptions. The first acknowledgement stands."""
    request = current_request(router)
    alert = request.resource(AlertDisclosure).alert
    respond.acknowledge(alert, request.caller.email, dependencies.response_deps, datetime.now(UTC))
    return _answers(alert)


@routes.put(
    "/v1/alerts/{alert_id}/verdict",
    action=Action.ANSWER_ALERT,
    summary="Give a verdict on an alert",
    example=examples.VERDICT,
)
def give_verdict(alert_id: AlertId, verdict_request: VerdictRequest) -> AlertResponse:
    """Two questions: was it the right person, and was the alert useful? The last answer to each stands. `verdict` in
    the answer is the one that reports count."""
    request = current_request(router)
    alert, by = request.resource(AlertDisclosure).alert, request.caller.email
    if verdict_request.verdict:
        respond.record_verdict(alert, verdict_request.verdict, by, dependencies.response_deps)
    else:
        answers = TwoAnswers(verdict_request.right_person, verdict_request.useful)
        respond.record_answers(alert, answers, by, dependencies.response_deps)
    return _answers(alert)


@routes.put(
    "/v1/alerts/{alert_id}/outcome",
    action=Action.ANSWER_ALERT,
    summary="Say what you did because of an alert",
    example=examples.OUTCOME,
)
def record_outcome(alert_id: AlertId, outcome_request: OutcomeRequest) -> AlertResponse:
    """Asked for bail, joined or opened a case, nothing, or something else. The last one stands; reports count it."""
    request = current_request(router)
    alert = request.resource(AlertDisclosure).alert
    respond.record_outcome(alert, outcome_request.outcome, request.caller.email, dependencies.response_deps)
    return _answers(alert)


def _answers(alert: ShownAlert) -> AlertResponse:
    return dependencies.responses.read([alert.alert_id]).get(alert.alert_id, AlertResponse())


class WithdrawnAlerts(BaseModel):
    alerts: list[str]


@routes.post(
    "/v1/alerts/{alert_id}/recall",
    action=Action.RECALL_ALERT,
    summary="Withdraw an alert",
    replay=Replay(
        answer=lambda ids, **_arguments: WithdrawnAlerts(alerts=ids["alerts"]),
        ids=lambda document: {"alerts": document["alerts"]},
    ),
)
def withdraw_alert(alert_id: AlertId) -> WithdrawnAlerts:
    """For an arrest that is sealed or wrong. Everybody in your office who was notified of the arrest is told that the
    alert is withdrawn; deliveries that are not sent yet are not sent. Super-owners may do this, and whoever created a
    subscription that is a reason for the alert."""
    alert = current_request(router).resource(AlertDisclosure).alert
    withdrawn_ids = withdraw_alerts(
        alert.arrest_id, dependencies.withdraw_deps(), datetime.now(UTC), office_id=alert.office_id
    )
    return WithdrawnAlerts(alerts=withdrawn_ids)
