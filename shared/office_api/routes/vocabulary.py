"""The vocabulary of forms: what may be chosen, and how a page writes it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel, Field

from shared.access import Action
from shared.arrests.charges import ChargeClass
from shared.arrests.model import EventKind
from shared.arrests.person import IdentifierKind
from shared.arrests.states import STATES
from shared.arrests.statutes.offense_families import Family
from shared.office_api import dependencies
from shared.office_api.answers.office_agencies import agencies_of
from shared.office_api.answers.problems import not_found
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.offices.preferences import Urgency
from shared.offices.purposes import PURPOSE_TITLES, Purpose
from shared.offices.recipient import BasisKind
from shared.offices.users import Right
from shared.subscriptions.events import EventGroup
from shared.subscriptions.folders.model import Role
from shared.subscriptions.validity import MAX_YEARS, VALIDITY_YEARS, ValidityStatus
from shared.words import words
from shared.words.charges import american

routes = Routes("vocabulary")
router = routes.router


class Choice(BaseModel):
    """`value` goes into a request, `title` onto a page."""

    value: str
    title: str


class BasisChoice(Choice):
    """`years` is how long a validation lasts, `most_years` how long the basis can carry a subscription at all."""

    years: int
    most_years: int | None


class AgencyPlaces(BaseModel):
    """Names of the agency's precincts and beats, from its own tables; empty where none are loaded."""

    agency: str
    precincts: list[str]
    beats: list[str]


class Vocabulary(BaseModel):
    """`agencies` are those whose arrests may reach your office. `places` is null unless the request names an agency."""

    families: list[Choice]
    charge_classes: list[Choice]
    jurisdictions: list[str]
    agencies: list[Choice]
    places: AgencyPlaces | None
    bases: list[BasisChoice]
    event_kinds: list[Choice]
    event_groups: list[Choice] = Field(description="Which events a watch or a folder may ask for.")
    identifier_kinds: list[Choice]
    issuing_states: list[str] = Field(description="States that issue a state ID, as USPS abbreviates them.")
    urgencies: list[Choice]
    states: list[Choice] = Field(description="In which a subscription stands.")
    roles: list[Choice]
    rights: list[Choice]
    purposes: list[Choice]


@routes.get("/v1/vocabulary", action=Action.READ_VOCABULARY, summary="Read what a form may offer", needs_purpose=False)
def read_vocabulary(
    agency: Annotated[
        str, Query(max_length=63, description="An agency, to read the names of its precincts and beats as well.")
    ] = "",
) -> Vocabulary:
    """Offense families, charge classes, agencies, bases, kinds of events and numbers, roles, rights and purposes, each
    with its title in words. No purpose is needed."""
    by, now = current_request(router).by, datetime.now(UTC)
    relations = [relation for relation in agencies_of(by, by.office.local_day(now)) if relation.open or relation.kept]
    if agency and agency not in {relation.agency for relation in relations}:
        raise not_found("agency")
    return Vocabulary(
        families=[Choice(value=family.value, title=_capitalized(american(family.value))) for family in Family],
        charge_classes=[Choice(value=kind.value, title=_capitalized(american(kind.value))) for kind in ChargeClass],
        jurisdictions=["NY", "CA"],
        agencies=[Choice(value=relation.agency, title=relation.title) for relation in relations],
        places=_places(agency) if agency else None,
        bases=[_basis(kind) for kind in BasisKind],
        event_kinds=_choices((value, words(f"event.{value}")) for value in EventKind),
        event_groups=_choices((value, words(f"event group.{value}")) for value in EventGroup),
        identifier_kinds=_choices((value, words(f"number.{value}")) for value in IdentifierKind),
        issuing_states=sorted(STATES),
        urgencies=_choices((value, words(f"urgency.{value}")) for value in Urgency),
        states=_choices((value, words(f"state.{value}")) for value in ValidityStatus),
        roles=_choices((value, words(f"role.{value}")) for value in Role),
        rights=_choices((value, words(f"right.{value}")) for value in Right),
        purposes=[Choice(value=purpose.value, title=PURPOSE_TITLES[purpose]) for purpose in Purpose],
    )


def _places(agency: str) -> AgencyPlaces:
    reference = dependencies.agency_reference.reference(agency)
    precincts, beats = (reference.precinct_names, reference.beat_names) if reference else ((), ())
    return AgencyPlaces(agency=agency, precincts=list(precincts), beats=list(beats))


def _basis(kind: BasisKind) -> BasisChoice:
    title = words(f"basis.{kind}")
    return BasisChoice(value=kind, title=title, years=VALIDITY_YEARS[kind], most_years=MAX_YEARS.get(kind))


def _choices(titles: Iterable[tuple[StrEnum, str]]) -> list[Choice]:
    return [Choice(value=value.value, title=title) for value, title in titles]


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
