"""Arrests: one by its id, its history, and the search."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Self

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field, model_validator

from shared.access import Action
from shared.alerts.view import ShownArrest, ShownRevision, show_history
from shared.arrests.model import Arrest, arrest_id
from shared.arrests.numbers import normal_number
from shared.arrests.person import Identifier, PersonName
from shared.office_api import dependencies
from shared.office_api.answers.cursors import cursor_of, place_of
from shared.office_api.endpoints import Routes
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.gate.authentication import SignedIn
from shared.office_api.gate.resources import LoadedResource, ReadableArrest, load_arrest
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.offices.model import Slug
from shared.value import FrozenModel

routes = Routes("arrests")
router = routes.router
ArrestId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of the arrest.")]
_ALERTS_PER_REQUEST = 200  # alerts of the office, a request


class PersonQuery(FrozenModel):
    surname: str = Field(min_length=1, max_length=200)
    given: str = Field(min_length=1, max_length=200)
    date_of_birth: date


class ArrestQuery(FrozenModel):
    """Sent in the body, because addresses are written into logs. Every condition must hold."""

    agency: Slug | None = None
    number: str | None = Field(
        default=None, min_length=1, max_length=200, description="The agency's own number, as it sends it."
    )
    identifier: Identifier | None = None
    person: PersonQuery | None = None
    since: date | None = Field(default=None, description="The first day of arrest.")
    until: date | None = Field(default=None, description="The last day of arrest.")
    after: str = Field(default="", max_length=400, description="`next` of the previous page.")

    @model_validator(mode="after")
    def _require_condition(self) -> Self:
        if self.number and not self.agency:
            raise ValueError("a number belongs to one agency; give `agency` too")
        if not (self.number or self.identifier or self.person or self.since or self.until):
            raise ValueError("give a number with its agency, an identifier, a person, or a first or last day")
        return self

    def fits(self, arrest: Arrest) -> bool:
        return (
            self.agency in (None, arrest.agency)
            and (self.number is None or normal_number(self.number) == arrest.number)
            and (
                self.identifier is None
                or any(self.identifier.same_as(identifier) for identifier in arrest.person.identifiers)
            )
            and (self.person is None or _is_same_person(self.person, arrest))
            and (self.since is None or self.since <= (arrest.arrested_on or date.min))
            and (self.until is None or self.until >= (arrest.arrested_on or date.max))
        )


class ArrestsPage(BaseModel):
    items: list[ShownArrest]
    next: str | None = None


class ArrestHistory(BaseModel):
    items: list[ShownRevision]


@routes.post(
    "/v1/arrests/search", action=Action.SEARCH_ARRESTS, summary="Search arrests", example=examples.ARREST_QUERY
)
def search_arrests(arrest_query: ArrestQuery) -> ArrestsPage:
    """By its agency's number, any arrest is found. By identifier, person or day, those that your office was notified
    of, the latest first. A page may be empty and still have a `next`.

    You find only what you may read: arrests that you were notified of, or all with the right `arrests`, under an
    agreement in force. A minor's or a sealed arrest is never found."""
    request = current_request(router)
    ids, following = _candidates(arrest_query, request.by)
    versions, agreed = dependencies.arrests.versions(ids), agreement_filter(request.by, recorded_only=True)
    held = [arrest for version in versions if (arrest := agreed.held_for_reader(version.arrest))]
    fitting = (arrest.arrest_id for arrest in held if arrest_query.fits(arrest))
    resources = list(_load_arrests(request.by, fitting))
    allowed = request.filter_allowed(Action.READ_ARREST, resources)
    return ArrestsPage(
        items=[readable.arrest for readable in allowed if arrest_query.fits(readable.arrest)], next=following
    )  # again, on what may be shown: nothing is found by a withheld field


@routes.get("/v1/arrests/{arrest_id}", action=Action.READ_ARREST, summary="Read an arrest")
def read_arrest(arrest_id: ArrestId) -> ShownArrest:
    """As its agency reports it now, without fields that the agreement withholds."""
    return current_request(router).resource(ReadableArrest).arrest


@routes.get(
    "/v1/arrests/{arrest_id}/history", action=Action.READ_ARREST, summary="List what each version of an arrest changed"
)
def list_arrest_versions(arrest_id: ArrestId) -> ArrestHistory:
    """The last twenty versions, the latest last. What a version changed before you were notified is left out: it may
    have been about another person."""
    request = current_request(router)
    arrest, known_since = request.resource(ReadableArrest)
    agreed = agreement_filter(request.by, already_told=True)
    revisions = dependencies.arrests.history(arrest.arrest_id)
    only_charges_of = None if agreed.eligible else arrest
    shown = show_history(revisions, agreed.withheld(arrest.agency), known_since, only_charges_of)
    return ArrestHistory(items=shown)


def _is_same_person(person: PersonQuery, arrest: Arrest) -> bool:
    """Compares every name of the arrest, without regard to case, accents and spaces."""
    key = PersonName(surname=person.surname, given=person.given).key
    return arrest.person.date_of_birth == person.date_of_birth and any(name.key == key for name in arrest.person.names)


def _candidates(arrest_query: ArrestQuery, by: SignedIn) -> tuple[list[str], str | None]:
    """Returns the ids of arrests that may fit, and the cursor of the next page."""
    if arrest_query.agency and arrest_query.number:
        return [arrest_id(dependencies.pseudonyms(), arrest_query.agency, arrest_query.number)], None
    office_id = by.office.office_id
    place = place_of(arrest_query.after, "arrests told", office_id)
    alerts, following = dependencies.alerts.page(office_id, _ALERTS_PER_REQUEST, place)
    return list(dict.fromkeys(alert.arrest_id for alert in alerts)), cursor_of(following, "arrests told", office_id)


def _load_arrests(by: SignedIn, ids: Iterator[str]) -> Iterator[LoadedResource]:
    for id_ in ids:
        if resource := load_arrest(by, id_):
            yield resource
