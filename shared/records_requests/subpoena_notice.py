"""What the agency that records came from is told of a subpoena, as its agreement asks. It names nobody. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Section
from shared.alerts.model import derived_id
from shared.offices.agreements import AgreementState, OfficeAgreements
from shared.offices.model import Office
from shared.records_requests.model import OwnerNotice, RecordsRequest
from shared.words import words
from shared.words.moments import day_text


def owners_to_notify(
    agencies: Iterable[str], agreements: OfficeAgreements, today: date, now: datetime
) -> Iterator[OwnerNotice]:
    """One for each agency of which an agreement in force asks for it. It has a liaison's address where one names it."""
    for agency in sorted(agencies):
        asking = [
            agreement
            for agreement in agreements.with_agency(agency)
            if agreement.state(today) is AgreementState.IN_FORCE and agreement.subpoena_notice
        ]
        if asking:
            liaison = next((agreement.agency_liaison for agreement in asking if agreement.agency_liaison), None)
            yield OwnerNotice(agency=agency, liaison=liaison or "", notified_at=now)


def notices_to_owners(request: RecordsRequest, office: Office, now: datetime) -> Iterator[Notice]:
    """To each liaison whose address is known. The same subpoena tells each of them once."""
    returned_on = request.facts.return_on
    for notice in request.owner_notices:
        if not notice.liaison:
            continue
        contact = office.contact or words("subpoena.no contact")
        happened = words("subpoena.happened", office=office.name)
        by_when = words("subpoena.by when", day=day_text(returned_on)) if returned_on else ""
        yield Notice(
            notice_id=derived_id("subpoena", request.office_id, request.request_id, notice.agency),
            office_id=request.office_id,
            email=notice.liaison,
            title=words("subpoena.title", office=office.name),
            lines=(),
            sections=(
                Section(heading=words("notice.happened"), lines=(happened,)),
                Section(heading=words("notice.to do"), lines=(words("subpoena.to do", contact=contact),)),
                Section(heading=words("notice.by when"), lines=(by_when,)),
            ),
            path="",
            agency=notice.agency,
            created_at=now,
        )
