"""A new watch: choose what, fill in one form, check what it would have brought, save. Nothing stands in an address."""

from functions.console.api import ApiRefusedError
from functions.console.days import HINT, HINT_BORN
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.watches import watch_forms
from functions.console.pages.watches.folder_choice import folder_choices
from functions.console.pages.watches.watched_words import facts
from functions.console.visit import Visit
from shared.alerts.backtest import Backtest
from shared.alerts.matches.reason_words import reason_sentence
from shared.arrests.charges import ChargeClass
from shared.arrests.statutes.offense_families import Family
from shared.office_api.routes.office.users import ColleaguesView
from shared.office_api.routes.subscriptions.backtest import BacktestRequest
from shared.offices.preferences import Urgency
from shared.words.charges import readable_charge

pages = Pages()
NEW = "/console/watches/new"
DAYS = 90


@pages.get(NEW, nav="watches")
def choose(_visit: Visit) -> HtmlPage:
    return HtmlPage(template="watches/kinds.html", title="What do you watch?", values={"kinds": watch_forms.KINDS})


@pages.get(NEW + "/{kind}", nav="watches")
def ask(visit: Visit, kind: str) -> HtmlPage:
    return _form_page(visit, kind, watch_forms.BLANK)


@pages.post(NEW + "/{kind}", nav="watches")
def fill_in_again(visit: Visit, kind: str) -> HtmlPage:
    """Back from the check page, with what was written."""
    return _form_page(visit, kind, watch_forms.draft_of(visit.form))


@pages.post(NEW + "/{kind}/check", nav="watches")
def check(visit: Visit, kind: str) -> HtmlPage:
    """What the watch would have brought in the last days. Nothing is saved yet."""
    draft = watch_forms.draft_of(visit.form)
    _require_kind(kind)
    if errors := watch_forms.missing(kind, draft.texts):
        return _form_page(visit, kind, draft, errors)
    body = watch_forms.wish(kind, draft, visit.session.person.email)
    fields = BacktestRequest.model_fields.keys()
    question = {name: value for name, value in body.items() if name in fields} | {"days": DAYS}
    try:
        past = Backtest.model_validate(visit.api.send("POST", "/v1/backtest", question))
    except ApiRefusedError as refused:
        return _form_page(visit, kind, draft, _errors(refused))
    return HtmlPage(
        template="watches/check.html",
        title="Check your watch",
        values={
            "kind": kind,
            "draft": draft,
            "watched": facts(BacktestRequest.model_validate(question).criterion),
            "past": past,
            "hits": [(hit, reason_sentence(hit.reason)) for hit in past.hits[:10]],
        },
    )


@pages.post("/console/watches", nav="watches")
def save(visit: Visit) -> HtmlPage | Redirect:
    kind = visit.form.text("what")
    _require_kind(kind)
    draft = watch_forms.draft_of(visit.form)
    body = watch_forms.wish(kind, draft, visit.session.person.email)
    try:
        saved = visit.api.send("POST", "/v1/subscriptions", body, key=visit.form.key)
    except ApiRefusedError as refused:
        return _form_page(visit, kind, draft, _errors(refused))
    return Redirect(f"/console/watches/{saved['subscription_id']}", "watch saved")


def _require_kind(kind: str) -> None:
    """Raises ApiRefusedError 404, which becomes the page for what does not exist."""
    if kind not in watch_forms.KINDS:
        raise ApiRefusedError(404, "There is no such kind of watch.")


def _errors(refused: ApiRefusedError) -> list[FormError]:
    form_errors(refused, {})  # raises what the form cannot mend
    lines = [FormError(watch_forms.input_of(error.field), _sentence(error.mend)) for error in refused.errors]
    return lines or [FormError("", refused.detail)]


def _sentence(mend: str) -> str:
    return f"{mend[:1].upper()}{mend[1:].rstrip('.')}."


def _form_page(
    visit: Visit, kind: str, draft: watch_forms.WatchDraft, errors: list[FormError] | None = None
) -> HtmlPage:
    _require_kind(kind)
    people = visit.api.get("/v1/colleagues", ColleaguesView).items
    return HtmlPage(
        template="watches/form.html",
        title=watch_forms.KINDS[kind].title,
        errors=errors or (),
        values={
            "kind": kind,
            "texts": draft.texts,
            "chosen_colleagues": draft.colleagues,
            "chosen_events": draft.events,
            "events": watch_forms.EVENTS,
            "hint_day": HINT,
            "hint_born": HINT_BORN,
            "bases": watch_forms.BASES,
            "folders": folder_choices(visit),
            "people": [person for person in people if person.email != visit.session.person.email],
            "urgencies": [
                (Urgency.NORMAL.value, "Normal: outside my quiet hours"),
                (Urgency.URGENT.value, "Urgent: at once, and somebody must answer"),
                (Urgency.DIGEST.value, "Once a day, with others"),
            ],
            "families": [("", "Any"), *((family.value, readable_charge(family.value)) for family in Family)],
            "classes": [("", "Any"), *((word.value, readable_charge(word.value)) for word in ChargeClass)],
        },
    )
