"""The agencies of the office; an agency whose feed it keeps, and its profile: how its files are read."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, Field

from shared.access import Action
from shared.feeds.drops.model import DropStatus
from shared.feeds.drops.receipt import ReceiptState
from shared.feeds.profiles.minors import ProfileConfirmation, UnconfirmedProfileError, check_confirmed, text_hash_of
from shared.feeds.profiles.table import ProfileVersion
from shared.matching.linkage.agency_frequencies import LiveNames
from shared.office_api import dependencies
from shared.office_api.answers.etags import must_match, tagged
from shared.office_api.answers.office_agencies import AgencyRelation, agencies_of
from shared.office_api.answers.problems import FieldProblem, RefusalError, not_found
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.resources import RESOURCE_LOADERS, OfficeAgency
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.value import FrozenModel

if TYPE_CHECKING:
    from shared.feeds.profiles.model import Profile

routes = Routes("agencies")
router = routes.router
AgencyId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$", description="The id of the agency, such as nypd.")]


class NamesCounted(BaseModel):
    """By what a match by name weighs how common the name is: the agency's own `persons`, counted on that day and in
    force since, or the US census of 1990 where they are null. The own names are counted every week, unless the
    operator pinned the census."""

    counted_on: date | None
    persons: int | None
    version: str | None
    census_pinned_on: date | None


class AgencyView(BaseModel):
    """`profile_version` is 0 until the agency has a profile."""

    agency: str
    title: str
    ori: str
    time_zone: str
    format: str
    profile_version: int
    names_counted: NamesCounted


class NewProfile(FrozenModel):
    text: str = Field(min_length=1, max_length=100_000, description="The profile in YAML or JSON.")


class AgencyDrops(BaseModel):
    """`last_state` is null while the last file is being read, `last_dropped_at` if there never was one."""

    last_drop_id: str | None
    last_dropped_at: datetime | None
    last_state: ReceiptState | None
    held: int = Field(description="Files of which nobody is notified until somebody decides.")
    refused: int = Field(description="Files of which nothing was taken, and that nobody has seen to.")


class ListedAgency(AgencyRelation):
    """`silent_since` is when its next file was due, null if it is not late. `drops` is null unless you may read it."""

    silent_since: datetime | None
    drops: AgencyDrops | None


class AgenciesView(BaseModel):
    items: list[ListedAgency]


@routes.get("/v1/agencies", action=Action.LIST_AGENCIES, summary="List the agencies of your office")
def list_agencies() -> AgenciesView:
    """Those whose feeds your office keeps, whose arrests it may seal, with which it has agreements, and those that are
    open to it because nothing was ever agreed with them. Each says whether it is late, and who may read its drops also
    sees the last file and how many wait."""
    request, now = current_request(router), datetime.now(UTC)
    overdue = dependencies.drops.overdue(now)
    items = []
    for relation in agencies_of(request.by, request.by.office.local_day(now)):
        silent_since = overdue.get(relation.agency) if relation.open or relation.kept else None
        drops = _drops_of(relation.agency) if _may_read_drops(relation.agency, request) else None
        items.append(ListedAgency(**dict(relation), silent_since=silent_since, drops=drops))
    return AgenciesView(items=items)


def _may_read_drops(agency: str, request: AuthorizedRequest) -> bool:
    loaded = RESOURCE_LOADERS["agency_id"].load(request.by, agency)
    return loaded is not None and request.may(Action.READ_DROPS, loaded.about)


def _drops_of(agency: str) -> AgencyDrops:
    noted = dependencies.drops.attention.of(agency)
    held = [record for drop_id in noted.held if (record := dependencies.drops.find(agency, drop_id))]
    newest, _ = dependencies.drops.page(agency, 1, None)
    last = newest[0] if newest else None
    return AgencyDrops(
        last_drop_id=last.drop_id if last else None,
        last_dropped_at=last.drop.dropped_at if last else None,
        last_state=last.receipt.state if last and last.receipt else None,
        held=sum(record.status is DropStatus.HELD for record in held),
        refused=len(noted.refused),
    )


@routes.get(
    "/v1/agencies/{agency_id}", action=Action.READ_AGENCY, summary="Read an agency whose feed your office keeps"
)
def read_agency(agency_id: AgencyId) -> AgencyView:
    """`profile_version` is 0 until the agency has a profile."""
    live = dependencies.agencies.profile(agency_id)
    facts: dict[str, Any] = {"title": "", "ori": "", "time_zone": "", "format": ""}
    if live:
        from shared.feeds.profiles.parse import parse_profile  # noqa: PLC0415 - what reads files is loaded when it is needed

        profile = parse_profile(live.text)
        facts = {name: getattr(profile, name) for name in facts}
    return AgencyView(
        agency=agency_id,
        profile_version=live.version if live else 0,
        names_counted=_names_counted(dependencies.agency_reference.live_names(agency_id)),
        **facts,
    )


def _names_counted(live: LiveNames) -> NamesCounted:
    return NamesCounted(
        counted_on=live.counts.counted_on if live.counts else None,
        persons=live.counts.persons if live.counts else None,
        version=live.version or None,
        census_pinned_on=live.pinned_on,
    )


@routes.get("/v1/agencies/{agency_id}/profile", action=Action.READ_AGENCY, summary="Read the agency's profile")
def read_profile(
    agency_id: AgencyId,
    version: Annotated[
        int | None, Query(ge=1, le=99_999_999, description="An earlier version; by default the live one.")
    ] = None,
) -> Response[ProfileVersion]:
    """The profile says how the agency's files are read. The ETag of the answer names its version."""
    profile_version = dependencies.agencies.profile(agency_id, version)
    if profile_version is None:
        raise not_found("profile")
    return tagged(profile_version)


@routes.put(
    "/v1/agencies/{agency_id}/profile",
    action=Action.CHANGE_PROFILE,
    summary="Replace the agency's profile",
    example=examples.PROFILE,
    conditional=True,
)
def replace_profile(agency_id: AgencyId, new_profile: NewProfile) -> Response[ProfileVersion]:
    """The next drop is read with it. If-Match names the version that you replace; the first profile needs none. Every
    version is kept. One that reads names and neither a date of birth nor an age needs a second person: 409
    says who."""
    request = current_request(router)
    agency = request.resource(OfficeAgency).agency
    live = dependencies.agencies.profile(agency)
    if live:
        must_match(router.current_event, live)
    profile = valid_profile(new_profile.text, agency)
    confirmation = dependencies.agencies.confirmation(agency, new_profile.text)
    by, seen, now = request.caller.email, live.version if live else 0, datetime.now(UTC)
    try:
        check_confirmed(profile, confirmation, by)
    except UnconfirmedProfileError as fault:
        problem = FieldProblem(field="text.columns", mend=fault.fix)
        raise RefusalError(HTTPStatus.CONFLICT, fault.reason, [problem]) from fault
    dependencies.agencies.await_governance(agency)
    return tagged(dependencies.agencies.replace(agency, new_profile.text, seen, by, now, confirmation))


def _read_confirmation(_ids: Ids, *, agency_id: str, new_profile: NewProfile) -> ProfileConfirmation:
    confirmation = dependencies.agencies.confirmation(agency_id, new_profile.text)
    if confirmation is None:
        raise not_found("confirmation")
    return confirmation


@routes.post(
    "/v1/agencies/{agency_id}/profile/confirmation",
    action=Action.CONFIRM_PROFILE,
    summary="Confirm a profile that cannot tell minors",
    example=examples.PROFILE,
    success=(HTTPStatus.CREATED,),
    replay=Replay(answer=_read_confirmation),
)
def confirm_profile(agency_id: AgencyId, new_profile: NewProfile) -> Response[ProfileConfirmation]:
    """For a profile that reads names and neither a date of birth nor an age. You say that the feed names no minors;
    somebody else then puts the same text. Who confirmed, and when, is stored with the profile."""
    valid_profile(new_profile.text, agency_id)
    confirmation = ProfileConfirmation(
        agency=agency_id,
        text_hash=text_hash_of(new_profile.text),
        confirmed_by=current_request(router).caller.email,
        confirmed_at=datetime.now(UTC),
    )
    dependencies.agencies.record_confirmation(confirmation)
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=confirmation)


def valid_profile(text: str, agency: str) -> "Profile":
    """Returns the parsed profile. Raises RefusalError, which names each wrong key."""
    from shared.feeds.profiles.parse import ProfileError, parse_profile  # noqa: PLC0415 - as above

    try:
        profile = parse_profile(text)
    except ProfileError as fault:
        field_problems = [
            FieldProblem(field=f"text.{profile_fault.key}" if profile_fault.key else "text", mend=profile_fault.message)
            for profile_fault in fault.faults
        ]
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The profile is not valid.", field_problems) from fault
    if profile.agency != agency:
        problem = FieldProblem(field="text.agency", mend=f"must be {agency}, as in the path")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The profile belongs to another agency.", [problem])
    return profile
