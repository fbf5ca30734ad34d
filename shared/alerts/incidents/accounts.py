"""Accounts that end or are disabled, and governance that is not on record, as concerns of the office, of the person and
of the agency. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from shared.alerts.incidents.model import ONCE, Cause, Concern, ConcernedParty, IncidentKind
from shared.arrests.synthetic import CANARY
from shared.audit.week import unsigned_weeks
from shared.offices.governance.model import Requirement
from shared.offices.governance.personnel import DisabledFor
from shared.offices.governance.standing import AccountEnding, endings
from shared.offices.model import Office
from shared.offices.users import Right, User
from shared.words import words
from shared.words.agencies import agency_title
from shared.words.moments import day_text


class EndingAccount(NamedTuple):
    user: User
    ending: AccountEnding

    @property
    def reason(self) -> DisabledFor:
        return self.ending.reason


def account_concerns(
    office: Office, users: Collection[User], contacts: tuple[str, ...], now: datetime
) -> Iterator[Concern]:
    """One for each person whose account is about to end; one of all of them and one of all that are disabled, for the
    office. Of a machine its keeper hears."""
    today, by_email = office.local_day(now), {user.email: user for user in users}
    ending = [
        near for user in users if user.active and (near := _nearest(user, _keeper(user, by_email), office, today))
    ]
    for near in ending:
        yield _to_person(near, office)
    if ending:
        items = tuple(sorted(f"{near.user.email} {near.reason} {near.ending.last_day}" for near in ending))
        lines = tuple(sorted(map(_line_of_ending, ending)))
        yield _to_office(IncidentKind.ACCOUNT_ENDING, office, items, lines, contacts, now)
    disabled = sorted((user for user in users if user.disabled and not user.removed), key=lambda user: user.email)
    if disabled:
        items = tuple(f"{user.email} {user.disabled.reason}" for user in disabled if user.disabled)
        lines = tuple(
            words("disabled.line", who=user.email, reason=words(f"disabled.{user.disabled.reason}"))
            for user in disabled
            if user.disabled
        )
        yield _to_office(IncidentKind.ACCOUNTS_DISABLED, office, items, lines, contacts, now)


def review_concerns(
    office: Office, users: Collection[User], signed_weeks: Callable[[], Collection[str]], now: datetime
) -> Iterator[Concern]:
    """Weeks of audit that wait for a signature (AU-6), for whoever may sign them. `signed_weeks` is read only where
    somebody may."""
    auditors = tuple(sorted(user.email for user in users if user.active and Right.AUDIT in user.rights))
    if not auditors:
        return
    since = min(user.added_at for user in users).date()
    if weeks := unsigned_weeks(signed_weeks(), now.date(), since):
        yield _to_office(IncidentKind.WEEKS_UNSIGNED, office, weeks, weeks, auditors, now)


def ended_accounts(office: Office, users: Collection[User]) -> Iterator[Cause]:
    """Accounts of which people were warned, and that have ended: nobody is told that they go on."""
    ended = [user.email for user in users if not user.active]
    for subject in (*ended, *([office.office_id] if ended else ())):
        yield Cause(IncidentKind.ACCOUNT_ENDING, office.office_id, subject)


def governance_concerns(
    office: Office,
    feeds: Mapping[str, tuple[Requirement, ...]],
    contacts: tuple[str, ...],
    contacts_of_agency: Callable[[str], tuple[str, ...]],
    now: datetime,
) -> Iterator[Concern]:
    """What is not on record of the office and of agencies that it has to do with; told once. `feeds` maps these
    agencies to what is missing."""
    if office.office_id == CANARY:
        return
    own = tuple(words(f"requirement.{requirement}") for requirement in office.governance.missing)
    incomplete = {agency: missing for agency, missing in sorted(feeds.items()) if missing}
    if not own and not incomplete:
        return
    lines = (*own, *(words("governance.of feed", agency=agency_title(agency)) for agency in incomplete))
    yield _missing(office, "", lines, contacts, now)
    for agency, missing in incomplete.items():
        of_agency = tuple(words(f"requirement.{requirement}") for requirement in missing)
        yield _missing(office, agency, of_agency, contacts_of_agency(agency), now)


def _missing(
    office: Office, agency: str, lines: tuple[str, ...], recipients: tuple[str, ...], now: datetime
) -> Concern:
    return Concern(
        kind=IncidentKind.GOVERNANCE_MISSING,
        office_id=office.office_id,
        party=ConcernedParty.AGENCY if agency else ConcernedParty.OFFICE,
        subject=agency or office.office_id,
        agency=agency,
        since=_midnight(office, office.local_day(now)),
        days=ONCE,
        lines=lines,
        recipients=recipients,
    )


def _nearest(user: User, keeper: User | None, office: Office, today: date) -> EndingAccount | None:
    """The end that comes first, once people are warned of it."""
    near = [ending for ending in endings(user, keeper, office) if ending.warned_on[0] <= today <= ending.last_day]
    return EndingAccount(user, min(near, key=lambda ending: ending.last_day)) if near else None


def _keeper(user: User, by_email: Mapping[str, User]) -> User | None:
    return by_email.get(user.machine.keeper) if user.machine and user.machine.keeper else None


def _to_person(near: EndingAccount, office: Office) -> Concern:
    user, ending = near
    recipient = user.machine.keeper if user.machine and user.machine.keeper else user.email
    return Concern(
        kind=IncidentKind.ACCOUNT_ENDING,
        office_id=office.office_id,
        party=ConcernedParty.PERSON,
        subject=user.email,
        since=_midnight(office, ending.warned_on[0]),
        days=ending.warned_on,
        items=(ending.reason.value,),
        last_day=ending.last_day,
        recipients=(recipient,),
    )


def _to_office(
    kind: IncidentKind,
    office: Office,
    items: tuple[str, ...],
    lines: tuple[str, ...],
    contacts: tuple[str, ...],
    now: datetime,
) -> Concern:
    return Concern(
        kind=kind,
        office_id=office.office_id,
        party=ConcernedParty.OFFICE,
        subject=office.office_id,
        since=_midnight(office, office.local_day(now)),
        items=items,
        lines=lines,
        recipients=contacts,
    )


def _line_of_ending(near: EndingAccount) -> str:
    reason = words(f"disabled.{near.reason}")
    return words("ending.line", who=near.user.email, day=day_text(near.ending.last_day), reason=reason)


def _midnight(office: Office, day: date) -> datetime:
    return datetime.combine(day, time(), office.zone)
