"""Respond to an alert: acknowledge it, give a verdict, open it. Through the API or a signed link in the mail."""

from dataclasses import dataclass
from datetime import datetime

from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.model import Alert, must_be_acknowledged
from shared.alerts.responses.model import (
    ANSWERS_OF_VERDICT,
    AlertResponse,
    ReaderOutcome,
    TwoAnswers,
    Verdict,
    acknowledged_subscriptions,
    verdict_of,
    with_open_reasons,
)
from shared.alerts.responses.table import ResponsesTable
from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.table import SubscriptionsTable


@dataclass(frozen=True)
class ResponseDeps:
    alerts: AlertsTable
    responses: ResponsesTable
    preferences: PreferencesTable
    arrests: ArrestsTable
    offices: OfficesTable
    subscriptions: SubscriptionsTable


def acknowledge(alert: Alert, by: str, deps: ResponseDeps, now: datetime) -> None:
    """Acknowledges the alert, and the alert on whose behalf it was sent. The first acknowledgement stands.

    Nobody in the office who was told of the same arrest for the same subscriptions needs to acknowledge it any more:
    their alerts escalate no further. A crash before that is seen to by the next step of the escalation.
    """
    original_id = alert.on_behalf_of.alert_id if alert.on_behalf_of else alert.alert_id
    for alert_id in {alert.alert_id, original_id}:
        deps.responses.record_acknowledgement(alert_id, by, now)
    records = deps.alerts.records_of_arrests(alert.arrest_ids).values()
    about = [id_ for record in records for id_ in record.alert_ids]
    alerts = deps.alerts.read([alert.alert_id, original_id, *about]).values()
    in_office = [other for other in alerts if other.office_id == alert.office_id]
    acknowledged = acknowledged_subscriptions(in_office, deps.responses.read(other.alert_id for other in in_office))
    for other in in_office:
        if must_be_acknowledged(other) and not with_open_reasons(other, acknowledged).because:
            deps.alerts.end_escalation(other.alert_id)
            if all(reason.subscription_id in acknowledged for reason in other.because if reason.is_urgent):
                deps.responses.record_acknowledgement(other.alert_id, by, now)  # who reads it sees who has done so


def record_verdict(alert: Alert, verdict: Verdict, by: str, deps: ResponseDeps) -> None:
    """The last verdict stands. It answers one of the two questions; the other one keeps its answer."""
    deps.responses.record_verdict(alert.alert_id, verdict, ANSWERS_OF_VERDICT[verdict], by)


def record_answers(alert: Alert, answers: TwoAnswers, by: str, deps: ResponseDeps) -> None:
    """The last answer to each question stands. Both together make the verdict that counts."""
    stored = deps.responses.read([alert.alert_id]).get(alert.alert_id, AlertResponse())
    both = TwoAnswers(
        stored.right_person if answers.right_person is None else answers.right_person,
        stored.useful if answers.useful is None else answers.useful,
    )
    if verdict := verdict_of(both):
        deps.responses.record_verdict(alert.alert_id, verdict, both, by)


def record_outcome(alert: Alert, outcome: ReaderOutcome, by: str, deps: ResponseDeps) -> None:
    """The last one stands."""
    deps.responses.record_outcome(alert.alert_id, outcome, by)


def record_verdict_once(alert: Alert, verdict: Verdict, by: str, deps: ResponseDeps) -> None:
    """The first verdict stands: a link may be used again by whoever has it, a mail program or a page that is loaded
    again. Who signs in changes a verdict."""
    deps.responses.record_first_verdict(alert.alert_id, verdict, by)


def record_opening(alert: Alert, reader: str, deps: ResponseDeps, now: datetime) -> None:
    """Records when its recipient first read the alert signed in. `reader` is the e-mail address in lower case.

    A fetched link proves nothing, because mail programs fetch links by themselves.
    """
    if alert.recipient.email.casefold() == reader:
        deps.responses.record_opening(alert.alert_id, now)


def end_digest(digest: Digest, deps: ResponseDeps) -> None:
    """Stops the daily digest mails of its recipient. The alerts are still gathered and wait in the list of alerts."""
    email = digest.recipient.email
    if email:
        preferences = deps.preferences.find(digest.office_id, email)
        deps.preferences.save(digest.office_id, email, preferences.model_copy(update={"digest_by_mail": False}))
