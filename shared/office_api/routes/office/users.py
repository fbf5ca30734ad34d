"""Users of the office and their rights, kept by super-owners."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel

from shared.access import Action
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.problems import FieldProblem, RefusalError, not_found
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.office_api.routes.office.invitations import invited
from shared.offices.recipient import NewEmail
from shared.offices.users import AccountState, Right, ShownText, User
from shared.value import FrozenModel

routes = Routes("users")
router = routes.router
logger = Logger()
Address = Annotated[str, Path(pattern=r"^[^@\s/]+@[^@\s/]+$", max_length=254, description="The user's e-mail address.")]


class UsersPage(BaseModel):
    items: list[User]
    next: str | None


class NewUser(FrozenModel):
    email: NewEmail
    name: ShownText = ""
    title: ShownText = ""
    rights: frozenset[Right] = frozenset()


class UserChange(FrozenModel):
    """Without `name` or `title`, those stay as they are."""

    rights: frozenset[Right]
    name: ShownText | None = None
    title: ShownText | None = None


class Colleague(BaseModel):
    """`name` and `title` are empty until a super-owner writes them."""

    email: str
    name: str
    title: str


class ColleaguesView(BaseModel):
    items: list[Colleague]


@routes.get("/v1/users", action=Action.KEEP_USERS, summary="List the users of your office")
def list_users(limit: Limit = 50, after: Cursor = "") -> UsersPage:
    """Removed users are included."""
    of = ("users", current_request(router).by.office.office_id)
    users, following = dependencies.users.page(of[1], limit, place_of(after, *of))
    return UsersPage(items=users, next=cursor_of(following, *of))


@routes.get(
    "/v1/colleagues", action=Action.LIST_COLLEAGUES, summary="List the people of your office", needs_purpose=False
)
def list_colleagues() -> ColleaguesView:
    """For choosing people by name: everybody of your office in the order of their names, without machines and those who
    were removed. No purpose is needed."""
    users = dependencies.users.all_of(current_request(router).by.office.office_id)
    people = [user for user in users if user.active and user.machine is None]
    people.sort(key=lambda user: ((user.name or user.email).casefold(), user.email))
    return ColleaguesView(items=[Colleague(email=user.email, name=user.name, title=user.title) for user in people])


def _read_added(_ids: Ids, *, new_user: NewUser) -> User:
    """The address is in the repeated request, so it need not be kept."""
    return _find_user(new_user.email)


def _read_named(_ids: Ids, *, email: str) -> User:
    return _find_user(email)


@routes.post(
    "/v1/users",
    action=Action.KEEP_USERS,
    summary="Add a user, or add one again",
    example=examples.NEW_USER,
    success=(HTTPStatus.CREATED,),
    replay=Replay(answer=_read_added),
)
def add_user(new_user: NewUser) -> Response[User]:
    """The person gets a mail and can sign in. `account` says how: `invited` means that the mail holds a first password,
    `kept` that the account of before is open again, `office` that they sign in at your identity provider. With
    `missing` the account could not be made: send the invitation again. With `taken` the address has an account of
    another office, or of somebody who had the address before: use another address.

    Somebody who was removed comes back without roles; a machine comes back with its scopes."""
    request, now = current_request(router), datetime.now(UTC)
    email, office = request.caller
    if not office.allows(new_user.email):
        domains = ", ".join(office.allowed_domains)
        problem = FieldProblem(field="email", mend=f"is outside your office's domains ({domains})")
        raise RefusalError(HTTPStatus.FORBIDDEN, "A user must belong to your office.", [problem])
    facts = {
        "office_id": office.office_id,
        "added_by": email,
        "added_at": now,
        "recertified_at": now,
        "open_since": now,
    }
    added = _add(User(**dict(new_user), **facts, account=AccountState.MISSING))
    user = invited(added, office, now)
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=user)


def _add(user: User) -> User:
    before = dependencies.users.find(user.office_id, user.email)
    if before is None or not before.removed:
        dependencies.users.add(user)
        return user
    _drop_roles(user)
    # A record of training is kept for three years (CJIS AT-4).
    carried_over = {"machine": before.machine, "personnel": before.personnel}
    user = user.model_copy(update={**carried_over, "revision": before.revision + 1})
    dependencies.users.change(before, user)
    return user


def _drop_roles(user: User) -> None:
    """Of somebody who comes back: an account that ended by itself keeps its roles until they are handed over."""
    tree = dependencies.subscriptions.folders.tree(user.office_id)
    without = tree.without_person(user.email)
    if without.folders != tree.folders:
        dependencies.subscriptions.folders.save(without)


@routes.put(
    "/v1/users/{email}",
    action=Action.KEEP_USERS,
    summary="Change a user's rights, name or title",
    example=examples.USER_CHANGE,
)
def change_user(email: Address, user_change: UserChange) -> User:
    """The rights replace those that the user has. A machine has scopes instead. Without `name` or `title`, those stay
    as they are."""
    user = enrolled_user(email)
    if user.machine:
        raise RefusalError(HTTPStatus.CONFLICT, "A machine has scopes and no rights; the office's file says which.")
    return save_user(user, **user_change.model_dump(exclude_none=True))


@routes.post(
    "/v1/users/{email}/invitation",
    action=Action.KEEP_USERS,
    summary="Invite a user again",
    replay=Replay(answer=_read_named),
)
def invite_user(email: Address) -> User:
    """Sends the mail again, with a new first password, or makes the account that is missing. `account` says how it
    went, as when a user is added. Nobody who has signed in gets a new password: they reset it at the sign-in."""
    request = current_request(router)
    return invited(enrolled_user(email), request.by.office, datetime.now(UTC))


@routes.post(
    "/v1/users/{email}/recertification",
    action=Action.KEEP_USERS,
    summary="Recertify a user",
    replay=Replay(answer=_read_named),
)
def recertify_user(email: Address) -> User:
    """Confirms that this user still needs access. It is due every year."""
    return save_user(enrolled_user(email), recertified_at=datetime.now(UTC))


@routes.get(
    "/v1/reports/recertification",
    action=Action.KEEP_USERS,
    summary="List users whose yearly recertification is due",
    tag="reports",
)
def report_recertification() -> UsersPage:
    """Confirm or remove each of them."""
    request, now = current_request(router), datetime.now(UTC)
    users = dependencies.users.all_of(request.by.office.office_id)
    return UsersPage(items=[user for user in users if user.due_for_recertification(now)], next=None)


def enrolled_user(email: str) -> User:
    """Returns a user who was not removed. Raises RefusalError."""
    user = user_named(email)
    if user.removed:
        raise not_found("user")
    return user


def user_named(email: str) -> User:
    """Returns another user, removed or not. Raises RefusalError for the caller: nobody changes their own rights."""
    by = current_request(router).by
    if email.casefold() == by.user.email:
        raise RefusalError(HTTPStatus.CONFLICT, "Another super-owner must do that for you.")
    return _find_user(email)


def _find_user(email: str) -> User:
    if (user := dependencies.users.find(current_request(router).by.office.office_id, email)) is None:
        raise not_found("user")
    return user


def update_account(act: Callable[[User], bool], user: User) -> None:
    """Changes the account in the user pool. A fault undoes nothing: the user's record decides, and it is written."""
    try:
        act(user)
    except (ClientError, BotoCoreError):
        logger.exception("the account in the user pool does not follow")


def save_user(user: User, **facts: object) -> User:
    after = user.model_copy(update=facts | {"revision": user.revision + 1})
    dependencies.users.change(user, after)
    return after
