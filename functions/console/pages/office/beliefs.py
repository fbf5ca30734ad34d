"""Texts of folders and watches that may speak of religion or politics, and wait for a person (28 CFR 23.20(b))."""

from functions.console.page import HtmlPage, Pages, Redirect
from functions.console.visit import Visit
from shared.office_api.routes.reports.beliefs import BeliefTexts

pages = Pages()
HERE = "/console/beliefs"
FIELDS = {
    "name": "The title of a folder",
    "note.private": "The note of a watch for its owners",
    "note.public": "The note of a watch for everybody else",
    "reference": "The reference of a watch",
}
WORDING = ("subject_id", "field", "text_hash")


@pages.get(HERE, nav="reports")
def list_texts(visit: Visit) -> HtmlPage:
    texts = visit.api.get("/v1/reports/beliefs", BeliefTexts).items
    values = {"texts": [(text, FIELDS.get(text.field, text.field), _where(text.field)) for text in texts]}
    return HtmlPage(template="beliefs/list.html", title="Texts that may speak of beliefs", values=values)


@pages.post(HERE + "/fine", nav="reports")
def find_fine(visit: Visit) -> Redirect:
    """A wording that was changed meanwhile, or found fine by somebody else, changes nothing."""
    wording = {name: visit.form.text(name) for name in WORDING}
    visit.api.send("POST", "/v1/reports/beliefs", wording, key=visit.form.key)
    return Redirect(HERE, "text is fine")


def _where(field: str) -> str:
    return "folders" if field == "name" else "watches"
