"""One alert: what was reported, why the reader is told, and what the reader answers."""

from dataclasses import replace
from datetime import UTC, datetime

from functions.console.page import FormError, HtmlPage, Pages, Redirect
from functions.console.pages.alerts import alert_words
from functions.console.visit import Visit
from shared.alerts.responses.model import ReaderOutcome
from shared.alerts.view import ShownArrest
from shared.office_api.routes.alerts.alerts import AlertView
from shared.offices.users import Right
from shared.words.agencies import agency_title

pages = Pages()
OUTCOMES = [
    (ReaderOutcome.BAIL_ASKED.value, "Asked for bail"),
    (ReaderOutcome.CASE_JOINED.value, "Joined it to a case"),
    (ReaderOutcome.CASE_OPENED.value, "Opened a case"),
    (ReaderOutcome.NOTHING.value, "Nothing"),
    (ReaderOutcome.OTHER.value, "Something else"),
]
ALERT = "/v1/alerts/{alert_id}"


@pages.get("/console/alerts/{alert_id}", nav="alerts")
def show_alert(visit: Visit, alert_id: str) -> HtmlPage:
    return _alert_page(visit, visit.api.get(ALERT, AlertView, alert_id=alert_id), "alerts/alert.html")


@pages.get("/console/alerts/{alert_id}/print", nav="alerts")
def print_alert(visit: Visit, alert_id: str) -> HtmlPage:
    """For the file: stamped with who printed it, when and for what. The audit has it as an action of its own."""
    view = visit.api.get(f"{ALERT}/print", AlertView, alert_id=alert_id)
    return _alert_page(visit, view, "alerts/print.html")


def _alert_page(visit: Visit, view: AlertView, template: str) -> HtmlPage:
    alert, arrest, people = view.alert, view.arrest, alert_words.People(view.names, visit.session.person.email)
    return HtmlPage(
        template=template,
        title=alert_words.heading(alert, arrest),
        values={
            "view": view,
            "alert": alert,
            "arrest": arrest,
            **facts_of(arrest, visit),
            "called": people.called,
            "reasons": alert_words.shown_reasons(alert),
            "news": alert_words.news(alert, visit.zone),
            "stand_in": alert_words.stand_in_sentence(alert, people),
            "told_else": alert_words.told_else_sentence(view.stand_ins, people) if view.escalates_at else "",
            "deliveries": alert_words.delivery_lines(view.deliveries, alert),
            "holder": alert_words.holder_sentence(view.answers, people),
            "notes": list(dict.fromkeys(reason.note for reason in alert.because if reason.note)),
            "sources": [(agency_title(source.agency), source.alert_id) for source in alert.also_from],
            "watchers": sorted({watcher for reason in alert.because for watcher in reason.others}),
            "may_withdraw": _may_withdraw(visit, view),
            "now": datetime.now(UTC),
            "outcomes": OUTCOMES,
        },
    )


def facts_of(arrest: ShownArrest | None, visit: Visit) -> dict[str, object]:
    """What `alerts/facts.html` shows of a record."""
    return {
        "event_facts": alert_words.event_facts(arrest, visit.zone) if arrest else [],
        "person_facts": alert_words.person_facts(arrest) if arrest else [],
        "doubts": alert_words.doubts(arrest) if arrest else [],
    }


def _may_withdraw(visit: Visit, view: AlertView) -> bool:
    """Whether the link is worth showing; the API decides."""
    person = visit.session.person
    owns = any(reason.owner.casefold() == person.email.casefold() for reason in view.alert.because)
    return not view.withdrawn and (owns or Right.SUPER_OWNER in person.rights)


@pages.post("/console/alerts/{alert_id}/acknowledgement", nav="alerts")
def acknowledge(visit: Visit, alert_id: str) -> Redirect:
    """What was withdrawn or taken by a colleague in the meantime is shown as that."""
    view = visit.api.get(ALERT, AlertView, alert_id=alert_id)
    here = f"/console/alerts/{alert_id}"
    if view.withdrawn:
        return Redirect(here, "withdrawn meanwhile")
    has_it = (view.answers.acknowledged_by or "").casefold()
    if has_it and has_it != visit.session.person.email.casefold():
        return Redirect(here, "answered meanwhile")
    visit.api.send("PUT", f"{ALERT}/acknowledgement", alert_id=alert_id)
    return Redirect(here, "acknowledged")


@pages.post("/console/alerts/{alert_id}/verdict", nav="alerts")
def answer(visit: Visit, alert_id: str) -> HtmlPage | Redirect:
    """Right person? Useful? What did you do? Each may be left out, and the last answer to each stands."""
    words = {"yes": True, "no": False}
    verdict = {name: words[text] for name in ("right_person", "useful") if (text := visit.form.text(name)) in words}
    outcome = visit.form.text("outcome")
    view = visit.api.get(ALERT, AlertView, alert_id=alert_id)
    if view.withdrawn:
        return Redirect(f"/console/alerts/{alert_id}", "withdrawn meanwhile")
    if not verdict and outcome not in {known.value for known in ReaderOutcome}:
        page = _alert_page(visit, view, "alerts/alert.html")
        return replace(page, errors=[FormError("right_person", "Choose an answer, then press Save.")])
    if verdict:
        visit.api.send("PUT", f"{ALERT}/verdict", verdict, alert_id=alert_id)
    if outcome:
        visit.api.send("PUT", f"{ALERT}/outcome", {"outcome": outcome}, alert_id=alert_id)
    return Redirect(f"/console/alerts/{alert_id}", "thanks")


@pages.get("/console/alerts/{alert_id}/withdraw", nav="alerts")
def ask_to_withdraw(visit: Visit, alert_id: str) -> HtmlPage | Redirect:
    view = visit.api.get(ALERT, AlertView, alert_id=alert_id)
    if view.withdrawn:
        return Redirect(f"/console/alerts/{alert_id}")
    title = f"Withdraw alert {view.alert.short_number}?"
    about = alert_words.heading(view.alert, view.arrest) if view.arrest else ""
    return HtmlPage(template="alerts/withdraw.html", title=title, values={"view": view, "about": about})


@pages.post("/console/alerts/{alert_id}/withdraw", nav="alerts")
def withdraw(visit: Visit, alert_id: str) -> Redirect:
    visit.api.send("POST", f"{ALERT}/recall", key=visit.form.key, alert_id=alert_id)
    return Redirect(f"/console/alerts/{alert_id}", "withdrawn")
