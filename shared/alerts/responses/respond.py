"""What a reader says of an alert, through the API or the link in the mail."""

from dataclasses import dataclass
from datetime import datetime

from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.model import Alert, Verdict
from shared.alerts.responses.table import ResponsesTable
from shared.alerts.table import AlertsTable
from shared.offices.preferences_table import PreferencesTable


@dataclass(frozen=True)
class ResponseDeps:
    alerts: AlertsTable
    answers: ResponsesTable
    people: PreferencesTable


def acknowledge(alert: Alert, by: str, deps: ResponseDeps, now: datetime) -> None:
    """It escalates no further, nor does the one on whose behalf it was told. The first acknowledgement stands."""
    for one in {alert.alert_id, alert.on_behalf_of.alert_id if alert.on_behalf_of else alert.alert_id}:
        deps.answers.acknowledge(one, by, now)
        deps.alerts.see_to(one)


def record_verdict(alert: Alert, verdict: Verdict, by: str, deps: ResponseDeps) -> None:
    """The last verdict stands."""
    deps.answers.judge(alert.alert_id, verdict, by)


def opened(alert: Alert, by: str, deps: ResponseDeps, now: datetime) -> None:
    """The first time that its recipient reads it. A link that was fetched proves nothing: programs fetch links."""
    if alert.recipient.root.get("email", "").casefold() == by:
        deps.answers.open(alert.alert_id, now)


def end_digest(digest: Digest, deps: ResponseDeps) -> None:
    """Its alerts are gathered as before and wait in the list."""
    email = digest.recipient.root.get("email")
    if email:
        wanted = deps.people.find(digest.office_id, email)
        deps.people.save(digest.office_id, email, wanted.model_copy(update={"digest_by_mail": False}))
