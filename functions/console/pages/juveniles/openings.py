"""Records of juveniles: asked for by a court's order, approved by a second person, read by those named."""

from datetime import UTC, datetime

from functions.console.api import ApiRefusedError
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.alerts.alerts import facts_of
from functions.console.visit import Visit
from shared.arrests.juveniles.opening import OpeningState
from shared.office_api.routes.juveniles.openings import OpenedRecord, OpeningsPage, ShownOpening
from shared.words.agencies import agency_title

pages = Pages()
LIST = "/console/juvenile-openings"
OPENING = "/v1/juvenile-openings/{opening_id}"
STATES = {
    OpeningState.WAITING: ("Waits for a second person", "warn"),
    OpeningState.OPEN: ("Open", "good"),
    OpeningState.REFUSED: ("Refused", "bad"),
    OpeningState.CLOSED: ("Closed", "bad"),
    OpeningState.EXPIRED: ("Its time is over", "bad"),
    OpeningState.LAPSED: ("Nobody decided in time: ask again", "bad"),
}
FIELDS = ("agency", "number", "order_number", "court", "ordered_on", "reason", "days", "readers")
MISSING = (
    ("agency", "Write the agency, as its records name it."),
    ("number", "Write the arrest number that the order names."),
    ("order_number", "Write the number of the order. Without an order nothing is opened."),
    ("court", "Write which family court made the order."),
    ("ordered_on", "Write the day of the order, like 2026-11-20."),
    ("reason", "Write what the record is needed for, as the order says."),
)
DECISIONS = ("approve", "refuse", "close")


@pages.get(LIST, nav="reports")
def list_openings(visit: Visit) -> HtmlPage:
    page = visit.api.get("/v1/juvenile-openings", OpeningsPage, {"limit": 50, "after": visit.query.get("after", "")})
    rows = [(item.opening, STATES[item.state], agency_title(item.opening.request.agency)) for item in page.items]
    values = {"rows": rows, "following": page.next}
    return HtmlPage(template="juveniles/list.html", title="Records of juveniles", values=values)


@pages.get(LIST + "/new", nav="reports")
def ask_for_opening(_visit: Visit) -> HtmlPage:
    return _form(dict.fromkeys(FIELDS, "") | {"days": "7"})


@pages.post(LIST + "/new", nav="reports")
def request_opening(visit: Visit) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in FIELDS}
    errors = [FormError(name, text) for name, text in MISSING if not written[name]]
    if not written["days"].isdecimal():
        errors.append(FormError("days", "Write a number of days, 30 at most."))
    if errors:
        return _form(written, *errors)
    order = {"number": written["order_number"], "court": written["court"], "ordered_on": written["ordered_on"]}
    body = {name: written[name] for name in ("agency", "number", "reason")} | {
        "order": order,
        "days": int(written["days"]),
        "readers": written["readers"].replace(",", " ").split(),
    }
    try:
        made = visit.api.send("POST", "/v1/juvenile-openings", body, key=visit.form.key)
    except ApiRefusedError as refused:
        if refused.status == 409:
            return _form(written, FormError("ordered_on", "The order is dated in the future. Write its own day."))
        ids = {name: name for name in FIELDS}
        ids |= {"order.number": "order_number", "order.court": "court", "order.ordered_on": "ordered_on"}
        ids |= {f"readers.{number}": "readers" for number in range(10)}
        return _form(written, *form_errors(refused, ids))
    return Redirect(f"{LIST}/{made['opening']['opening_id']}", "opening asked for")


def _form(written: dict[str, str], *errors: FormError) -> HtmlPage:
    values = {"written": written}
    return HtmlPage(template="juveniles/new.html", title="Ask for a juvenile's record", values=values, errors=errors)


@pages.get(LIST + "/{opening_id}", nav="reports")
def show_opening(visit: Visit, opening_id: str) -> HtmlPage:
    shown = visit.api.get(OPENING, ShownOpening, opening_id=opening_id)
    opening, me = shown.opening, visit.session.person.email.casefold()
    readers = {opening.requested_by, *opening.request.readers}
    values = {
        "opening": opening,
        "agency": agency_title(opening.request.agency),
        "state": STATES[shown.state],
        "readers": sorted(readers),
        "may_decide": shown.state is OpeningState.WAITING and me not in readers,
        "may_read": opening.is_open_for(me, datetime.now(UTC)),
        "is_open": shown.state is OpeningState.OPEN,
    }
    return HtmlPage(template="juveniles/opening.html", title="A juvenile's record", values=values)


@pages.get(LIST + "/{opening_id}/record", nav="reports")
def read_record(visit: Visit, opening_id: str) -> HtmlPage:
    """Each time somebody opens this page is an audit event."""
    opened = visit.api.get(f"{OPENING}/record", OpenedRecord, opening_id=opening_id)
    values = {"opened": opened, **facts_of(opened.record, visit)}
    return HtmlPage(template="juveniles/record.html", title="The record that the court opened", values=values)


@pages.post(LIST + "/{opening_id}/{decision}", nav="reports")
def decide_opening(visit: Visit, opening_id: str, decision: str) -> Redirect:
    if decision not in DECISIONS:
        raise ApiRefusedError(404, "There is no such decision.")
    try:
        visit.api.send("POST", f"{OPENING}/{decision}", {}, key=visit.form.key, opening_id=opening_id)
    except ApiRefusedError as refused:
        if refused.status == 409:
            return Redirect(f"{LIST}/{opening_id}", "decided meanwhile")
        raise
    return Redirect(f"{LIST}/{opening_id}", "opening decided")
