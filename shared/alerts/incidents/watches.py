"""Watches that reach nobody, as concerns of those who answer for them: owner, deputy, the office's contacts. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, time

from shared.alerts.incidents.model import Concern, ConcernedParty, IncidentKind
from shared.alerts.reach import NoReach, UnreachedWatch
from shared.offices.model import Office
from shared.words import words
from shared.words.moments import day_text


def watch_concerns(
    office: Office,
    watches: Collection[UnreachedWatch],
    contacts: tuple[str, ...],
    readers: Collection[str],
    deputy_of: Callable[[str], str | None],
    now: datetime,
) -> Iterator[Concern]:
    """One concern a person, with all watches that the person answers for.

    `readers` are the addresses of users of the office who may be told; others hear nothing.
    """
    by_person: defaultdict[str, list[UnreachedWatch]] = defaultdict(list)
    for watch in watches:
        if watch.why is not NoReach.ARCHIVED:
            owner = watch.owner.casefold()
            own = {email for email in (owner, deputy_of(owner)) if email and email in readers}
            for email in own | set(contacts):
                by_person[email].append(watch)
    for email, own_watches in sorted(by_person.items()):
        yield _concern(office, email, own_watches, now)


def _concern(office: Office, email: str, watches: Sequence[UnreachedWatch], now: datetime) -> Concern:
    today = office.local_day(now)
    return Concern(
        kind=IncidentKind.WATCHES_UNREACHED,
        office_id=office.office_id,
        party=ConcernedParty.PERSON,
        subject=email,
        since=datetime.combine(today, time(), office.zone),
        items=tuple(_item(watch) for watch in watches),
        lines=tuple(_line(watch, office) for watch in sorted(watches, key=_matched_first)),
        recipients=(email,),
    )


def _item(watch: UnreachedWatch) -> str:
    """A watch that matches again is told again."""
    return f"{watch.subscription_id}/{watch.matched_at.isoformat() if watch.matched_at else ''}"


def _line(watch: UnreachedWatch, office: Office) -> str:
    """No case number: the line goes to addresses that the office did not agree to full details of."""
    values = {"watch": watch.subscription_id[:8], "owner": watch.owner, "why": watch.why.value}
    if watch.matched_at is None:
        return words("unreached.line", **values)
    return words("unreached.matched", day=day_text(office.local_day(watch.matched_at)), **values)


def _matched_first(watch: UnreachedWatch) -> tuple[bool, str]:
    return watch.matched_at is None, watch.subscription_id
