"""What reaches the caller's office from others, and what it has switched off for itself: an agency's feed, or what
another office shows of its watches."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from shared.access import Action
from shared.arrests.synthetic import may_meet
from shared.office_api import dependencies
from shared.office_api.answers.office_agencies import agencies_of
from shared.office_api.answers.problems import not_found
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.offices.agreements import OfficeAgreements
from shared.offices.model import Office, Slug
from shared.offices.switches import OffPeriod, SourceKind, SwitchReason, open_period
from shared.subscriptions.refused_words import check_texts
from shared.value import FrozenModel
from shared.words import words
from shared.words.agencies import agency_title

routes = Routes("office")
router = routes.router
Kind = Annotated[SourceKind, Path(description="`agency` or `office`.")]
Source = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="The id of the agency or office.")]


class Switch(FrozenModel):
    on: bool
    reason: SwitchReason = Field(description="why; everybody in your office and the audit read it, so name nobody")


class SourceView(BaseModel):
    """`off` says since when it is switched off, by whom and why; null while it is on. `sentence` says what that
    means."""

    kind: SourceKind
    source: Slug
    title: str
    off: OffPeriod | None
    sentence: str


class SourcesView(BaseModel):
    """By kind and title. `past` are the times in which something was off, the latest first."""

    items: list[SourceView]
    past: list[OffPeriod]


@routes.get("/v1/sources", action=Action.READ_AGREEMENTS, summary="List whose feeds and watches reach your office")
def list_sources() -> SourcesView:
    """Agencies whose arrests may reach your office, and other offices that show that they watch a person, as yours
    does; with what your super-owners have switched off, and why."""
    request = current_request(router)
    agreements = dependencies.subscriptions.agreements.of(request.by.office.office_id)
    past = sorted((period for period in agreements.switched_off if period.on_at), key=lambda period: period.off_at)
    return SourcesView(items=[*_sources(request, agreements)], past=past[::-1])


@routes.put(
    "/v1/sources/{source_kind}/{source}",
    action=Action.SWITCH_SOURCE,
    summary="Switch an agency's feed or another office's watches on or off for your office",
    example=examples.SWITCH,
)
def switch_source(source_kind: Kind, source: Source, switch: Switch) -> SourceView:
    """A switch only narrows what the agreements allow. While an agency is off, nobody in your office is told of its
    arrests, finds them, or looks back on them; what came in that time is not told later either. What was told before
    stays readable, because cases rest on it, and is still withdrawn if the agency takes it back. While another office
    is off, neither of you is shown that the other watches a person. Switching on what is on changes nothing."""
    request = current_request(router)
    check_texts({"reason": switch.reason})
    table, office = dependencies.subscriptions.agreements, request.by.office
    before = table.of(office.office_id)
    listed = {view.source for view in _sources(request, before) if view.kind is source_kind}
    if source not in listed and not (source_kind is SourceKind.AGENCY and _is_open(source, office)):
        raise not_found(source_kind.value)
    after = before.with_switch(
        source_kind, source, on=switch.on, by=request.caller.email, reason=switch.reason, now=datetime.now(UTC)
    )
    if after.switched_off != before.switched_off:
        table.save(after)
    if request.subjects:
        request.subjects.give_reason(f"{source_kind.value} {source} {'on' if switch.on else 'off'}: {switch.reason}")
    return _view(source_kind, source, _title(source_kind, source), after)


def _is_open(agency: str, office: Office) -> bool:
    """Whether arrests of an agency that has sent little yet may reach the office without an agreement."""
    return (
        not office.only_by_agreement
        and may_meet(agency, office.office_id)
        and dependencies.agencies.is_enrolled(agency)
    )


def _title(kind: SourceKind, source: str) -> str:
    if kind is SourceKind.AGENCY:
        return agency_title(source)
    office = dependencies.offices.office(source)
    return office.name if office else source


def _sources(request: AuthorizedRequest, agreements: OfficeAgreements) -> Iterator[SourceView]:
    by = request.by
    for relation in agencies_of(by, by.office.local_day(datetime.now(UTC))):
        if relation.open or relation.switched_off or relation.agreement:
            yield _view(SourceKind.AGENCY, relation.agency, relation.title, agreements)
    for office in _offices_that_show(by.office):
        yield _view(SourceKind.OFFICE, office.office_id, office.name, agreements)


def _offices_that_show(ours: Office) -> list[Office]:
    """The other offices that show their watches to ours."""
    if not ours.shows_watches:
        return []
    offices = (office for office in dependencies.offices.each_office() if office.office_id != ours.office_id)
    shown = (office for office in offices if office.shows_watches and not office.suspended)
    return sorted(shown, key=lambda office: office.name.casefold())


def _view(kind: SourceKind, source: str, title: str, agreements: OfficeAgreements) -> SourceView:
    off = open_period(agreements.switched_off, kind, source)
    sentence = words(f"source.{kind} {'off' if off else 'on'}", title=title)
    return SourceView(kind=kind, source=source, title=title, off=off, sentence=sentence)
