"""Seals of an agency that wait for their statute, and courts' orders that open again, with their second person."""

from functions.console.api import ApiRefusedError, Query
from functions.console.days import MEND, RECENT_HINT, read_day
from functions.console.page import FormError, HtmlPage, Pages, Redirect
from functions.console.visit import Visit
from shared.arrests.seals.effect import AccessFact, AccessNeed, SealEffect, SealRule
from shared.arrests.seals.unsealing import FACT_WORDS, Unsealing
from shared.office_api.routes.agencies.agencies import AgencyView
from shared.office_api.routes.agencies.seals import LocksView, SealCertificatesPage, SealRules, UnsealingsView
from shared.words.agencies import agency_title

pages = Pages()
AGENCY = "/v1/agencies/{agency_id}"
HERE = "/console/agencies/{agency_id}/seals"
ORDER_FIELDS = ("number", "order_number", "court", "ordered_on", "subparagraph", "applicant")
ANSWERS = [("", "Not known"), ("yes", "Yes"), ("no", "No")]
DECISIONS = {"approve": "arrest opened", "refuse": "order refused"}
EFFECTS = {
    SealEffect.ERASE: "erases",
    SealEffect.IDENTITY_ONLY: "erases",
    SealEffect.MARK: "marks and keeps",
    SealEffect.NOTATION: "does nothing here",
    SealEffect.NOT_OURS: "does nothing here",
}


def statute_choices(visit: Visit) -> list[tuple[str, str]]:
    rules = visit.api.get("/v1/seal-rules", SealRules).items
    return [(rule.statute, f"{rule.state}: {rule.statute}, {EFFECTS[rule.effect]}") for rule in rules]


@pages.get(HERE, nav="agencies")
def list_seals(visit: Visit, agency_id: str) -> HtmlPage:
    return _list_page(visit, agency_id)


@pages.get(HERE + "/certificates", nav="agencies")
def list_certificates(visit: Visit, agency_id: str) -> HtmlPage:
    visit.api.get(AGENCY, AgencyView, agency_id=agency_id)
    query: Query = {"after": visit.query.get("after")}
    page = visit.api.get(f"{AGENCY}/seal-certificates", SealCertificatesPage, query, agency_id=agency_id)
    values = {"agency_id": agency_id, "certificates": page.items, "next": page.next}
    title = f"Certificates of seals of {agency_title(agency_id)}"
    return HtmlPage(template="agencies/certificates.html", title=title, values=values)


def _list_page(visit: Visit, agency_id: str, *errors: FormError) -> HtmlPage:
    visit.api.get(AGENCY, AgencyView, agency_id=agency_id)  # of another office there is no such page
    values = {
        "agency_id": agency_id,
        "waiting": visit.api.get(f"{AGENCY}/seals", LocksView, agency_id=agency_id).items,
        "orders": visit.api.get(f"{AGENCY}/unsealings", UnsealingsView, agency_id=agency_id).items,
        "statutes": [("", "It was no seal of this agency: give the arrest back"), *statute_choices(visit)],
    }
    title = f"Seals of {agency_title(agency_id)}"
    return HtmlPage(template="agencies/seals.html", title=title, values=values, errors=errors)


@pages.post(HERE + "/{lock}/answer", nav="agencies")
def answer_seal(visit: Visit, agency_id: str, lock: str) -> HtmlPage | Redirect:
    body = {"statute": visit.form.text("statute"), "reason": visit.form.text("reason")}
    if not body["reason"]:
        return _list_page(visit, agency_id, FormError("reason", "Write on what the answer rests, such as the notice."))
    path = f"{AGENCY}/seals/{{lock}}/answer"
    try:
        accepted = visit.api.send("POST", path, body, key=visit.form.key, agency_id=agency_id, lock=lock)
    except ApiRefusedError as refused:
        return _list_page(visit, agency_id, *_errors(refused, ("statute", "reason")))
    return Redirect(f"/console/agencies/{agency_id}/drops/{accepted['drop_id']}?sent=yes", "seal answered")


@pages.get(HERE + "/open", nav="agencies")
def ask_for_order(visit: Visit, agency_id: str) -> HtmlPage:
    return _order_page(visit, agency_id, dict.fromkeys((*ORDER_FIELDS, *AccessFact), ""))


def _order_page(visit: Visit, agency_id: str, written: dict[str, str], *errors: FormError) -> HtmlPage:
    visit.api.get(AGENCY, AgencyView, agency_id=agency_id)
    rules = visit.api.get("/v1/seal-rules", SealRules).items
    values = {
        "agency_id": agency_id,
        "written": written,
        "applicants": _applicants(rules),
        "facts": [(fact.value, words) for fact, words in FACT_WORDS.items() if _decides(fact, rules)],
        "answers": ANSWERS,
        "hint_day": RECENT_HINT,
    }
    title = "Open a sealed arrest by a court's order"
    return HtmlPage(template="agencies/unseal.html", title=title, values=values, errors=errors)


def _applicants(rules: list[SealRule]) -> list[tuple[str, str]]:
    names = sorted({access.who for rule in rules for access in rule.access if access.needs is AccessNeed.ORDER})
    return [("", "Choose"), *((name, name.capitalize()) for name in [*names, "defendant"])]


def _decides(fact: AccessFact, rules: list[SealRule]) -> bool:
    """Whether anything that a court orders depends on it."""
    return any(fact in access.facts for rule in rules for access in rule.access if access.needs is AccessNeed.ORDER)


@pages.post(HERE + "/open", nav="agencies")
def enter_order(visit: Visit, agency_id: str) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in (*ORDER_FIELDS, *AccessFact)}
    errors = [FormError(name, "Copy it from the court's order.") for name in ORDER_FIELDS if not written[name]]
    day = read_day(written["ordered_on"])
    if written["ordered_on"] and day is None:
        errors.append(FormError("ordered_on", MEND))
    if errors:
        return _order_page(visit, agency_id, written, *errors)
    facts = {fact.value: written[fact] == "yes" for fact in AccessFact if written[fact]}
    body = {name: written[name] for name in ORDER_FIELDS} | {"ordered_on": str(day), "facts": facts}
    try:
        entered = visit.api.send("POST", f"{AGENCY}/unsealings", body, key=visit.form.key, agency_id=agency_id)
    except ApiRefusedError as refused:
        return _order_page(visit, agency_id, written, *_errors(refused, (*ORDER_FIELDS, *AccessFact)))
    return Redirect(f"/console/unsealings/{entered['unsealing_id']}", "order entered")


@pages.get("/console/unsealings/{unsealing_id}", nav="agencies")
def show_order(visit: Visit, unsealing_id: str) -> HtmlPage:
    return _decision_page(visit, unsealing_id)


def _decision_page(visit: Visit, unsealing_id: str, *errors: FormError) -> HtmlPage:
    order = visit.api.get("/v1/unsealings/{unsealing_id}", Unsealing, unsealing_id=unsealing_id)
    values = {
        "order": order,
        "facts": FACT_WORDS,
        "is_own": order.requested_by.casefold() == visit.session.person.email.casefold(),
    }
    return HtmlPage(template="agencies/unsealing.html", title="A court's order", values=values, errors=errors)


@pages.post("/console/unsealings/{unsealing_id}/{decision}", nav="agencies")
def decide_order(visit: Visit, unsealing_id: str, decision: str) -> HtmlPage | Redirect:
    if decision not in DECISIONS:
        raise LookupError(decision)
    reason = visit.form.text("reason")
    if not reason:
        return _decision_page(
            visit, unsealing_id, FormError("reason", "Write why; whoever entered the order reads it.")
        )
    path = f"/v1/unsealings/{{unsealing_id}}/{decision}"
    try:
        visit.api.send("POST", path, {"reason": reason}, key=visit.form.key, unsealing_id=unsealing_id)
    except ApiRefusedError as refused:
        return _decision_page(visit, unsealing_id, *_errors(refused, ("reason",)))
    return Redirect(f"/console/unsealings/{unsealing_id}", DECISIONS[decision])


def _errors(refused: ApiRefusedError, names: tuple[str, ...]) -> list[FormError]:
    """The last part of the API's field that the form knows."""
    errors = []
    for error in refused.errors:
        known = [part for part in error.field.split(".") if part in names]
        errors.append(FormError(known[-1] if known else "", f"{error.mend[:1].upper()}{error.mend[1:]}."))
    return errors or [FormError("", refused.detail)]
