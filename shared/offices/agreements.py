"""What an agency and an office agreed in writing: without that, nothing of the agency is told or shown.

An agency with which an office never recorded an agreement is open to it, unless the office is told `only_by_agreement`.
Once one was recorded, the last day of the last one closes the agency: what lapses falls silent, and nothing else does.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from shared.arrests.minimisation import EVERY_PART, NO_FIELDS, Part, WithheldFields
from shared.offices.model import Office, Slug
from shared.offices.purposes import Purpose
from shared.offices.recipient import BasisKind, Text
from shared.value import FrozenModel

PURPOSE_OF_BASIS: Mapping[BasisKind, Purpose] = {
    BasisKind.OPEN_CASE: Purpose.PROSECUTION,
    BasisKind.SUPERVISION: Purpose.SUPERVISION,
    BasisKind.INVESTIGATION: Purpose.INVESTIGATION,
    BasisKind.WARRANT: Purpose.WARRANT,
    BasisKind.SUSPICION: Purpose.INVESTIGATION,
}
"""For what purpose a watch has somebody told: nobody says one when an arrest comes in, so its basis does."""


class AgreementState(StrEnum):
    TO_COME = "to come"
    IN_FORCE = "in force"
    EXPIRED = "expired"


class Agreement(FrozenModel):
    """`purposes` are those for which the agency's arrests may be used, `fields` the parts of them that are shared; none
    means every one of the list."""

    agency: Slug
    reference: Text = Field(description="the document that was signed; one of an office each")
    purposes: frozenset[Purpose] = frozenset()
    fields: frozenset[Part] = frozenset()
    starts: date
    ends: date = Field(description="the last day; one that goes on is recorded anew")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.starts:
            raise ValueError("ends lies before starts; write a later last day")
        return self

    def state(self, today: date) -> AgreementState:
        if today < self.starts:
            return AgreementState.TO_COME
        return AgreementState.IN_FORCE if today <= self.ends else AgreementState.EXPIRED

    def allows_purpose(self, purpose: str) -> bool:
        return not self.purposes or purpose in self.purposes


class RecordedAgreement(Agreement):
    recorded_by: str
    recorded_at: AwareDatetime


class OfficeAgreements(FrozenModel):
    """All of one office, those that are over included: one document with one revision."""

    office_id: Slug
    agreements: tuple[RecordedAgreement, ...] = Field(default=(), max_length=500, alias="made")
    revision: int = 0

    def with_agency(self, agency: str) -> list[RecordedAgreement]:
        return [recorded for recorded in self.agreements if recorded.agency == agency]

    def find(self, reference: str) -> RecordedAgreement | None:
        return next((recorded for recorded in self.agreements if recorded.reference == reference), None)

    def with_agreement(self, recorded: RecordedAgreement) -> "OfficeAgreements":
        """With this one, in the place of an older one with the same reference."""
        others = (other for other in self.agreements if other.reference != recorded.reference)
        return self.model_copy(update={"agreements": (*others, recorded), "revision": self.revision + 1})

    def covers(self, office: Office, agency: str, purpose: str, today: date) -> bool:
        """Whether what this agency reports may be told to or shown in the office today, for this purpose."""
        return self.withheld_fields(office, agency, [purpose], today) is not None

    def withheld_fields(
        self, office: Office, agency: str, purposes: Iterable[str], today: date
    ) -> WithheldFields | None:
        """What of this agency's arrests no agreement in force shares for any of these purposes; None when nothing of
        them may be told or shown."""
        recordeds = self.with_agency(agency)
        if not recordeds:
            return None if office.only_by_agreement else NO_FIELDS
        said = list(purposes)
        live = [
            recorded
            for recorded in recordeds
            if recorded.state(today) is AgreementState.IN_FORCE and any(map(recorded.allows_purpose, said))
        ]
        shared = frozenset(part for recorded in live for part in recorded.fields or EVERY_PART)
        return EVERY_PART - shared if live else None
