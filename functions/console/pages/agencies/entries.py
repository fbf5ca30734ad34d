"""What a clerk enters for an agency: an arrest by hand, a seal in two steps, the profile."""

from typing import Any

from functions.console.api import ApiRefusedError
from functions.console.days import HINT, MEND, RECENT_HINT, read_day
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.agencies.seals import statute_choices
from functions.console.visit import Visit
from shared.feeds.profiles.table import ProfileVersion
from shared.office_api.routes.agencies.agencies import AgencyView
from shared.words.agencies import agency_title

pages = Pages()
AGENCY = "/v1/agencies/{agency_id}"
ARREST = (
    "number", "arrested", "arrested_time", "surname", "given", "middle", "born", "sex", "sid", "alias", "statute",
    "charge", "charge_class", "address", "city", "precinct",
)  # fmt: skip
SEAL = ("number", "arrested", "sid", "fbi", "surname", "given", "born", "seal_statute")
SEXES = [("", "Not known"), ("F", "Female"), ("M", "Male"), ("X", "Another")]
CLASSES = [
    ("", "Not known"),
    *((word, word.capitalize()) for word in ("felony", "misdemeanor", "violation", "infraction")),
]


@pages.get("/console/agencies/{agency_id}/enter", nav="agencies")
def ask_for_arrest(visit: Visit, agency_id: str) -> HtmlPage:
    return _arrest_page(visit, agency_id, dict.fromkeys(ARREST, ""))


def _arrest_page(visit: Visit, agency_id: str, written: dict[str, str], *errors: FormError) -> HtmlPage:
    agency = visit.api.get(AGENCY, AgencyView, agency_id=agency_id)
    values = {"agency": agency, "written": written, "sexes": SEXES, "classes": CLASSES, "hint_day": HINT}
    values["hint_recent"] = RECENT_HINT
    return HtmlPage(template="agencies/enter.html", title="Enter an arrest by hand", values=values, errors=errors)


@pages.post("/console/agencies/{agency_id}/enter", nav="agencies")
def enter_arrest(visit: Visit, agency_id: str) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in ARREST}
    if errors := _missing(written):
        return _arrest_page(visit, agency_id, written, *errors)
    charge = {name: written[name] for name in ("statute", "charge", "charge_class") if written[name]}
    body: dict[str, Any] = {name: written[name] for name in ARREST if written[name] and name not in charge}
    body |= _days(written) | ({"charges": [charge]} if charge else {})
    try:
        accepted = visit.api.send("POST", f"{AGENCY}/arrests", body, key=visit.form.key, agency_id=agency_id)
    except ApiRefusedError as refused:
        return _arrest_page(visit, agency_id, written, *_field_errors(refused, ARREST))
    return Redirect(f"/console/agencies/{agency_id}/drops/{accepted['drop_id']}?sent=yes", "entry sent")


def _missing(written: dict[str, str]) -> list[FormError]:
    errors = [] if written["number"] else [FormError("number", "Write the agency's number of the arrest.")]
    if read_day(written["arrested"]) is None:
        errors.append(FormError("arrested", MEND))
    if written["born"] and read_day(written["born"]) is None:
        errors.append(FormError("born", MEND))
    return errors


def _days(written: dict[str, str]) -> dict[str, str]:
    return {name: str(day) for name in ("arrested", "born") if (day := read_day(written[name]))}


def _field_errors(refused: ApiRefusedError, names: tuple[str, ...]) -> list[FormError]:
    """The last part of the API's field that the form knows. A conflict is said too: the feed has this arrest."""
    if refused.status == 409:
        return [FormError("number", f"{refused.detail} {' '.join(error.mend for error in refused.errors)}")]
    form_errors(refused, {})
    lines = []
    for error in refused.errors:
        known = [part for part in error.field.split(".") if part in names]
        lines.append(FormError(known[-1] if known else "", f"{error.mend[:1].upper()}{error.mend[1:]}"))
    return lines or [FormError("", refused.detail)]


@pages.get("/console/agencies/{agency_id}/seal", nav="agencies")
def ask_for_seal(visit: Visit, agency_id: str) -> HtmlPage:
    visit.api.get(AGENCY, AgencyView, agency_id=agency_id)  # of another office there is no such page
    return _seal_page(visit, agency_id, dict.fromkeys(SEAL, ""))


def _seal_page(visit: Visit, agency_id: str, written: dict[str, str], *errors: FormError) -> HtmlPage:
    values: dict[str, object] = {"agency_id": agency_id, "written": written, "hint_day": HINT}
    values["hint_recent"] = RECENT_HINT
    values["statutes"] = [("", "Not named: lock it, and ask the agency"), *statute_choices(visit)]
    title = f"Seal an arrest of {agency_title(agency_id)}"
    return HtmlPage(template="agencies/seal.html", title=title, values=values, errors=errors)


@pages.post("/console/agencies/{agency_id}/seal/check", nav="agencies")
def check_seal(visit: Visit, agency_id: str) -> HtmlPage:
    """The second step: what is about to happen, in words. Nothing is sealed yet."""
    written = {name: visit.form.text(name) for name in SEAL}
    if errors := _seal_errors(written):
        return _seal_page(visit, agency_id, written, *errors)
    values = {"agency_id": agency_id, "written": written}
    return HtmlPage(template="agencies/seal_check.html", title="Seal this arrest?", values=values)


def _seal_errors(written: dict[str, str]) -> list[FormError]:
    errors = [
        FormError(name, MEND) for name in ("arrested", "born") if written[name] and read_day(written[name]) is None
    ]
    if not (written["number"] or ((written["sid"] or written["fbi"]) and written["arrested"])):
        errors.append(FormError("number", "Write the number of the arrest, or a state ID or FBI number with the day."))
    return errors


@pages.post("/console/agencies/{agency_id}/seal", nav="agencies")
def seal(visit: Visit, agency_id: str) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in SEAL}
    body = {name: text for name, text in written.items() if text} | _days(written)
    try:
        accepted = visit.api.send("POST", f"{AGENCY}/seals", body, key=visit.form.key, agency_id=agency_id)
    except ApiRefusedError as refused:
        return _seal_page(visit, agency_id, written, *_field_errors(refused, SEAL))
    return Redirect(f"/console/agencies/{agency_id}/drops/{accepted['drop_id']}?sent=yes", "seal sent")


@pages.get("/console/agencies/{agency_id}/profile", nav="agencies")
def show_profile(visit: Visit, agency_id: str) -> HtmlPage:
    return _profile_page(visit, agency_id)


_CHANGED = (
    "Somebody saved this profile in the meantime, so yours was not saved. It still stands here, and theirs below it. "
    "Bring them together, then press Save once more."
)


def _profile_page(visit: Visit, agency_id: str, text: str | None = None, *errors: FormError) -> HtmlPage:
    live, etag = "", ""
    try:
        read = visit.api.read(f"{AGENCY}/profile", ProfileVersion, agency_id=agency_id)
        live, etag = read.value.text, read.etag
    except ApiRefusedError as refused:
        if refused.status != 404:
            raise
        visit.api.get(AGENCY, AgencyView, agency_id=agency_id)  # an agency of another office is not found either
    values = {"agency_id": agency_id, "text": live if text is None else text, "live": live, "etag": etag}
    return HtmlPage(
        template="agencies/profile.html",
        title=f"How files of {agency_title(agency_id)} are read",
        values=values,
        errors=errors,
    )


@pages.post("/console/agencies/{agency_id}/profile", nav="agencies")
def replace_profile(visit: Visit, agency_id: str) -> HtmlPage | Redirect:
    """Saves the profile, or confirms one that a colleague wants to save and that needs a second person."""
    text = visit.form.text("text")
    confirms = bool(visit.form.text("confirm"))
    try:
        if confirms:
            path = f"{AGENCY}/profile/confirmation"
            visit.api.send("POST", path, {"text": text}, key=visit.form.key, agency_id=agency_id)
        else:
            etag = visit.form.etag
            visit.api.send("PUT", f"{AGENCY}/profile", {"text": text}, if_match=etag, agency_id=agency_id)
    except ApiRefusedError as refused:
        if refused.is_stale:
            return _profile_page(visit, agency_id, text, FormError("text", _CHANGED))
        if refused.status == 409 or refused.errors:
            lines = [
                FormError("text", f"{error.field.removeprefix('text.')}: {error.mend}") for error in refused.errors
            ]
            return _profile_page(visit, agency_id, text, *(lines or [FormError("text", refused.detail)]))
        raise
    return Redirect(f"/console/agencies/{agency_id}/profile", "profile confirmed" if confirms else "profile saved")
