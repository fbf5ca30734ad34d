"""Who did what to whose data, when, why and with what outcome: one event a request."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, Field

from shared.arrests.person import IdentifierKind, normal_code, normal_name
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

NO_OFFICE = "-"  # of whoever could not be told to belong to one


class AuditOutcome(StrEnum):
    ALLOWED = "allowed"
    DENIED = "denied"
    REFUSED = "refused"  # allowed, and the request could not be taken as it was
    FAILED = "failed"


class AuditEvent(FrozenModel):
    """`who` is a person's address, or the part of the product that acted by itself. `subjects` are keyed hashes, never
    a name: `arrest:...`, `alert:...`, `subscription:...`, `review:...`, `person:...`, `identifier:...`."""

    event_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    occurred_at: AwareDatetime = Field(alias="at")
    office_id: str = NO_OFFICE
    who: str = "-"
    ori: str = ""
    action: str
    subjects: tuple[str, ...] = ()
    purpose: str = ""
    outcome: AuditOutcome
    status: int = 0
    request_id: str = ""


def outcome_of(status: int) -> AuditOutcome:
    """Of an HTTP status. What does not exist and what is another's are answered alike, so both count as denied."""
    if status < 400:
        return AuditOutcome.ALLOWED
    if status in (401, 403, 404):
        return AuditOutcome.DENIED
    return AuditOutcome.REFUSED if status < 500 else AuditOutcome.FAILED


def person_subject(pseudonyms: Pseudonyms, surname: str, given: str, born: str = "") -> str:
    """`born` is an ISO date; without it the hash stands for everybody of this name."""
    return "person:" + pseudonyms.of("audited person", normal_name(surname), normal_name(given), born)


def identifier_subject(pseudonyms: Pseudonyms, kind: str, value: str) -> str:
    """Without its issuer, which one feed names and another does not."""
    return "identifier:" + pseudonyms.of("audited identifier", kind, normal_code(value))


# A field of ours that holds an id -> what it is the id of. Every other subject is made of the data itself.
_IDS = {
    "alert_id": "alert",
    "arrest_id": "arrest",
    "subscription_id": "subscription",
    "review_id": "review",
    "folder_id": "folder",
    "user_id": "user",
}


def subjects_in(document: Any, pseudonyms: Pseudonyms) -> set[str]:
    """Whom and what a JSON document is about: every id and every person named anywhere in it.

    It is asked of what came and of what is answered, so that no route can forget to say whom it has shown.
    """
    found: set[str] = set()
    rest = [document]
    while rest:
        match rest.pop():
            case dict() as one:
                found.update(_about(one, pseudonyms))
                rest += one.values()
            case list() as some:
                rest += some
    return found


def _about(one: dict[str, Any], pseudonyms: Pseudonyms) -> Iterator[str]:
    for field, kind in _IDS.items():
        if isinstance(said := one.get(field), str) and said:
            yield f"{kind}:{said}"
    yield from (f"arrest:{said}" for said in _texts(one.get("arrests")))
    born = one.get("date_of_birth")
    for name in (one, *_parts(one.get("names")), *_parts(one.get("aliases"))):
        surname, given = name.get("surname"), name.get("given")
        if isinstance(surname, str) and isinstance(given, str) and surname:
            yield person_subject(pseudonyms, surname, given)
            if isinstance(born, str):
                yield person_subject(pseudonyms, surname, given, born)
    issued, value = one.get("kind"), one.get("value")
    if isinstance(issued, str) and isinstance(value, str) and issued in set(IdentifierKind):
        yield identifier_subject(pseudonyms, issued, value)


def _parts(value: Any) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


class SignOff(FrozenModel):
    """Somebody has looked through the events of one ISO week and says so with a name."""

    office_id: str
    week: str = Field(pattern=r"^\d{4}-W\d{2}$")
    events: int
    denied: int
    note: str = Field(default="", max_length=2000)
    signed_by: str
    signed_at: AwareDatetime
