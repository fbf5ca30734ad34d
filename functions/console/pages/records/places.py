"""The history of a place. The address stands in the form's body: addresses of pages are written into logs."""

from datetime import UTC, datetime, timedelta

from functions.console.api import ApiRefusedError
from functions.console.days import MEND, RECENT_HINT, read_day, written_day
from functions.console.page import FormError, HtmlPage, Pages, form_errors
from functions.console.pages.alerts.alert_words import EVENTS
from functions.console.visit import Visit
from shared.alerts.place_history import PlaceFact, PlaceHistory
from shared.words.agencies import agency_title
from shared.words.charges import american, readable_charge

pages = Pages()
FIELDS = ("address", "city", "state", "since", "until", "case_number", "reason")
INPUTS = {name: name for name in FIELDS} | {"body": "case_number", "together": "case_number"}


@pages.get("/console/places", nav="places")
def ask(visit: Visit) -> HtmlPage:
    today = datetime.now(visit.zone).date()
    written = dict.fromkeys(FIELDS, "") | {
        "since": written_day(today - timedelta(days=90)),
        "until": written_day(today),
    }
    return _page(written)


@pages.post("/console/places", nav="places")
def look_up(visit: Visit) -> HtmlPage:
    """The form, or the history, which can be printed with a stamp."""
    written = {name: visit.form.text(name) for name in FIELDS}
    together = visit.form.text("together") == "true"
    if errors := _errors(written):
        return _page(written, together=together, errors=errors)
    query = {name: text for name, text in written.items() if text} | {"together": together}
    query |= {name: str(read_day(written[name])) for name in ("since", "until")}
    try:
        history = PlaceHistory.model_validate(visit.api.send("POST", "/v1/places/history", query))
    except ApiRefusedError as refused:
        return _page(written, together=together, errors=form_errors(refused, INPUTS))
    values = {
        "history": history,
        "facts": [(fact, _source(fact), _charges(fact), _notes(fact)) for fact in history.facts],
        "events": EVENTS,
        "because": written["case_number"] or written["reason"],
        "now": datetime.now(UTC),
    }
    return HtmlPage(template="places/history.html", title=f"Reported at {history.address}", values=values)


def _page(written: dict[str, str], *, together: bool = False, errors: list[FormError] | None = None) -> HtmlPage:
    values = {"written": written, "together": together, "hint_day": RECENT_HINT}
    return HtmlPage(template="places/ask.html", title="History of a place", values=values, errors=errors or ())


def _errors(written: dict[str, str]) -> list[FormError]:
    """In the order of the page."""
    missing = {
        "address": "Write the house number and street, a corner or a block.",
        "city": "Write the city: streets of one name are in many.",
    }
    empty = [FormError(name, mend) for name, mend in missing.items() if not written[name]]
    wrong = [FormError(name, MEND) for name in ("since", "until") if read_day(written[name]) is None]
    is_justified = written["case_number"] or written["reason"]
    unjustified = FormError("case_number", "Write the case number or, if there is no case yet, the reason.")
    return [*empty, *wrong, *([] if is_justified else [unjustified])]


def _source(fact: PlaceFact) -> str:
    number = f", number {fact.number}" if fact.number else ""
    return f"{agency_title(fact.agency)}{number}"


def _charges(fact: PlaceFact) -> list[str]:
    return [
        ", ".join(filter(None, (readable_charge(charge.text), charge.statute, charge.outcome)))
        for charge in fact.charges
    ]


def _notes(fact: PlaceFact) -> list[str]:
    notes = [american(flag.value) for flag in fact.notes]
    return [
        *(f"{note[:1].upper()}{note[1:]}." for note in notes),
        *(f"Disputed: {name.value}." for name in fact.disputed),
    ]
