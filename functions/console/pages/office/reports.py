"""Reports: each a table, a download and, where it helps, a plot."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from functions.console.api import ApiRefusedError
from functions.console.page import Download, FormError, HtmlPage, Pages
from functions.console.plots import Plot, bars
from functions.console.render import stamp_of
from functions.console.visit import Visit
from shared.feeds.spreadsheet_cells import guarded
from shared.offices.users import Right

pages = Pages()
REPORTS = "/console/reports"
RANGES = (7, 30, 90)
SECONDS_PROMISED = 60
_SHARES = {"noise"}
Rows = Sequence[Mapping[str, Any]]


class Report(NamedTuple):
    """`rows` is the field of the API's answer that holds the table. `columns` maps its fields to headings."""

    title: str
    hint: str
    path: str
    columns: Mapping[str, str]
    rows: str = "rows"
    has_days: bool = True
    nothing: str = "None"  # the name of the row of what belongs nowhere
    empty: str = "Nothing to report"
    plot: Callable[[Rows], Plot] | None = None


def _delivery_plot(rows: Rows) -> Plot:
    values = [(_short_day(row["day"]), float(row["p95"])) for row in rows]
    return bars("Seconds until 95 of 100 were sent", values, " s", SECONDS_PROMISED)


def _short_day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.month}/{day.day}"


def _short(label: str) -> str:
    """Fits under a bar: the last name of a folder's path, at most 12 letters."""
    name = label.rpartition(" > ")[2]
    return name if len(name) <= 12 else f"{name[:11]}…"


def _bars_of(title: str, label: str, value: str) -> Callable[[Rows], Plot]:
    def plot(rows: Rows) -> Plot:
        return bars(title, [(_short(str(row[label] or "None")), float(row[value] or 0)) for row in rows[:20]])

    return plot


KINDS: Mapping[str, Report] = {
    "delivery-times": Report(
        "How fast alerts were sent", "From the agency's file to your e-mail, by day", "/v1/reports/delivery-times",
        {"day": "Day", "deliveries": "Messages", "p50": "Half within (s)", "p95": "95 of 100 within (s)",
         "p99": "99 of 100 within (s)", "opened": "Half read after (s)"},
        rows="days", plot=_delivery_plot, empty="No message was sent",
    ),
    "folders": Report(
        "Alerts by folder", "How many, answered or not, and what came of them", "/v1/reports/folders",
        {"folder": "Folder", "alerts": "Alerts", "watches": "Watches", "acknowledged": "Answered",
         "right_person": "Right person", "wrong_person": "Wrong person", "useful": "Useful",
         "not_useful": "Not useful", "bail_asked": "Bail asked", "case_joined": "Case joined",
         "case_opened": "Case opened", "nothing_done": "Nothing done"},
        nothing="No folder", plot=_bars_of("Alerts by folder", "folder", "alerts"),
    ),
    "noise": Report(
        "Folders with wrong or useless alerts", "Alerts of the wrong person, or of no use", "/v1/reports/noise",
        {"folder": "Folder", "alerts": "Alerts", "verdicts": "Answers", "noise": "Share of no use",
         "proposal": "What to do"},
        rows="folders", nothing="No folder",
    ),
    "acknowledgements": Report(
        "How soon alerts were answered", "By urgency", "/v1/reports/acknowledgements",
        {"urgency": "Urgency", "alerts": "Alerts", "acknowledged": "Answered", "p50": "Half within (s)",
         "p95": "95 of 100 within (s)"},
    ),
    "areas": Report(
        "Alerts by place", "By agency and precinct", "/v1/reports/areas",
        {"agency": "Agency", "precinct": "Precinct", "alerts": "Alerts", "urgent": "Urgent"},
        plot=_bars_of("Alerts by precinct", "precinct", "alerts"),
    ),
    "fairness": Report(
        "Whom alerts are about", "By precinct and age at the arrest, with wrong and useless ones",
        "/v1/reports/fairness",
        {"agency": "Agency", "precinct": "Precinct", "age_group": "Age", "arrests": "Arrests", "alerts": "Alerts",
         "right_person": "Right person", "wrong_person": "Wrong person", "not_useful": "Not useful"},
    ),
    "users": Report(
        "Alerts by colleague", "Watches, alerts and answers of each", "/v1/reports/users",
        {"email": "Person", "watches": "Watches", "alerts": "Alerts", "acknowledged": "Answered",
         "verdicts": "Opinions given"},
    ),
    "ending": Report(
        "Watches that end", "Soon, overdue, or ended", "/v1/reports/lapsing",
        {"case_number": "Case", "owner": "Owner", "standing": "State", "last_day": "Last day"}, has_days=False,
    ),
    "possible-matches": Report(
        "Possible matches that wait", "The oldest first", "/v1/reports/possible-matches",
        {"case_number": "Case", "owner": "Owner", "waiting_since": "Waits since", "days": "Days"}, has_days=False,
    ),
    "without-reader": Report(
        "Watches that reach nobody", "Nobody gets their alerts, and why", "/v1/reports/without-reader",
        {"owner": "Owner", "why": "Why", "matched_at": "Last matched"}, has_days=False,
    ),
}  # fmt: skip


@pages.get(REPORTS, nav="reports")
def list_reports(visit: Visit) -> HtmlPage:
    rights = visit.session.person.rights
    values = {
        "reports": KINDS,
        "may_open_juveniles": Right.JUVENILE in rights,
        "may_review_beliefs": not rights.isdisjoint({Right.AUDIT, Right.PRIVACY}),
    }
    return HtmlPage(template="reports/list.html", title="Reports", values=values)


@pages.get(REPORTS + "/{kind}", nav="reports")
def show_report(visit: Visit, kind: str) -> HtmlPage:
    report, days = _report(kind), _days(visit)
    if days is None:
        values = _values(report, kind, RANGES[1], {"complete": True, report.rows: []})
        error = FormError("days", f"Choose {', '.join(map(str, RANGES[:-1]))} or {RANGES[-1]} days.")
        return HtmlPage(template="reports/report.html", title=report.title, values=values, errors=[error])
    values = _values(report, kind, days, _answer(visit, report, days))
    return HtmlPage(template="reports/report.html", title=report.title, values=values)


def _values(report: Report, kind: str, days: int, answer: Mapping[str, Any]) -> dict[str, Any]:
    rows: Rows = answer[report.rows]
    columns = report.columns
    return {
        "report": report,
        "kind": kind,
        "days": str(days),
        "ranges": [(str(number), f"{number} days") for number in RANGES],
        "complete": answer["complete"],
        "headings": list(columns.values()),
        "rows": [[_cell(row.get(name), name) for name in columns] for row in rows],
        "plot": report.plot(rows) if report.plot and rows else None,
    }


@pages.get(REPORTS + "/{kind}/table.csv", nav="reports")
def download_report(visit: Visit, kind: str) -> Download:
    report = _report(kind)
    answer = _answer(visit, report, _days(visit) or RANGES[1])
    values = _values(report, kind, RANGES[1], answer)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(values["headings"])
    writer.writerows([guarded(str(cell)) for cell in row] for row in values["rows"])
    writer.writerow([stamp_of(visit.session), *[""] * (len(values["headings"]) - 1)])
    return Download(body=text.getvalue(), content_type="text/csv; charset=utf-8", file_name=f"{kind}.csv")


def _report(kind: str) -> Report:
    if kind not in KINDS:
        raise ApiRefusedError(404, "There is no such report.")
    return KINDS[kind]


def _days(visit: Visit) -> int | None:
    """30 unless the reader chose; None for what is no choice."""
    text = visit.query.get("days") or str(RANGES[1])
    return int(text) if text in {str(number) for number in RANGES} else None


def _answer(visit: Visit, report: Report, days: int) -> dict[str, Any]:
    return visit.api.get(report.path, dict[str, Any], {"days": days} if report.has_days else None)


def _cell(value: Any, name: str = "") -> str:
    """As a reader expects it: days in words' order, no long fractions, counts by their kind in words."""
    if isinstance(value, Mapping):
        return ", ".join(f"{kind}: {number}" for kind, number in value.items()) or "No answers yet"
    if isinstance(value, float):
        return f"{value:.0%}" if name in _SHARES else f"{value:.1f}"
    text = "" if value is None else str(value)
    return _day_of(text) or text


def _day_of(text: str) -> str:
    """The day of an ISO 8601 text; "" if it is none."""
    if len(text) < 10 or not text[:4].isdigit() or text[4] != "-":
        return ""
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        return ""
    return f"{day.month}/{day.day}/{day.year}"
