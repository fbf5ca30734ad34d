from http import HTTPStatus

from pydantic import BaseModel

from functions.office_api import dependencies
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from functions.office_api.problems import FieldProblem, RefusalError
from shared.access import Action
from shared.offices.preferences import Preferences

# About the caller alone: a console asks who is signed in before it can ask what for, so no purpose is needed.
routes = Routes("me")
router = routes.router


class Me(BaseModel):
    email: str
    office_id: str
    office: str
    time_zone: str
    allowed_domains: list[str]


@routes.get("/v1/me", action=Action.READ_ME, summary="Who you are here", needs_purpose=False)
def me() -> Me:
    email, office = current_request(router).caller
    return Me(
        email=email,
        office_id=office.office_id,
        office=office.name,
        time_zone=office.time_zone,
        allowed_domains=list(office.allowed_domains),
    )


@routes.get("/v1/me/preferences", action=Action.READ_ME, summary="How you want to be told", needs_purpose=False)
def preferences() -> Preferences:
    email, office = current_request(router).caller
    return dependencies.preferences.find(office.office_id, email)


@routes.put(
    "/v1/me/preferences",
    action=Action.SET_PREFERENCES,
    summary="Quiet hours, digest, mute, deputy",
    needs_purpose=False,
)
def prefer(preferences: Preferences) -> Preferences:
    """Quiet hours and mute hold back everything but urgent alerts."""
    email, office = current_request(router).caller
    if preferences.deputy and not office.allows(preferences.deputy):
        problem = FieldProblem(
            field="deputy", mend=f"lies outside your office's domains ({', '.join(office.allowed_domains)})"
        )
        raise RefusalError(HTTPStatus.FORBIDDEN, "Your deputy must belong to your office.", [problem])
    dependencies.preferences.save(office.office_id, email, preferences)
    return preferences
