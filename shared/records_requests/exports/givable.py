"""Which records of an export may be given today. Pure: asked when it is made, and again for each link to it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from shared.arrests.minimisation import WithheldFields
from shared.arrests.model import Arrest, Flag
from shared.arrests.nonconviction import without_nonconviction
from shared.arrests.table import Version
from shared.disclosures.recipients import RecipientEligibility
from shared.offices.agreements import OfficeAgreements
from shared.offices.criminal_justice import may_have_nonconviction
from shared.offices.model import Office
from shared.records_requests.exports.model import Export
from shared.records_requests.model import KindRule


class GivableArrest(NamedTuple):
    """`withheld` by the agreements with its agency. `eligible`: office, purpose and recipient may have nonconviction
    data; else the arrest is without the charges that are such data."""

    arrest: Arrest
    withheld: WithheldFields
    eligible: bool


class GivingRules(NamedTuple):
    """The rule for the kind of request, and what the kind of recipient may have."""

    request: KindRule
    recipient: RecipientEligibility


def givable_arrests(
    export: Export,
    versions: Iterable[Version],
    rules: GivingRules,
    office: Office | None,
    agreements: OfficeAgreements,
    today: date,
) -> list[GivableArrest]:
    """In the order of their ids. `versions` are those of the export that nothing has sealed or purged. What the law
    keeps from this recipient is left out, and nothing is said of it (CPL 160.57; 28 CFR 20.21(c)(2))."""
    if office is None or office.suspended:
        return []
    by_agreement = office.model_copy(update={"only_by_agreement": True})
    eligible = may_have_nonconviction(office.ori, export.purpose) and rules.recipient.permits_nonconviction
    givable = []
    for version in sorted(versions, key=lambda version: version.arrest.arrest_id):
        stored = version.arrest
        arrest = stored if eligible else without_nonconviction(stored, today)
        withheld = agreements.withheld_fields(by_agreement, stored.agency, [export.purpose], today)
        is_marked = Flag.SEALED_AND_OPEN in stored.flags
        is_open = not is_marked or (rules.request.includes_marked and rules.recipient.permits_mark(version.mark))
        if arrest and withheld is not None and is_open and not arrest.juvenile:
            givable.append(GivableArrest(arrest, withheld, eligible))
    return givable
