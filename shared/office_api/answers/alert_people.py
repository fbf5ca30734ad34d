"""The people of one alert: who is told if nobody answers it in time, and what they are called."""

from collections.abc import Iterable
from datetime import datetime

from shared.alerts.model import stand_ins
from shared.alerts.responses.model import AlertResponse
from shared.alerts.view import ShownAlert
from shared.office_api import dependencies
from shared.offices.model import Office
from shared.offices.preferences import ESCALATES_AFTER


def stand_ins_at(alert: ShownAlert, escalates_at: datetime | None) -> list[str]:
    """The addresses that the next escalation goes to: the recipient's deputy, or the owners of the watches."""
    if escalates_at is None or (waited := escalates_at - alert.stages.matched_at) not in ESCALATES_AFTER:
        return []
    deputy = dependencies.preferences.find(alert.office_id, alert.recipient.email.casefold()).deputy
    return sorted(stand_ins(alert, ESCALATES_AFTER.index(waited), deputy))


def people_in(alert: ShownAlert, answers: AlertResponse) -> set[str]:
    """The addresses of everybody whom the alert names."""
    missed = alert.on_behalf_of.recipients if alert.on_behalf_of else ()
    named = {recipient.email for recipient in (alert.recipient, *missed)}
    named |= {email for reason in alert.because for email in (reason.owner, *reason.others)}
    return named | {answers.acknowledged_by or ""}


def names_of(office: Office, emails: Iterable[str]) -> dict[str, str]:
    """The names of those colleagues who have one, by their addresses in lower case."""
    keys = {(office.office_id, email.casefold()) for email in emails if "@" in email}
    users = dependencies.users.read(keys)
    return {email: user.name for (_, email), user in users.items() if user.name}
