from http import HTTPStatus

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from functions.office_api import dependencies
from functions.office_api.middleware.authorization import current_request
from functions.office_api.problems import Mend, Refusal
from shared.offices.preferences import Preferences

router = APIGatewayHttpRouter()


class Me(BaseModel):
    email: str
    office_id: str
    office: str
    time_zone: str
    allowed_domains: list[str]


@router.get("/v1/me", tags=["me"], summary="Who you are here")
def me() -> Me:
    email, office = current_request(router).caller
    return Me(
        email=email,
        office_id=office.office_id,
        office=office.name,
        time_zone=office.time_zone,
        allowed_domains=list(office.allowed_domains),
    )


@router.get("/v1/me/preferences", tags=["me"], summary="How you want to be told")
def preferences() -> Preferences:
    email, office = current_request(router).caller
    return dependencies.people.find(office.office_id, email)


@router.put("/v1/me/preferences", tags=["me"], summary="Quiet hours, digest, mute, deputy")
def prefer(wanted: Preferences) -> Preferences:
    """Quiet hours and mute hold back everything but urgent alerts."""
    email, office = current_request(router).caller
    if wanted.deputy and not office.allows(wanted.deputy):
        mend = Mend(field="deputy", mend=f"lies outside your office's domains ({', '.join(office.allowed_domains)})")
        raise Refusal(HTTPStatus.FORBIDDEN, "Your deputy must belong to your office.", [mend])
    dependencies.people.save(office.office_id, email, wanted)
    return wanted
