"""What is on record of the office's people: employer, check, contract, training; whose access ends; who is disabled."""

from http import HTTPStatus
from typing import NamedTuple

from functions.console.api import ApiRefusedError
from functions.console.days import MEND, RECENT_HINT, read_day, written_day
from functions.console.page import Download, FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.office.office import OFFICE, USER, address_of, person_named
from functions.console.visit import Visit
from shared.office_api.routes.office.governance import GovernanceView
from shared.office_api.routes.office.personnel import StandingReport
from shared.offices.users import User
from shared.words import words

pages = Pages()
PEOPLE = OFFICE + "/people/{email}/record"
DAYS = ("contract-ends", "background-checked-on")
FIELDS = ("phone", "employer", *DAYS)
IDS = {
    "phone": "phone",
    "employer": "employer",
    "contract_ends": "contract-ends",
    "background_checked_on": "background-checked-on",
    "kind": "kind",
    "completed_on": "completed-on",
}


@pages.get(OFFICE + "/accounts", nav="office")
def show_accounts(visit: Visit) -> HtmlPage:
    report = visit.api.get("/v1/reports/accounts", StandingReport)
    reasons = {row.email: words(f"disabled.{row.because}") for row in report.rows if row.because}
    disabled = {row.email: words(f"disabled.{row.disabled}") for row in report.rows if row.disabled}
    values = {"rows": report.rows, "reasons": reasons, "disabled": disabled}
    return HtmlPage(template="office/accounts.html", title="Accounts and training", values=values)


@pages.get(OFFICE + "/accounts.csv", nav="office")
def download_accounts(visit: Visit) -> Download:
    return Download(
        body=visit.api.csv("/v1/reports/accounts"), content_type="text/csv; charset=utf-8", file_name="accounts.csv"
    )


@pages.get(PEOPLE, nav="office")
def show_record(visit: Visit, email: str) -> HtmlPage:
    return _record_page(visit, person_named(visit, email))


def _record_page(visit: Visit, user: User, written: dict[str, str] | None = None, *errors: FormError) -> HtmlPage:
    personnel = user.personnel
    stored = {
        "phone": personnel.phone,
        "employer": personnel.employer or "",
        "contract-ends": written_day(personnel.contract_ends),
        "background-checked-on": written_day(personnel.background_checked_on),
        "vendor": "true" if personnel.vendor else "",
        "kind": "",
        "completed-on": "",
    }
    rule = visit.api.get("/v1/governance", GovernanceView).governance.training
    values = {
        "user": user,
        "written": stored | (written or {}),
        "kinds": [(kind, kind) for kind in rule.kinds] if rule else [],
        "hint_day": RECENT_HINT,
        "is_me": user.email == visit.session.person.email.casefold(),
        "disabled": words(f"disabled.{user.disabled.reason}") if user.disabled else "",
    }
    title = f"On record: {user.name or user.email}"
    return HtmlPage(template="office/record.html", title=title, values=values, errors=errors)


@pages.post(PEOPLE, nav="office")
def save_record(visit: Visit, email: str) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in (*FIELDS, "vendor")}
    user = person_named(visit, email)
    if errors := [FormError(name, MEND) for name in DAYS if written[name] and read_day(written[name]) is None]:
        return _record_page(visit, user, written, *errors)
    ends, checked = (read_day(written[name]) for name in DAYS)
    body = {
        "phone": written["phone"],
        "employer": written["employer"] or None,
        "vendor": bool(written["vendor"]),
        "contract_ends": ends.isoformat() if ends else None,
        "background_checked_on": checked.isoformat() if checked else None,
    }
    return _send(visit, user, PersonChange("PUT", f"{USER}/personnel", body, "record saved"), written)


@pages.post(OFFICE + "/people/{email}/trainings", nav="office")
def add_training(visit: Visit, email: str) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in ("kind", "completed-on")}
    user, day = person_named(visit, email), read_day(visit.form.text("completed-on"))
    if day is None:
        return _record_page(visit, user, written, FormError("completed-on", MEND))
    body = {"kind": written["kind"], "completed_on": day.isoformat()}
    return _send(visit, user, PersonChange("POST", f"{USER}/trainings", body, "training recorded"), written)


@pages.post(OFFICE + "/people/{email}/open", nav="office")
def open_account(visit: Visit, email: str) -> HtmlPage | Redirect:
    change = PersonChange("POST", f"{USER}/opening", None, "account opened")
    return _send(visit, person_named(visit, email), change, {})


class PersonChange(NamedTuple):
    """What a form asks of the API about a person: its body, and the notice of the page that follows."""

    method: str
    path: str
    body: object
    notice: str


def _send(visit: Visit, user: User, change: PersonChange, written: dict[str, str]) -> HtmlPage | Redirect:
    try:
        visit.api.send(change.method, change.path, change.body, key=visit.form.key, email=user.email)
    except ApiRefusedError as refused:
        if refused.status == HTTPStatus.CONFLICT:
            return _record_page(visit, user, written, FormError("", refused.detail))
        return _record_page(visit, user, written, *form_errors(refused, IDS))
    return Redirect(f"{address_of(user.email)}/record", change.notice)
