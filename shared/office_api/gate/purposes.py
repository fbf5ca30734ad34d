"""The purpose of a request for personal data, from its header `Purpose`. The list is `shared/offices/purposes.py`."""

from http import HTTPStatus

from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Endpoint
from shared.offices.purposes import ImmigrationPurposeError, Purpose, UnknownPurposeError, purpose_of

HEADER = "Purpose"


def stated_purpose(endpoint: Endpoint, header: str | None) -> str:
    """Returns the purpose, or "" if the endpoint needs none and none is stated.

    Raises RefusalError: 403 for immigration enforcement, which also raises an alarm, and 422 for a purpose that is
    missing or not on the list."""
    if not header and not endpoint.needs_purpose:
        return ""
    try:
        return purpose_of(header).value
    except ImmigrationPurposeError:
        _count_refusal()
        problem = FieldProblem(field=HEADER, mend="immigration enforcement is not a permitted purpose")
        raise RefusalError(
            HTTPStatus.FORBIDDEN, "This purpose is not permitted. The request was recorded.", [problem]
        ) from None
    except UnknownPurposeError:
        problem = FieldProblem(field=HEADER, mend=f"send the header {HEADER} with one of: {', '.join(Purpose)}")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "State the purpose of your request.", [problem]) from None


def _count_refusal() -> None:
    from shared.aws.metrics import Metric, count  # noqa: PLC0415 - hardly ever needed

    count(Metric.IMMIGRATION_PURPOSE)
