from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel, Field

from functions.office_api import parts
from functions.office_api.access import asked_on
from functions.office_api.records import arrest_looked_up
from shared.domain.arrests import Arrest, arrest_id
from shared.domain.offices import Slug
from shared.domain.policy import Action
from shared.domain.value import Value

router = APIGatewayHttpRouter()
_TAGS = ["arrests"]


class Wanted(Value):
    """In the body, not in the address: addresses are written into logs."""

    agency: Slug
    number: str = Field(min_length=1, max_length=200, description="the agency's number of the arrest, as it sends it")


class Found(BaseModel):
    items: list[Arrest]


@router.post("/v1/arrests/search", tags=_TAGS, summary="An arrest by its agency's number")
def search(wanted: Wanted) -> Found:
    """Nothing is found that you may not read: an arrest of which you were told, or any with the right `arrests`, under
    an agreement in force with its agency; a minor's with the right `juvenile`; a sealed one never."""
    asked = asked_on(router)
    one = arrest_looked_up(asked.by, arrest_id(parts.keyed(), wanted.agency, wanted.number))
    return Found(items=asked.those(Action.READ_ARREST, [one] if one else []))


@router.get("/v1/arrests/<arrest_id>", tags=_TAGS, summary="One arrest as its agency reports it now")
def show(arrest_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")]) -> Arrest:
    return asked_on(router).the(Arrest)
