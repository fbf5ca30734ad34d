"""Which records of an export may be given today. Pure: asked when it is made, and again for each link to it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from shared.arrests.minimisation import WithheldFields
from shared.arrests.model import Arrest, Flag
from shared.arrests.nonconviction import without_nonconviction
from shared.offices.agreements import OfficeAgreements
from shared.offices.criminal_justice import may_have_nonconviction
from shared.offices.model import Office
from shared.records_requests.exports.model import Export
from shared.records_requests.model import KindRule


class GivableArrest(NamedTuple):
    """`withheld` by the agreements with its agency. `eligible`: office and purpose may have nonconviction data; else
    the arrest is without the charges that are such data."""

    arrest: Arrest
    withheld: WithheldFields
    eligible: bool


def givable_arrests(
    export: Export,
    arrests: Iterable[Arrest],
    rule: KindRule,
    office: Office | None,
    agreements: OfficeAgreements,
    today: date,
) -> list[GivableArrest]:
    """In the order of their ids. `arrests` are those of the export that nothing has sealed or purged."""
    if office is None or office.suspended:
        return []
    by_agreement = office.model_copy(update={"only_by_agreement": True})
    eligible = may_have_nonconviction(office.ori, export.purpose)
    givable = []
    for stored in sorted(arrests, key=lambda arrest: arrest.arrest_id):
        arrest = stored if eligible else without_nonconviction(stored, today)
        withheld = agreements.withheld_fields(by_agreement, stored.agency, [export.purpose], today)
        is_open = rule.includes_marked or Flag.SEALED_AND_OPEN not in stored.flags
        if arrest and withheld is not None and is_open and not arrest.juvenile:
            givable.append(GivableArrest(arrest, withheld, eligible))
    return givable
