"""Who is in custody and is wanted, or has an open case."""

from functions.console.page import HtmlPage, Pages
from functions.console.visit import Visit
from shared.office_api.routes.reports.roster import WantedReport
from shared.words.agencies import agency_title

pages = Pages()


@pages.get("/console/wanted-in-custody", nav="reports")
def list_wanted(visit: Visit) -> HtmlPage:
    report = visit.api.get("/v1/reports/wanted-in-custody", WantedReport)
    values = {
        "rows": [(row, agency_title(row.agency)) for row in report.rows],
        "agencies": [agency_title(agency) for agency in report.agencies],
        "complete": report.complete,
    }
    return HtmlPage(template="reports/wanted.html", title="In custody and wanted", values=values)
