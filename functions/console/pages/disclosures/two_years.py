"""The report of two years that a city agency makes by 31 July: what was disclosed, who asked, by which policies."""

from datetime import UTC, datetime

from functions.console.page import Download, HtmlPage, Pages
from functions.console.visit import Visit
from shared.office_api.routes.disclosures.biennial import BiennialReport

pages = Pages()
PAGE = "/console/disclosures/two-years"
REPORT = "/v1/reports/disclosures-of-two-years"


@pages.get(PAGE, nav="reports")
def show_two_years(visit: Visit) -> HtmlPage:
    report = visit.api.get(REPORT, BiennialReport, {"year": _year(visit)})
    title = f"Report of two years, {report.due_on.year}"
    return HtmlPage(template="disclosures/two_years.html", title=title, values={"report": report})


@pages.get(PAGE + ".csv", nav="reports")
def download_two_years(visit: Visit) -> Download:
    table = visit.api.csv(REPORT, {"year": _year(visit)})
    name = f"disclosures-of-two-years-{_year(visit)}.csv"
    return Download(body=table, content_type="text/csv; charset=utf-8", file_name=name)


def _year(visit: Visit) -> int:
    """The one that is asked for; else the next even one, also instead of what is no year of this millennium."""
    year, now = visit.query.get("year", ""), datetime.now(UTC).year
    return int(year) if year.isascii() and year.isdigit() and 2000 <= int(year[:5]) <= 2999 else now + now % 2
