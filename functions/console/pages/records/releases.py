"""Releases that the county of prosecution is told of (Correction Law 149)."""

from functions.console.page import HtmlPage, Pages
from functions.console.visit import Visit
from shared.office_api.routes.reports.releases import ReleasesReport
from shared.words.agencies import agency_title

pages = Pages()


@pages.get("/console/releases", nav="reports")
def list_releases(visit: Visit) -> HtmlPage:
    report = visit.api.get("/v1/reports/releases", ReleasesReport)
    late = [(agency_title(agency), count) for agency, count in sorted(report.late.items()) if count]
    rows = [(row, agency_title(row.agency)) for row in report.rows]
    return HtmlPage(template="reports/releases.html", title="Releases", values={"rows": rows, "late": late})
