"""Holds: what may not be purged, why, until when; and their ends, which may need a second person."""

from functions.console.api import ApiRefusedError
from functions.console.days import MEND, RECENT_HINT, read_day
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.visit import Visit
from shared.arrests.retention.hold import HoldKind
from shared.office_api.routes.office.holds import HoldsView, HoldView

pages = Pages()
LIST = "/console/holds"
HOLD = "/v1/holds/{hold}"
KINDS = [
    (HoldKind.CASE.value, "A case that is open"),
    (HoldKind.LITIGATION.value, "A litigation: it holds for a year after its end"),
    (HoldKind.FOIL.value, "A FOIL request: it holds until the time to appeal is over"),
    (HoldKind.AUDIT.value, "An audit"),
]
NEW_FIELDS = ("kind", "reason", "reference", "numbers")
DAYS = ("ended_on", "appealed_on", "appeal_decided_on")
DECISIONS = {"confirm": "hold end confirmed", "refuse": "hold goes on"}


@pages.get(LIST, nav="records")
def list_holds(visit: Visit) -> HtmlPage:
    """Those in force first, and of these those whose end waits for somebody."""
    holds = visit.api.get("/v1/holds", HoldsView).items
    holds.sort(key=lambda view: (not view.in_force, view.hold.proposed_end is None))
    return HtmlPage(template="records/holds.html", title="Holds", values={"holds": holds})


@pages.get(LIST + "/new", nav="records")
def ask_for_hold(visit: Visit) -> HtmlPage:
    return _form(dict.fromkeys(NEW_FIELDS, "") | {"numbers": visit.query.get("number", "")})


@pages.post(LIST + "/new", nav="records")
def place_hold(visit: Visit) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in NEW_FIELDS}
    if len(written["reason"]) < 3:
        return _form(written, FormError("reason", "Write why, in a few words."))
    body = {name: written[name] for name in ("kind", "reason", "reference")}
    numbers = written["numbers"].replace(",", " ").split()
    try:
        placed = visit.api.send("POST", "/v1/holds", body | {"numbers": numbers}, key=visit.form.key)
    except ApiRefusedError as refused:
        return _form(written, *form_errors(refused, {name: name for name in NEW_FIELDS}))
    return Redirect(f"{LIST}/{placed['hold']['hold_id']}", "hold placed")


@pages.get(LIST + "/{hold}", nav="records")
def show_hold(visit: Visit, hold: str) -> HtmlPage:
    return _page(visit, hold, dict.fromkeys((*DAYS, "reason"), ""))


@pages.post(LIST + "/{hold}/end", nav="records")
def end_hold(visit: Visit, hold: str) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in (*DAYS, "reason")}
    days = {name: read_day(written[name]) for name in DAYS if written[name]}
    errors = [FormError(name, MEND) for name, day in days.items() if day is None]
    if not written["ended_on"]:
        errors.append(FormError("ended_on", "Write the day on which it ended."))
    if len(written["reason"]) < 3:
        errors.append(FormError("reason", "Write why, in a few words."))
    if errors:
        return _page(visit, hold, written, *errors)
    body = {name: str(day) for name, day in days.items()} | {"reason": written["reason"]}
    try:
        after = HoldView.model_validate(visit.api.send("POST", f"{HOLD}/end", body, key=visit.form.key, hold=hold))
    except ApiRefusedError as refused:
        return _page(visit, hold, written, *form_errors(refused, {name: name for name in (*DAYS, "reason")}))
    return Redirect(f"{LIST}/{hold}", "hold end proposed" if after.hold.proposed_end else "hold end saved")


@pages.post(LIST + "/{hold}/end/{decision}", nav="records")
def decide_end(visit: Visit, hold: str, decision: str) -> HtmlPage | Redirect:
    if decision not in DECISIONS:
        raise ApiRefusedError(404, "There is no such decision.")
    try:
        visit.api.send("POST", f"{HOLD}/end/{decision}", None, key=visit.form.key, if_match=visit.form.etag, hold=hold)
    except ApiRefusedError as refused:
        if refused.status in (409, 412, 428):
            return Redirect(f"{LIST}/{hold}", "decided meanwhile")
        raise
    return Redirect(f"{LIST}/{hold}", DECISIONS[decision])


def _form(written: dict[str, str], *errors: FormError) -> HtmlPage:
    values = {"written": written, "kinds": KINDS}
    return HtmlPage(template="records/new_hold.html", title="Place a hold", values=values, errors=errors)


def _page(visit: Visit, hold: str, written: dict[str, str], *errors: FormError) -> HtmlPage:
    read = visit.api.read(HOLD, HoldView, hold=hold)
    view = read.value
    proposed = view.hold.proposed_end
    email = visit.session.person.email.casefold()
    values = {
        "view": view,
        "etag": read.etag,
        "kind": dict(KINDS)[view.hold.kind.value],
        "written": written,
        "is_foil": view.hold.kind is HoldKind.FOIL,
        "may_confirm": proposed is not None and proposed.proposed_by.casefold() != email,
        "hint_day": RECENT_HINT,
    }
    return HtmlPage(template="records/hold.html", title="A hold", values=values, errors=errors)
