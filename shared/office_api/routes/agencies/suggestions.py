"""A profile that is suggested from one sample of an agency's file, with the questions that a person must answer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, Field

from shared.access import Action
from shared.alerts.view import ShownArrest
from shared.errors import Rejected
from shared.feeds.drops.receipt import Receipt
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.office_api.routes.agencies.agencies import AgencyId
from shared.office_api.routes.agencies.feed_files import decoded
from shared.office_api.routes.agencies.submissions import readable_arrests
from shared.value import FrozenModel

routes = Routes("agencies")
router = routes.router
_ARRESTS_SHOWN = 5


class SampleFile(FrozenModel):
    """Beside the sample, what you know already; leave out what you do not know."""

    content: str = Field(max_length=4_000_000, description="The sample in base64, at most 3 MB.")
    file: str = Field(default="sample", max_length=150, description="Its name, for a comment in the profile.")
    title: str = Field(default="", max_length=200, description="The agency's name for people.")
    time_zone: str = Field(default="", max_length=60, description="Such as America/New_York: no file says it.")
    sid_issuer: str = Field(default="", max_length=64, description="The state that issues the state IDs.")
    ori: str = Field(default="", max_length=20)
    event: Literal["", "arrest", "booking"] = Field(default="", description="What every record reports.")
    day_first: bool | None = Field(default=None, description="Whether 03/04 is the third of April.")
    surname_first: bool | None = Field(default=None, description="Of names without a comma.")
    fields: dict[str, str] = Field(
        default={}, max_length=500, description="What a column is, in the words of a profile; empty: it is not read."
    )


class SuggestedColumnView(BaseModel):
    """`fields` read the column; where none does, `unread` says why. `questions` count from 1."""

    name: str
    fields: list[str]
    unread: str
    doubt: str
    questions: list[int]
    filled: int
    distinct: int


class QuestionView(BaseModel):
    """`about` is a key of the profile or the names of columns; `assumed` is what the profile says meanwhile."""

    about: str
    text: str
    assumed: str
    columns: list[str]


class SuggestedProfile(BaseModel):
    """`profile` is YAML with comments: change it where an answer differs, then put it as the agency's profile.

    `receipt` and `arrests` are those of a dry run of the sample; `arrests` has the first ones, without persons under 18
    unless you may read them.
    """

    profile: str
    format: str
    rows: int
    columns: list[SuggestedColumnView]
    questions: list[QuestionView]
    receipt: Receipt
    arrests: list[ShownArrest]


@routes.post(
    "/v1/agencies/{agency_id}/suggest",
    action=Action.CHANGE_PROFILE,
    summary="Suggest a profile from a sample",
    example=examples.SAMPLE_FILE,
)
def suggest_from_sample(agency_id: AgencyId, sample: SampleFile) -> SuggestedProfile:
    """Nothing is stored. What is not certain is a comment in the profile and a question: answer them before you put the
    profile. A file of which no profile can be made is refused with what to ask the agency for."""
    from shared.feeds.intake.dry_run import dry_run  # noqa: PLC0415 - what reads files is loaded when there is one
    from shared.feeds.profiles.parse import ProfileError, parse_profile  # noqa: PLC0415 - as above
    from shared.feeds.suggest.suggest_profile import suggest_profile  # noqa: PLC0415 - as above
    from shared.feeds.suggest.suggestion import COLUMNS, Known  # noqa: PLC0415 - as above

    content = decoded(sample.content)
    known = Known(agency=agency_id, **sample.model_dump(exclude={"content", "file"}))
    try:
        suggestion = suggest_profile(content, sample.file, known)
        profile = parse_profile(suggestion.profile)
    except ProfileError as fault:
        raise _refusal(
            "What you know does not fit a profile.", [_of_key(key, mend) for key, mend in fault.faults]
        ) from fault
    except Rejected as refusal:
        field = "fields" if refusal.code == COLUMNS else "content"
        raise _refusal(refusal.reason, [FieldProblem(field=field, mend=refusal.fix)]) from refusal
    now = datetime.now(UTC)
    receipt, parsed = dry_run(content, "sample", profile, dependencies.pseudonyms(), now, may_seal=False)
    arrests = readable_arrests(current_request(router), [read.arrest for read in parsed.arrests])
    return SuggestedProfile(
        profile=suggestion.profile,
        format=suggestion.format,
        rows=suggestion.rows,
        columns=[SuggestedColumnView(**column._asdict()) for column in suggestion.columns],
        questions=[QuestionView(**question._asdict()) for question in suggestion.questions],
        receipt=receipt.for_office(),
        arrests=arrests[:_ARRESTS_SHOWN],
    )


def _refusal(reason: str, problems: Sequence[FieldProblem]) -> RefusalError:
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, reason, list(problems))


def _of_key(key: str, mend: str) -> FieldProblem:
    """A column that may not be read, or a time zone that is none."""
    return FieldProblem(field=key if key in SampleFile.model_fields else "fields", mend=mend)
