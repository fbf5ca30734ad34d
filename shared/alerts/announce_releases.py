"""Announces releases to the District Attorney of the county of prosecution, who watches nobody for it (New York
Correction Law 149).

Gather: the offices that prosecute a county, their agreements and users, and only if a batch announces a release.
Decide: `releases_to_announce`, from plain values. Apply: a notice that names nobody to the office's contact, then the
row that the page of releases reads. A crash in between repeats the notice under its id, which goes out once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Section
from shared.alerts.delivery.model import Enqueue
from shared.alerts.model import derived_id
from shared.alerts.releases_table import AnnouncedRelease
from shared.alerts.table import AlertsTable
from shared.arrests.charges import ChargeClass
from shared.arrests.model import Arrest, EventKind
from shared.arrests.release import ReleaseMoment, is_brought_forward, is_late, normal_county
from shared.arrests.table import Version
from shared.offices.agreements import OfficeAgreements
from shared.offices.contacts import contacts_of
from shared.offices.model import Office
from shared.offices.purposes import Purpose
from shared.offices.table import OfficesTable
from shared.subscriptions.table import SubscriptionsTable
from shared.words import words
from shared.words.moments import day_text


@dataclass(frozen=True)
class ReleaseDeps:
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    alerts: AlertsTable
    enqueue: Enqueue


def announce_releases(versions: Sequence[Version], deps: ReleaseDeps, now: datetime) -> int:
    """Returns how many releases were announced to an office for the first time or for another day. May run again."""
    announced = [version for version in versions if is_announced_by_law(version.arrest) and not version.silent]
    if not announced:
        return 0
    offices = {office.office_id: office for office in deps.offices.each_office() if office.prosecutes}
    agreements = deps.subscriptions.agreements.read(offices)
    count = 0
    for noticed in releases_to_announce(announced, list(offices.values()), agreements, now):
        release = after_notice(noticed, deps.alerts.releases.find(noticed.office_id, noticed.arrest_id))
        office = offices[release.office_id]
        for email in contacts_of(office, deps.subscriptions.users.all_of(office.office_id)):
            notice = release_notice(release, email, now)
            if deps.alerts.notices.store(notice):
                deps.enqueue([notice.delivery.key])
        count += deps.alerts.releases.store(release, now)
    return count


def is_announced_by_law(arrest: Arrest) -> bool:
    """Whether the section asks for a notice: an adult's release from a conviction of a felony. A class that no agency
    gave may be a felony."""
    if arrest.kind is not EventKind.RELEASE_SCHEDULED or arrest.juvenile or not (arrest.release and arrest.event_on):
        return False
    classes = {charge.charge_class for charge in arrest.charges}
    return not classes or bool(classes & {ChargeClass.FELONY, None})


def releases_to_announce(
    versions: Iterable[Version],
    offices: Sequence[Office],
    agreements: Mapping[str, OfficeAgreements],
    now: datetime,
) -> list[AnnouncedRelease]:
    """One for each office that prosecutes the county and may have the agency's releases. Pure."""
    return [
        _announced(version, office)
        for version in versions
        for office in offices
        if _prosecutes(office, version.arrest) and _may_have(office, version.arrest, agreements, now)
    ]


def after_notice(release: AnnouncedRelease, earlier: AnnouncedRelease | None) -> AnnouncedRelease:
    """The release as it counts after an earlier notice of it: one that is put off, or said again, is late only if that
    notice was; one that is brought forward counts by its own. Pure."""
    if earlier is None or is_brought_forward(_moment(earlier), _moment(release)):
        return release
    return release.model_copy(update={"late": earlier.late})


def _moment(release: AnnouncedRelease) -> ReleaseMoment:
    return ReleaseMoment(release.release_on, release.release_at)


def _prosecutes(office: Office, arrest: Arrest) -> bool:
    county = normal_county(arrest.release.county) if arrest.release else ""
    return bool(county) and county in map(normal_county, office.prosecutes)


def _may_have(office: Office, arrest: Arrest, agreements: Mapping[str, OfficeAgreements], now: datetime) -> bool:
    if office.suspended or not office.may_subscribe:
        return False
    known = agreements.get(office.office_id, OfficeAgreements(office_id=office.office_id))
    if known.is_off(arrest.agency, now):
        return False
    return known.covers(office, arrest.agency, Purpose.PROSECUTION, office.local_day(now))


def _announced(version: Version, office: Office) -> AnnouncedRelease:
    """A day without an hour is late if its first hour is: the release may be then."""
    arrest = version.arrest
    day = arrest.event_on or version.dropped_at.date()
    release_at = arrest.event_at or datetime.combine(day, time.min, office.zone).astimezone(UTC)
    return AnnouncedRelease(
        office_id=office.office_id,
        arrest_id=arrest.arrest_id,
        agency=arrest.agency,
        release_on=day,
        release_at=arrest.event_at,
        reported_at=version.dropped_at,
        late=is_late(release_at, version.dropped_at),
    )


def release_notice(release: AnnouncedRelease, email: str, now: datetime) -> Notice:
    """It names nobody: the page does, to whoever may read it there."""
    happened = [words("release.happened", day=day_text(release.release_on))]
    if release.late:
        happened.append(words("release.late"))
    return Notice(
        notice_id=derived_id("release", release.office_id, release.arrest_id, release.moment, email),
        office_id=release.office_id,
        email=email,
        title=words("release.title"),
        lines=(),
        sections=(
            Section(heading=words("notice.happened"), lines=tuple(happened)),
            Section(heading=words("notice.to do"), lines=(words("release.to do"),)),
        ),
        path="/console/releases",
        opens=words("release.open"),
        created_at=now,
    )
