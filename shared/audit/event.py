"""The audit event: who did what to whose data, when, for which purpose and with what outcome. One event a request."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import AwareDatetime, Field

from shared.arrests.person import IdentifierKind, normal_code, normal_name
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

Element = TypeVar("Element")

NO_OFFICE = "-"  # for a caller whose office is not known


class AuditOutcome(StrEnum):
    ALLOWED = "allowed"
    DENIED = "denied"
    REFUSED = "refused"  # the caller was allowed, but the request was not valid
    FAILED = "failed"


class AuditEvent(FrozenModel):
    """`who` is a person's e-mail address, or the name of the part of the product that acted by itself.

    `subjects` say whom and what the event is about: `arrest:<id>`, `alert:<id>`, `subscription:<id>`, `review:<id>`,
    `folder:<id>`, `user:<id>`, `person:<pseudonym>`, `identifier:<pseudonym>`. They never contain a name.
    """

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


class SignOff(FrozenModel):
    """Somebody states by name that they have reviewed the audit events of one ISO week."""

    office_id: str
    week: str = Field(pattern=r"^\d{4}-W\d{2}$")
    events: int
    denied: int
    note: str = Field(default="", max_length=2000)
    signed_by: str
    signed_at: AwareDatetime


def outcome_of(status: int) -> AuditOutcome:
    """Returns the outcome for an HTTP status.

    404 counts as denied, because a record that the caller may not see is answered like one that does not exist.
    """
    if status < 400:
        return AuditOutcome.ALLOWED
    if status in (401, 403, 404):
        return AuditOutcome.DENIED
    return AuditOutcome.REFUSED if status < 500 else AuditOutcome.FAILED


def person_subject(pseudonyms: Pseudonyms, surname: str, given: str, born: str = "") -> str:
    """Returns the subject for a person. `born` is an ISO date; without it the subject is everybody of this name."""
    return "person:" + pseudonyms.of("audited person", normal_name(surname), normal_name(given), born)


def identifier_subject(pseudonyms: Pseudonyms, kind: str, value: str) -> str:
    """Returns the subject for an identifier. The issuer is left out, because not every feed names it."""
    return "identifier:" + pseudonyms.of("audited identifier", kind, normal_code(value))


# Field that holds an id -> kind of subject. Every other subject is made from the data itself.
_SUBJECT_KIND_BY_FIELD = {
    "alert_id": "alert",
    "arrest_id": "arrest",
    "subscription_id": "subscription",
    "review_id": "review",
    "folder_id": "folder",
    "user_id": "user",
}


def subjects_in(document: Any, pseudonyms: Pseudonyms) -> set[str]:
    """Returns a subject for every id, person and identifier anywhere in a JSON document.

    It is called for each request and each response, so no route can forget to record whose data it showed.
    """
    subjects: set[str] = set()
    unvisited = [document]
    while unvisited:
        match unvisited.pop():
            case dict() as json_object:
                subjects.update(_subjects_of(json_object, pseudonyms))
                unvisited += json_object.values()
            case list() as json_array:
                unvisited += json_array
    return subjects


def _subjects_of(json_object: dict[str, Any], pseudonyms: Pseudonyms) -> Iterator[str]:
    """Yields the subjects of this object alone, without those of the objects inside it."""
    for field, kind in _SUBJECT_KIND_BY_FIELD.items():
        if isinstance(id_ := json_object.get(field), str) and id_:
            yield f"{kind}:{id_}"
    for arrest_id in _elements(json_object.get("arrests"), str):
        yield f"arrest:{arrest_id}"
    yield from _person_subjects(json_object, pseudonyms)
    identifier_kind, value = json_object.get("kind"), json_object.get("value")
    if isinstance(identifier_kind, str) and isinstance(value, str) and identifier_kind in set(IdentifierKind):
        yield identifier_subject(pseudonyms, identifier_kind, value)


def _person_subjects(json_object: dict[str, Any], pseudonyms: Pseudonyms) -> Iterator[str]:
    """Yields two subjects a name: without and with the date of birth, so that a search can use either."""
    born = json_object.get("date_of_birth")
    names, aliases = _elements(json_object.get("names"), dict), _elements(json_object.get("aliases"), dict)
    for name in (json_object, *names, *aliases):
        surname, given = name.get("surname"), name.get("given")
        if isinstance(surname, str) and isinstance(given, str) and surname:
            yield person_subject(pseudonyms, surname, given)
            if isinstance(born, str):
                yield person_subject(pseudonyms, surname, given, born)


def _elements(value: Any, type_: type[Element]) -> list[Element]:
    """Returns the elements of a JSON array that are of this type; none when the value is no array."""
    return [element for element in value if isinstance(element, type_)] if isinstance(value, list) else []
