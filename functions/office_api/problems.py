"""Errors as RFC 9457 problem documents, which name the field and say what to mend."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, Field

from shared.matching.criteria.criterion import KINDS


class Mend(BaseModel):
    field: str = Field(description="where in the request, such as recipients.0.email")
    mend: str = Field(description="what to do about it")


class Problem(BaseModel):
    """RFC 9457. `errors` is empty unless single fields are wrong."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Mend] = []


def title(status: int) -> str:
    """RFC 9110's; to Python before 3.13, 422 is known by an older name."""
    return "Unprocessable Content" if status == HTTPStatus.UNPROCESSABLE_ENTITY else HTTPStatus(status).phrase


class Refusal(Exception):  # noqa: N818
    def __init__(self, status: HTTPStatus, detail: str, errors: Sequence[Mend] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, list(errors)


def answer(refusal: Refusal) -> Response[str]:
    status, detail = refusal.status, refusal.detail
    problem = Problem(title=title(status), status=status, detail=detail, errors=refusal.errors)
    return Response(status_code=status, content_type="application/problem+json", body=problem.model_dump_json())


def not_found(what: str) -> Refusal:
    """The same whether it does not exist or belongs to somebody else."""
    return Refusal(HTTPStatus.NOT_FOUND, f"There is no such {what} in your office.")


# pydantic's error types whose own words do not say what to do
_MENDS = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not a field of this request; remove it or correct its spelling",
    "json_invalid": "is not valid JSON; correct the syntax",
}
_FRAME = {"body", "query", "path"}


def invalid(errors: Sequence[Any]) -> Refusal:
    """From pydantic's errors; the values that were sent are never repeated."""
    mends = [Mend(field=_field(error), mend=_mend(error)) for error in errors]
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "Some fields cannot be taken as they are.", mends)


def _mend(error: dict[str, Any]) -> str:
    return _MENDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")


def _field(error: dict[str, Any]) -> str:
    """Without the frame, and without the tags that pydantic puts behind a union."""
    if error["type"] == "json_invalid":  # its place is a count of characters
        return "body"
    loc = error["loc"]
    parts = [str(part) for part in (loc[1:] if loc and loc[0] in _FRAME else loc)]
    return ".".join(_without_tags(parts)) or "body"


def _without_tags(parts: Sequence[str]) -> list[str]:
    """Pydantic puts the kind of a criterion behind its place: `criterion.combination.all.0.charge.statute`."""
    kept: list[str] = []
    for part in parts:
        behind_a_criterion = kept[-1:] == ["criterion"] or (kept[-2:-1] in (["all"], ["any"], ["none"]))
        if not (part in KINDS and behind_a_criterion):
            kept.append(part)
    return kept
