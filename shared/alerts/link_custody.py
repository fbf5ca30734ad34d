"""Two agencies tell of one custody: the recipient's second alert is an update of the first and bears its number.

Each alert stands by the record of its own agency: agreement, correction, seal and withdrawal are asked of that agency
alone. The link adds only what the two have in common: the number, the thread, the answer, and that one names the other.
"""

from datetime import datetime

from shared.alerts.model import Alert, CustodyLink
from shared.alerts.table import AlertsTable
from shared.arrests.model import Arrest
from shared.arrests.table import ArrestsTable
from shared.aws.throttling import back_off
from shared.matching.custody import custody_terms, is_same_custody
from shared.pseudonyms import Pseudonyms

_WAITS = 4  # for whoever has claimed the custody and is storing the alert: some 0.4 seconds


def link_custody(
    alert: Alert, arrest: Arrest, alerts: AlertsTable, arrests: ArrestsTable, pseudonyms: Pseudonyms, now: datetime
) -> Alert:
    """Returns the alert, linked if this recipient has another agency's alert of the same custody that is in force.

    `arrest` is redacted: what the agreement withholds links nothing. May run twice. Of two that come at once, the one
    that claims the custody first is the first; if it died before it stored its alert, the other takes its place.
    """
    own = CustodyLink(alert.alert_id, alert.arrest_id, alert.agency)
    for term in custody_terms(arrest):
        key = pseudonyms.of("custody", alert.office_id, alert.recipient.key, *term)
        first = alerts.custodies.claim(key, own, now)
        if first == own:
            continue
        known = _wait_for(first, alerts)
        if known is None or known.withdrawn_at:
            alerts.custodies.claim(key, own, now, instead_of=first)
            continue
        reported = arrests.find(first.arrest_id)
        if reported and is_same_custody(arrest, reported):
            return alert.model_copy(update={"custody": first, "arrest_number": known.number})
    return alert


def _wait_for(first: CustodyLink, alerts: AlertsTable) -> Alert | None:
    for attempt in range(_WAITS):
        if known := alerts.find(first.alert_id):
            return known
        back_off(attempt + 2)
    return None
