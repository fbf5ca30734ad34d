"""What an incident says: what happened, what to do, by when. It names no arrest and nobody who was arrested. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.alerts.delivery.messages.page import Section
from shared.alerts.incidents.model import MOST_LINES, Concern, ConcernedParty, IncidentKind


class IncidentText(NamedTuple):
    title: str
    happened: tuple[str, ...]
    to_do: tuple[str, ...]
    by_when: str = ""
    path: str = ""
    opens: str = "Sign in and look"

    @property
    def sections(self) -> tuple[Section, ...]:
        sections = [Section(heading="What happened", lines=self.happened)]
        if self.to_do:
            sections.append(Section(heading="What to do", lines=self.to_do))
        if self.by_when:
            sections.append(Section(heading="By when", lines=(self.by_when,)))
        return tuple(sections)


def incident_text(concern: Concern, today: date, zone: ZoneInfo) -> IncidentText:
    """`today` and `zone` are those of the office through which it is told."""
    return _TEXTS[concern.kind](concern, today, zone)


def over_text(concern: Concern) -> IncidentText:
    """The all-clear."""
    title, happened = _OVER[concern.kind]
    return IncidentText(title.format(agency=concern.agency), (happened.format(agency=concern.agency),), ())


_OVER: Mapping[IncidentKind, tuple[str, str]] = {
    IncidentKind.AGENCY_SILENT: (
        "Over: {agency} sends again",
        "A file of {agency} has come in again. Ask {agency} for the arrests of the days between, if they are missing.",
    ),
    IncidentKind.DROPS_HELD: (
        "Over: no file of {agency} is held any more",
        "Each held file of {agency} was released or discarded. Arrests of released files are matched now.",
    ),
    IncidentKind.DROPS_REFUSED: (
        "Over: files of {agency} are read again",
        "{agency} has sent a file that could be read. Refused ones that it does not repeat must be sent again.",
    ),
    IncidentKind.AGREEMENT_ENDING: (
        "Over: the agreement with {agency} goes on",
        "A new agreement with {agency} is recorded. Its arrests are matched while it is in force.",
    ),
    IncidentKind.WATCHES_UNREACHED: (
        "Over: every watch reaches somebody again",
        "Each watch that reached nobody reaches somebody again, or has ended. Nothing is left to do.",
    ),
}
_LASTS = "You are reminded while it lasts, and told when it is over."


def _silent(concern: Concern, _today: date, zone: ZoneInfo) -> IncidentText:
    agency = concern.agency
    due = f"{concern.since.astimezone(zone):%Y-%m-%d %H:%M}"
    if concern.party is ConcernedParty.AGENCY:
        return IncidentText(
            "No file of yours has come in",
            (f"By your usual rhythm the next file of {agency} was due by {due}. None has come in.",),
            (
                f"Look whether your export runs, and whether it may write to {agency}/in/.",
                "If you send less often from now on, tell whoever gets your arrests: the profile is changed then.",
            ),
            f"Today: nobody is alerted of your arrests. {_LASTS}",
        )
    who = "Ask the agency" if concern.party is ConcernedParty.KEEPER else "Ask the agency, or whoever runs its feed,"
    return IncidentText(
        f"{agency} is silent",
        (f"The next file of {agency} was due by {due}. None has come in, so nobody is alerted of its new arrests.",),
        (
            f"{who} whether its export runs.",
            "Until it sends again, look its arrests up where you did before.",
        ),
        f"Today. {_LASTS}",
        *_drops_page(concern),
    )


def _held(concern: Concern, _today: date, zone: ZoneInfo) -> IncidentText:
    files, since = _files(concern), f"{concern.since.astimezone(zone):%Y-%m-%d %H:%M}"
    happened = (
        f"{files} of {concern.agency}, the first of {since}: far more records, or people to alert, than usual.",
        "The arrests are stored, and nobody is alerted of them.",
    )
    if concern.party is ConcernedParty.KEEPER:
        to_do = ("Somebody with the right `quarantine` looks at each file, and releases or discards it.",)
    elif concern.party is ConcernedParty.AGENCY:
        to_do = ("Say to whoever gets your arrests whether the file is right; or send it again, corrected.",)
    else:
        to_do = ("The office that runs the feed must decide about it. Ask it to, if you need these arrests.",)
    return IncidentText(f"{files} of {concern.agency} held", happened, to_do, f"Today. {_LASTS}", *_drops_page(concern))


def _refused(concern: Concern, _today: date, zone: ZoneInfo) -> IncidentText:
    files, since = _files(concern), f"{concern.since.astimezone(zone):%Y-%m-%d %H:%M}"
    happened = (
        f"{files} of {concern.agency}, the first of {since}, could not be read, or no record could be taken.",
        "Nobody is alerted of what is in there.",
        *concern.lines,
    )
    if concern.party is ConcernedParty.AGENCY:
        to_do = (f"Read the receipt of each under {concern.agency}/receipts/: it says what to correct. Send it again.",)
    elif concern.party is ConcernedParty.KEEPER:
        to_do = ("Read the receipt of each: it says what to correct. Let the agency send it again, corrected.",)
    else:
        to_do = ("The agency must correct the file and send it again. Ask it, or whoever runs its feed.",)
    title = f"{files} of {concern.agency} refused"
    return IncidentText(title, happened, to_do, f"Today. {_LASTS}", *_drops_page(concern))


def _agreement(concern: Concern, today: date, _zone: ZoneInfo) -> IncidentText:
    agency, ends = concern.agency, concern.last_day or today
    document = f"The agreement {concern.subject} between your office and {agency}"
    if concern.party is ConcernedParty.AGENCY:
        document = f"An agreement by which {agency} shares arrests"
    renew = ("Agree on a new period with the other side, and have whoever operates this system record it.",)
    if ends < today:
        happened = f"{document} ended on {ends}. Nothing of {agency} is shown, and nobody is alerted of its arrests."
        title = f"The agreement with {agency} has ended"
        return IncidentText(title, (happened,), renew, f"At once. {_LASTS}", *_agreements_page(concern))
    happened = f"{document} ends on {ends}. From the next day on nobody is alerted of its arrests."
    title = f"The agreement with {agency} ends on {ends}"
    return IncidentText(title, (happened,), renew, f"By {ends}.", *_agreements_page(concern))


def _unreached(concern: Concern, _today: date, _zone: ZoneInfo) -> IncidentText:
    number = len(concern.items)
    watches = "1 watch reaches" if number == 1 else f"{number} watches reach"
    more = (f"and {number - MOST_LINES} more",) if number > MOST_LINES else ()
    return IncidentText(
        f"{watches} nobody",
        (
            f"{watches} nobody: whom an arrest would alert has no access, no role or no address that works any more.",
            *concern.lines,
            *more,
        ),
        (
            "Name somebody who works on the case: change the recipients, or give the folder to a colleague.",
            "If an arrest has matched it already, save the watch then: saving says what it missed in seven days.",
            "If it is not needed any more, cancel it.",
        ),
        f"Today. {_LASTS}",
        "/v1/reports/without-reader",
        "Open the list of these watches",
    )


def _files(concern: Concern) -> str:
    return f"{len(concern.items)} file{'' if len(concern.items) == 1 else 's'}"


def _drops_page(concern: Concern) -> tuple[str, str]:
    if concern.party is not ConcernedParty.KEEPER:
        return "", ""
    return f"/v1/agencies/{concern.agency}/drops", "Open the agency's files"


def _agreements_page(concern: Concern) -> tuple[str, str]:
    return ("", "") if concern.party is ConcernedParty.AGENCY else ("/v1/agreements", "Open the agreements")


_TEXTS: Mapping[IncidentKind, Callable[[Concern, date, ZoneInfo], IncidentText]] = {
    IncidentKind.AGENCY_SILENT: _silent,
    IncidentKind.DROPS_HELD: _held,
    IncidentKind.DROPS_REFUSED: _refused,
    IncidentKind.AGREEMENT_ENDING: _agreement,
    IncidentKind.WATCHES_UNREACHED: _unreached,
}
