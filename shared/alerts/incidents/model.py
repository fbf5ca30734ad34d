"""An incident: a state of affairs that somebody must see to, from its first day until it is over. Pure.

A concern is what is so now; an incident is what was told of it. `next_step` compares the two and says whom to tell.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import AwareDatetime

from shared.alerts.model import derived_id
from shared.value import FrozenModel

ONCE = (date.min,)  # the `days` of what is told when it begins, and never again
REMINDED_AFTER = (1, 3, 7, 14, 21, 28)  # days after the first
MOST_LINES = 20  # in one message; the rest is counted
MOST_ITEMS = 500  # remembered of one incident, so that its document stays small


class IncidentKind(StrEnum):
    AGENCY_SILENT = "agency silent"
    DROPS_HELD = "drops held"
    DROPS_REFUSED = "drops refused"
    RELEASES_LATE = "releases late"  # announced less than 48 hours before (Correction Law 149)
    SEALS_LOCKED = "seals without statute"
    ROWS_REJECTED = "rows rejected"  # of a file whose other rows were taken
    AGREEMENT_ENDING = "agreement ending"  # and ended
    AGREEMENT_MISSING = "agreement missing"  # in an office that is open without one
    WATCHES_UNREACHED = "watches reach nobody"
    DISPUTES_OPEN = "disputes open"
    RECIPIENTS_TO_TELL = "recipients to tell"  # of a correction
    BREACH_STEPS_OPEN = "breach steps open"
    ACCOUNT_ENDING = "account ending"
    ACCOUNTS_DISABLED = "accounts disabled"
    GOVERNANCE_MISSING = "governance missing"
    WEEKS_UNSIGNED = "weeks unsigned"


class ConcernedParty(StrEnum):
    """Who is told, and so what they can do about it."""

    KEEPER = "keeper"  # the office runs the agency's feed
    OFFICE = "office"  # the office gets the agency's arrests
    AGENCY = "agency"  # the agency itself
    PERSON = "person"  # somebody who answers for watches, disputes or breaches


class Concern(FrozenModel):
    """What is so now. `subject` is the agency, the agreement's reference, the office or the person's address; `items`
    are the ids that it consists of, of drops, watches or agencies. `lines` say more, one an item. `last_day` is that of
    an agreement. It is told on `days` or, without them, when it begins and then ever more rarely; and when a new item
    came. No arrest is in it, and nobody who was arrested."""

    kind: IncidentKind
    office_id: str
    party: ConcernedParty
    subject: str
    agency: str = ""
    since: AwareDatetime
    days: tuple[date, ...] = ()
    items: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    last_day: date | None = None
    recipients: tuple[str, ...]

    @property
    def incident_id(self) -> str:
        return derived_id("incident", self.kind, self.office_id, self.party, self.subject)

    @property
    def cause(self) -> "Cause":
        if self.kind in {IncidentKind.AGREEMENT_ENDING, IncidentKind.ACCOUNT_ENDING}:
            return Cause(self.kind, self.office_id, self.subject)
        return Cause(self.kind, "", self.agency)


class Cause(NamedTuple):
    """What lies behind concerns of several offices. While it lasts, an office that it no longer concerns is told
    nothing: an all-clear would be wrong."""

    kind: IncidentKind
    office_id: str  # empty for what concerns several
    subject: str


class Incident(FrozenModel):
    """What was told. `told` are the addresses of everybody who was, for the all-clear."""

    concern: Concern
    first_day: date
    last_told: date
    told: tuple[str, ...]
    over_at: AwareDatetime | None = None
    revision: int = 1

    @property
    def incident_id(self) -> str:
        return self.concern.incident_id


class IncidentStep(NamedTuple):
    """`incident` is to be stored. `recipients` are told `concern`, or that it is over."""

    incident: Incident
    recipients: tuple[str, ...] = ()


def reminder_days(first_day: date, today: date) -> tuple[date, ...]:
    """After each of REMINDED_AFTER, and then every week."""
    days = [first_day + timedelta(days=after) for after in REMINDED_AFTER]
    while days[-1] < today:
        days.append(days[-1] + timedelta(days=7))
    return tuple(days)


def next_step(
    concern: Concern | None, stored: Incident | None, today: date, now: datetime, *, lasts: bool = False
) -> IncidentStep | None:
    """None if there is nothing to tell or to store. `today` is the office's day; at most one telling falls on a day.

    Without a concern an open incident is over, and everybody who was told hears so; unless its cause `lasts`.
    """
    is_open = stored is not None and stored.over_at is None
    if concern is None:
        if stored is None or not is_open:
            return None
        over = stored.model_copy(update={"over_at": now, "revision": stored.revision + 1})
        return IncidentStep(over, () if lasts else stored.told)
    if stored is None or not is_open:
        revision = stored.revision + 1 if stored else 1
        incident = Incident(
            concern=_shortened(concern), first_day=today, last_told=today, told=concern.recipients, revision=revision
        )
        return IncidentStep(incident, concern.recipients)
    if today <= stored.last_told or not _is_due(concern, stored, today):
        return None
    told = tuple(sorted({*stored.told, *concern.recipients}))
    changes = {"last_told": today, "told": told, "revision": stored.revision + 1}
    current = concern.model_copy(update={"since": stored.concern.since})
    incident = stored.model_copy(update=changes | {"concern": _shortened(current)})
    return IncidentStep(incident, concern.recipients)


def _is_due(concern: Concern, stored: Incident, today: date) -> bool:
    has_new_items = not set(concern.items[:MOST_ITEMS]) <= set(stored.concern.items)
    days = concern.days or reminder_days(stored.first_day, today)
    return has_new_items or any(stored.last_told < day <= today for day in days)


def _shortened(concern: Concern) -> Concern:
    return concern.model_copy(update={"items": concern.items[:MOST_ITEMS], "lines": concern.lines[:MOST_LINES]})


def telling_id(incident: Incident, email: str) -> str:
    """The id of the notice: the same incident on the same day, the same notice."""
    concern = incident.concern
    day = "over" if incident.over_at else incident.last_told.isoformat()
    return derived_id("incident", incident.incident_id, concern.since.isoformat(), day, email)
