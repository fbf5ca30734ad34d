"""What an incident says: what happened, what to do, by when. It names no arrest and nobody who was arrested. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.alerts.delivery.messages.page import Section
from shared.alerts.incidents.model import MOST_LINES, Concern, ConcernedParty, IncidentKind
from shared.words import counted, words
from shared.words.agencies import agency_title
from shared.words.moments import day_text, moment_text


class IncidentText(NamedTuple):
    title: str
    happened: tuple[str, ...]
    to_do: tuple[str, ...]
    by_when: str = ""
    path: str = ""
    opens: str = words("notice.look")

    @property
    def sections(self) -> tuple[Section, ...]:
        sections = [Section(heading=words("notice.happened"), lines=self.happened)]
        if self.to_do:
            sections.append(Section(heading=words("notice.to do"), lines=self.to_do))
        if self.by_when:
            sections.append(Section(heading=words("notice.by when"), lines=(self.by_when,)))
        return tuple(sections)


def incident_text(concern: Concern, today: date, zone: ZoneInfo) -> IncidentText:
    """`today` and `zone` are those of the office through which it is told."""
    return _TEXTS[concern.kind](concern, today, zone)


def over_text(concern: Concern) -> IncidentText:
    """The all-clear."""
    agency = agency_title(concern.agency)
    happened = words(f"over.{concern.kind}", agency=agency)
    return IncidentText(words(f"over.{concern.kind}.title", agency=agency), (happened,), ())


def _silent(concern: Concern, _today: date, zone: ZoneInfo) -> IncidentText:
    agency, due = agency_title(concern.agency), moment_text(concern.since, zone)
    if concern.party is ConcernedParty.AGENCY:
        return IncidentText(
            words("silent.agency title"),
            (words("silent.agency", agency=agency, due=due),),
            (words("silent.agency look", folder=concern.agency), words("silent.agency less")),
            f"{words('silent.agency today')} {words('incident.lasts')}",
        )
    is_keeper = concern.party is ConcernedParty.KEEPER
    ask = words("silent.ask keeper") if is_keeper else words("silent.ask office")
    return IncidentText(
        words("silent.title", agency=agency),
        (words("silent.happened", agency=agency, due=due),),
        (ask, words("silent.meanwhile")),
        _today_and_on(),
        *_drops_page(concern),
    )


def _held(concern: Concern, _today: date, zone: ZoneInfo) -> IncidentText:
    values = _values(concern, zone)
    happened = (words("held.happened", **values), words("held.stored"))
    to_do = (words(f"held.{_party(concern)}"),)
    return IncidentText(words("held.title", **values), happened, to_do, _today_and_on(), *_drops_page(concern))


def _refused(concern: Concern, _today: date, zone: ZoneInfo) -> IncidentText:
    values = _values(concern, zone)
    happened = (words("refused.happened", **values), words("refused.nobody"), *concern.lines)
    to_do = (words(f"refused.{_party(concern)}", folder=concern.agency),)
    return IncidentText(words("refused.title", **values), happened, to_do, _today_and_on(), *_drops_page(concern))


def _releases_late(concern: Concern, _today: date, zone: ZoneInfo) -> IncidentText:
    values = _values(concern, zone)
    happened = (words("late releases.happened", **values), words("late releases.law"))
    to_do = (words(f"late releases.{_party(concern)}", folder=concern.agency),)
    return IncidentText(words("late releases.title", **values), happened, to_do, _today_and_on(), *_drops_page(concern))


def _rows_rejected(concern: Concern, _today: date, zone: ZoneInfo) -> IncidentText:
    values = _values(concern, zone)
    happened = (words("rejected.happened", **values), words("rejected.others"))
    to_do = (words(f"rejected.{_party(concern)}", folder=concern.agency),)
    return IncidentText(words("rejected.title", **values), happened, to_do, _today_and_on(), *_drops_page(concern))


def _seals_locked(concern: Concern, _today: date, zone: ZoneInfo) -> IncidentText:
    agency, number = agency_title(concern.agency), len(concern.items)
    values = {"agency": agency, "since": moment_text(concern.since, zone)}
    is_agency = concern.party is ConcernedParty.AGENCY
    return IncidentText(
        words("locked.title", agency=agency),
        (counted("locked.happened", number, **values), words("locked.effect")),
        (words("locked.agency") if is_agency else words("locked.keeper"),),
        f"{words('locked.today')} {words('incident.lasts')}",
        "" if is_agency else f"/console/agencies/{concern.agency}/seals",
        words("locked.open"),
    )


def _agreement(concern: Concern, today: date, _zone: ZoneInfo) -> IncidentText:
    agency, ends = agency_title(concern.agency), concern.last_day or today
    document = words("agreement.office", reference=concern.subject, agency=agency)
    if concern.party is ConcernedParty.AGENCY:
        document = words("agreement.agency", agency=agency)
    values = {"agency": agency, "day": day_text(ends), "document": document}
    renew = (words("agreement.renew"),)
    if ends < today:
        happened, by_when = words("agreement.ended", **values), f"{words('incident.at once')} {words('incident.lasts')}"
        title = words("agreement.ended title", agency=agency)
    else:
        happened, by_when = words("agreement.ends", **values), words("incident.by", day=day_text(ends))
        title = words("agreement.ends title", **values)
    return IncidentText(title, (happened,), renew, by_when, *_agreements_page(concern))


def _agreement_missing(concern: Concern, _today: date, _zone: ZoneInfo) -> IncidentText:
    agencies = ", ".join(map(agency_title, concern.items))
    return IncidentText(
        counted("no agreement.title", len(concern.items)),
        (words("no agreement.happened", agencies=agencies), words("no agreement.rule")),
        (words("no agreement.to do"),),
        path="/console/office/agreements",
        opens=words("incident.open agreements"),
    )


def _unreached(concern: Concern, _today: date, _zone: ZoneInfo) -> IncidentText:
    number = len(concern.items)
    title = counted("unreached.title", number)
    more = (counted("unreached.more", number - MOST_LINES),) if number > MOST_LINES else ()
    return IncidentText(
        title,
        (words("unreached.happened", title=title), *concern.lines, *more),
        (words("unreached.name"), words("unreached.save"), words("unreached.cancel")),
        _today_and_on(),
        "/console/reports/without-reader",
        words("unreached.open"),
    )


def _duties(concern: Concern, _today: date, _zone: ZoneInfo) -> IncidentText:
    number, kind = len(concern.items), concern.kind
    more = (counted("unreached.more", number - MOST_LINES),) if number > MOST_LINES else ()
    page = "/console/breaches" if kind is IncidentKind.BREACH_STEPS_OPEN else "/console/disputes"
    return IncidentText(
        counted(f"{kind}.title", number),
        (words(f"{kind}.happened"), *concern.lines, *more),
        (words(f"{kind}.to do"),),
        words("duty.when"),
        page,
        words("duty.open"),
    )


def _account_ending(concern: Concern, today: date, _zone: ZoneInfo) -> IncidentText:
    if concern.party is ConcernedParty.OFFICE:
        number = len(concern.items)
        more = (counted("accounts.more", number - MOST_LINES),) if number > MOST_LINES else ()
        return IncidentText(
            counted("ending.title", number), (*concern.lines, *more), (words("ending.to do"),), "", *_accounts_page()
        )
    reason, day = concern.items[0], day_text(concern.last_day or today)
    happened = words("ending.happened", who=concern.subject, day=day, reason=words(f"disabled.{reason}"))
    to_do = (words(f"ending.{reason}"),)
    return IncidentText(
        words("ending.yours", day=day), (happened,), to_do, words("incident.by", day=day), "/console/me"
    )


def _accounts_disabled(concern: Concern, _today: date, _zone: ZoneInfo) -> IncidentText:
    number = len(concern.items)
    more = (counted("accounts.more", number - MOST_LINES),) if number > MOST_LINES else ()
    to_do = (words("disabled.hand over"), words("disabled.open"))
    happened = (*concern.lines, *more, words("disabled.silent"))
    return IncidentText(counted("disabled.title", number), happened, to_do, _today_and_on(), *_accounts_page())


def _governance_missing(concern: Concern, _today: date, _zone: ZoneInfo) -> IncidentText:
    party = "agency" if concern.party is ConcernedParty.AGENCY else "office"
    happened = (words(f"governance.{party}", agency=agency_title(concern.agency)), *concern.lines)
    to_do = (words("governance.to do"),)
    return IncidentText(words("governance.title"), happened, to_do, "", *_agreements_page(concern))


def _weeks_unsigned(concern: Concern, _today: date, _zone: ZoneInfo) -> IncidentText:
    happened = (words("unsigned.happened", weeks=", ".join(concern.lines)),)
    title = counted("unsigned.title", len(concern.items))
    return IncidentText(
        title, happened, (words("unsigned.to do"),), _today_and_on(), "/console/audit", words("incident.open audit")
    )


def _accounts_page() -> tuple[str, str]:
    return "/console/office/accounts", words("incident.open accounts")


def _today_and_on() -> str:
    return f"{words('incident.today')} {words('incident.lasts')}"


def _values(concern: Concern, zone: ZoneInfo) -> dict[str, str]:
    files = counted("incident.files", len(concern.items))
    return {"files": files, "agency": agency_title(concern.agency), "since": moment_text(concern.since, zone)}


def _party(concern: Concern) -> str:
    return concern.party.value if concern.party in {ConcernedParty.AGENCY, ConcernedParty.KEEPER} else "office"


def _drops_page(concern: Concern) -> tuple[str, str]:
    if concern.party is not ConcernedParty.KEEPER:
        return "", ""
    return f"/console/agencies/{concern.agency}", words("incident.open files")


def _agreements_page(concern: Concern) -> tuple[str, str]:
    is_agency = concern.party is ConcernedParty.AGENCY
    return ("", "") if is_agency else ("/console/office/agreements", words("incident.open agreements"))


_TEXTS: Mapping[IncidentKind, Callable[[Concern, date, ZoneInfo], IncidentText]] = {
    IncidentKind.AGENCY_SILENT: _silent,
    IncidentKind.DROPS_HELD: _held,
    IncidentKind.DROPS_REFUSED: _refused,
    IncidentKind.ROWS_REJECTED: _rows_rejected,
    IncidentKind.RELEASES_LATE: _releases_late,
    IncidentKind.SEALS_LOCKED: _seals_locked,
    IncidentKind.AGREEMENT_ENDING: _agreement,
    IncidentKind.AGREEMENT_MISSING: _agreement_missing,
    IncidentKind.WATCHES_UNREACHED: _unreached,
    IncidentKind.DISPUTES_OPEN: _duties,
    IncidentKind.RECIPIENTS_TO_TELL: _duties,
    IncidentKind.BREACH_STEPS_OPEN: _duties,
    IncidentKind.ACCOUNT_ENDING: _account_ending,
    IncidentKind.ACCOUNTS_DISABLED: _accounts_disabled,
    IncidentKind.GOVERNANCE_MISSING: _governance_missing,
    IncidentKind.WEEKS_UNSIGNED: _weeks_unsigned,
}
