"""Ends of cases that no feed reports: entered by whoever answers for records, and taken back."""

from functions.console.api import ApiRefusedError
from functions.console.days import MEND, RECENT_HINT, read_day
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.visit import Visit
from shared.arrests.retention.case_entry import CaseEntryKind
from shared.office_api.routes.office.case_entries import CaseEntriesView

pages = Pages()
LIST = "/console/case-entries"
KINDS = [
    (CaseEntryKind.APPEALS_EXHAUSTED.value, "The appeals are exhausted: a conviction closes the case only then"),
    (CaseEntryKind.APPEAL_TAKEN.value, "An appeal was taken: the case is open again"),
    (CaseEntryKind.PROSECUTED.value, "The person was convicted"),
    (CaseEntryKind.SETTLED.value, "The case was dismissed, declined or settled"),
    (CaseEntryKind.NO_ARREST.value, "There was no arrest"),
    (CaseEntryKind.RESTITUTION_ENDED.value, "Restitution is no longer sought"),
    (CaseEntryKind.TAKEN_BACK.value, "The disposition was taken back"),
    (CaseEntryKind.PERSON_DIED.value, "The person died"),
    (CaseEntryKind.CHILD_BORN.value, "The youngest child of the offence was born on this day"),
]
FIELDS = ("number", "kind", "day", "source")


@pages.get(LIST, nav="records")
def list_entries(visit: Visit) -> HtmlPage:
    entries = visit.api.get("/v1/case-entries", CaseEntriesView).items
    values = {"entries": entries, "titles": dict(KINDS)}
    return HtmlPage(template="records/case_entries.html", title="Ends of cases", values=values)


@pages.get(LIST + "/new", nav="records")
def ask_for_entry(visit: Visit) -> HtmlPage:
    return _form(dict.fromkeys(FIELDS, "") | {"number": visit.query.get("number", "")})


@pages.post(LIST + "/new", nav="records")
def enter(visit: Visit) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in FIELDS}
    day = read_day(written["day"])
    errors = [] if day else [FormError("day", MEND)]
    if len(written["source"]) < 3:
        errors.append(FormError("source", "Write which paper says so, in a few words."))
    if errors:
        return _form(written, *errors)
    try:
        visit.api.send("POST", "/v1/case-entries", written | {"day": str(day)}, key=visit.form.key)
    except ApiRefusedError as refused:
        return _form(written, *form_errors(refused, {name: name for name in FIELDS}))
    return Redirect(LIST, "case entry saved")


@pages.post(LIST + "/{entry}/take-back", nav="records")
def take_back(visit: Visit, entry: str) -> Redirect:
    visit.api.send("POST", "/v1/case-entries/{entry}/take-back", None, key=visit.form.key, entry=entry)
    return Redirect(LIST, "case entry taken back")


def _form(written: dict[str, str], *errors: FormError) -> HtmlPage:
    values = {"written": written, "kinds": KINDS, "hint_day": RECENT_HINT}
    return HtmlPage(
        template="records/new_case_entry.html", title="Enter the end of a case", values=values, errors=errors
    )
