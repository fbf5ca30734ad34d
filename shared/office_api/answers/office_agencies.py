"""The agencies of an office: those whose feeds it keeps, whose arrests it may seal, with which it has agreements, and
those that are open to it because nothing was ever agreed with them."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

from shared.office_api import dependencies
from shared.office_api.gate.authentication import SignedIn
from shared.offices.agreements import AgreementState, OfficeAgreements
from shared.offices.model import Office
from shared.offices.switches import SourceKind
from shared.words.agencies import agency_title


class AgencyRelation(BaseModel):
    """`agreement` is the state of the agreement that counts today: one in force before one to come, and that before an
    expired one. Null if there never was one."""

    agency: str
    title: str
    kept: bool = Field(description="Whether your office runs the agency's feed.")
    may_seal: bool
    agreement: AgreementState | None
    open: bool = Field(description="Whether the agency's arrests may reach your office today, for some purpose.")
    switched_off: bool = Field(description="Whether your office has switched the agency's feed off for itself.")


_PREFERENCE = (AgreementState.IN_FORCE, AgreementState.TO_COME, AgreementState.EXPIRED)


def agencies_of(by: SignedIn, today: date) -> list[AgencyRelation]:
    """In the order of their titles."""
    agreements, now = dependencies.subscriptions.agreements.of(by.office.office_id), datetime.now(UTC)
    sending = () if by.office.only_by_agreement else dependencies.drops.sending_agencies()
    agreed = (agreement.agency for agreement in agreements.agreements)
    relations = [
        _relation(agency, by.office, agreements, today, agreements.is_off(agency, now))
        for agency in {*by.office.agencies, *by.office.may_seal, *agreed, *sending, *_switched_off(agreements)}
    ]
    return sorted(relations, key=lambda relation: (relation.title.casefold(), relation.agency))


def _switched_off(agreements: OfficeAgreements) -> set[str]:
    periods = (period for period in agreements.switched_off if period.on_at is None)
    return {period.source for period in periods if period.kind is SourceKind.AGENCY}


def _relation(agency: str, office: Office, agreements: OfficeAgreements, today: date, is_off: bool) -> AgencyRelation:
    states = {agreement.state(today) for agreement in agreements.with_agency(agency)}
    state = next((state for state in _PREFERENCE if state in states), None)
    never_agreed = not states and not office.only_by_agreement
    return AgencyRelation(
        agency=agency,
        title=agency_title(agency),
        kept=agency in office.agencies,
        may_seal=agency in office.agencies or agency in office.may_seal,
        agreement=state,
        open=(state is AgreementState.IN_FORCE or never_agreed) and not is_off,
        switched_off=is_off,
    )
