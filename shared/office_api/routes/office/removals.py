"""Removal of a user: what the user holds is handed over or ended, and the people it concerns are told."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from shared.access import Action
from shared.alerts.look_back import alert_of_past
from shared.alerts.succession_notices import succession_notices
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Routes
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.gate.resources import review_resources
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes.office.users import Address, save_user, update_account, user_named
from shared.offices.contacts import contacts_of
from shared.offices.users import User
from shared.subscriptions.hand_over import Holdings, Succession, end_all, hand_over, holdings_of
from shared.subscriptions.model import Subscription

routes = Routes("users")
router = routes.router
SECONDS = 20.0  # then the rest of what is handed over is `left`
_NEWEST_ALERTS, _UNANSWERED_FOR = 500, timedelta(days=7)  # alerts of the office that are looked at
MOST_LISTED = 50  # of what a user holds, in a refusal
ADDRESS_OR_NONE = r"^([^@\s/]+@[^@\s/]+)?$"


class HeldSubscription(BaseModel):
    """`listed` names the list of the office that made it: cases or warrants."""

    subscription_id: str
    basis: str
    case_number: str
    listed: str


class HeldFolder(BaseModel):
    folder_id: str
    path: str


class RemovedUser(User):
    """The user, and what became of what the user held: counts, and the watches themselves. `left` counts the watches
    for which time ran out."""

    handed_over: int = 0
    ended: int = 0
    left: int = 0
    watches: list[HeldSubscription] = []
    folders: list[HeldFolder] = []


class HoldingsView(BaseModel):
    """Active watches, folders that the user owns, and how many possible matches wait for these watches."""

    subscriptions: list[HeldSubscription]
    folders: list[HeldFolder]
    reviews_waiting: int


@routes.get(
    "/v1/users/{email}/holdings",
    action=Action.KEEP_USERS,
    summary="List what a user holds: watches, folders, possible matches",
)
def list_holdings(email: Address) -> HoldingsView:
    """What must be handed over, or ends, when this user is removed. Rows of a case list among them."""
    holdings = _holdings(user_named(email))
    return HoldingsView(
        subscriptions=[_held(subscription) for subscription in holdings.subscriptions],
        folders=_held_folders(holdings),
        reviews_waiting=_waiting_reviews(holdings),
    )


@routes.delete(
    "/v1/users/{email}",
    action=Action.KEEP_USERS,
    summary="Remove a user, and hand over what the user holds",
)
def remove_user(
    email: Address,
    hand_over_to: Annotated[
        str, Query(pattern=ADDRESS_OR_NONE, max_length=254, description="The colleague who takes everything over.")
    ] = "",
    end_watches: Annotated[bool, Query(description="True ends everything that the user holds.")] = False,
) -> RemovedUser:
    """The user is refused from the next request on, loses every role, and is notified of nothing more. Somebody who
    holds watches or folders is removed only with `hand_over_to` or with `end_watches=true`; without either, the answer
    is 409 and says what is held. Possible matches and rows of a case list go with their watch. The successor and the
    office's contact are told.

    If `left` is more than 0, time ran out: send the same request again. An account in the user pool is closed; an
    account at your identity provider is yours to close. Removing again is harmless.
    """
    user, now = user_named(email), datetime.now(UTC)
    successor, holdings = _successor(hand_over_to, user), _holdings(user)
    if holdings and not successor and not end_watches:
        raise _still_holds(user, holdings)
    if not user.removed:
        user = save_user(user, deprovisioned_at=now, rights=frozenset(), succeeded_by=successor or None)
    elif successor and user.succeeded_by != successor:
        user = save_user(user, succeeded_by=successor)
    update_account(dependencies.accounts().close, user)
    _tell_of_succession(user, holdings, successor, now)
    succession = _settle(holdings, successor, now)
    return RemovedUser(
        **user.model_dump(),
        **{"handed_over" if successor else "ended": len(succession.done)},
        left=succession.left,
        watches=[_held(subscription) for subscription in succession.done],
        folders=_held_folders(holdings),
    )


def _held(subscription: Subscription) -> HeldSubscription:
    return HeldSubscription(
        subscription_id=subscription.subscription_id,
        basis=subscription.basis.kind.value,
        case_number=subscription.basis.case_number,
        listed=subscription.caselist,
    )


def _held_folders(holdings: Holdings) -> list[HeldFolder]:
    return [HeldFolder(folder_id=folder.folder_id, path=path) for folder, path in holdings.folders]


def _settle(holdings: Holdings, successor: str, now: datetime) -> Succession:
    deps = dependencies.subscribe_deps()
    if successor:
        succession = hand_over(holdings, successor, deps, now, SECONDS)
        _alert_of_unanswered(holdings, succession, now)
        return succession
    return end_all(holdings, current_request(router).caller.email, deps, now, SECONDS)


def _alert_of_unanswered(holdings: Holdings, succession: Succession, now: datetime) -> None:
    """Alerts the successor of the arrests of which the leaver was alerted in the last days without an answer: what was
    on its way to the leaver reaches nobody any more."""
    alerts, _ = dependencies.alerts.page(holdings.office_id, _NEWEST_ALERTS, None)
    waiting = [
        alert
        for alert in alerts
        if alert.recipient.email.casefold() == holdings.email
        and alert.withdrawn_at is None
        and alert.created_at > now - _UNANSWERED_FOR
    ]
    answers = dependencies.responses.read(alert.alert_id for alert in waiting)
    arrest_ids = [
        alert.arrest_id
        for alert in waiting
        if alert.alert_id not in answers or answers[alert.alert_id].acknowledged_at is None
    ]
    if arrest_ids and succession.done:
        alert_of_past(list(dict.fromkeys(arrest_ids)), succession.done, dependencies.look_back_deps(), now)


def _successor(email: str, leaving: User) -> str:
    """Returns the successor's address, empty for none. Raises RefusalError for somebody who cannot take over: nobody
    makes themselves owner of what is another's."""
    if not email:
        return ""
    by, address = current_request(router).by, email.casefold()
    if address == by.user.email:
        mend = "names you; name somebody else, or let another super-owner remove this user"
    elif address == leaving.email:
        mend = "names the user who is removed; name somebody else"
    else:
        successor = dependencies.users.find(leaving.office_id, address)
        if successor and successor.active and not successor.machine:
            return successor.email
        mend = "is no active user of your office; name a person whom GET /v1/users lists"
    problem = FieldProblem(field="hand_over_to", mend=mend)
    raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This user cannot take over.", [problem])


def _holdings(user: User) -> Holdings:
    return holdings_of(user.email, user.office_id, dependencies.subscriptions)


def _still_holds(user: User, holdings: Holdings) -> RefusalError:
    """The first of what is held, with what to do. `GET .../holdings` lists all of it."""
    waiting = _waiting_reviews(holdings)
    detail = (
        f"This user still holds {len(holdings.subscriptions)} watches, {len(holdings.folders)} folders and "
        f"{waiting} possible matches. Say who takes them over (hand_over_to) or that they end (end_watches=true)."
    )
    held = [f"watch {held.subscription_id}: {held.basis.kind.value}" for held in holdings.subscriptions]
    held += [f"folder {folder.folder_id}" for folder, _ in holdings.folders]
    return RefusalError(
        HTTPStatus.CONFLICT, detail, [FieldProblem(field="hand_over_to", mend=line) for line in held[:MOST_LISTED]]
    )


def _waiting_reviews(holdings: Holdings) -> int:
    """How many wait, as far as the caller may know that their arrests are held."""
    watches = {subscription.subscription_id: subscription for subscription in holdings.subscriptions}
    if not watches:
        return 0
    by = current_request(router).by
    waiting = dependencies.alerts.reviews.waiting(by.office.office_id)
    pairs = [(review, watches[review.subscription_id]) for review in waiting if review.subscription_id in watches]
    agreed = agreement_filter(by)
    if agreed.hides_nothing:
        return len(pairs)
    resources = review_resources(by, pairs, agreed)
    return sum(resource.record is not None for resource in resources)


def _tell_of_succession(user: User, holdings: Holdings, successor: str, now: datetime) -> None:
    """Told before it is done: a crash in between repeats the request, and the notice goes out once."""
    office = current_request(router).by.office
    contacts = contacts_of(office, dependencies.users.all_of(office.office_id)) if holdings else ()
    others = set(contacts) - {current_request(router).caller.email}
    for notice in succession_notices(user, holdings, successor, others, now):
        dependencies.alerts.notices.store(notice)
        dependencies.enqueue()([notice.delivery.key])
