"""What people hear when somebody leaves the office: the successor, and who answers for the office. No I/O."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Section
from shared.alerts.model import derived_id
from shared.offices.users import User
from shared.subscriptions.hand_over import Holdings
from shared.words import counted, words


def succession_notices(
    leaving: User, holdings: Holdings, successor: str, contacts: Iterable[str], now: datetime
) -> Iterator[Notice]:
    """The successor's notice, and one for each contact of the office. Without a successor everything ended.

    Nobody is told of nothing. The same removal has the same ids, so that a repeated one tells nobody twice.
    """
    if not holdings:
        return
    things = words(
        "succession.counted",
        watches=counted("succession.watches", len(holdings.subscriptions)),
        folders=counted("succession.folders", len(holdings.folders)),
    )
    values = {"person": leaving.email, "things": things, "successor": successor}
    if successor:
        check = (words("succession.check"), words("succession.pass on"))
        sections = _sections(words("succession.yours", **values), check)
        yield _notice(leaving, successor, words("succession.yours title", things=things), sections, now)
        sections = _sections(words("succession.theirs", **values), (words("succession.theirs to do"),))
    else:
        sections = _sections(words("succession.ended", **values), (words("succession.ended to do"),))
    for contact in sorted(set(contacts) - {successor, leaving.email}):
        yield _notice(leaving, contact, words("succession.removed title", things=things), sections, now)


def _sections(happened: str, to_do: tuple[str, ...]) -> tuple[Section, ...]:
    return (
        Section(heading=words("notice.happened"), lines=(happened,)),
        Section(heading=words("notice.to do"), lines=to_do),
    )


def _notice(leaving: User, email: str, title: str, sections: tuple[Section, ...], now: datetime) -> Notice:
    removed_at = leaving.deprovisioned_at.isoformat() if leaving.deprovisioned_at else ""
    return Notice(
        notice_id=derived_id("succession", leaving.office_id, leaving.email, removed_at, email),
        office_id=leaving.office_id,
        email=email,
        title=title,
        lines=(),
        sections=sections,
        path="/console/watches",
        opens=words("notice.open watches"),
        created_at=now,
    )
