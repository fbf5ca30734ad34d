"""An office and its rules: time zone, domains, agencies, how it counts days. Also `Slug`, the form of our own ids."""

from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from shared.arrests.retention.model import OfficeRetention
from shared.offices.governance.model import Governance
from shared.offices.ori import Ori, may_agency_subscribe
from shared.value import FrozenModel

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Domain = Annotated[
    str, StringConstraints(to_lower=True, max_length=253, pattern=r"^[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$")
]


@cache  # available_timezones() reads the list from disk, file by file
def _check_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not an IANA time zone; write one like America/New_York")
    return name


TimeZone = Annotated[str, AfterValidator(_check_zone)]


class DateRule(StrEnum):
    """Which day must lie between a subscription's first and last day: today, or the day of the arrest."""

    TODAY = "today"
    ARREST = "arrest"


class DetailReaders(StrEnum):
    """Who may be told in full who was arrested, at an address of an agreed domain. Others are told that there is an
    alert, and sign in to read it."""

    CERTIFIED_USERS = "certified users"  # enrolled, and recertified within a year
    ANYBODY = "anybody at an agreed domain"


def _is_proposed(retention: OfficeRetention) -> bool:
    return retention == OfficeRetention()


def _is_unrecorded(governance: Governance) -> bool:
    return governance == Governance()


LOOK_BACK_DAYS = 365


def _is_empty(counties: tuple[str, ...]) -> bool:
    return not counties


def _is_default_look_back(days: int) -> bool:
    return days == LOOK_BACK_DAYS


class Office(FrozenModel):
    """An office that is enrolled, with its rules.

    Mail goes only to `allowed_domains`. Personal details go only to `agreed_domains`, which a super-owner has marked as
    an agreed encrypted path, and there only to `details_go_to`. More than `alerts_an_hour` is a flood: alerts above it
    that are not urgent wait for one digest per recipient. A `suspended` office is notified of nothing and may ask for
    nothing. An office that is `only_by_agreement` gets no arrests of an agency without an agreement. `agencies` are
    those whose feeds it runs; `may_seal` are further ones whose arrests it may seal. `retention` is what its counsel
    changed of the schedule. An office that `waits_for_governance` is not live until its governance is complete; those
    that were set up before that was the rule do not wait. These are set by the operator of the system, and no route
    changes them.
    """

    office_id: Slug
    name: str = Field(min_length=1, max_length=200)
    ori: Ori
    time_zone: TimeZone
    allowed_domains: tuple[Domain, ...] = Field(min_length=1, max_length=50)
    agreed_domains: tuple[Domain, ...] = Field(default=(), max_length=50)
    details_go_to: DetailReaders = DetailReaders.CERTIFIED_USERS
    topics: tuple[Slug, ...] = Field(default=(), max_length=50)
    webhooks: tuple[Annotated[str, StringConstraints(pattern=r"^https://[^\s]{1,500}$")], ...] = Field(
        default=(), max_length=50
    )
    alerts_an_hour: int = Field(default=1_000, ge=1)
    goes_by: DateRule = DateRule.TODAY
    contact: str = Field(default="", max_length=254, description="e-mail of who answers for the office's watches")
    suspended: bool = False
    identity_provider: str = Field(default="", max_length=32, description="through which alone its people sign in")
    only_by_agreement: bool = False
    shows_watches: bool = Field(default=False, description="to other offices that do so, by name and contact alone")
    folders_in_pings: bool = Field(default=False, description="a mail without details says in which folder it is")
    agencies: tuple[Slug, ...] = Field(default=(), max_length=500)
    may_seal: tuple[Slug, ...] = Field(default=(), max_length=500)
    prosecutes: tuple[str, ...] = Field(
        default=(),
        max_length=62,
        exclude_if=_is_empty,
        description="counties whose felonies it prosecutes: it is told of each release (Correction Law 149)",
    )
    place_look_back_days: int = Field(
        default=LOOK_BACK_DAYS,
        ge=1,
        le=1_826,
        exclude_if=_is_default_look_back,
        description="how far the history of a place goes back; no source names a number, so counsel confirms it",
    )
    retention: OfficeRetention = Field(default=OfficeRetention(), exclude_if=_is_proposed)
    governance: Governance = Field(default=Governance(), exclude_if=_is_unrecorded)
    waits_for_governance: bool = Field(default=False, exclude_if=lambda waits: not waits)

    @property
    def live(self) -> bool:
        """Whether it is notified of anything and its people may read: its governance is on record, or need not be."""
        return not (self.waits_for_governance and self.governance.missing)

    @property
    def may_subscribe(self) -> bool:
        """Whether the office's type of agency, which its ORI names, has a lawful interest in arrests."""
        return may_agency_subscribe(self.ori)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local_day(self, instant: datetime) -> date:
        """The day in the office's time zone. `instant` is aware."""
        return instant.astimezone(self.zone).date()

    def allows(self, email: str) -> bool:
        """Whether mail may go to this address."""
        return domain_of(email) in self.allowed_domains

    def has_agreed(self, email: str) -> bool:
        """Whether personal details may go to this domain at all. `may_receive_details` asks for the person as well."""
        return self.allows(email) and domain_of(email) in self.agreed_domains


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()
