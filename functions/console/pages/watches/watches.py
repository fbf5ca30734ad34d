"""Watches: the list, one of them, and what its owner does with it."""

from datetime import date

from functions.console.api import ApiRefusedError
from functions.console.days import HINT, MEND, read_day, written_day
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.watches.watch_forms import EVENTS
from functions.console.pages.watches.watched_words import facts
from functions.console.visit import Visit
from shared.alerts.reach import NoReach
from shared.alerts.view import ShownSubscription
from shared.office_api.answers.subscription_summaries import DueKind, SubscriptionSummary
from shared.office_api.routes.office.users import ColleaguesView
from shared.office_api.routes.subscriptions.other_subscribers import OtherSubscribersView
from shared.office_api.routes.subscriptions.renewals import RenewalOutcomes
from shared.office_api.routes.subscriptions.subscription_search import FoundSubscriptions
from shared.offices.recipient import Recipient
from shared.subscriptions.model import SubscriptionRequest
from shared.subscriptions.search import SearchOrder
from shared.subscriptions.validity import ValidityStatus

pages = Pages()
PAGE = 25
LIST = "/console/watches"
WATCH = "/v1/subscriptions/{subscription_id}"
STANDS = {
    ValidityStatus.NOT_BEGUN: ("Not begun", ""),
    ValidityStatus.ACTIVE: ("Watching", "good"),
    ValidityStatus.EXPIRING: ("Ends soon", "warn"),
    ValidityStatus.OVERDUE: ("Stopped: confirm that it is still needed", "bad"),
    ValidityStatus.ENDED: ("Ended", ""),
    ValidityStatus.CANCELLED: ("Stopped", ""),
}
DUE = {DueKind.VALIDATION: "Confirm by", DueKind.END: "Last day", DueKind.NOTHING: ""}
VIEWS = {"mine": "My watches", "office": "My office"}
_OVER = {ValidityStatus.CANCELLED, ValidityStatus.ENDED}


@pages.get(LIST, nav="watches")
def list_watches(visit: Visit) -> HtmlPage:
    return _list_page(visit, visit.query.get("view", "mine"), "", visit.query.get("folder", ""))


@pages.post(LIST + "/search", nav="watches")
def search_watches(visit: Visit) -> HtmlPage:
    """A form, because names do not belong into addresses."""
    return _list_page(visit, visit.form.text("view") or "mine", visit.form.text("text"), "", visit.form.text("after"))


def _list_page(visit: Visit, view: str, text: str, folder: str, after: str = "") -> HtmlPage:
    search = {"text": text, "mine": view == "mine" and not folder, **({"folder": folder} if folder else {})}
    found = _search(visit, search, after or visit.query.get("after", ""))
    return HtmlPage(
        template="watches/list.html",
        title="Watches",
        values={
            "summaries": sorted(found.summaries, key=lambda summary: summary.stands in _OVER),
            "total": found.total, "complete": found.complete, "next": found.next,
            "view": view, "views": VIEWS, "text": text, "folder": folder, "stands": STANDS, "due": DUE,
        },
    )  # fmt: skip


def _search(visit: Visit, search: dict[str, object], after: str = "", limit: int = PAGE) -> FoundSubscriptions:
    asked = {name: value for name, value in search.items() if value}
    answer = visit.api.send("POST", "/v1/subscriptions/search", asked, query={"after": after, "limit": limit})
    return FoundSubscriptions.model_validate(answer)


@pages.get(LIST + "/expiring", nav="watches")
def list_expiring(visit: Visit) -> HtmlPage:
    return _expiring_page(visit)


@pages.post(LIST + "/expiring", nav="watches")
def still_needed(visit: Visit) -> HtmlPage | Redirect:
    """Says of everything that is ticked that it is still needed."""
    ids = visit.form.texts("ids")
    if not ids:
        return _expiring_page(visit, [FormError("ids", "Tick at least one watch.")])
    answer = visit.api.send("POST", "/v1/subscriptions/validations", {"ids": ids}, key=visit.form.key)
    outcomes = RenewalOutcomes.model_validate(answer).items
    refused = [
        FormError("", f"One watch was not renewed: {outcome.problem}") for outcome in outcomes if not outcome.done
    ]
    return _expiring_page(visit, refused) if refused else Redirect(f"{LIST}/expiring", "still needed")


def _expiring_page(visit: Visit, errors: list[FormError] | None = None) -> HtmlPage:
    waiting = [ValidityStatus.EXPIRING.value, ValidityStatus.OVERDUE.value]
    found = _search(visit, {"mine": True, "stands": waiting, "order": SearchOrder.DUE.value}, limit=100)
    values = {"summaries": found.summaries, "total": found.total, "stands": STANDS, "due": DUE}
    return HtmlPage(template="watches/expiring.html", title="Watches that end soon", values=values, errors=errors or ())


@pages.get(LIST + "/{subscription_id}", nav="watches")
def show_watch(visit: Visit, subscription_id: str) -> HtmlPage:
    return _watch_page(visit, subscription_id)


def _watch_page(visit: Visit, id_: str, errors: list[FormError] | None = None, ends: str | None = None) -> HtmlPage:
    """`ends` is what was written as the last day, where that was not saved."""
    read = visit.api.read(WATCH, ShownSubscription, subscription_id=id_)
    watch: ShownSubscription = read.value
    summary = visit.api.get(f"{WATCH}/summary", SubscriptionSummary, subscription_id=id_)
    people = visit.api.get("/v1/colleagues", ColleaguesView).items if summary.may_change else []
    names = {person.email: person.name or person.email for person in people}
    recipients = [recipient.email for recipient in watch.named_recipients]
    return HtmlPage(
        template="watches/watch.html",
        title=summary.title,
        errors=errors or (),
        values={
            "watch": watch,
            "etag": read.etag,
            "summary": summary,
            "watched": facts(watch.criterion),
            "stands": STANDS[summary.stands],
            "due": DUE[summary.due],
            "unreached": UNREACHED.get(summary.unreached_because) if summary.unreached_because else "",
            "recipients": [(email, names.get(email, email)) for email in recipients],
            "colleagues": [person for person in people if person.email not in recipients],
            "others": _others(visit, id_),
            "events": EVENTS,
            "chosen_events": watch.events,
            "hint_day": HINT,
            "ends": written_day(watch.ends) if ends is None else ends,
            "is_over": summary.stands in _OVER,
        },
    )


_CHANGED = (
    "Somebody changed this watch in the meantime, so your last day was not saved. Look at what is there now. What you "
    "wrote still stands below: press once more to save it."
)
UNREACHED = {
    NoReach.NOBODY: "Nobody gets the alerts of this watch: it names nobody.",
    NoReach.REFUSED: "Nobody gets the alerts of this watch: the people whom it names may not see them.",
    NoReach.NO_ADDRESS: "Nobody gets the alerts of this watch: no address works.",
    NoReach.ARCHIVED: "Nobody gets the alerts of this watch: its folders are archived.",
}


def _others(visit: Visit, id_: str) -> list[str]:
    """Who else watches this person. Empty where the reader may not ask."""
    try:
        return visit.api.get(f"{WATCH}/others", OtherSubscribersView, subscription_id=id_).others
    except ApiRefusedError:
        return []


@pages.post(LIST + "/{subscription_id}/still-needed", nav="watches")
def validate(visit: Visit, subscription_id: str) -> Redirect:
    return _act(visit, subscription_id, "POST", f"{WATCH}/validate", "still needed")


@pages.post(LIST + "/{subscription_id}/cancel", nav="watches")
def cancel(visit: Visit, subscription_id: str) -> Redirect:
    return _act(visit, subscription_id, "DELETE", WATCH, "watch cancelled")


@pages.post(LIST + "/{subscription_id}/undo", nav="watches")
def uncancel(visit: Visit, subscription_id: str) -> Redirect:
    return _act(visit, subscription_id, "POST", f"{WATCH}/uncancel", "watch goes on")


def _act(visit: Visit, id_: str, method: str, path: str, notice: str) -> Redirect:
    try:
        visit.api.send(method, path, key=visit.form.key, if_match=visit.form.etag, subscription_id=id_)
    except ApiRefusedError as refused:
        if not refused.is_stale:
            raise
        return Redirect(f"{LIST}/{id_}", "changed meanwhile")
    return Redirect(f"{LIST}/{id_}", notice)


@pages.post(LIST + "/{subscription_id}/renew", nav="watches")
def renew(visit: Visit, subscription_id: str) -> HtmlPage | Redirect:
    """A new last day; blank for none."""
    written = visit.form.text("ends")
    day: date | None = read_day(written)
    if written and day is None:
        return _watch_page(visit, subscription_id, [FormError("ends", MEND)], written)
    body = {"ends": day.isoformat() if day else None}
    try:
        visit.api.send(
            "POST",
            f"{WATCH}/renew",
            body,
            key=visit.form.key,
            if_match=visit.form.etag,
            subscription_id=subscription_id,
        )
    except ApiRefusedError as refused:
        errors = [FormError("", _CHANGED)] if refused.is_stale else form_errors(refused, {"ends": "ends"})
        return _watch_page(visit, subscription_id, errors, written)
    return Redirect(f"{LIST}/{subscription_id}", "new last day")


@pages.post(LIST + "/{subscription_id}/events", nav="watches")
def change_events(visit: Visit, subscription_id: str) -> HtmlPage | Redirect:
    """Of which events the watch tells; nothing ticked means as its folders say. Everything else stays as it is."""
    watch = visit.api.read(WATCH, ShownSubscription, subscription_id=subscription_id).value
    wish = watch.model_dump(mode="json", include=set(SubscriptionRequest.model_fields))
    body = wish | {"events": visit.form.texts("events")}
    try:
        visit.api.send("PUT", WATCH, body, if_match=visit.form.etag, subscription_id=subscription_id)
    except ApiRefusedError as refused:
        if refused.is_stale:
            return Redirect(f"{LIST}/{subscription_id}", "changed meanwhile")
        return _watch_page(visit, subscription_id, form_errors(refused, {"events": "events", "events.0": "events"}))
    return Redirect(f"{LIST}/{subscription_id}", "events chosen")


@pages.post(LIST + "/{subscription_id}/recipients", nav="watches")
def change_recipients(visit: Visit, subscription_id: str) -> HtmlPage | Redirect:
    """Adds the chosen colleague, or removes one."""
    added, removed = visit.form.text("add"), visit.form.text("remove")
    if not (added or removed):
        return _watch_page(visit, subscription_id, [FormError("add", "Choose a colleague.")])
    body = {"add": [Recipient.from_email(added).root] if added else [], "remove": [removed] if removed else []}
    try:
        visit.api.send("POST", f"{WATCH}/recipients", body, key=visit.form.key, subscription_id=subscription_id)
    except ApiRefusedError as refused:
        return _watch_page(visit, subscription_id, form_errors(refused, {"add": "add", "recipients": "add"}))
    return Redirect(f"{LIST}/{subscription_id}", "recipient added" if added else "recipient removed")
