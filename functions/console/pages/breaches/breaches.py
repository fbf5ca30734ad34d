"""Breaches: recorded by anybody, seen to step by step by whoever has the right `privacy`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from functions.console.api import ApiRefusedError
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.visit import Visit
from shared.breaches.model import BreachState
from shared.office_api.routes.breaches.breaches import BreachesView, BreachView
from shared.offices.users import Right

pages = Pages()
LIST = "/console/breaches"
BREACH = "/v1/breaches/{breach_id}"
STATES = {
    BreachState.SUSPECTED: ("Suspected", "warn"),
    BreachState.CONFIRMED: ("Confirmed", "bad"),
    BreachState.CLOSED: ("Closed", "good"),
}
WHEN_HINT = "In your time zone, such as 2026-11-20 14:30"
WHEN_MEND = "Write day and time like 2026-11-20 14:30."


@pages.get(LIST, nav="reports")
def list_breaches(visit: Visit) -> HtmlPage:
    listed = visit.api.get("/v1/breaches", BreachesView)
    rows = [(view, STATES[view.breach.state], any(step.late for step in view.steps)) for view in listed.items]
    return HtmlPage(template="breaches/list.html", title="Breaches", values={"rows": rows, "open": listed.open})


@pages.get(LIST + "/new", nav="reports")
def ask_for_breach(visit: Visit) -> HtmlPage:
    return _form({"summary": "", "discovered_at": _now(visit)})


@pages.post(LIST + "/new", nav="reports")
def record_breach(visit: Visit) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in ("summary", "discovered_at")}
    discovered_at = _instant(written["discovered_at"], visit.zone)
    errors = [FormError("summary", "Write what happened.")] if len(written["summary"]) < 3 else []
    if discovered_at is None:
        errors.append(FormError("discovered_at", WHEN_MEND))
    if errors:
        return _form(written, *errors)
    body = {"summary": written["summary"], "discovered_at": discovered_at}
    try:
        made = visit.api.send("POST", "/v1/breaches", body, key=visit.form.key)
    except ApiRefusedError as refused:
        return _form(written, *form_errors(refused, {name: name for name in written}))
    return Redirect(f"{LIST}/{made['breach']['breach_id']}", "breach recorded")


def _form(written: dict[str, str], *errors: FormError) -> HtmlPage:
    values = {"written": written, "hint": WHEN_HINT}
    return HtmlPage(template="breaches/new.html", title="Record a suspected breach", values=values, errors=errors)


@pages.get(LIST + "/{breach_id}", nav="reports")
def show_breach(visit: Visit, breach_id: str) -> HtmlPage:
    return _page(visit, breach_id)


@pages.post(LIST + "/{breach_id}/confirm", nav="reports")
def confirm_breach(visit: Visit, breach_id: str) -> HtmlPage | Redirect:
    number, risk = visit.form.text("people"), visit.form.text("risk")
    errors = [] if number.isdecimal() else [FormError("people", "Write a number; your best guess will do.")]
    if risk not in {"yes", "no"}:
        errors.append(FormError("risk", "Choose whether they may come to harm."))
    if errors:
        return _page(visit, breach_id, *errors)
    return _send(visit, breach_id, "confirm", {"people": int(number), "risk": risk == "yes"}, "breach changed")


@pages.post(LIST + "/{breach_id}/steps", nav="reports")
def take_step(visit: Visit, breach_id: str) -> HtmlPage | Redirect:
    step, how = visit.form.text("step"), visit.form.text("how")
    done_at = _instant(visit.form.text("done_at"), visit.zone)
    errors = [FormError("step", "Choose what you did.")] if not step else []
    errors += [FormError("how", "Write whom you told, and by which means.")] if len(how) < 3 else []
    errors += [FormError("done_at", WHEN_MEND)] if done_at is None else []
    if errors:
        return _page(visit, breach_id, *errors)
    return _send(visit, breach_id, "steps", {"step": step, "how": how, "done_at": done_at}, "breach changed")


@pages.post(LIST + "/{breach_id}/close", nav="reports")
def close_breach(visit: Visit, breach_id: str) -> HtmlPage | Redirect:
    """One reason stands for every step that is left out."""
    finding, reason = visit.form.text("finding"), visit.form.text("reason")
    if len(finding) < 3:
        return _page(visit, breach_id, FormError("finding", "Write what it was, or why it was none."))
    view = visit.api.get(BREACH, BreachView, breach_id=breach_id)
    left_out = [{"step": step.step, "reason": reason} for step in view.steps if step.taken is None] if reason else []
    return _send(visit, breach_id, "close", {"finding": finding, "left_out": left_out}, "breach closed")


def _send(visit: Visit, breach_id: str, verb: str, body: dict[str, object], notice: str) -> HtmlPage | Redirect:
    try:
        visit.api.send("POST", f"{BREACH}/{verb}", body, key=visit.form.key, breach_id=breach_id)
    except ApiRefusedError as refused:
        if refused.status == 409:
            return Redirect(f"{LIST}/{breach_id}", "changed meanwhile")
        ids = {"people": "people", "step": "step", "how": "how", "done_at": "done_at", "finding": "finding"}
        return _page(visit, breach_id, *form_errors(refused, ids | {"left_out": "reason"}))
    return Redirect(f"{LIST}/{breach_id}", notice)


def _page(visit: Visit, breach_id: str, *errors: FormError) -> HtmlPage:
    view = visit.api.get(BREACH, BreachView, breach_id=breach_id)
    is_open = view.breach.state is not BreachState.CLOSED
    fields = ("people", "risk", "step", "how", "finding", "reason")
    values = {
        "view": view,
        "breach": view.breach,
        "state": STATES[view.breach.state],
        "left": [(step.step, step.title) for step in view.steps if step.taken is None],
        "may_keep": is_open and Right.PRIVACY in visit.session.person.rights,
        "written": {name: visit.form.text(name) for name in fields},
        "done_at": visit.form.text("done_at") or _now(visit),
        "hint": WHEN_HINT,
    }
    return HtmlPage(template="breaches/breach.html", title="A breach", values=values, errors=errors)


def _now(visit: Visit) -> str:
    return f"{datetime.now(UTC).astimezone(visit.zone):%Y-%m-%d %H:%M}"


def _instant(text: str, zone: ZoneInfo) -> str | None:
    """Day and time of the reader's zone as the API takes them; None if they cannot be read."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone).isoformat()
    except ValueError:
        return None
