"""The disclosure log: what is passed on to somebody outside, asked for and decided."""

from datetime import UTC, datetime

from functions.console.api import ApiRefusedError
from functions.console.page import Download, FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.alerts.alerts import facts_of
from functions.console.visit import Visit
from shared.alerts.delivery.messages.arrest_lines import happened
from shared.alerts.view import ShownArrest
from shared.disclosures.model import (
    Approver,
    Disclosure,
    DisclosureMeans,
    DisclosureRules,
    DisclosureState,
    RecipientKind,
)
from shared.disclosures.summary import quarter_bounds
from shared.office_api.routes.disclosures.disclosures import DisclosuresPage, DisclosureSummary
from shared.offices.users import Right
from shared.words import words
from shared.words.agencies import agency_title

pages = Pages()
LOG = "/console/disclosures"
DISCLOSURE = "/v1/disclosures/{disclosure_id}"
STATES = {
    DisclosureState.WAITING: ("Waits for approval: pass nothing on", "warn"),
    DisclosureState.APPROVED: ("Approved", "good"),
    DisclosureState.REFUSED: ("Refused: pass nothing on", "bad"),
    DisclosureState.RECORDED: ("Recorded", "good"),
}
FIELDS = ("ground", "facts", "recipient", "recipient_kind", "means", "reference", "agency_consent", "authority")
DECISIONS = ("approve", "refuse")
RECIPIENTS = [(kind.value, kind.value.capitalize()) for kind in RecipientKind]
MEANS = [(means.value, means.value.capitalize()) for means in DisclosureMeans]


@pages.get(LOG, nav="reports")
def list_disclosures(visit: Visit) -> HtmlPage:
    """Own ones, or all for whoever watches over them; and the count of a quarter."""
    quarter = _quarter(visit)
    page = visit.api.get("/v1/disclosures", DisclosuresPage, {"limit": 100, "after": visit.query.get("after", "")})
    counted = visit.api.get("/v1/reports/disclosures", DisclosureSummary, {"quarter": quarter})
    values = {
        "rows": [(disclosure, STATES[disclosure.state]) for disclosure in page.items],
        "following": page.next,
        "counted": counted,
        "quarters": _quarters(datetime.now(UTC)),
        "sees_all": bool({Right.PRIVACY, Right.AUDIT} & visit.session.person.rights),
    }
    return HtmlPage(template="disclosures/list.html", title="What was passed on", values=values)


@pages.get(LOG + "/counts.csv", nav="reports")
def download_counts(visit: Visit) -> Download:
    quarter = _quarter(visit)
    table = visit.api.csv("/v1/reports/disclosures", {"quarter": quarter})
    return Download(body=table, content_type="text/csv; charset=utf-8", file_name=f"disclosures-{quarter}.csv")


@pages.get(LOG + "/new/{arrest_id}", nav="reports")
def ask_for_disclosure(visit: Visit, arrest_id: str) -> HtmlPage:
    return _form(visit, arrest_id, dict.fromkeys(FIELDS, ""))


@pages.post(LOG + "/new/{arrest_id}", nav="reports")
def record_disclosure(visit: Visit, arrest_id: str) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in FIELDS}
    missing = [
        FormError(name, text)
        for name, text in (("ground", "Choose why it may be passed on."), ("recipient", "Write who gets it."),
                           ("facts", "Write which facts you pass on."))
        if not written[name]
    ]  # fmt: skip
    if missing:
        return _form(visit, arrest_id, written, *missing)
    body = {name: text for name, text in written.items() if text} | {"arrest_ids": [arrest_id]}
    try:
        made = visit.api.send("POST", "/v1/disclosures", body, key=visit.form.key)
    except ApiRefusedError as refused:
        return _form(visit, arrest_id, written, *form_errors(refused, {name: name for name in FIELDS}))
    return Redirect(f"{LOG}/{made['disclosure_id']}", "disclosure noted")


def _form(visit: Visit, arrest_id: str, written: dict[str, str], *errors: FormError) -> HtmlPage:
    arrest = visit.api.get("/v1/arrests/{arrest_id}", ShownArrest, arrest_id=arrest_id)
    rules = visit.api.get("/v1/disclosure-rules", DisclosureRules)
    values = {
        "arrest": arrest,
        "happened": happened(arrest),
        "agency": agency_title(arrest.agency),
        "written": written,
        "grounds": [(ground.name, _ground_words(ground.title, ground.approver)) for ground in rules.grounds],
        "recipients": RECIPIENTS,
        "means": MEANS,
        **facts_of(arrest, visit),
    }
    return HtmlPage(
        template="disclosures/new.html", title="Pass it on to somebody outside", values=values, errors=errors
    )


@pages.get(LOG + "/{disclosure_id}", nav="reports")
def show_disclosure(visit: Visit, disclosure_id: str) -> HtmlPage:
    return _page(visit, disclosure_id)


@pages.post(LOG + "/{disclosure_id}/{decision}", nav="reports")
def decide_disclosure(visit: Visit, disclosure_id: str, decision: str) -> HtmlPage | Redirect:
    if decision not in DECISIONS:
        raise ApiRefusedError(404, "There is no such decision.")
    reason = visit.form.text("reason")
    if len(reason) < 3:
        return _page(visit, disclosure_id, FormError("reason", "Write why, in a few words."))
    body, path = {"reason": reason}, f"{DISCLOSURE}/{decision}"
    try:
        visit.api.send("POST", path, body, key=visit.form.key, disclosure_id=disclosure_id)
    except ApiRefusedError as refused:
        if refused.status == 409:
            return Redirect(f"{LOG}/{disclosure_id}", "decided meanwhile")
        return _page(visit, disclosure_id, *form_errors(refused, {"reason": "reason"}))
    return Redirect(f"{LOG}/{disclosure_id}", "disclosure decided")


def _page(visit: Visit, disclosure_id: str, *errors: FormError) -> HtmlPage:
    disclosure = visit.api.get(DISCLOSURE, Disclosure, disclosure_id=disclosure_id)
    person = visit.session.person
    is_mine = disclosure.requested_by.casefold() == person.email.casefold()
    values = {
        "disclosure": disclosure,
        "agencies": [agency_title(agency) for agency in disclosure.agencies],
        "disputed": [words(f"fact.{fact}") for fact in disclosure.disputed],
        "state": STATES[disclosure.state],
        "may_decide": disclosure.state is DisclosureState.WAITING and not is_mine and Right.PRIVACY in person.rights,
    }
    return HtmlPage(template="disclosures/disclosure.html", title="A disclosure", values=values, errors=errors)


def _ground_words(title: str, approver: Approver) -> str:
    return title if approver is Approver.NOBODY else f"{title} (somebody with the right to decide approves it first)"


def _quarter(visit: Visit) -> str:
    """The one that is asked for; else the present one, also instead of what is no quarter."""
    quarter = visit.query.get("quarter", "")
    try:
        quarter_bounds(quarter)
    except ValueError:
        return _quarters(datetime.now(UTC))[0][0]
    return quarter


def _quarters(now: datetime) -> list[tuple[str, str]]:
    """The present one and the seven before it, as choices."""
    number = now.year * 4 + (now.month - 1) // 3
    return [(f"{n // 4}-Q{n % 4 + 1}", f"{n // 4}, quarter {n % 4 + 1}") for n in range(number, number - 8, -1)]
