"""Alerts: reading, acknowledgement, verdict, and withdrawal."""

from datetime import UTC, datetime
from typing import Annotated, Self

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, model_validator

from shared.access import Action
from shared.alerts.delivery.model import Delivery
from shared.alerts.number import PATTERN
from shared.alerts.responses import respond
from shared.alerts.responses.model import AlertResponse, ReaderOutcome, TwoAnswers, Verdict
from shared.alerts.view import AlertDisclosure, ShownAlert, ShownArrest, with_other_sources
from shared.alerts.withdraw import withdraw_alerts
from shared.office_api import dependencies
from shared.office_api.answers.alert_people import names_of, people_in, stand_ins_at
from shared.office_api.answers.listed_alerts import is_unanswered, readable_alerts
from shared.office_api.endpoints import Replay, Routes
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.value import FrozenModel

routes = Routes("alerts")
router = routes.router
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
    alert, arrest = _with_sources(request.resource(AlertDisclosure), request)
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


def _with_sources(disclosure: AlertDisclosure, request: AuthorizedRequest) -> AlertDisclosure:
    """Names the other agencies' alerts of the same custody that the caller may read."""
    alert = disclosure.alert
    numbered = dependencies.alerts.numbered(request.by.office.office_id, alert.number)
    others = [other for other in numbered if other.arrest_id != alert.arrest_id]
    if not others or alert.withdrawn_at:
        return disclosure
    return with_other_sources(disclosure, (listed.disclosure for listed in readable_alerts(others, request)))


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
