"""Disputes: somebody says that a fact is wrong. Recorded from the record of an arrest, decided by another person."""

from datetime import UTC, datetime

from functions.console.api import ApiRefusedError
from functions.console.days import MEND, read_day
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.alerts.alerts import facts_of
from functions.console.visit import Visit
from shared.alerts.delivery.messages.arrest_lines import happened
from shared.alerts.view import ShownArrest
from shared.arrests.disputed import ArrestFact
from shared.disclosures.model import DisclosureMeans
from shared.disputes.model import Claimant, Dispute, DisputeDecision, DisputeRules, DisputeState
from shared.office_api.routes.disputes.corrections import NoticesOfCorrection
from shared.office_api.routes.disputes.disputes import DisputesList, DisputeStatement
from shared.offices.users import Right
from shared.words import words
from shared.words.agencies import agency_title

pages = Pages()
LIST = "/console/disputes"
DISPUTE = "/v1/disputes/{dispute_id}"
STATES = {
    DisputeState.OPEN: ("Waits for a decision", "warn"),
    DisputeState.UPHELD: ("Upheld: waits for the agency's correction", "warn"),
    DisputeState.REFUSED: ("Refused", "bad"),
    DisputeState.WITHDRAWN: ("Withdrawn", ""),
    DisputeState.CORRECTED: ("The agency has corrected it", "good"),
    DisputeState.GONE: ("The record is gone, and what was said with it", ""),
}
FIELDS = ("fact", "claim", "claimant", "claimant_name", "identity_proof", "received_on")
MISSING = {
    "fact": "Choose what is said to be wrong.",
    "claim": "Write what is right instead.",
    "claimant_name": "Write who says so, and how to reach them.",
    "identity_proof": "Write how they showed who they are.",
}
DECISIONS = [
    (DisputeDecision.UPHELD.value, "They are right: the agency is asked to correct it"),
    (DisputeDecision.REFUSED.value, "The record is right: refuse it"),
    (DisputeDecision.WITHDRAWN.value, "They take it back"),
]
MEANS = [(means.value, means.value.capitalize()) for means in DisclosureMeans]


@pages.get(LIST, nav="reports")
def list_disputes(visit: Visit) -> HtmlPage:
    """Disputes, and below them the recipients to tell."""
    return _list(visit)


def _list(visit: Visit, *errors: FormError, notice_id: str = "") -> HtmlPage:
    listed = visit.api.get("/v1/disputes", DisputesList)
    corrections = visit.api.get("/v1/corrections", NoticesOfCorrection)
    values = {
        "rows": [(dispute, _fact(dispute.fact), STATES[dispute.state]) for dispute in listed.items],
        "corrections": [(item, ", ".join(map(_fact, item.notice.facts))) for item in corrections.items],
        "waiting": corrections.waiting,
        "means": MEANS,
        "wrong": notice_id,
        "today": datetime.now(UTC).astimezone(visit.zone).date(),
        "sees_all": bool({Right.PRIVACY, Right.AUDIT} & visit.session.person.rights),
    }
    return HtmlPage(template="disputes/list.html", title="Disputes and corrections", values=values, errors=errors)


@pages.get(LIST + "/new/{arrest_id}", nav="reports")
def ask_for_dispute(visit: Visit, arrest_id: str) -> HtmlPage:
    today = datetime.now(UTC).astimezone(visit.zone).date()
    return _form(visit, arrest_id, dict.fromkeys(FIELDS, "") | {"received_on": str(today)})


@pages.post(LIST + "/new/{arrest_id}", nav="reports")
def record_dispute(visit: Visit, arrest_id: str) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in FIELDS}
    missing = [FormError(name, text) for name, text in MISSING.items() if not written[name]]
    day = read_day(written["received_on"])
    if day is None:
        missing.append(FormError("received_on", MEND))
    if missing:
        return _form(visit, arrest_id, written, *missing)
    body = written | {"received_on": str(day), "arrest_id": arrest_id}
    try:
        made = visit.api.send("POST", "/v1/disputes", body, key=visit.form.key)
    except ApiRefusedError as refused:
        return _form(visit, arrest_id, written, *form_errors(refused, {name: name for name in FIELDS}))
    return Redirect(f"{LIST}/{made['dispute_id']}", "dispute recorded")


def _form(visit: Visit, arrest_id: str, written: dict[str, str], *errors: FormError) -> HtmlPage:
    arrest = visit.api.get("/v1/arrests/{arrest_id}", ShownArrest, arrest_id=arrest_id)
    rules = visit.api.get("/v1/dispute-rules", DisputeRules)
    values = {
        "arrest": arrest,
        "happened": happened(arrest),
        "agency": agency_title(arrest.agency),
        "written": written,
        "days": rules.decide_within.days,
        "facts": [(fact.value, _fact(fact)) for fact in ArrestFact],
        "claimants": [(claimant.value, claimant.value.capitalize()) for claimant in Claimant],
        **facts_of(arrest, visit),
    }
    return HtmlPage(template="disputes/new.html", title="Somebody says it is wrong", values=values, errors=errors)


@pages.get(LIST + "/{dispute_id}", nav="reports")
def show_dispute(visit: Visit, dispute_id: str) -> HtmlPage:
    return _page(visit, dispute_id)


@pages.get(LIST + "/{dispute_id}/statement", nav="reports")
def show_statement(visit: Visit, dispute_id: str) -> HtmlPage:
    """What may be given to whoever disputes the fact."""
    statement = visit.api.get(f"{DISPUTE}/statement", DisputeStatement, dispute_id=dispute_id)
    values = {
        "statement": statement,
        "fact": _fact(statement.fact),
        "agency": agency_title(statement.agency),
        "state": STATES[statement.state],
    }
    return HtmlPage(template="disputes/statement.html", title="For whoever disputes the record", values=values)


@pages.post(LIST + "/{dispute_id}/decision", nav="reports")
def decide_dispute(visit: Visit, dispute_id: str) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in ("decision", "reason", "agency_asked")}
    missing = [
        FormError(name, text)
        for name, text in (("decision", "Choose what you decide."), ("reason", "Write why, in a few words."))
        if not written[name]
    ]
    if missing:
        return _page(visit, dispute_id, *missing)
    body = {name: text for name, text in written.items() if text}
    try:
        visit.api.send("POST", f"{DISPUTE}/decision", body, key=visit.form.key, dispute_id=dispute_id)
    except ApiRefusedError as refused:
        if refused.status == 409:
            return Redirect(f"{LIST}/{dispute_id}", "decided meanwhile")
        return _page(visit, dispute_id, *form_errors(refused, {name: name for name in written}))
    return Redirect(f"{LIST}/{dispute_id}", "dispute decided")


@pages.post(LIST + "/corrections/{disclosure_id}/{notice}", nav="reports")
def tell_recipient(visit: Visit, disclosure_id: str, notice: str) -> HtmlPage | Redirect:
    day = read_day(visit.form.text("told_on"))
    if day is None:
        return _list(visit, FormError(f"told_on-{notice}", MEND), notice_id=notice)
    body = {"means": visit.form.text("means"), "told_on": str(day)}
    path = "/v1/disclosures/{disclosure_id}/corrections/{notice}/told"
    try:
        visit.api.send("POST", path, body, key=visit.form.key, disclosure_id=disclosure_id, notice=notice)
    except ApiRefusedError as refused:
        if refused.status == 409:
            return Redirect(LIST, "decided meanwhile")
        ids = {"told_on": f"told_on-{notice}", "means": f"means-{notice}"}
        return _list(visit, *form_errors(refused, ids), notice_id=notice)
    return Redirect(LIST, "recipient told")


def _page(visit: Visit, dispute_id: str, *errors: FormError) -> HtmlPage:
    dispute = visit.api.get(DISPUTE, Dispute, dispute_id=dispute_id)
    person = visit.session.person
    may_decide = Right.PRIVACY in person.rights and dispute.recorded_by.casefold() != person.email.casefold()
    choices = {DisputeState.OPEN: DECISIONS, DisputeState.UPHELD: DECISIONS[2:]}.get(dispute.state, [])
    values = {
        "dispute": dispute,
        "fact": _fact(dispute.fact),
        "agency": agency_title(dispute.agency),
        "state": STATES[dispute.state],
        "choices": choices if may_decide else [],
        "may_name": Right.PRIVACY in person.rights,
        "written": {name: visit.form.text(name) for name in ("decision", "reason", "agency_asked")},
    }
    return HtmlPage(template="disputes/dispute.html", title="A disputed fact", values=values, errors=errors)


def _fact(fact: ArrestFact) -> str:
    """`The date of birth`."""
    text = words(f"fact.{fact}")
    return f"{text[:1].upper()}{text[1:]}"
