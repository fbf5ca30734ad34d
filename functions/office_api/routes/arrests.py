from collections.abc import Iterator
from datetime import date
from typing import Annotated, Self

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel, Field, model_validator

from functions.office_api import parts
from functions.office_api.access import asked_on
from functions.office_api.caller import SignedIn
from functions.office_api.cursors import given_out, place_of
from functions.office_api.records import Found as Looked
from functions.office_api.records import agreed_with, arrest_looked_up
from shared.domain.arrests import Arrest, arrest_id
from shared.domain.history import Revision
from shared.domain.identity import Identifier, PersonName
from shared.domain.offices import Slug
from shared.domain.policy import Action
from shared.domain.value import Value
from shared.domain.withholding import NOTHING, news_without

router = APIGatewayHttpRouter()
_TAGS = ["arrests"]
ArrestId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
_LOOKED_AT = 200  # alerts of the office, a request


class Person(Value):
    surname: str = Field(min_length=1, max_length=200)
    given: str = Field(min_length=1, max_length=200)
    date_of_birth: date


class Wanted(Value):
    """In the body, not in the address: addresses are written into logs. Everything that is said must hold."""

    agency: Slug | None = None
    number: str | None = Field(default=None, min_length=1, max_length=200, description="the agency's, as it sends it")
    identifier: Identifier | None = None
    person: Person | None = None
    since: date | None = Field(default=None, description="the first day of arrest")
    until: date | None = Field(default=None, description="the last day of arrest")
    after: str = Field(default="", max_length=400, description="`next` of the page before")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.number and not self.agency:
            raise ValueError("a number is one agency's; say `agency` too")
        if not (self.number or self.identifier or self.person or self.since or self.until):
            raise ValueError("say a number with its agency, an identifier, a person, or a first or last day")
        return self

    def fits(self, one: Arrest) -> bool:
        return (
            self.agency in (None, one.agency)
            and self.number in (None, one.number)
            and (self.identifier is None or any(self.identifier.same_as(two) for two in one.person.identifiers))
            and (self.person is None or _is(self.person, one))
            and (self.since is None or self.since <= (one.arrested_on or date.min))
            and (self.until is None or self.until >= (one.arrested_on or date.max))
        )


class Found(BaseModel):
    items: list[Arrest]
    next: str | None = None


class Versions(BaseModel):
    items: list[Revision]


@router.post("/v1/arrests/search", tags=_TAGS, summary="Arrests by number, identifier, person or day")
def search(wanted: Wanted) -> Found:
    """By its agency's number any arrest is found; by anything else, those that your office was told of, the last told
    first. A page may be empty and yet have a `next`.

    Nothing is found that you may not read: an arrest of which you were told, or any with the right `arrests`, under
    an agreement in force with its agency; a minor's with the right `juvenile`; a sealed one never."""
    asked = asked_on(router)
    ids, following = _candidates(wanted, asked.by)
    some = [one for one in parts.arrests.versions(ids) if wanted.fits(one.arrest)]
    looked = list(_looked_up(asked.by, (one.arrest.arrest_id for one in some)))
    read = asked.those(Action.READ_ARREST, looked)
    return Found(items=[one for one in read if wanted.fits(one)], next=following)  # nothing by what is withheld


@router.get("/v1/arrests/<arrest_id>", tags=_TAGS, summary="One arrest as its agency reports it now")
def show(arrest_id: ArrestId) -> Arrest:
    return asked_on(router).the(Arrest)


@router.get("/v1/arrests/<arrest_id>/history", tags=_TAGS, summary="What each of its versions said anew")
def history(arrest_id: ArrestId) -> Versions:
    """The last twenty, the latest last."""
    asked = asked_on(router)
    one = asked.the(Arrest)
    withheld = agreed_with(asked.by).withheld(one.agency) or NOTHING
    return Versions(items=[
        revision.model_copy(update={"differences": news_without(withheld, revision.differences)})
        for revision in parts.arrests.history(one.arrest_id)
    ])  # fmt: skip


def _is(person: Person, one: Arrest) -> bool:
    """Under any of the names, without regard to case, accents and spaces."""
    key = PersonName(surname=person.surname, given=person.given).key
    return one.person.date_of_birth == person.date_of_birth and any(name.key == key for name in one.person.names)


def _candidates(wanted: Wanted, by: SignedIn) -> tuple[list[str], str | None]:
    """Ids of what may be meant, and where to go on."""
    if wanted.agency and wanted.number:
        return [arrest_id(parts.keyed(), wanted.agency, wanted.number)], None
    office_id = by.office.office_id
    place = place_of(wanted.after, "arrests told", office_id)
    alerts, following = parts.alerts.page(office_id, _LOOKED_AT, place)
    return list(dict.fromkeys(one.arrest_id for one in alerts)), given_out(following, "arrests told", office_id)


def _looked_up(by: SignedIn, ids: Iterator[str]) -> Iterator[Looked]:
    for id_ in ids:
        if one := arrest_looked_up(by, id_):
            yield one
