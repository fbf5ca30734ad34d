"""The audit week: who did what, denials first; a person's events; events about a person; the sign-off."""

from datetime import UTC, date, datetime, timedelta

from functions.console.api import ApiRefusedError, Query
from functions.console.days import HINT, MEND, read_day
from functions.console.page import Download, FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.visit import Visit
from shared.arrests.person import IdentifierKind
from shared.audit.event import AuditEvent, AuditOutcome
from shared.office_api.application import app
from shared.office_api.routes.reports.audit import AuditEventsPage, SignOffsPage
from shared.office_api.routes.reports.audit_weeks import AuditWeek

pages = Pages()
AUDIT = "/console/audit"
PAGE = 50
SEARCH = ("surname", "given", "born", "kind", "value")
KINDS = [(IdentifierKind.SID.value, "State ID"), (IdentifierKind.FBI.value, "FBI number")]
OUTCOMES = {
    AuditOutcome.ALLOWED: ("Done", ""),
    AuditOutcome.DENIED: ("Denied", "bad"),
    AuditOutcome.REFUSED: ("Not valid", "warn"),
    AuditOutcome.FAILED: ("Failed", "bad"),
    AuditOutcome.BEGUN: ("Being done, or its outcome is missing", "warn"),
    AuditOutcome.UNKNOWN: ("Outcome missing", "bad"),
}


@pages.get(AUDIT, nav="audit")
def show_weeks(visit: Visit) -> HtmlPage:
    """The last weeks, each signed or not."""
    signed = {sign_off.week: sign_off for sign_off in visit.api.get("/v1/audit/reviews", SignOffsPage).items}
    today = datetime.now(UTC).date()
    weeks = [week_of(today - timedelta(weeks=back)) for back in range(12)]
    values = {"weeks": [(week, monday_of(week), signed.get(week)) for week in weeks], **_search_values({})}
    return HtmlPage(template="audit/weeks.html", title="Audit", values=values)


def week_of(day: date) -> str:
    """The ISO 8601 week: it belongs to the year in which its Thursday lies."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def monday_of(week: str) -> date:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _search_values(written: dict[str, str]) -> dict[str, object]:
    return {"written": {name: written.get(name, "") for name in SEARCH}, "kinds": KINDS, "hint_day": HINT}


@pages.get(AUDIT + "/weeks/{week}", nav="audit")
def show_week(visit: Visit, week: str) -> HtmlPage:
    return _week_page(visit, week)


def _week_page(visit: Visit, week: str, *errors: FormError) -> HtmlPage:
    summary = visit.api.get("/v1/audit/weeks/{week}", AuditWeek, week=week)
    return HtmlPage(
        template="audit/week.html",
        title=f"Audit week {week}",
        errors=errors,
        values={
            "week": summary,
            "denials": _shown(summary.denials),
            "before": week_of(summary.first_day - timedelta(days=7)) if summary.first_day.year > 1 else "",
            "following": week_of(summary.last_day + timedelta(days=1)) if summary.over else "",
        },
    )


def _shown(events: list[AuditEvent]) -> list[tuple[AuditEvent, str, tuple[str, str]]]:
    return [(event, doing(event.action), OUTCOMES[event.outcome]) for event in events]


def doing(action: str) -> str:
    """`Read an arrest` for `GET /v1/arrests/{id}`: what the API's document calls the route."""
    method, _, path = action.partition(" ")
    endpoint = app.endpoints.of_gateway(f"{method} {path.partition(' ')[0]}")
    return endpoint.summary if endpoint else action


@pages.get(AUDIT + "/weeks/{week}/people.csv", nav="audit")
def download_week(visit: Visit, week: str) -> Download:
    table = visit.api.csv("/v1/audit/weeks/{week}", week=week)
    return Download(body=table, content_type="text/csv; charset=utf-8", file_name=f"audit-{week}.csv")


@pages.post(AUDIT + "/weeks/{week}/sign", nav="audit")
def sign(visit: Visit, week: str) -> HtmlPage | Redirect:
    body = {"note": visit.form.text("note")}
    try:
        visit.api.send("POST", "/v1/audit/reviews/{week}", body, key=visit.form.key, week=week)
    except ApiRefusedError as refused:
        if refused.status == 409:
            return Redirect(f"{AUDIT}/weeks/{week}", "week signed before")
        return _week_page(visit, week, *form_errors(refused, {"note": "note", "week": "note"}))
    return Redirect(f"{AUDIT}/weeks/{week}", "week signed")


@pages.get(AUDIT + "/people/{email}", nav="audit")
def show_person(visit: Visit, email: str) -> HtmlPage:
    query: Query = {"user": email, "limit": PAGE, "after": visit.query.get("after")}
    listed = visit.api.get("/v1/audit", AuditEventsPage, query)
    values = {"events": _shown(listed.items), "next": listed.next}
    return HtmlPage(template="audit/events.html", title=f"What {email} did", values=values)


@pages.post(AUDIT + "/search", nav="audit")
def search(visit: Visit) -> HtmlPage:
    """Who saw this person. The name stands in no address and in no record."""
    written = {name: visit.form.text(name) for name in SEARCH}
    if errors := _search_errors(written):
        return _search_page(written, [], None, *errors)
    try:
        answer = visit.api.send("POST", "/v1/audit/search", _question(written) | {"after": visit.form.text("after")})
    except ApiRefusedError as refused:
        ids = {"person": "surname", "identifier": "value", "body": "surname"}
        return _search_page(written, [], None, *form_errors(refused, ids))
    listed = AuditEventsPage.model_validate(answer)
    return _search_page(written, listed.items, listed.next)


def _search_page(
    written: dict[str, str], events: list[AuditEvent], following: str | None, *errors: FormError
) -> HtmlPage:
    values = {"events": _shown(events), "next": following, "searched": not errors, **_search_values(written)}
    return HtmlPage(template="audit/search.html", title="Who saw this person", values=values, errors=errors)


def _search_errors(written: dict[str, str]) -> list[FormError]:
    if written["born"] and read_day(written["born"]) is None:
        return [FormError("born", MEND)]
    if bool(written["surname"]) == bool(written["value"]):
        return [FormError("surname", "Write either a surname or a number.")]
    return []


def _question(written: dict[str, str]) -> dict[str, object]:
    if written["value"]:
        return {"identifier": {"kind": written["kind"], "value": written["value"]}}
    born = read_day(written["born"])
    return {
        "person": {
            "surname": written["surname"],
            "given": written["given"],
            **({"date_of_birth": born.isoformat()} if born else {}),
        }
    }
