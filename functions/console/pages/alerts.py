"""Alerts: the list, one alert, and what a reader answers."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from functions.console.api import ApiRefusedError
from functions.console.days import HINT, MEND, read_day
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages import alert_words
from functions.console.plots import Plot, bars
from functions.console.visit import Visit
from shared.alerts.number import parse_number
from shared.alerts.responses.model import ReaderOutcome
from shared.office_api.answers.listed_alerts import AlertCounts, AlertSummary
from shared.office_api.routes.alerts import AlertsPage, AlertView
from shared.offices.preferences import Urgency
from shared.offices.users import Right

pages = Pages()
PAGE = 20
FILTERS = ("mine", "folder", "urgency", "agency", "since", "until")
DAYS = ("since", "until")
OUTCOMES = [(outcome.value, outcome.value.capitalize()) for outcome in ReaderOutcome]
ALERT = "/v1/alerts/{alert_id}"


@pages.get("/console", nav="alerts")
def home(_visit: Visit) -> Redirect:
    return Redirect("/console/alerts")


@pages.get("/console/alerts", nav="alerts")
def list_alerts(visit: Visit) -> HtmlPage:
    """First what waits for an answer, then the rest."""
    chosen = {name: visit.query.get(name, "") for name in FILTERS}
    if errors := [FormError(name, MEND) for name in DAYS if chosen[name] and read_day(chosen[name]) is None]:
        return _list_page(chosen, errors=errors)
    asked = chosen | {name: str(read_day(chosen[name]) or "") for name in DAYS}
    try:
        waiting = visit.api.get("/v1/alerts", AlertsPage, {**asked, "unanswered": True, "counts": True, "limit": PAGE})
        after = visit.query.get("after")
        listed = visit.api.get("/v1/alerts", AlertsPage, {**asked, "after": after, "limit": PAGE})
    except ApiRefusedError as refused:
        return _list_page(chosen, errors=form_errors(refused, {name: name for name in FILTERS}))
    first_page = not after
    return _list_page(chosen, waiting if first_page else None, listed)


def _list_page(
    chosen: dict[str, str],
    waiting: AlertsPage | None = None,
    listed: AlertsPage | None = None,
    errors: list[FormError] | None = None,
) -> HtmlPage:
    first = _once(sorted(waiting.summaries, key=_most_urgent_first)) if waiting else []
    shown = {summary.number for summary in first}
    others = [summary for summary in listed.summaries if summary.number not in shown] if listed else []
    return HtmlPage(
        template="alerts/list.html",
        title="Alerts",
        errors=errors or (),
        values={
            "waiting": first,
            "others": _once(others),
            "counts": waiting.counts if waiting else None,
            "fortnight": _fortnight(waiting.counts) if waiting and waiting.counts and waiting.counts.days else None,
            "next": listed.next if listed else None,
            "chosen": chosen,
            "hint_day": HINT,
            "is_filtered": any(chosen.values()),
            "urgencies": [("", "Any"), *((urgency.value, urgency.value.capitalize()) for urgency in Urgency)],
        },
    )


def _fortnight(counts: AlertCounts) -> Plot:
    values = [(f"{day.day.month}/{day.day.day}", float(day.alerts)) for day in counts.days]
    return bars("Alerts of the last 14 days", values)


def _once(summaries: Iterable[AlertSummary]) -> list[AlertSummary]:
    """One card for each arrest: whoever made the watch may read the alerts of everybody who was told."""
    by_number: dict[str, AlertSummary] = {}
    for summary in summaries:
        by_number.setdefault(summary.number, summary)
    return list(by_number.values())


def _most_urgent_first(summary: AlertSummary) -> tuple[datetime, int]:
    """By deadline, then by urgency; the order of the list decides the rest."""
    never = datetime.now(UTC) + timedelta(days=10_000)
    return summary.escalates_at or never, summary.urgency.rank


@pages.post("/console/alerts/find", nav="alerts")
def find_alert(visit: Visit) -> HtmlPage | Redirect:
    """By the number that somebody says on the telephone."""
    number = parse_number(visit.form.text("number"))
    if number is None:
        mend = "Write the number as the message gives it, such as X7YG4-VF0EC."
        return _list_page(dict.fromkeys(FILTERS, ""), errors=[FormError("number", mend)])
    return Redirect(f"/console/alerts/{number}")


@pages.get("/console/alerts/{alert_id}", nav="alerts")
def show_alert(visit: Visit, alert_id: str) -> HtmlPage:
    return _alert_page(visit, alert_id, "alerts/alert.html")


@pages.get("/console/alerts/{alert_id}/print", nav="alerts")
def print_alert(visit: Visit, alert_id: str) -> HtmlPage:
    """For the file: stamped with who printed it, when and for what; reading it is recorded once more."""
    return _alert_page(visit, alert_id, "alerts/print.html")


def _alert_page(visit: Visit, alert_id: str, template: str) -> HtmlPage:
    view = visit.api.get(ALERT, AlertView, alert_id=alert_id)
    alert, arrest = view.alert, view.arrest
    heading = alert_words.heading(alert, arrest)
    return HtmlPage(
        template=template,
        title=heading,
        values={
            "view": view,
            "alert": alert,
            "arrest": arrest,
            "person": alert_words.person_of(arrest),
            "reasons": alert_words.shown_reasons(alert),
            "charges": alert_words.charge_lines(arrest) if arrest else [],
            "identifiers": alert_words.identifier_lines(arrest) if arrest else [],
            "place": alert_words.place_line(arrest) if arrest else "",
            "booked_by": alert_words.booked_by(arrest) if arrest else "",
            "deliveries": alert_words.delivery_lines(view.deliveries),
            "watchers": sorted({watcher for reason in alert.because for watcher in reason.others}),
            "may_withdraw": _may_withdraw(visit, view),
            "now": datetime.now(UTC),
            "outcomes": OUTCOMES,
        },
    )


def _may_withdraw(visit: Visit, view: AlertView) -> bool:
    """Whether the link is worth showing; the API decides."""
    person = visit.session.person
    owns = any(reason.owner.casefold() == person.email.casefold() for reason in view.alert.because)
    return not view.withdrawn and (owns or Right.SUPER_OWNER in person.rights)


@pages.post("/console/alerts/{alert_id}/acknowledgement", nav="alerts")
def acknowledge(visit: Visit, alert_id: str) -> Redirect:
    """What was withdrawn in the meantime is shown as that."""
    view = visit.api.get(ALERT, AlertView, alert_id=alert_id)
    if view.withdrawn:
        return Redirect(f"/console/alerts/{alert_id}", "withdrawn meanwhile")
    visit.api.send("PUT", f"{ALERT}/acknowledgement", alert_id=alert_id)
    return Redirect(f"/console/alerts/{alert_id}", "acknowledged")


@pages.post("/console/alerts/{alert_id}/verdict", nav="alerts")
def answer(visit: Visit, alert_id: str) -> HtmlPage | Redirect:
    """Right person? Useful? What did you do? Each may be left out, and the last answer to each stands."""
    words = {"yes": True, "no": False}
    verdict = {name: words[text] for name in ("right_person", "useful") if (text := visit.form.text(name)) in words}
    outcome = visit.form.text("outcome")
    if not verdict and outcome not in {known.value for known in ReaderOutcome}:
        page = _alert_page(visit, alert_id, "alerts/alert.html")
        return replace(page, errors=[FormError("right_person", "Choose an answer, then press Send.")])
    if verdict:
        visit.api.send("PUT", f"{ALERT}/verdict", verdict, alert_id=alert_id)
    if outcome:
        visit.api.send("PUT", f"{ALERT}/outcome", {"outcome": outcome}, alert_id=alert_id)
    return Redirect(f"/console/alerts/{alert_id}", "thanks")


@pages.get("/console/alerts/{alert_id}/withdraw", nav="alerts")
def ask_to_withdraw(visit: Visit, alert_id: str) -> HtmlPage:
    view = visit.api.get(ALERT, AlertView, alert_id=alert_id)
    return HtmlPage(template="alerts/withdraw.html", title=f"Withdraw alert {view.number}", values={"view": view})


@pages.post("/console/alerts/{alert_id}/withdraw", nav="alerts")
def withdraw(visit: Visit, alert_id: str) -> Redirect:
    visit.api.send("POST", f"{ALERT}/recall", key=visit.form.key, alert_id=alert_id)
    return Redirect(f"/console/alerts/{alert_id}", "withdrawn")
