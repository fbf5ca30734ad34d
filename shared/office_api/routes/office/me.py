"""The caller: who you are, what you may do, what waits for you, and your preferences."""

from datetime import UTC, datetime
from http import HTTPStatus

from pydantic import BaseModel, Field

from shared.access import Action
from shared.alerts.reviews.waiting import waiting_reviews
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Routes
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.gate.authentication import SignedIn
from shared.office_api.gate.entry import EntryProblem, entry_problems
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.office_api.routes.office.attention import open_notices
from shared.offices.governance.model import Policy
from shared.offices.governance.standing import Barrier
from shared.offices.preferences import Preferences
from shared.offices.purposes import PURPOSE_TITLES, Purpose
from shared.offices.users import Right

# These routes are about the caller only. A console calls them before the user can state a purpose, so none is needed.
routes = Routes("me")
router = routes.router


class PossibleMatches(BaseModel):
    """How many wait for your verdict, as owner of the watch or as owner or editor of its folder, and since when."""

    waiting: int
    oldest: datetime | None


class PurposeChoice(BaseModel):
    """A purpose that you may state, and how a page writes it."""

    purpose: Purpose
    title: str


class Me(BaseModel):
    """`name` and `title` are empty until a super-owner writes them. `agencies` are those whose feeds your office keeps,
    `may_seal` further ones whose arrests it may seal."""

    email: str
    name: str
    title: str
    rights: list[Right]
    purposes: list[PurposeChoice]
    office_id: str
    office: str
    time_zone: str
    contact: str = Field(description="whom people of your office ask; empty if the office named nobody")
    allowed_domains: list[str]
    agencies: list[str]
    may_seal: list[str]
    possible_matches: PossibleMatches
    open_notices: int = Field(description="What `GET /v1/notices` lists that is not over.")
    before_access: list[EntryProblem] = Field(description="What must be done before you may read anything.")
    policy: Policy | None = Field(description="The policy that you must read and accept now: `GET /v1/me/policy`.")


@routes.get("/v1/me", action=Action.READ_ME, summary="Read who you are", needs_purpose=False)
def read_me() -> Me:
    """Your e-mail address, your rights, your office, the purposes that you may state, and what waits for you. No
    purpose is needed."""
    by = current_request(router).by
    email, office = by.caller
    return Me(
        email=email,
        name=by.user.name,
        title=by.user.title,
        rights=sorted(by.user.rights),
        purposes=[PurposeChoice(purpose=purpose, title=PURPOSE_TITLES[purpose]) for purpose in Purpose],
        office_id=office.office_id,
        office=office.name,
        time_zone=office.time_zone,
        contact=office.contact,
        allowed_domains=list(office.allowed_domains),
        agencies=list(office.agencies),
        may_seal=list(office.may_seal),
        possible_matches=_matches_if_let_in(by),
        open_notices=open_notices(by) if by.may_enter else 0,
        before_access=entry_problems(by),
        policy=office.governance.policy if Barrier.POLICY in by.barriers else None,
    )


def _matches_if_let_in(by: SignedIn) -> PossibleMatches:
    return possible_matches_of(by, datetime.now(UTC)) if by.may_enter else PossibleMatches(waiting=0, oldest=None)


def possible_matches_of(by: SignedIn, now: datetime) -> PossibleMatches:
    deps, agreed = dependencies, agreement_filter(by)
    held = agreed.held_for_reader if by.purpose and not agreed.hides_nothing else None
    waiting = waiting_reviews(by.office, deps.alerts.reviews, deps.subscriptions, now, deps.arrests, held)
    own = waiting.get(by.user.email.casefold())
    return PossibleMatches(waiting=own.number if own else 0, oldest=own.oldest if own else None)


@routes.get("/v1/me/preferences", action=Action.READ_ME, summary="Read your preferences", needs_purpose=False)
def read_preferences() -> Preferences:
    """Quiet hours, digest, text messages, mute and deputy. No purpose is needed."""
    email, office = current_request(router).caller
    return dependencies.preferences.find(office.office_id, email)


@routes.put(
    "/v1/me/preferences",
    action=Action.SET_PREFERENCES,
    summary="Replace your preferences",
    example=examples.PREFERENCES,
    needs_purpose=False,
)
def replace_preferences(preferences: Preferences) -> Preferences:
    """Quiet hours and mute hold back everything except urgent alerts. Your deputy gets urgent alerts that you do not
    acknowledge."""
    email, office = current_request(router).caller
    if preferences.deputy and not office.allows(preferences.deputy):
        problem = FieldProblem(
            field="deputy", mend=f"is outside your office's domains ({', '.join(office.allowed_domains)})"
        )
        raise RefusalError(HTTPStatus.FORBIDDEN, "Your deputy must belong to your office.", [problem])
    dependencies.preferences.save(office.office_id, email, preferences)
    return preferences
