"""The list of alerts, which is everybody's first page: what waits for an answer, then the rest."""

from collections.abc import Iterable, Sequence
from typing import Any

from functions.console.api import ApiRefusedError
from functions.console.days import MEND, RECENT_HINT, read_day
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.alerts.alert_words import EVENTS
from functions.console.plots import Plot, bars
from functions.console.visit import Visit
from shared.alerts.number import parse_number
from shared.office_api.answers.listed_alerts import AlertCounts, AlertSummary
from shared.office_api.routes.alerts.alert_list import AlertsPage
from shared.office_api.routes.office.me import Me, PossibleMatches
from shared.offices.preferences import Urgency
from shared.words.agencies import agency_title

pages = Pages()
PAGE = 20
FILTERS = ("mine", "unanswered", "folder", "urgency", "agency", "since", "until")
DAYS = ("since", "until")
URGENCIES = [("", "Any"), *((urgency.value, urgency.value.capitalize()) for urgency in Urgency)]


@pages.get("/console", nav="alerts")
def home(_visit: Visit) -> Redirect:
    return Redirect("/console/alerts")


@pages.get("/console/alerts", nav="alerts")
def list_alerts(visit: Visit) -> HtmlPage:
    """First what waits for an answer, then the rest."""
    chosen = {name: visit.query.get(name, "") for name in FILTERS}
    if errors := [FormError(name, MEND) for name in DAYS if chosen[name] and read_day(chosen[name]) is None]:
        return _page(chosen, errors=errors)
    asked = chosen | {name: str(read_day(chosen[name]) or "") for name in DAYS}
    try:
        return _page(chosen, **_read(visit, asked))
    except ApiRefusedError as refused:
        return _page(chosen, errors=form_errors(refused, {name: name for name in FILTERS}))


def _read(visit: Visit, asked: dict[str, str]) -> dict[str, Any]:
    """What waits and the counts stand on the first page alone. Whoever asks for what waits gets a list of just that."""
    after = visit.query.get("after")
    listed = visit.api.get("/v1/alerts", AlertsPage, {**asked, "after": after, "limit": PAGE, "counts": not after})
    if asked["unanswered"] == "true":
        most_urgent_first = listed.waiting if listed.next is None else None
        return {
            "waiting": most_urgent_first or listed.summaries,
            "counts": listed.counts,
            "following": listed.next,
        }
    if after:
        return {"others": listed.summaries, "following": listed.next}
    me = visit.api.get("/v1/me", Me)
    return {
        "waiting": listed.waiting or [],
        "others": listed.summaries,
        "counts": listed.counts,
        "following": listed.next,
        "possible": me.possible_matches,
    }


def _page(  # noqa: PLR0913 - the parts of the page
    chosen: dict[str, str],
    *,
    waiting: Sequence[AlertSummary] | None = None,
    others: Sequence[AlertSummary] | None = None,
    counts: AlertCounts | None = None,
    following: str | None = None,
    possible: PossibleMatches | None = None,
    errors: Sequence[FormError] = (),
) -> HtmlPage:
    shown = {summary.number for summary in waiting or ()}
    return HtmlPage(
        template="alerts/list.html",
        title="Alerts",
        errors=errors,
        values={
            "waiting": _once(waiting or ()),
            "more_waiting": waiting is not None and others is not None and len(waiting) == PAGE,
            "others": _once(other for other in others or () if other.number not in shown),
            "counts": counts,
            "possible": possible,
            "fortnight": _fortnight(counts) if counts and counts.days else None,
            "next": following,
            "chosen": chosen,
            "events": EVENTS,
            "hint_day": RECENT_HINT,
            "is_filtered": any(chosen.values()),
            "is_first": waiting is not None,
            "urgencies": URGENCIES,
            "agencies": _agencies(counts, chosen["agency"]),
            "folders": _folders(counts, chosen["folder"]),
        },
    )


def _agencies(counts: AlertCounts | None, chosen: str) -> list[tuple[str, str]]:
    known = {*(counts.agencies if counts else ()), chosen} - {""}
    return [("", "All agencies"), *sorted((agency, agency_title(agency)) for agency in known)]


def _folders(counts: AlertCounts | None, chosen: str) -> list[tuple[str, str]]:
    """With the folders above: choosing one takes in those below it."""
    paths = {*(counts.folders if counts else ()), chosen} - {""}
    parts = [path.split(" > ") for path in paths]
    above = {" > ".join(names[:depth]) for names in parts for depth in range(1, len(names) + 1)}
    return [("", "All folders"), *((path, path) for path in sorted(above))]


def _once(summaries: Iterable[AlertSummary]) -> list[AlertSummary]:
    """One card for each arrest: whoever made the watch may read the alerts of everybody who was told."""
    by_number: dict[str, AlertSummary] = {}
    for summary in summaries:
        by_number.setdefault(summary.number, summary)
    return list(by_number.values())


def _fortnight(counts: AlertCounts) -> Plot:
    values = [(f"{day.day.month}/{day.day.day}", float(day.alerts)) for day in counts.days]
    return bars(f"Alerts of the last {len(values)} days", values)


@pages.post("/console/alerts/find", nav="alerts")
def find_alert(visit: Visit) -> HtmlPage | Redirect:
    """By the number that somebody says on the telephone."""
    number = parse_number(visit.form.text("number"))
    if number is None:
        mend = "Write the number as the message gives it, such as X7YG4."
        return _page(dict.fromkeys(FILTERS, ""), errors=[FormError("number", mend)])
    return Redirect(f"/console/alerts/{number}")
