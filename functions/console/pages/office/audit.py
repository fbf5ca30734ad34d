"""The audit week: who did what, denials first; a person's events; events about a person; the sign-off."""

from datetime import UTC, date, datetime, timedelta

from functions.console.api import ApiRefusedError, Query
from functions.console.days import HINT, MEND, RECENT_HINT, read_day, written_day
from functions.console.page import Download, FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.visit import Visit
from shared.arrests.person import IdentifierKind
from shared.audit.event import AuditEvent, AuditOutcome
from shared.audit.week import week_name
from shared.office_api.application import app
from shared.office_api.routes.reports.audit import AuditEventsPage
from shared.office_api.routes.reports.audit_weeks import AuditWeek, AuditWeeksView, UsesReport
from shared.offices.purposes import PURPOSE_TITLES

pages = Pages()
AUDIT = "/console/audit"
PAGE = 50
SEARCH = ("surname", "given", "born", "kind", "value", "address", "city", "state", "since", "until")
DAYS = ("since", "until")
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
    """The last weeks, each signed or not; what waits for a signature comes first."""
    listed = visit.api.get("/v1/audit/weeks", AuditWeeksView)
    today = datetime.now(UTC).date()
    values = {
        "weeks": [(item.week, item.first_day, item.signed) for item in listed.items],
        "unsigned": [(week, monday_of(week)) for week in listed.unsigned],
        "month": (written_day(today - timedelta(days=30)), written_day(today)),
        **_search_values({}),
    }
    return HtmlPage(template="audit/weeks.html", title="Audit", values=values)


def monday_of(week: str) -> date:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _search_values(written: dict[str, str]) -> dict[str, object]:
    return {
        "written": {name: written.get(name, "") for name in SEARCH},
        "kinds": KINDS,
        "hint_day": HINT,
        "hint_since": RECENT_HINT,
    }


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
            "before": week_name(summary.first_day - timedelta(days=7)) if summary.first_day.year > 1 else "",
            "following": week_name(summary.last_day + timedelta(days=1)) if summary.over else "",
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
    body = {"note": visit.form.text("note"), "seen": visit.form.text("seen")}
    try:
        visit.api.send("POST", "/v1/audit/reviews/{week}", body, key=visit.form.key, week=week)
    except ApiRefusedError as refused:
        if refused.status == 409:
            signed = visit.api.get("/v1/audit/weeks/{week}", AuditWeek, week=week).signed
            if signed is None:
                return _week_page(visit, week, FormError("", refused.detail))
            return Redirect(f"{AUDIT}/weeks/{week}", "week signed before")
        return _week_page(visit, week, *form_errors(refused, {"note": "note", "week": "note", "seen": "note"}))
    return Redirect(f"{AUDIT}/weeks/{week}", "week signed")


@pages.get(AUDIT + "/uses", nav="audit")
def show_uses(visit: Visit) -> HtmlPage:
    """Who used the system for which purpose: the last thirty days, or those that were asked for."""
    written = {name: visit.query.get(name, "") for name in ("since", "until")}
    since, until, errors = _period(written)
    values: dict[str, object] = {"written": written | {"since": written_day(since), "until": written_day(until)}}
    values |= {"hint_day": RECENT_HINT, "rows": [], "complete": True, "query": _query_of(since, until)}
    if not errors:
        try:
            report = visit.api.get("/v1/reports/uses", UsesReport, _query_of(since, until))
            values |= {"rows": report.rows, "complete": report.complete}
        except ApiRefusedError as refused:
            errors = form_errors(refused, {"until": "until", "since": "since"})
    values["titles"] = {purpose.value: title for purpose, title in PURPOSE_TITLES.items()}
    return HtmlPage(template="audit/uses.html", title="Reasons of use", values=values, errors=errors)


def _period(written: dict[str, str]) -> tuple[date, date, list[FormError]]:
    today = datetime.now(UTC).date()
    until = read_day(written["until"]) or today
    since = read_day(written["since"]) or until - timedelta(days=30)
    return since, until, [FormError(name, MEND) for name, text in written.items() if text and read_day(text) is None]


def _query_of(since: date, until: date) -> dict[str, str | int | bool | None]:
    return {"since": since.isoformat(), "until": until.isoformat()}


@pages.get(AUDIT + "/uses.csv", nav="audit")
def download_uses(visit: Visit) -> Download:
    query: Query = {name: visit.query.get(name) for name in ("since", "until")}
    table = visit.api.csv("/v1/reports/uses", query)
    return Download(body=table, content_type="text/csv; charset=utf-8", file_name="reasons-of-use.csv")


@pages.get(AUDIT + "/people/{email}", nav="audit")
def show_person(visit: Visit, email: str) -> HtmlPage:
    query: Query = {"user": email, "limit": PAGE, "after": visit.query.get("after")}
    listed = visit.api.get("/v1/audit", AuditEventsPage, query)
    values = {"events": _shown(listed.items), "next": listed.next}
    return HtmlPage(template="audit/events.html", title=f"What {email} did", values=values)


@pages.post(AUDIT + "/search", nav="audit")
def search(visit: Visit) -> HtmlPage:
    """Who saw this person, or looked at this place. Neither stands in an address or in a record."""
    written = {name: visit.form.text(name) for name in SEARCH}
    if errors := _search_errors(written):
        return _search_page(written, [], None, *errors)
    try:
        days = {name: str(day) for name in DAYS if (day := read_day(written[name]))}
        body = _question(written) | days | {"after": visit.form.text("after")}
        answer = visit.api.send("POST", "/v1/audit/search", body)
    except ApiRefusedError as refused:
        ids = {"person": "surname", "identifier": "value", "body": "surname", "place.city": "city", "place": "address"}
        ids |= {name: name for name in DAYS}
        return _search_page(written, [], None, *form_errors(refused, ids))
    listed = AuditEventsPage.model_validate(answer)
    return _search_page(written, listed.items, listed.next)


def _search_page(
    written: dict[str, str], events: list[AuditEvent], following: str | None, *errors: FormError
) -> HtmlPage:
    values = {"events": _shown(events), "next": following, "searched": not errors, **_search_values(written)}
    return HtmlPage(template="audit/search.html", title="Who saw or looked", values=values, errors=errors)


def _search_errors(written: dict[str, str]) -> list[FormError]:
    wrong = [name for name in ("born", *DAYS) if written[name] and read_day(written[name]) is None]
    if wrong:
        return [FormError(name, MEND) for name in wrong]
    if sum(bool(written[name]) for name in ("surname", "value", "address")) != 1:
        return [FormError("surname", "Write a surname, a number or an address: one of them.")]
    if written["address"] and not written["city"]:
        return [FormError("city", "Write the city of the address.")]
    return []


def _question(written: dict[str, str]) -> dict[str, object]:
    if written["value"]:
        return {"identifier": {"kind": written["kind"], "value": written["value"]}}
    if written["address"]:
        return {"place": {name: written[name] for name in ("address", "city", "state")}}
    born = read_day(written["born"])
    return {
        "person": {
            "surname": written["surname"],
            "given": written["given"],
            **({"date_of_birth": born.isoformat()} if born else {}),
        }
    }
