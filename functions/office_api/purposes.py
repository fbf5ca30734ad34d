"""The purpose that every request for personal data says in its header `Purpose`."""

from http import HTTPStatus

from functions.office_api.endpoints import Endpoint
from functions.office_api.problems import Mend, Refusal
from shared.offices.purposes import ImmigrationPurposeError, Purpose, UnknownPurposeError, purpose_of

HEADER = "Purpose"


def stated_purpose(endpoint: Endpoint, header: str | None) -> str:
    """Raises Refusal: 403 for immigration enforcement, which operations are told of, 422 for what is on no list."""
    if not header and not endpoint.needs_purpose:
        return ""
    try:
        return purpose_of(header).value
    except ImmigrationPurposeError:
        _tell_operations()
        mend = Mend(field=HEADER, mend="immigration enforcement is no purpose that arrests are shown for")
        raise Refusal(HTTPStatus.FORBIDDEN, "This purpose is refused, and it was written down.", [mend]) from None
    except UnknownPurposeError:
        mend = Mend(field=HEADER, mend=f"send the header {HEADER} with one of: {', '.join(Purpose)}")
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "Say for what purpose you ask.", [mend]) from None


def _tell_operations() -> None:
    from shared.aws.metrics import Metric, count  # noqa: PLC0415 - hardly ever needed

    count(Metric.IMMIGRATION_PURPOSE)
