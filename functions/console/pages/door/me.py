"""My settings: quiet hours, digest, texts, mute, deputy."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from functions.console.api import ApiRefusedError
from functions.console.days import MEND, read_day, written_day
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.visit import Visit
from shared.office_api.routes.office.users import ColleaguesView
from shared.offices.preferences import Preferences, TextMessageRule

pages = Pages()
ME = "/console/me"
PREFERENCES = "/v1/me/preferences"
FIELDS = ("quiet-start", "quiet-until", "digest", "texts", "muted-until", "deputy")
TEXTS = [
    (TextMessageRule.ALWAYS.value, "Of every alert"),
    (TextMessageRule.URGENT.value, "Of urgent alerts; of others only when the mail fails"),
    (TextMessageRule.INSTEAD.value, "Only when the mail fails"),
]
_TIME = "Write a time of day, such as 10:00 p.m. or 22:00."
_FORMS = ("%H:%M", "%I:%M %p", "%I %p", "%I:%M%p")


@pages.get(ME, nav="me", needs_purpose=False)
def show(visit: Visit) -> HtmlPage:
    stored = visit.api.get(PREFERENCES, Preferences)
    return _page(visit, _written(visit, stored))


def _written(visit: Visit, stored: Preferences) -> dict[str, str]:
    quiet, muted = stored.quiet, stored.muted_until
    return {
        "quiet-start": quiet.start.strftime("%H:%M") if quiet else "",
        "quiet-until": quiet.until.strftime("%H:%M") if quiet else "",
        "digest": stored.digest_at.strftime("%H:%M") if stored.digest_by_mail else "",
        "texts": stored.texts.value,
        "muted-until": written_day(_day_of(muted, visit.zone)) if muted else "",
        "deputy": stored.deputy or "",
    }


def _day_of(moment: datetime, zone: ZoneInfo) -> date:
    """A moment at either end of the calendar has no day in every zone: its own is shown."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return moment.date()


def _page(visit: Visit, written: dict[str, str], errors: list[FormError] | None = None) -> HtmlPage:
    people = visit.api.get("/v1/colleagues", ColleaguesView).items
    others = [
        (person.email, person.name or person.email) for person in people if person.email != visit.session.person.email
    ]
    if written["deputy"] and written["deputy"] not in dict(others):
        others.append((written["deputy"], written["deputy"]))
    values = {"written": written, "texts": TEXTS, "deputies": [("", "Nobody"), *others]}
    return HtmlPage(template="me/me.html", title="My settings", values=values, errors=errors or ())


@pages.post(ME, nav="me", needs_purpose=False)
def save(visit: Visit) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in FIELDS}
    if errors := _errors(written):
        return _page(visit, written, errors)
    stored = visit.api.get(PREFERENCES, Preferences)
    try:
        visit.api.send("PUT", PREFERENCES, _body(visit, written, stored))
    except ApiRefusedError as refused:
        ids = {"quiet": "quiet-start", "deputy": "deputy", "digest_at": "digest", "muted_until": "muted-until"}
        return _page(visit, written, form_errors(refused, ids))
    return Redirect(ME, "settings saved")


def _errors(written: dict[str, str]) -> list[FormError]:
    errors = [
        FormError(name, _TIME)
        for name in ("quiet-start", "quiet-until", "digest")
        if written[name] and _time(written[name]) is None
    ]
    if bool(written["quiet-start"]) != bool(written["quiet-until"]):
        missing = "quiet-until" if written["quiet-start"] else "quiet-start"
        errors.append(FormError(missing, "Quiet hours need a beginning and an end. Write both, or neither."))
    if written["muted-until"] and read_day(written["muted-until"]) is None:
        errors.append(FormError("muted-until", MEND))
    return errors


def _time(text: str) -> time | None:
    """`22:00`, `10:00 p.m.` and `10 pm` are one time."""
    plain = text.upper().replace(".", "").strip()
    for form in _FORMS:
        try:
            return datetime.strptime(plain, form).time()  # noqa: DTZ007 - a time of day has no zone
        except ValueError:
            continue
    return None


def _body(visit: Visit, written: dict[str, str], stored: Preferences) -> dict[str, Any]:
    """What the page does not ask for stays as it is."""
    body = stored.model_dump(mode="json")
    start, until, muted = _time(written["quiet-start"]), _time(written["quiet-until"]), read_day(written["muted-until"])
    body["quiet"] = {"start": start.isoformat(), "until": until.isoformat()} if start and until else None
    digest = _time(written["digest"])
    body["digest_by_mail"] = digest is not None
    body["digest_at"] = (digest or stored.digest_at).isoformat()
    body["texts"] = written["texts"] or stored.texts.value
    body["muted_until"] = datetime.combine(muted, time(23, 59), visit.zone).isoformat() if muted else None
    body["deputy"] = written["deputy"] or None
    return body
