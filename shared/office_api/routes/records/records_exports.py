"""Exports of records requests: asked for on an allowed disclosure, made by a worker, fetched by whoever asked."""

import secrets
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from shared.access import Action
from shared.disclosures.model import DISCLOSURE_ID
from shared.disclosures.recipients import eligibility_of
from shared.feeds.copies.bucket import export_key
from shared.office_api import dependencies
from shared.office_api.answers.problems import RefusalError
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.office_api.routes.records.records_requests import RequestId, find_request
from shared.records_requests.default_rules import default_rules
from shared.records_requests.exports.decide import check_export, is_still_allowed
from shared.records_requests.exports.givable import GivingRules, givable_arrests
from shared.records_requests.exports.model import EXPORT_ID, KEPT_FOR, Export, ExportState, ExportTask, LeftOut
from shared.value import FrozenModel

routes = Routes("records requests")
router = routes.router
ExportId = Annotated[str, Path(pattern=EXPORT_ID, description="The id of the export.")]
SECONDS = 60


class NewExport(FrozenModel):
    """`left_out` is what is withheld, and the ground of the law; the ZIP says so in writing."""

    disclosure_id: str = Field(pattern=DISCLOSURE_ID, description="An allowed disclosure of records of the request.")
    left_out: tuple[LeftOut, ...] = Field(default=(), max_length=20)


class ExportsView(BaseModel):
    """The newest first."""

    items: list[Export]


class ExportLink(BaseModel):
    """`url` is null until the export is ready. It works for one minute; ask again for another one."""

    export: Export
    url: str | None
    seconds: int


def _asked_again(ids: Ids, **_: object) -> Response[Export]:
    office_id = current_request(router).by.office.office_id
    export = dependencies.exports.find(office_id, ids["export_id"])
    if export is None:
        raise LookupError(ids["export_id"])
    return _accepted(export)


@routes.get("/v1/records-requests/{request}/exports", action=Action.KEEP_REQUESTS, summary="List a request's exports")
def list_exports(request: RequestId) -> ExportsView:
    """With what became of each. A link to one is for whoever asked for it."""
    records_request = find_request(request)
    exports = dependencies.exports.of_request(records_request.office_id, records_request.request_id)
    return ExportsView(items=exports)


@routes.post(
    "/v1/records-requests/{request}/exports",
    action=Action.KEEP_REQUESTS,
    summary="Ask for an export",
    example=examples.NEW_EXPORT,
    success=(HTTPStatus.ACCEPTED,),
    replay=Replay(answer=_asked_again, ids=lambda document: {"export_id": document["export_id"]}),
)
def ask_for_export(request: RequestId, new_export: NewExport) -> Response[Export]:
    """It is a disclosure: record one by the means `export` first, and have it approved where its ground asks for that.
    Records and charges that this kind of recipient may not have are left out of it. The ZIP is made within minutes, has
    a manifest of SHA-256 hashes, and is deleted after a week, or when a record in it is sealed or purged."""
    by, now = current_request(router), datetime.now(UTC)
    records_request = find_request(request)
    office_id = records_request.office_id
    made_before = len(dependencies.exports.of_request(office_id, records_request.request_id))
    disclosure = check_export(
        records_request,
        dependencies.disclosures.find(office_id, new_export.disclosure_id),
        new_export.left_out,
        default_rules().kinds[records_request.kind],
        made_before,
    )
    export = Export(
        export_id=f"{now:%Y%m%d%H%M%S}{secrets.token_hex(9)}",
        request_id=records_request.request_id,
        office_id=office_id,
        disclosure_id=disclosure.disclosure_id,
        arrest_ids=disclosure.request.arrest_ids,
        left_out=new_export.left_out,
        purpose=by.purpose,
        asked_by=by.caller.email,
        asked_at=now,
    )
    dependencies.exports.save(export)
    dependencies.enqueue_export()(ExportTask(office_id=office_id, export_id=export.export_id))
    return _accepted(export)


@routes.get("/v1/records-exports/{export_id}", action=Action.FETCH_EXPORT, summary="Get a link to an export")
def link_to_export(export_id: ExportId) -> ExportLink:
    """Only for whoever asked for it. There is none any more when a record in it is sealed, purged or changed into one
    that may not be given, or after a week."""
    export = current_request(router).resource(Export)
    if export.state is not ExportState.READY:
        return ExportLink(export=export, url=None, seconds=0)
    now = datetime.now(UTC)
    is_old = export.ready_at is None or now - export.ready_at >= KEPT_FOR
    if is_old or not _may_be_given(export, now):
        raise RefusalError(HTTPStatus.GONE, "This export is not there any more. Ask for a new one.")
    url = dependencies.s3().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": dependencies.settings.copies_bucket,
            "Key": export_key(export.office_id, export.export_id),
            "ResponseContentDisposition": f'attachment; filename="export-{export.export_id}.zip"',
        },
        ExpiresIn=SECONDS,
    )
    return ExportLink(export=export, url=url, seconds=SECONDS)


def _may_be_given(export: Export, now: datetime) -> bool:
    """Whether every record in it, its request and its disclosure are today as the worker needs them."""
    office = current_request(router).by.office
    request = dependencies.records_requests.find(export.office_id, export.request_id)
    if request is None:
        return False
    disclosure = dependencies.disclosures.find(export.office_id, export.disclosure_id)
    grounds = dependencies.disclosures.rules_in_force(export.office_id)
    agreements, today = dependencies.subscriptions.agreements.of(export.office_id), office.local_day(now)
    if disclosure is None or not is_still_allowed(request, disclosure, agreements, grounds, today):
        return False
    rules = GivingRules(default_rules().kinds[request.kind], eligibility_of(disclosure.request, grounds))
    versions = dependencies.arrests.versions(export.arrest_ids)
    givable = givable_arrests(export, versions, rules, office, agreements, today)
    return len(givable) == len(export.arrest_ids)


def _accepted(export: Export) -> Response[Export]:
    return Response(status_code=HTTPStatus.ACCEPTED, content_type="application/json", body=export)
