"""What the agreements let the caller's office see of an agency's arrests today (minimisation)."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from shared.alerts.view import ShownArrest, show_arrest
from shared.arrests.minimisation import WithheldFields
from shared.arrests.model import Arrest
from shared.office_api import dependencies
from shared.office_api.gate.authentication import SignedIn


class AgreementFilter(NamedTuple):
    """`withheld` maps an agency to the fields that are withheld, or to None if nothing of it may be shown."""

    withheld: Callable[[str], WithheldFields | None]

    def covers(self, agency: str) -> bool:
        """Whether the agency's arrests may be shown at all, for the stated purpose."""
        return self.withheld(agency) is not None

    def show_arrest(self, arrest: Arrest) -> ShownArrest | None:
        """Returns None if nothing of the agency may be shown."""
        return show_arrest(arrest, self.withheld(arrest.agency))


def agreement_filter(by: SignedIn, *, recorded_only: bool = False) -> AgreementFilter:
    """Reads the office's agreements once. Pass the filter on when a list is filtered.

    `recorded_only` needs a recorded agreement also in an office that is open to agencies without one.
    """
    office = by.office.model_copy(update={"only_by_agreement": True}) if recorded_only else by.office
    agreements = dependencies.subscriptions.agreements.of(office.office_id)
    today = datetime.now(office.zone).date()
    return AgreementFilter(lambda agency: agreements.withheld_fields(office, agency, [by.purpose], today))
