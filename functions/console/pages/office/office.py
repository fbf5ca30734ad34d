"""The office: its people, what somebody must do, agreements, watches that reach nobody."""

from http import HTTPStatus
from urllib.parse import quote

from functions.console.api import ApiRefusedError, Query
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.watches.watches import UNREACHED
from functions.console.visit import Visit
from shared.office_api.routes.office.agreements import AgreementsView
from shared.office_api.routes.office.attention import NoticesView, WithoutReaderReport
from shared.office_api.routes.office.governance import GovernanceView
from shared.office_api.routes.office.removals import HoldingsView, RemovedUser
from shared.office_api.routes.office.sources import SourcesView
from shared.office_api.routes.office.users import UsersPage
from shared.offices.agreements import AgreementState
from shared.offices.users import RECERTIFIED_EVERY, AccountState, Right, User
from shared.words import words
from shared.words.agencies import agency_title

pages = Pages()
OFFICE = "/console/office"
USER = "/v1/users/{email}"
RIGHTS = [(right.value, words(f"right.{right.value}")) for right in Right]
ACCOUNTS = {
    AccountState.MISSING: "Has no account yet: send the invitation again",
    AccountState.TAKEN: "The address has an account of another office: use another address",
}
AGREEMENTS = {
    AgreementState.IN_FORCE: ("In force", "good"),
    AgreementState.TO_COME: ("Not begun", "warn"),
    AgreementState.EXPIRED: ("Over", "bad"),
}


@pages.get(OFFICE, nav="office")
def show_office(visit: Visit) -> HtmlPage:
    """What waits comes first: people whose yearly confirmation is due, notices, watches that reach nobody."""
    people = _everybody(visit)
    due = {user.email for user in visit.api.get("/v1/reports/recertification", UsersPage).items}
    return HtmlPage(
        template="office/office.html",
        title=visit.session.person.office,
        values={
            "people": [user for user in people if not user.removed and user.machine is None],
            "machines": [user for user in people if not user.removed and user.machine],
            "removed": [user for user in people if user.removed],
            "disabled": {user.email: words(f"disabled.{user.disabled.reason}") for user in people if user.disabled},
            "due": due,
            "accounts": ACCOUNTS,
            "notices": [notice for notice in visit.api.get("/v1/notices", NoticesView).items if notice.over_at is None],
            "unreached": UNREACHED,
            "without_reader": visit.api.get("/v1/reports/without-reader", WithoutReaderReport).rows,
        },
    )


def _everybody(visit: Visit) -> list[User]:
    users: list[User] = []
    after: str | None = ""
    while after is not None:
        page = visit.api.get("/v1/users", UsersPage, {"limit": 100, "after": after})
        users, after = [*users, *page.items], page.next
    return sorted(users, key=lambda user: (user.name or user.email).casefold())


@pages.get(OFFICE + "/agreements", nav="office")
def show_agreements(visit: Visit) -> HtmlPage:
    return _agreements_page(visit)


def _agreements_page(visit: Visit, *errors: FormError) -> HtmlPage:
    view = visit.api.get("/v1/agreements", AgreementsView)
    rows = [
        (row.agreement, agency_title(row.agreement.agency), AGREEMENTS[row.state], row.days_left) for row in view.items
    ]
    missing = visit.api.get("/v1/governance", GovernanceView).missing
    values = {
        "rows": rows,
        "silent": [agency_title(agency) for agency in view.silent],
        "others": view.others,
        "sources": visit.api.get("/v1/sources", SourcesView),
        "may_switch": Right.SUPER_OWNER in visit.session.person.rights,
        "missing": [words(f"requirement.{requirement}") for requirement in missing],
    }
    return HtmlPage(template="office/agreements.html", title="Agreements", values=values, errors=errors)


@pages.post(OFFICE + "/sources", nav="office")
def switch_source(visit: Visit) -> HtmlPage | Redirect:
    """Switches an agency's feed, or another office's watches, off or on for this office."""
    kind, _, source = visit.form.text("source").partition(":")
    on, reason = visit.form.text("on") == "yes", visit.form.text("reason")
    if not reason:
        return _agreements_page(visit, FormError(f"reason-{kind}-{source}", "Write why: everybody here reads it."))
    try:
        visit.api.send(
            "PUT", "/v1/sources/{source_kind}/{source}", {"on": on, "reason": reason}, source_kind=kind, source=source
        )
    except ApiRefusedError as refused:
        return _agreements_page(visit, *form_errors(refused, {"reason": f"reason-{kind}-{source}"}))
    return Redirect(f"{OFFICE}/agreements", "source on" if on else "source off")


@pages.get(OFFICE + "/people/new", nav="office")
def ask_for_person(_visit: Visit) -> HtmlPage:
    return _new_page({"email": "", "name": "", "title": ""}, [])


def _new_page(written: dict[str, str], chosen: list[str], *errors: FormError) -> HtmlPage:
    values = {"written": written, "chosen": chosen, "rights": RIGHTS}
    return HtmlPage(template="office/new_person.html", title="Add a person", values=values, errors=errors)


@pages.post(OFFICE + "/people", nav="office")
def add_person(visit: Visit) -> HtmlPage | Redirect:
    written = {name: visit.form.text(name) for name in ("email", "name", "title")}
    rights = visit.form.texts("rights")
    if not written["email"]:
        return _new_page(
            written, rights, FormError("email", "Write the person's address, such as ana.fern@da.example.gov.")
        )
    try:
        visit.api.send("POST", "/v1/users", {**written, "rights": rights}, key=visit.form.key)
    except ApiRefusedError as refused:
        return _new_page(written, rights, *form_errors(refused, {name: name for name in ("email", "name", "title")}))
    return Redirect(address_of(written["email"].casefold()), "person added")


@pages.get(OFFICE + "/people/{email}", nav="office")
def show_person(visit: Visit, email: str) -> HtmlPage:
    return _person_page(visit, email)


def _person_page(visit: Visit, email: str, *errors: FormError) -> HtmlPage:
    user = person_named(visit, email)
    is_me = user.email == visit.session.person.email.casefold()
    return HtmlPage(
        template="office/person.html",
        title=user.name or user.email,
        errors=errors,
        values={
            "user": user,
            "is_me": is_me,
            "confirm_by": user.recertified_at + RECERTIFIED_EVERY if user.active and not user.machine else None,
            "rights": RIGHTS,
            "account": ACCOUNTS.get(user.account) if user.account else None,
            "holdings": None
            if is_me or user.removed
            else visit.api.get(f"{USER}/holdings", HoldingsView, email=user.email),
        },
    )


def person_named(visit: Visit, email: str) -> User:
    """Raises ApiRefusedError 404 for somebody who is not of this office."""
    user = next((user for user in _everybody(visit) if user.email == email.casefold()), None)
    if user is None:
        raise ApiRefusedError(HTTPStatus.NOT_FOUND, "There is no such person in your office.")
    return user


@pages.post(OFFICE + "/people/{email}", nav="office")
def change_person(visit: Visit, email: str) -> HtmlPage | Redirect:
    body = {"rights": visit.form.texts("rights"), "name": visit.form.text("name"), "title": visit.form.text("title")}
    return _act(visit, email, "PUT", USER, body, "person changed")


@pages.post(OFFICE + "/people/{email}/recertify", nav="office")
def recertify(visit: Visit, email: str) -> HtmlPage | Redirect:
    return _act(visit, email, "POST", f"{USER}/recertification", None, "person confirmed")


@pages.post(OFFICE + "/people/{email}/invite", nav="office")
def invite(visit: Visit, email: str) -> HtmlPage | Redirect:
    return _act(visit, email, "POST", f"{USER}/invitation", None, "person invited")


def _act(visit: Visit, email: str, method: str, path: str, body: object, notice: str) -> HtmlPage | Redirect:
    try:
        visit.api.send(method, path, body, key=visit.form.key, email=email)
    except ApiRefusedError as refused:
        if refused.status in {HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE}:
            raise
        mends = [FormError("", f"{refused.detail} {error.mend}") for error in refused.errors]
        return _person_page(visit, email, *(mends or [FormError("", refused.detail)]))
    return Redirect(address_of(email), notice)


def address_of(email: str) -> str:
    """Of this person's page. An address may hold what means something else in a path."""
    return f"{OFFICE}/people/{quote(email, safe='@')}"


@pages.get(OFFICE + "/people/{email}/remove", nav="office")
def ask_to_remove(visit: Visit, email: str) -> HtmlPage:
    return _remove_page(visit, email)


def _remove_page(visit: Visit, email: str, *errors: FormError) -> HtmlPage:
    user = person_named(visit, email)
    holdings = visit.api.get(f"{USER}/holdings", HoldingsView, email=user.email)
    others = [
        other for other in _everybody(visit) if other.active and other.machine is None and other.email != user.email
    ]
    values = {
        "user": user,
        "holdings": holdings,
        "holds": bool(holdings.subscriptions or holdings.folders or holdings.reviews_waiting),
        "successors": [("", "Choose"), *((other.email, other.name or other.email) for other in others)],
    }
    return HtmlPage(
        template="office/remove.html", title=f"Remove {user.name or user.email}", values=values, errors=errors
    )


@pages.post(OFFICE + "/people/{email}/remove", nav="office")
def remove(visit: Visit, email: str) -> HtmlPage | Redirect:
    """Out at the next click. What the person held goes to a colleague, or ends."""
    successor, ends = visit.form.text("successor"), visit.form.text("what") == "end"
    if visit.form.text("what") == "hand over" and not successor:
        return _remove_page(visit, email, FormError("successor", "Choose who takes over."))
    query: Query = {"hand_over_to": "" if ends else successor, "end_watches": ends}
    try:
        removed = RemovedUser.model_validate(visit.api.send("DELETE", USER, query=query, email=email))
    except ApiRefusedError as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            raise
        return _remove_page(visit, email, FormError("successor", refused.detail))
    return Redirect(address_of(email), "person removed, more to do" if removed.left else "person removed")
