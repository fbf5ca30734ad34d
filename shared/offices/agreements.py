"""Agreements between an agency and an office: without one in force, nothing of the agency is notified or shown.

If an office never recorded an agreement with an agency, the agency is closed to it, unless the office was set up before
that was the rule, or says so in its file (`only_by_agreement: false`). As soon as one is recorded, the agency is open
only while one is in force: the last day of the last agreement closes it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from shared.arrests.days import years_after
from shared.arrests.minimisation import ALL_FIELDS, NO_FIELDS, WithheldField, WithheldFields
from shared.arrests.synthetic import may_meet
from shared.errors import Rejected
from shared.offices.model import Office, Slug
from shared.offices.purposes import Purpose
from shared.offices.recipient import BasisKind, Email, Text
from shared.offices.switches import OffPeriod, SourceKind, is_off, switched
from shared.value import FrozenModel

MOST_AGREEMENTS = 500  # of one office; their bytes are counted when they are saved

PURPOSE_OF_BASIS: Mapping[BasisKind, Purpose] = {
    BasisKind.OPEN_CASE: Purpose.PROSECUTION,
    BasisKind.SUPERVISION: Purpose.SUPERVISION,
    BasisKind.INVESTIGATION: Purpose.INVESTIGATION,
    BasisKind.WARRANT: Purpose.WARRANT,
    BasisKind.SUSPICION: Purpose.INVESTIGATION,
    BasisKind.ORDER: Purpose.PROSECUTION,  # whoever breaks it is prosecuted for that
}
"""The purpose of an alert. Nobody states one when an arrest comes in, so the basis of the subscription gives it."""


LONGEST_YEARS = 3
"""An agreement is reviewed, and recorded anew, at least every three years (CJIS Security Policy 6.0, CA-3)."""


class OnwardDisclosure(StrEnum):
    """Whether the office may pass on to others what it has from the agency."""

    ASK_FIRST = "ask the agency first"
    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"


class AgreementState(StrEnum):
    TO_COME = "to come"
    IN_FORCE = "in force"
    EXPIRED = "expired"


class Agreement(FrozenModel):
    """`purposes` are those for which the agency's arrests may be used, `fields` the parts of an arrest that are shared.
    An empty set means every purpose, or every part. `office_liaison` and `agency_liaison` answer for the agreement on
    each side; `subpoena_notice` means that the agency hears of a subpoena for what came from it."""

    agency: Slug
    reference: Text = Field(description="the document that was signed; one of an office each")
    purposes: frozenset[Purpose] = frozenset()
    fields: frozenset[WithheldField] = frozenset()
    starts: date
    ends: date = Field(description="the last day; one that goes on is recorded anew")
    onward_disclosure: OnwardDisclosure = OnwardDisclosure.ASK_FIRST
    subpoena_notice: bool = True
    office_liaison: Email | None = None
    agency_liaison: Email | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.ends < self.starts:
            raise ValueError("ends lies before starts; write a later last day")
        return self

    @property
    def is_too_long(self) -> bool:
        """Whether it runs longer than `LONGEST_YEARS`. Those that were recorded before the limit was known do."""
        return self.ends >= years_after(self.starts, LONGEST_YEARS)

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
    """All agreements of one office, expired ones included, and what its super-owners switched off. One document with
    one revision (optimistic lock)."""

    office_id: Slug
    agreements: tuple[RecordedAgreement, ...] = Field(default=(), max_length=MOST_AGREEMENTS, alias="made")
    switched_off: tuple[OffPeriod, ...] = Field(default=(), exclude_if=lambda periods: not periods)
    revision: int = 0

    def is_off(self, agency: str, instant: datetime) -> bool:
        """Whether the office had the agency's feed switched off at this instant: nothing new of it is told or shown."""
        return is_off(self.switched_off, SourceKind.AGENCY, agency, instant)

    def was_ever_off(self, agency: str) -> bool:
        return any((period.kind, period.source) == (SourceKind.AGENCY, agency) for period in self.switched_off)

    def is_office_off(self, office_id: str, instant: datetime) -> bool:
        """Whether the office had another one's watches switched off at this instant."""
        return is_off(self.switched_off, SourceKind.OFFICE, office_id, instant)

    def with_switch(
        self, kind: SourceKind, source: str, *, on: bool, by: str, reason: str, now: datetime
    ) -> "OfficeAgreements":
        """The next revision, with this source on or off from now on."""
        periods = switched(self.switched_off, kind, source, on=on, by=by, reason=reason, now=now)
        return self.model_copy(update={"switched_off": periods, "revision": self.revision + 1})

    def with_agency(self, agency: str) -> list[RecordedAgreement]:
        return [agreement for agreement in self.agreements if agreement.agency == agency]

    def in_force_with(self, agency: str, today: date) -> bool:
        return any(agreement.state(today) is AgreementState.IN_FORCE for agreement in self.with_agency(agency))

    def find(self, reference: str) -> RecordedAgreement | None:
        return next((agreement for agreement in self.agreements if agreement.reference == reference), None)

    def with_agreement(self, agreement: RecordedAgreement) -> "OfficeAgreements":
        """The next revision, with this agreement added. It replaces an older one with the same reference. Raises
        Rejected when there would be more than the office's document holds."""
        others = [other for other in self.agreements if other.reference != agreement.reference]
        if len(others) >= MOST_AGREEMENTS:
            raise Rejected(
                "too-many-agreements",
                f"The office has {MOST_AGREEMENTS} agreements, expired ones included.",
                "Record it under the reference of one that it replaces, such as the expired one with the same agency.",
            )
        return self.model_copy(update={"agreements": (*others, agreement), "revision": self.revision + 1})

    def covers(self, office: Office, agency: str, purpose: str, today: date) -> bool:
        """Whether an agreement lets the agency's arrests be notified or shown in the office today, for this purpose.
        Whether the office wants them is `is_off`."""
        return self.withheld_fields(office, agency, [purpose], today) is not None

    def withheld_fields(
        self, office: Office, agency: str, purposes: Iterable[str], today: date
    ) -> WithheldFields | None:
        """Returns the parts of the agency's arrests that no agreement in force shares for any of these purposes.

        None means that nothing at all of the arrests may be notified or shown.
        """
        if not may_meet(agency, office.office_id):
            return None
        recorded = self.with_agency(agency)
        if not recorded:
            return None if office.only_by_agreement else NO_FIELDS
        asked_purposes = list(purposes)
        applicable = [
            agreement
            for agreement in recorded
            if agreement.state(today) is AgreementState.IN_FORCE and any(map(agreement.allows_purpose, asked_purposes))
        ]
        if not applicable:
            return None
        shared = frozenset[WithheldField]().union(*(agreement.fields or ALL_FIELDS for agreement in applicable))
        return ALL_FIELDS - shared
