"""The office's settings: what a super-owner changes, and what only whoever operates the service does."""

import re
from http import HTTPStatus
from typing import Any

from functions.console.api import ApiRefusedError
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.visit import Visit
from shared.office_api.routes.office.settings import OfficeSettings, OfficeView
from shared.offices.model import DateRule, DetailReaders

pages = Pages()
SETTINGS = "/console/office/settings"
OFFICE = "/v1/office"
TEXTS = (
    "name",
    "time_zone",
    "contact",
    "allowed_domains",
    "agreed_domains",
    "details_go_to",
    "alerts_an_hour",
    "goes_by",
)
TICKS = ("shows_watches", "folders_in_pings")
ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
         "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico")  # fmt: skip
READERS = [
    (DetailReaders.CERTIFIED_USERS.value, "Only people of the office who were confirmed within a year"),
    (DetailReaders.ANYBODY.value, "Anybody at a domain of the list above"),
]
DATE_RULES = [
    (DateRule.TODAY.value, "The day on which the arrest is reported"),
    (DateRule.ARREST.value, "The day of the arrest"),
]
_CHANGED_MEANWHILE = (
    "A colleague changed these settings since you opened the page. What you wrote is still below. Open the page in "
    "another window to see theirs, or press Save to put yours in their place."
)
_WHOLE_NUMBER = "Write a whole number from 1 to 100,000."


@pages.get(SETTINGS, nav="office")
def show_settings(visit: Visit) -> HtmlPage:
    read = visit.api.read(OFFICE, OfficeView)
    return _page(read.value, read.etag, _written(read.value.settings))


@pages.post(SETTINGS, nav="office")
def change_settings(visit: Visit) -> HtmlPage | Redirect:
    """What was written stays on the page if it is refused. A form that is out of date changes nothing."""
    written: dict[str, Any] = {name: visit.form.text(name) for name in TEXTS}
    written |= {name: bool(visit.form.text(name)) for name in TICKS}
    if not re.fullmatch(r"[0-9]{1,6}", written["alerts_an_hour"]):
        return _again(visit, written, FormError("alerts_an_hour", _WHOLE_NUMBER))
    body = written | {name: _domains(written[name]) for name in ("allowed_domains", "agreed_domains")}
    body["alerts_an_hour"] = int(written["alerts_an_hour"])
    try:
        visit.api.send("PUT", OFFICE, body, if_match=visit.form.etag)
    except ApiRefusedError as refused:
        if refused.is_stale:
            return _again(visit, written, FormError("", _CHANGED_MEANWHILE), is_stale=True)
        if refused.status == HTTPStatus.CONFLICT and refused.errors:
            return _again(visit, written, *(FormError(error.field, f"This {error.mend}.") for error in refused.errors))
        return _again(visit, written, *form_errors(refused, {name: name for name in (*TEXTS, *TICKS)}))
    return Redirect(SETTINGS, "office changed")


def _again(visit: Visit, written: dict[str, Any], *errors: FormError, is_stale: bool = False) -> HtmlPage:
    """With what was written. Only who was told of a colleague's change may press Save over it."""
    read = visit.api.read(OFFICE, OfficeView)
    return _page(read.value, read.etag if is_stale else visit.form.etag, written, *errors)


def _page(view: OfficeView, etag: str, written: dict[str, Any], *errors: FormError) -> HtmlPage:
    zones = sorted({*ZONES, view.settings.time_zone})
    values = {
        "written": written,
        "etag": etag,
        "operator": view.operator,
        "zones": [(zone, zone.replace("_", " ")) for zone in zones],
        "readers": READERS,
        "rules": DATE_RULES,
    }
    return HtmlPage(template="office/settings.html", title="Settings of the office", values=values, errors=errors)


def _written(settings: OfficeSettings) -> dict[str, Any]:
    return settings.model_dump(mode="json") | {
        "allowed_domains": "\n".join(settings.allowed_domains),
        "agreed_domains": "\n".join(settings.agreed_domains),
        "alerts_an_hour": str(settings.alerts_an_hour),
    }


def _domains(text: str) -> list[str]:
    return text.replace(",", " ").split()
