"""Search of arrests. What is searched for stands in the form's body: addresses are written into logs."""

from functions.console.api import ApiRefusedError
from functions.console.days import HINT, MEND, RECENT_HINT, read_day
from functions.console.forms import Form
from functions.console.page import FormError, HtmlPage, Pages, form_errors
from functions.console.pages.alerts.alert_words import EVENTS, charge_lines
from functions.console.pages.alerts.alerts import facts_of
from functions.console.visit import Visit
from shared.alerts.delivery.messages.arrest_lines import difference_line, happened, person_name, source_line
from shared.alerts.view import ShownArrest
from shared.arrests.person import IdentifierKind
from shared.office_api.routes.agencies.arrests import ArrestHistory, ArrestsPage
from shared.office_api.routes.vocabulary import Vocabulary
from shared.offices.users import Right

pages = Pages()
FIELDS = ("agency", "number", "kind", "value", "issuer", "surname", "given", "born", "since", "until")
KINDS = [(IdentifierKind.SID.value, "State ID"), (IdentifierKind.FBI.value, "FBI number")]
INPUTS = {
    "agency": "agency", "number": "number", "identifier": "value", "identifier.issuer": "issuer", "person": "surname",
    "person.given": "given", "person.date_of_birth": "born", "since": "since", "until": "until", "body": "number",
}  # fmt: skip


@pages.get("/console/search", nav="search")
def ask(visit: Visit) -> HtmlPage:
    return _page(visit, dict.fromkeys(FIELDS, ""))


@pages.post("/console/search", nav="search")
def search(visit: Visit) -> HtmlPage:
    written = {name: visit.form.text(name) for name in FIELDS}
    if errors := _errors(written):
        return _page(visit, written, errors=errors)
    try:
        asked = _query(written) | _after(visit.form)
        listed = ArrestsPage.model_validate(visit.api.send("POST", "/v1/arrests/search", asked))
    except ApiRefusedError as refused:
        return _page(visit, written, errors=form_errors(refused, INPUTS))
    return _page(visit, written, listed)


def _page(
    visit: Visit,
    written: dict[str, str],
    listed: ArrestsPage | None = None,
    errors: list[FormError] | None = None,
) -> HtmlPage:
    vocabulary = visit.api.get("/v1/vocabulary", Vocabulary)
    found = None
    if listed:
        found = [(arrest, person_name(arrest), charge_lines(arrest), source_line(arrest)) for arrest in listed.items]
    values = {
        "written": written,
        "found": found,
        "next": listed.next if listed else None,
        "kinds": KINDS,
        "agencies": [("", "Choose an agency"), *((agency.value, agency.title) for agency in vocabulary.agencies)],
        "states": [("", "Choose a state"), *((state, state) for state in vocabulary.issuing_states)],
        "events": EVENTS,
        "hint_day": HINT,
        "hint_recent": RECENT_HINT,
    }
    return HtmlPage(template="search/search.html", title="Search arrests", values=values, errors=errors or ())


def _errors(written: dict[str, str]) -> list[FormError]:
    """In the order of the page. Pure."""
    wrong_days = [
        FormError(name, MEND)
        for name in ("born", "since", "until")
        if written[name] and read_day(written[name]) is None
    ]
    return [*_number_errors(written), *_person_errors(written), *wrong_days, *_emptiness(written)]


def _number_errors(written: dict[str, str]) -> list[FormError]:
    """A number belongs to whoever issued it."""
    if written["number"] and not written["agency"]:
        return [FormError("agency", "Choose the agency whose number it is.")]
    if written["value"] and written["kind"] == IdentifierKind.SID and not written["issuer"]:
        return [FormError("issuer", "Choose the state that issued the number.")]
    return []


def _person_errors(written: dict[str, str]) -> list[FormError]:
    """A person is searched for by surname, first name and birth date together."""
    mends = {"surname": "Write the surname.", "given": "Write the first name.", "born": "Write the date of birth."}
    if not any(written[name] for name in mends):
        return []
    return [FormError(name, mend) for name, mend in mends.items() if not written[name]]


def _emptiness(written: dict[str, str]) -> list[FormError]:
    if any(written[name] for name in ("number", "value", "surname", "given", "born", "since", "until")):
        return []
    return [FormError("number", "Write a number, a person with a date of birth, or a day.")]


def _query(written: dict[str, str]) -> dict[str, object]:
    """What is blank asks for nothing."""
    query: dict[str, object] = {name: written[name] for name in ("agency", "number") if written[name]}
    query |= {name: str(read_day(written[name])) for name in ("since", "until") if written[name]}
    if written["value"]:
        issued_by_state = written["kind"] == IdentifierKind.SID
        issuer = {"issuer": written["issuer"].upper()} if written["issuer"] and issued_by_state else {}
        query["identifier"] = {"kind": written["kind"], "value": written["value"], **issuer}
    if written["surname"]:
        query["person"] = {
            "surname": written["surname"], "given": written["given"], "date_of_birth": str(read_day(written["born"])),
        }  # fmt: skip
    return query


def _after(form: Form) -> dict[str, str]:
    return {"after": form.text("after")} if form.text("after") else {}


@pages.get("/console/arrests/{arrest_id}", nav="search")
def show_arrest(visit: Visit, arrest_id: str) -> HtmlPage:
    """An office's arrest by its id: an alert leads here, and a search."""
    arrest: ShownArrest = visit.api.get("/v1/arrests/{arrest_id}", ShownArrest, arrest_id=arrest_id)
    history = visit.api.get("/v1/arrests/{arrest_id}/history", ArrestHistory, arrest_id=arrest_id)
    revisions = [
        (revision.reported_at, [difference_line(difference, visit.zone) for difference in revision.differences])
        for revision in reversed(history.items)
    ]
    may_search = bool({Right.ARRESTS, Right.SUPER_OWNER} & visit.session.person.rights)
    values = {"arrest": arrest, "revisions": revisions, "may_search": may_search, **facts_of(arrest, visit)}
    return HtmlPage(template="search/arrest.html", title=happened(arrest), values=values)
