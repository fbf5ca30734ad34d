"""What people hear when somebody leaves the office: the successor, and who answers for the office. No I/O."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Section
from shared.alerts.model import derived_id
from shared.offices.users import User
from shared.subscriptions.hand_over import Holdings

_CHECK = (
    "Look at each: who is notified, and whether it is still needed.",
    "What you need no more, cancel. What is another colleague's, give to that colleague.",
)


def succession_notices(
    leaving: User, holdings: Holdings, successor: str, contacts: Iterable[str], now: datetime
) -> Iterator[Notice]:
    """The successor's notice, and one for each contact of the office. Without a successor everything ended.

    Nobody is told of nothing. The same removal has the same ids, so that a repeated one tells nobody twice.
    """
    if not holdings:
        return
    watches, folders = _counted(len(holdings.subscriptions), "watch", "es"), _counted(len(holdings.folders), "folder")
    if successor:
        happened = f"{leaving.email} has no access any more. {watches} and {folders} are yours from now on."
        title = f"From a colleague to you: {watches} and {folders}"
        sections = (Section(heading="What happened", lines=(happened,)), Section(heading="What to do", lines=_CHECK))
        yield _notice(leaving, successor, title, sections, now)
        outcome, remedy = f"are {successor}'s now", "Nothing, unless somebody else should have them."
    else:
        outcome = "ended: nobody is alerted by them any more"
        remedy = "If one of them is still needed, a colleague makes it anew, or a super-owner un-cancels it."
    lines = (f"{leaving.email} has no access any more. {watches} and {folders} {outcome}.",)
    sections = (Section(heading="What happened", lines=lines), Section(heading="What to do", lines=(remedy,)))
    for contact in sorted(set(contacts) - {successor, leaving.email}):
        yield _notice(leaving, contact, f"A user was removed: {watches} and {folders}", sections, now)


def _counted(number: int, noun: str, plural: str = "s") -> str:
    return f"{number} {noun}{'' if number == 1 else plural}"


def _notice(leaving: User, email: str, title: str, sections: tuple[Section, ...], now: datetime) -> Notice:
    removed_at = leaving.deprovisioned_at.isoformat() if leaving.deprovisioned_at else ""
    return Notice(
        notice_id=derived_id("succession", leaving.office_id, leaving.email, removed_at, email),
        office_id=leaving.office_id,
        email=email,
        title=title,
        lines=(),
        sections=sections,
        path="/v1/subscriptions",
        opens="Open the watches",
        created_at=now,
    )
