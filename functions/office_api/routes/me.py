from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from functions.office_api.caller import caller_of

router = APIGatewayHttpRouter()


class Me(BaseModel):
    email: str
    office_id: str
    office: str
    time_zone: str
    allowed_domains: list[str]


@router.get("/v1/me", tags=["me"], summary="Who you are here")
def me() -> Me:
    email, office = caller_of(router.current_event)
    return Me(
        email=email, office_id=office.office_id, office=office.name, time_zone=office.time_zone,
        allowed_domains=list(office.allowed_domains),
    )  # fmt: skip
