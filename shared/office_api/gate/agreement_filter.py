"""What the agreements let the caller's office see of an agency's arrests today (minimisation), what of it is disputed,
and whether the caller may have nonconviction data at all (28 CFR 20.21)."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import NamedTuple

from shared.alerts.view import ShownArrest, show_arrest
from shared.arrests.disputed import DisputedFact
from shared.arrests.minimisation import WithheldFields
from shared.arrests.model import Arrest, Flag
from shared.arrests.seals.effect import purposes_of_marks
from shared.office_api import dependencies
from shared.office_api.gate.authentication import SignedIn
from shared.offices.agreements import OfficeAgreements
from shared.offices.criminal_justice import held_for, may_have_nonconviction


class AgreementFilter(NamedTuple):
    """`withheld` maps an agency to the fields that are withheld, or to None if nothing of it may be shown. `disputed`
    maps an arrest to its facts of which the office holds a dispute. `today` is the office's day. `held` is the arrest
    without what office and purpose may not have (`held_for`); `eligible`: they may have nonconviction data;
    `may_read_marked`: the purpose is one for which a record that a statute seals and leaves to law enforcement may be
    read. `agreements` are the office's: they know what it has switched off, and when."""

    withheld: Callable[[str], WithheldFields | None]
    disputed: Callable[[str], Sequence[DisputedFact]]
    today: date
    held: Callable[[Arrest | None], Arrest | None]
    eligible: bool
    agreements: OfficeAgreements
    may_read_marked: bool = False

    def is_off(self, agency: str) -> bool:
        """Whether the office has switched the agency's feed off."""
        return self.agreements.is_off(agency, datetime.now(UTC))

    def covers(self, agency: str) -> bool:
        """Whether the agency's arrests may be shown at all, for the stated purpose."""
        return self.withheld(agency) is not None

    def held_for_reader(self, arrest: Arrest | None) -> Arrest | None:
        """What is held as far as this reader may know. Of nonconviction data an ineligible reader is told the same as
        where nothing is held (28 CFR 20.21 (c)(2)), so whoever reads asks this before any other read depends on it. The
        same of a record that a statute opens to law enforcement in its duty alone (CPL 160.57)."""
        if arrest and Flag.SEALED_AND_OPEN in arrest.flags and not self.may_read_marked:
            return None
        return self.held(arrest)

    @property
    def hides_nothing(self) -> bool:
        """Whether every arrest is held for this reader, as it is stored: then none needs to be read to be counted."""
        return self.eligible and self.may_read_marked

    def show_arrest(self, arrest: Arrest) -> ShownArrest | None:
        """Returns None if nothing of the arrest may be shown."""
        held = self.held_for_reader(arrest)
        if held is None:  # before the disputes are read
            return None
        return show_arrest(held, self.withheld(arrest.agency), self.disputed(arrest.arrest_id), self.today)


def agreement_filter(by: SignedIn, *, recorded_only: bool = False, already_told: bool = False) -> AgreementFilter:
    """Reads the office's agreements once, and its disputes when an arrest is shown. Pass the filter on when a list is
    filtered.

    `recorded_only` needs a recorded agreement also in an office that is open to agencies without one. `already_told`
    is for what somebody of the office was told of: it can be read although the office has since switched the agency's
    feed off.
    """
    office = by.office.model_copy(update={"only_by_agreement": True}) if recorded_only else by.office
    agreements = dependencies.subscriptions.agreements.of(office.office_id)
    now = datetime.now(office.zone)
    today = now.date()

    def is_hidden(agency: str) -> bool:
        return not already_told and agreements.is_off(agency, now)

    eligible = may_have_nonconviction(office.ori, by.purpose)
    disputes = cache(partial(dependencies.subscriptions.disputes.marked, office.office_id))
    return AgreementFilter(
        lambda agency: None if is_hidden(agency) else agreements.withheld_fields(office, agency, [by.purpose], today),
        lambda arrest_id: disputes().get(arrest_id, ()),
        today,
        lambda arrest: held_for(arrest, office.ori, [by.purpose], today),
        eligible,
        agreements,
        may_read_marked=by.purpose in purposes_of_marks(),
    )
