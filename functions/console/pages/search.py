"""Search of arrests. What is searched for stands in the form's body: addresses are written into logs."""

from functions.console.api import ApiRefusedError
from functions.console.days import HINT, MEND, read_day
from functions.console.forms import Form
from functions.console.page import FormError, HtmlPage, Pages, form_errors
from functions.console.pages import alert_words
from functions.console.visit import Visit
from shared.alerts.view import ShownArrest
from shared.arrests.person import IdentifierKind
from shared.office_api.routes.arrests import ArrestHistory, ArrestsPage

pages = Pages()
FIELDS = ("agency", "number", "kind", "value", "issuer", "surname", "given", "born", "since", "until")
KINDS = [(IdentifierKind.SID.value, "State ID"), (IdentifierKind.FBI.value, "FBI number")]
INPUTS = {
    "agency": "agency", "number": "number", "identifier": "value", "person": "surname", "person.given": "given",
    "person.date_of_birth": "born", "since": "since", "until": "until", "body": "number",
}  # fmt: skip


@pages.get("/console/search", nav="search")
def ask(_visit: Visit) -> HtmlPage:
    return _page(dict.fromkeys(FIELDS, ""))


@pages.post("/console/search", nav="search")
def search(visit: Visit) -> HtmlPage:
    written = {name: visit.form.text(name) for name in FIELDS}
    if errors := [*_date_errors(written), *_person_errors(written)]:
        return _page(written, errors=errors)
    try:
        listed = ArrestsPage.model_validate(
            visit.api.send("POST", "/v1/arrests/search", _query(written) | _after(visit.form))
        )
    except ApiRefusedError as refused:
        return _page(written, errors=form_errors(refused, INPUTS))
    return _page(written, listed)


def _page(
    written: dict[str, str], listed: ArrestsPage | None = None, errors: list[FormError] | None = None
) -> HtmlPage:
    found = [_result(arrest) for arrest in listed.items] if listed else None
    values = {
        "written": written,
        "found": found,
        "next": listed.next if listed else None,
        "kinds": KINDS,
        "hint_day": HINT,
    }
    return HtmlPage(template="search/search.html", title="Search arrests", values=values, errors=errors or ())


def _result(arrest: ShownArrest) -> tuple[ShownArrest, str, list[str], str]:
    person = alert_words.person_of(arrest) or "A person without a name"
    return arrest, person, alert_words.charge_lines(arrest), alert_words.booked_by(arrest)


def _date_errors(written: dict[str, str]) -> list[FormError]:
    return [
        FormError(name, MEND)
        for name in ("born", "since", "until")
        if written[name] and read_day(written[name]) is None
    ]


def _person_errors(written: dict[str, str]) -> list[FormError]:
    """A person is searched for by surname, given name and birth date together."""
    mends = {"surname": "Write the surname.", "given": "Write the given name.", "born": "Write the date of birth."}
    if not any(written[name] for name in mends):
        return []
    return [FormError(name, mend) for name, mend in mends.items() if not written[name]]


def _query(written: dict[str, str]) -> dict[str, object]:
    """What is blank asks for nothing."""
    query: dict[str, object] = {name: written[name] for name in ("agency", "number") if written[name]}
    query |= {name: str(read_day(written[name])) for name in ("since", "until") if written[name]}
    if written["value"]:
        issuer = {"issuer": written["issuer"].upper()} if written["issuer"] else {}
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
    person = alert_words.person_of(arrest)
    return HtmlPage(
        template="search/arrest.html",
        title=person or "A record without a name",
        values={
            "arrest": arrest,
            "charges": alert_words.charge_lines(arrest),
            "identifiers": alert_words.identifier_lines(arrest),
            "place": alert_words.place_line(arrest),
            "booked_by": alert_words.booked_by(arrest),
            "revisions": list(reversed(history.items)),
        },
    )
