"""A profile from one sample: the questions, a table of the columns to correct, the profile to save."""

from base64 import b64encode
from http import HTTPStatus
from typing import Any

from functions.console.api import ApiRefusedError
from functions.console.forms import Form
from functions.console.page import FormError, HtmlPage, Pages, form_errors
from functions.console.visit import Visit
from shared.feeds.profiles.table import ProfileVersion
from shared.feeds.record import FIELD_NAMES
from shared.office_api.routes.agencies.agencies import AgencyView
from shared.office_api.routes.agencies.suggestions import SuggestedProfile

pages = Pages()
PAGE = "/console/agencies/{agency_id}/suggest"
AGENCY = "/v1/agencies/{agency_id}"
_KNOWN = ("time_zone", "sid_issuer", "ori")
_NOT_READ = "not read"
FIELD_OPTIONS = ((_NOT_READ, _NOT_READ), *((name, name) for name in FIELD_NAMES))
ORDERS = (("", "The file shows it"), ("month", "Month first: 3/14 is March 14"), ("day", "Day first: 14/3 is March 14"))


@pages.get(PAGE, nav="agencies")
def show_form(visit: Visit, agency_id: str) -> HtmlPage:
    visit.api.get(AGENCY, AgencyView, agency_id=agency_id)  # another office's agency is not found
    return _page(visit, agency_id)


@pages.post(PAGE, nav="agencies")
def suggest(visit: Visit, agency_id: str) -> HtmlPage:
    """Stores nothing. The sample is chosen again for a correction: it stays on the user's computer."""
    file = visit.form.files.get("file")
    if file is None or not file.content:
        return _page(visit, agency_id, errors=[FormError("file", "Choose a sample.")])
    body = _body(visit.form) | {"content": b64encode(file.content).decode(), "file": file.name[:150]}
    try:
        answer = visit.api.send("POST", f"{AGENCY}/suggest", body, agency_id=agency_id)
    except ApiRefusedError as refused:
        if refused.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        places = {"content": "file", **{name: name for name in _KNOWN}}
        return _page(visit, agency_id, errors=form_errors(refused, places))
    return _page(visit, agency_id, suggestion=SuggestedProfile.model_validate(answer))


def _body(form: Form) -> dict[str, Any]:
    """What the clerk knows, and the columns whose field the clerk changed in the table."""
    body: dict[str, Any] = {name: form.text(name) for name in _KNOWN}
    if order := form.text("order"):
        body["day_first"] = order == "day"
    names, shown, chosen = (form.fields.get(name, ()) for name in ("column", "was", "now"))
    corrected = {name: now for name, was, now in zip(names, shown, chosen, strict=False) if was != now}
    return body | {"fields": {name: "" if field == _NOT_READ else field for name, field in corrected.items()}}


def _page(
    visit: Visit, agency_id: str, suggestion: SuggestedProfile | None = None, errors: list[FormError] | None = None
) -> HtmlPage:
    return HtmlPage(
        template="agencies/suggest.html",
        title="A profile from a sample",
        errors=errors or (),
        values={
            "agency_id": agency_id,
            "suggestion": suggestion,
            "columns": [(column, (*column.fields, _NOT_READ)[0]) for column in suggestion.columns]
            if suggestion
            else [],
            "options": FIELD_OPTIONS,
            "orders": ORDERS,
            "known": {name: visit.form.text(name) for name in (*_KNOWN, "order")},
            "etag": _etag(visit, agency_id) if suggestion else "",
        },
    )


def _etag(visit: Visit, agency_id: str) -> str:
    """Of the profile that the suggestion would replace; empty where there is none."""
    try:
        return visit.api.read(f"{AGENCY}/profile", ProfileVersion, agency_id=agency_id).etag
    except ApiRefusedError as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        return ""
