"""Releases that were announced to the office of the county of prosecution (New York Correction Law 149)."""

from datetime import date

from aws_lambda_powertools.event_handler import Response
from pydantic import AwareDatetime, BaseModel

from shared.access import Action
from shared.alerts.releases_table import AnnouncedRelease
from shared.alerts.view import ShownArrest
from shared.office_api import dependencies
from shared.office_api.answers.report_answer import report_answer
from shared.office_api.endpoints import Routes
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.middleware.authorization import current_request
from shared.value import FrozenModel

routes = Routes("reports")
router = routes.router


class ReleaseRow(FrozenModel):
    """What the section has a notice say. Photographs and fingerprints are for a chief of police, and never kept here.
    The supervising office is not statutory."""

    arrest_id: str
    release_on: date
    reported_at: AwareDatetime
    late: bool
    agency: str
    number: str
    name: str
    aliases: str
    proposed_address: str
    remaining_term: str
    crime: str
    county: str
    supervising_office: str


class ReleasesReport(BaseModel):
    """`late` counts the rows whose notice came less than 48 hours before the release, by agency."""

    late: dict[str, int]
    rows: list[ReleaseRow]


@routes.get(
    "/v1/reports/releases",
    action=Action.READ_RELEASES,
    summary="Report releases to the county of prosecution",
    also_csv=True,
)
def report_releases() -> Response[ReleasesReport | str]:
    """Releases of persons whom your office's county prosecuted, the next first, with the fields of Correction Law 149.
    Nobody needs to watch the person. What your agreement withholds is blank, and what was sealed since is not listed.
    `Accept: text/csv` gets a table."""
    request = current_request(router)
    announced = list(dependencies.alerts.releases.of_office(request.by.office.office_id))
    agreed = agreement_filter(request.by, already_told=True)
    versions = dependencies.arrests.versions(release.arrest_id for release in announced)
    shown = {version.arrest.arrest_id: arrest for version in versions if (arrest := agreed.show_arrest(version.arrest))}
    rows = [
        _row(release, arrest)
        for release in announced
        if (arrest := shown.get(release.arrest_id)) and not arrest.juvenile
    ]
    late: dict[str, int] = {}
    for row in rows:
        late[row.agency] = late.get(row.agency, 0) + row.late
    report = ReleasesReport(late=late, rows=sorted(rows, key=lambda row: (row.release_on, row.arrest_id)))
    return report_answer(router, report)


def _row(release: AnnouncedRelease, arrest: ShownArrest) -> ReleaseRow:
    first, *others = [str(name) for name in arrest.person.names] or [""]
    planned = arrest.release
    crimes = (", ".join(filter(None, (charge.text, charge.statute))) for charge in arrest.charges)
    return ReleaseRow(
        arrest_id=arrest.arrest_id,
        release_on=release.release_on,
        reported_at=release.reported_at,
        late=release.late,
        agency=arrest.agency,
        number=arrest.number,
        name=first,
        aliases="; ".join(others),
        proposed_address=planned.proposed_address if planned else "",
        remaining_term=planned.remaining_term if planned else "",
        crime="; ".join(crimes),
        county=planned.county if planned else "",
        supervising_office=planned.supervising_office if planned else "",
    )
