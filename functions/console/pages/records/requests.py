"""Records requests: the register, one request with its clocks, its next step, and its exports."""

from datetime import UTC, date, datetime

from functions.console.api import ApiRefusedError
from functions.console.days import MEND, RECENT_HINT, read_day
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.visit import Visit
from shared.disclosures.model import RecipientKind
from shared.office_api.routes.records.records_exports import ExportLink, ExportsView
from shared.office_api.routes.records.records_requests import RequestsView, RequestView
from shared.records_requests.model import ExportContent, RequestKind, RequestRules, StepKind

pages = Pages()
REGISTER = "/console/records-requests"
REQUEST = "/v1/records-requests/{request}"
DAYS = ("received_on", "arraigned_on", "trial_on", "return_on")
TEXTS = ("kind", "about", "requester", "requester_kind", "reference", "identity_document", "numbers")
BOXES = ("in_custody", "is_voluminous")
STEP_TEXTS = ("kind", "promised_on", "reason", "document", "agency", "what", "code")
STEP_INPUTS = {name: name for name in STEP_TEXTS} | {"withheld": "what"}
REQUESTERS = [(kind.value, kind.value.capitalize()) for kind in RecipientKind]
STEP_WORDS = {
    StepKind.ACKNOWLEDGED: "Acknowledge it, with the day by which you will answer",
    StepKind.EXTENDED: "Extend it: say why, and name a certain day",
    StepKind.OWNER_ANSWERED: "Note what the agency said to the subpoena",
    StepKind.FAVORABLE_RECEIVED: "Note that something favorable to the accused came in",
    StepKind.FAVORABLE_GIVEN: "Note that it was given",
    StepKind.SUPPLEMENTED: "Note that supplemental discovery was given",
    StepKind.ANSWERED: "Answer in full",
    StepKind.ANSWERED_IN_PART: "Answer in part: name what is withheld",
    StepKind.DENIED: "Deny it in writing: name what is withheld",
    StepKind.APPEALED: "Note an appeal",
    StepKind.APPEAL_DECIDED: "Note the decision of the appeal, and the copy to the Committee on Open Government",
    StepKind.WITHDRAWN: "It was withdrawn: close it",
    StepKind.CLOSED: "Close it",
}


@pages.get(REGISTER, nav="records")
def list_requests(visit: Visit) -> HtmlPage:
    """What is overdue first."""
    closed = visit.query.get("closed") == "true"
    listed = visit.api.get("/v1/records-requests", RequestsView, {"closed": closed}).items
    values = {"listed": [(view, _title_of(view, visit)) for view in listed], "closed": closed}
    return HtmlPage(template="records/requests.html", title="Records requests", values=values)


@pages.get(REGISTER + "/new", nav="records")
def ask_for_request(visit: Visit) -> HtmlPage:
    return _form(visit, dict.fromkeys((*TEXTS, *DAYS, *BOXES), "") | {"numbers": visit.query.get("number", "")})


@pages.post(REGISTER + "/new", nav="records")
def enter_request(visit: Visit) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in (*TEXTS, *DAYS, *BOXES)}
    days = {name: read_day(written[name]) for name in DAYS if written[name]}
    errors = [FormError(name, MEND) for name, day in days.items() if day is None]
    wanted = {
        "kind": "Choose what kind of request it is.",
        "about": "Write what is asked for.",
        "requester": "Write who asks.",
        "received_on": "Write the day on which it came.",
        "numbers": "Write the number of an alert.",
    }
    errors += [FormError(name, text) for name, text in wanted.items() if not written[name]]
    if errors:
        return _form(visit, written, *errors)
    body: dict[str, object] = {name: written[name] for name in TEXTS if written[name]}
    body |= {name: str(day) for name, day in days.items()}
    body |= {"numbers": written["numbers"].replace(",", " ").split()}
    body |= {name: written[name] == "true" for name in BOXES}
    try:
        entered = visit.api.send("POST", "/v1/records-requests", body, key=visit.form.key)
    except ApiRefusedError as refused:
        return _form(visit, written, *form_errors(refused, {name: name for name in (*TEXTS, *DAYS)}))
    return Redirect(f"{REGISTER}/{entered['request']['request_id']}", "request entered")


@pages.get(REGISTER + "/{request}", nav="records")
def show_request(visit: Visit, request: str) -> HtmlPage:
    return _page(visit, request, dict.fromkeys(STEP_TEXTS, ""))


@pages.post(REGISTER + "/{request}/steps", nav="records")
def take_step(visit: Visit, request: str) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in STEP_TEXTS}
    promised = read_day(written["promised_on"]) if written["promised_on"] else None
    if written["promised_on"] and promised is None:
        return _page(visit, request, written, FormError("promised_on", MEND))
    if not written["kind"]:
        return _page(visit, request, written, FormError("kind", "Choose the next step."))
    body: dict[str, object] = {name: written[name] for name in ("kind", "reason", "document", "agency")}
    body |= {"promised_on": str(promised)} if promised else {}
    body |= {"withheld": [{"what": written["what"], "code": written["code"]}]} if written["what"] else {}
    try:
        visit.api.send("POST", f"{REQUEST}/steps", body, key=visit.form.key, request=request)
    except ApiRefusedError as refused:
        return _page(visit, request, written, *form_errors(refused, STEP_INPUTS))
    return Redirect(f"{REGISTER}/{request}", "step taken")


@pages.post(REGISTER + "/{request}/notes", nav="records")
def decide_notes(visit: Visit, request: str) -> HtmlPage | Redirect:
    """Whoever entered the request, or asked for an export of it, is told that another person decides."""
    written, release = dict.fromkeys(STEP_TEXTS, ""), visit.form.text("release")
    if release not in ("true", "false"):
        return _page(visit, request, written, FormError("release", "Choose whether they are given."))
    try:
        body = {"release": release == "true"}
        visit.api.send("POST", f"{REQUEST}/notes", body, key=visit.form.key, request=request)
    except ApiRefusedError as refused:
        errors = form_errors(refused, {"release": "release", "body": "release", "request": "release"})
        return _page(visit, request, written, *errors)
    return Redirect(f"{REGISTER}/{request}", "notes decided")


@pages.post(REGISTER + "/{request}/exports", nav="records")
def ask_for_export(visit: Visit, request: str) -> HtmlPage | Redirect:
    disclosure, content, code = (visit.form.text(name) for name in ("disclosure", "content", "ground"))
    left_out = [{"content": content, "code": code}] if content else []
    body = {"disclosure_id": disclosure.rpartition("/")[2], "left_out": left_out}
    try:
        visit.api.send("POST", f"{REQUEST}/exports", body, key=visit.form.key, request=request)
    except ApiRefusedError as refused:
        inputs = {"disclosure_id": "disclosure", "left_out": "ground", "request": "disclosure"}
        return _page(visit, request, dict.fromkeys(STEP_TEXTS, ""), *form_errors(refused, inputs))
    return Redirect(f"{REGISTER}/{request}", "export asked for")


@pages.get(REGISTER + "/{request}/exports/{export_id}", nav="records")
def fetch_export(visit: Visit, request: str, export_id: str) -> Redirect:
    """Leads on to the file. The link works for a minute, and is made for whoever asked alone."""
    link = visit.api.get("/v1/records-exports/{export_id}", ExportLink, export_id=export_id)
    return Redirect(link.url) if link.url else Redirect(f"{REGISTER}/{request}", "export not ready")


def _form(visit: Visit, written: dict[str, str], *errors: FormError) -> HtmlPage:
    rules = visit.api.get("/v1/records-request-rules", RequestRules)
    values = {
        "written": written,
        "kinds": [(kind.value, rules.kinds[kind].title) for kind in RequestKind],
        "requesters": REQUESTERS,
        "hint_day": RECENT_HINT,
    }
    return HtmlPage(template="records/new_request.html", title="Enter a records request", values=values, errors=errors)


def _page(visit: Visit, request: str, written: dict[str, str], *errors: FormError) -> HtmlPage:
    view = visit.api.get(REQUEST, RequestView, request=request)
    rule = visit.api.get("/v1/records-request-rules", RequestRules).kinds[view.request.kind]
    exports = visit.api.get(f"{REQUEST}/exports", ExportsView, request=request).items
    email = visit.session.person.email.casefold()
    values = {
        "view": view,
        "kind": rule.title,
        "written": written,
        "steps": [(step.value, STEP_WORDS[step]) for step in StepKind if step in view.next_steps],
        "grounds": [(ground.code, f"{ground.code}: {ground.title}") for ground in rule.grounds],
        "owners": [(agency, agency) for agency in view.unanswered_owners],
        "contents": [
            ("", "Nothing"),
            *(
                (content.value, content.value.capitalize())
                for content in rule.contents
                if content is not ExportContent.ARREST
            ),
        ],
        "exports": [(export, export.asked_by.casefold() == email) for export in exports],
        "hint_day": RECENT_HINT,
        "today": _today(visit),
    }
    return HtmlPage(template="records/request.html", title="A records request", values=values, errors=errors)


def _title_of(view: RequestView, visit: Visit) -> tuple[str, str]:
    """The tag of a request in the register: its words and its color."""
    if view.is_overdue:
        return "Overdue", "bad"
    if view.next_due is None:
        return view.state.value.capitalize(), ""
    days = (view.next_due - _today(visit)).days
    return ("Due today", "warn") if days == 0 else (f"Due in {days} {'day' if days == 1 else 'days'}", "")


def _today(visit: Visit) -> date:
    return datetime.now(UTC).astimezone(visit.zone).date()
