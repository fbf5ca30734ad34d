"""The office's own settings. A super-owner changes them; what opens a new way in or out is the operator's."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, Field, StringConstraints

from shared.access import Action
from shared.office_api import dependencies
from shared.office_api.answers.etags import etag_of, must_match
from shared.office_api.answers.problems import FieldProblem, RefusalError, not_found
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.offices.model import DateRule, DetailReaders, Domain, Office, TimeZone, domain_of
from shared.offices.table import StoredOffice
from shared.offices.users import ShownText
from shared.subscriptions.refused_words import check_texts
from shared.value import FrozenModel

routes = Routes("office")
router = routes.router
Contact = Annotated[str, StringConstraints(to_lower=True, max_length=254, pattern=r"^([^@\s/]+@[^@\s/]+)?$")]
OfficeName = Annotated[ShownText, Field(min_length=1)]
_BY_OPERATOR = "is set by whoever operates the product, with the office's file; ask there and leave it out"


class OfficeSettings(FrozenModel):
    """What a super-owner changes. Mail goes only to `allowed_domains`, details only to those of them that are
    `agreed_domains`, and there only to `details_go_to`."""

    name: OfficeName
    time_zone: TimeZone
    contact: Contact
    allowed_domains: tuple[Domain, ...] = Field(min_length=1, max_length=50)
    agreed_domains: tuple[Domain, ...] = Field(max_length=50)
    details_go_to: DetailReaders
    alerts_an_hour: int = Field(ge=1, le=100_000)
    goes_by: DateRule
    shows_watches: bool
    folders_in_pings: bool


class OfficeChange(OfficeSettings):
    """Replaces every setting. The other fields are refused with the reason: an office does not give itself access."""

    ori: str | None = None
    identity_provider: str | None = None
    only_by_agreement: bool | None = None
    agencies: tuple[str, ...] | None = None
    may_seal: tuple[str, ...] | None = None
    webhooks: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None


class OperatorSettings(BaseModel):
    """What only whoever operates the product changes, with the office's file. Of a webhook, its host is shown."""

    ori: str
    identity_provider: str
    only_by_agreement: bool
    agencies: list[str]
    may_seal: list[str]
    webhooks: list[str]
    topics: list[str]


class OfficeView(BaseModel):
    office_id: str
    settings: OfficeSettings
    operator: OperatorSettings


@routes.get("/v1/office", action=Action.KEEP_OFFICE, summary="Read your office's settings")
def read_office() -> Response[OfficeView]:
    """The ETag of the answer names the state that you have read. Send it as If-Match to change the settings."""
    return _answer(_stored())


@routes.put(
    "/v1/office",
    action=Action.KEEP_OFFICE,
    summary="Replace your office's settings",
    example=examples.OFFICE_CHANGE,
    conditional=True,
)
def replace_office(office_change: OfficeChange) -> Response[OfficeView]:
    """A domain can be taken away here, and not added: a new domain opens a way out of the office, and so does sending
    details to anybody at a domain. Whoever operates the product does that, with the office's file; the answer to such a
    change is 409 and says so."""
    stored, caller = _stored(), current_request(router).caller.email
    must_match(router.current_event, stored)
    if problems := [*_operator_problems(office_change), *_domain_problems(office_change, stored.office, caller)]:
        raise RefusalError(HTTPStatus.CONFLICT, "Some settings are not changed here. Nothing was changed.", problems)
    check_texts({"name": office_change.name})
    settings = {name: getattr(office_change, name) for name in OfficeSettings.model_fields}
    return _answer(dependencies.offices.replace(stored, stored.office.model_copy(update=settings)))


def _stored() -> StoredOffice:
    stored = dependencies.offices.find_stored(current_request(router).by.office.office_id)
    if stored is None:
        raise not_found("office")
    return stored


def _operator_problems(office_change: OfficeChange) -> list[FieldProblem]:
    operators = OfficeChange.model_fields.keys() - OfficeSettings.model_fields.keys()
    sent = (name for name in sorted(operators) if getattr(office_change, name) is not None)
    return [FieldProblem(field=name, mend=_BY_OPERATOR) for name in sent]


def _domain_problems(change: OfficeChange, office: Office, caller: str) -> list[FieldProblem]:
    """Of changes that open a way out, and of those that would lock their author out."""
    problems = [
        FieldProblem(field=name, mend=f"would add {', '.join(added)}; a new domain {_BY_OPERATOR}")
        for name in ("allowed_domains", "agreed_domains")
        if (added := sorted(set(getattr(change, name)) - set(getattr(office, name))))
    ]
    if change.details_go_to is DetailReaders.ANYBODY and office.details_go_to is not DetailReaders.ANYBODY:
        problems.append(FieldProblem(field="details_go_to", mend=f"would be wider than before; that {_BY_OPERATOR}"))
    if domain_of(caller) not in change.allowed_domains:
        problems.append(FieldProblem(field="allowed_domains", mend="must keep the domain of your own address"))
    if not set(change.agreed_domains) <= set(change.allowed_domains):
        problems.append(FieldProblem(field="agreed_domains", mend="may hold allowed domains only; take the others out"))
    if change.contact and domain_of(change.contact) not in change.allowed_domains:
        problems.append(FieldProblem(field="contact", mend="must lie in one of the allowed domains"))
    return problems


def _answer(stored: StoredOffice) -> Response[OfficeView]:
    office = stored.office
    view = OfficeView(
        office_id=office.office_id,
        settings=OfficeSettings(**{name: getattr(office, name) for name in OfficeSettings.model_fields}),
        operator=OperatorSettings(
            **{name: getattr(office, name) for name in OperatorSettings.model_fields if name != "webhooks"},
            webhooks=sorted({urlsplit(webhook).hostname or "" for webhook in office.webhooks}),
        ),
    )
    headers = {"ETag": etag_of(stored)}
    return Response(status_code=HTTPStatus.OK, content_type="application/json", body=view, headers=headers)
