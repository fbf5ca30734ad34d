"""Ways in beside the bucket: a manual entry of an arrest or a seal, and a dry run of a file."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, Field

from shared.access import Action, ResourceState
from shared.alerts.view import ShownArrest, show_arrest
from shared.arrests.minimisation import NO_FIELDS
from shared.arrests.model import Arrest
from shared.feeds.drops.receipt import Receipt
from shared.feeds.manual.entry import ManualArrest, ManualSeal
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.office_api.routes.agencies.agencies import AgencyId, valid_profile
from shared.office_api.routes.agencies.feed_files import ACCEPTED_AGAIN, AcceptedEntry, decoded, put_drop
from shared.value import FrozenModel

if TYPE_CHECKING:
    from shared.feeds.profiles.model import Profile

routes = Routes("agencies")
router = routes.router
_MAX_REJECTS = 10


class DryRunRequest(FrozenModel):
    content: str = Field(max_length=4_000_000, description="The file in base64, at most 3 MB.")
    profile: str = Field(default="", max_length=100_000, description="A profile in YAML; by default the live one.")
    rows: int = Field(default=5, ge=0, le=20, description="How many arrests the answer shows as they would be read.")


class TrialReject(BaseModel):
    line: int
    code: str
    reason: str
    fix: str


class DryRunResult(BaseModel):
    """`arrests` holds the first ones, without persons under 18 unless you may read them."""

    receipt: Receipt
    first_rejects: list[TrialReject]
    arrests: list[ShownArrest]


@routes.post(
    "/v1/agencies/{agency_id}/dry-run",
    action=Action.SEND_FEED,
    summary="See the receipt that a file would get",
    example=examples.DRY_RUN,
)
def try_file(agency_id: AgencyId, dry_run_request: DryRunRequest) -> DryRunResult:
    """Nothing is stored. Send another profile with the file to try it before it is live."""
    from shared.feeds.intake.dry_run import dry_run  # noqa: PLC0415 - what reads files is loaded when there is one
    from shared.feeds.profiles.enrolment import permits_seals  # noqa: PLC0415 - as above

    request = current_request(router)
    profile = valid_profile(dry_run_request.profile, agency_id) if dry_run_request.profile else _live_profile(agency_id)
    may_seal = permits_seals(dependencies.agencies.seal_permission(agency_id), profile)
    content, now = decoded(dry_run_request.content), datetime.now(UTC)
    receipt, parsed_drop = dry_run(content, "trial", profile, dependencies.pseudonyms(), now, may_seal=may_seal)
    arrests = readable_arrests(request, [parsed.arrest for parsed in parsed_drop.arrests])
    rejects = [
        TrialReject(line=reject.line, code=reject.code, reason=reject.reason, fix=reject.fix)
        for reject in parsed_drop.rejects[:_MAX_REJECTS]
    ]
    return DryRunResult(receipt=receipt.for_office(), arrests=arrests[: dry_run_request.rows], first_rejects=rejects)


def readable_arrests(request: AuthorizedRequest, arrests: list[Arrest]) -> list[ShownArrest]:
    """Leaves out persons under 18 unless the caller may read them. Nothing else is withheld from the feed's keeper."""
    about = request.about._replace(states=frozenset({ResourceState.JUVENILE}))
    readable = [arrest for arrest in arrests if not arrest.juvenile or request.may(Action.SEND_FEED, about)]
    today = request.by.office.local_day(datetime.now(UTC))
    return [shown for arrest in readable if (shown := show_arrest(arrest, NO_FIELDS, (), today))]


@routes.post(
    "/v1/agencies/{agency_id}/arrests",
    action=Action.SEND_FEED,
    summary="Enter an arrest by hand",
    example=examples.MANUAL_ARREST,
    success=(HTTPStatus.ACCEPTED,),
    replay=ACCEPTED_AGAIN,
)
def enter_arrest(agency_id: AgencyId, entry: ManualArrest) -> Response[AcceptedEntry]:
    """For an agency on paper, or while the feed is down. Sending the same number again corrects the arrest. The feed's
    own record takes its place when it arrives."""
    from shared.feeds.manual import submit  # noqa: PLC0415 - as above

    live, now = _live_profile(agency_id), datetime.now(UTC)
    content = submit.entry_document(entry)
    for parsed in submit.read_entry(content, live, dependencies.pseudonyms(), now).arrests:
        stored = dependencies.arrests.find(parsed.arrest.arrest_id)
        if stored and submit.is_from_feed(stored):
            problem = FieldProblem(field="number", mend="is in the agency's feed; correct it there")
            raise RefusalError(HTTPStatus.CONFLICT, "The feed has reported this arrest.", [problem])
    return store_entry(agency_id, content)


@routes.post(
    "/v1/agencies/{agency_id}/seals",
    action=Action.SEAL_ARREST,
    summary="Seal or expunge arrests",
    example=examples.SEAL,
    success=(HTTPStatus.ACCEPTED,),
    replay=ACCEPTED_AGAIN,
)
def seal_arrests(agency_id: AgencyId, entry: ManualSeal) -> Response[AcceptedEntry]:
    """What the statute says: they are erased, their alerts are withdrawn, and no later drop brings them back; or they
    are marked and stay. Without a statute nobody can read them until somebody says which it is
    (`/seals/{lock}/answer`). What is erased cannot be undone."""
    from shared.feeds.manual import submit  # noqa: PLC0415 - as above

    content = submit.entry_document(entry, "seal")
    submit.read_entry(content, _live_profile(agency_id), dependencies.pseudonyms(), datetime.now(UTC))
    return store_entry(agency_id, content)


def store_entry(agency_id: str, content: bytes) -> Response[AcceptedEntry]:
    from shared.feeds.manual import submit  # noqa: PLC0415 - as above

    key = submit.entry_key(agency_id, uuid4().hex, content, dependencies.entry_keys().of().signing(datetime.now(UTC)))
    return put_drop(key, content, "application/x-ndjson")


def _live_profile(agency_id: str) -> "Profile":
    from shared.feeds.profiles.parse import parse_profile  # noqa: PLC0415 - as above

    live = dependencies.agencies.text(agency_id)
    if live is None:
        problem = FieldProblem(
            field="agency_id", mend="has no profile yet; put one at /v1/agencies/{agency_id}/profile"
        )
        raise RefusalError(HTTPStatus.CONFLICT, "This agency has no profile.", [problem])
    return parse_profile(live)
