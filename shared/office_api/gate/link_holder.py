"""Whom the signed link of a request was made for. A link stands in place of a token, so its holder is the caller of the
audit event, in the holder's office."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from shared.alerts.responses.link_use import find_linked
from shared.alerts.responses.model import Verdict
from shared.alerts.signed_links import LinkPurpose, read_token
from shared.office_api import dependencies

_LINKS = "/v1/links/"
ACKNOWLEDGE = "acknowledge"


class LinkHolder(NamedTuple):
    """`doing` says what the link is used for: open, acknowledge, verdict, stop digest, or nothing."""

    office_id: str
    email: str
    doing: str


def link_holder(event: dict[str, Any]) -> LinkHolder | None:
    """Returns None for another route, and for a link that is forged, too old or about nothing any more."""
    path = str(event.get("rawPath", ""))
    if not path.startswith(_LINKS):
        return None
    link = read_token(path.removeprefix(_LINKS), datetime.now(UTC), dependencies.link_keys())
    record = find_linked(link, dependencies.response_deps) if link else None
    if link is None or record is None:
        return None
    return LinkHolder(record.office_id, record.recipient.email.casefold(), _doing(event, link.purpose))


def _doing(event: dict[str, Any], purpose: LinkPurpose) -> str:
    if event["requestContext"]["http"]["method"] != "POST":
        return "open"
    if purpose is LinkPurpose.NO_DIGEST:
        return "stop digest"
    pressed = (event.get("queryStringParameters") or {}).get("say", "")
    return ACKNOWLEDGE if pressed == ACKNOWLEDGE else "verdict" if pressed in set(Verdict) else "nothing"
