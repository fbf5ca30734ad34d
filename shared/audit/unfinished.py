"""Requests that began and have no outcome: their worker died, or the audit table took no more writes.

Nobody can tell what such a request has done, so its event says `unknown`. It then appears in every list like any other.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.audit.event import AuditEvent, AuditOutcome
from shared.audit.table import AuditTable

# A request lasts 29 s at most. A minute is looked at in six runs, so that a run that fails loses none.
YOUNGEST, OLDEST = timedelta(minutes=5), timedelta(minutes=35)


def close_unfinished(audit: AuditTable, now: datetime) -> Iterator[AuditEvent]:
    """Closes each intent of the last half hour that has no outcome, and yields its event."""
    for intent in list(audit.intents.without_outcome(now - OLDEST, now - YOUNGEST)):
        event = intent.ended(AuditOutcome.UNKNOWN)
        if audit.write_once(event):
            yield event
