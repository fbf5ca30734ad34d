"""The audit event: who did what to whose data, when, for which purpose and with what outcome. One event a request.

A request's event is stored twice: as an *intent* before the request does anything, and with its outcome afterwards.
Both have one id and one instant, so that whoever reads the trail sees one event.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID, uuid5

from pydantic import AwareDatetime, Field

from shared.arrests.numbers import normal_code
from shared.arrests.person import IdentifierKind, normal_name
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

Element = TypeVar("Element")

NO_OFFICE = "-"  # for a caller whose office is not known


SUBJECTS_AN_EVENT = 2_000  # so that an event fits into one DynamoDB item and one link of the chain
_ID = re.compile(r"[0-9a-f]{32}")


class AuditOutcome(StrEnum):
    BEGUN = "begun"  # the intent: nothing has been done yet
    ALLOWED = "allowed"
    DENIED = "denied"
    REFUSED = "refused"  # the caller was allowed, but the request was not valid
    FAILED = "failed"
    UNKNOWN = "unknown"  # the request began and its outcome was never recorded: it may have been carried out


def _is_empty(text: str) -> bool:
    return not text


class AuditEvent(FrozenModel):
    """`who` is a person's e-mail address, or the name of the part of the product that acted by itself.

    `subjects` say whom and what the event is about: `arrest:<id>`, `alert:<id>`, `subscription:<id>`, `review:<id>`,
    `folder:<id>`, `user:<id>`, `place:<pseudonym>`, `person:<pseudonym>`,
    `identifier:<pseudonym>`. They never contain a name. `denied` has
    the same form and names what was asked for and neither shown nor changed; such an id need not exist.

    `because` is the case number or the reason, where the route asks for one.

    An event with more than 2,000 of both is several: the further ones say in `continues` the id of the first.
    """

    event_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    occurred_at: AwareDatetime = Field(alias="at")
    office_id: str = NO_OFFICE
    who: str = "-"
    ori: str = ""
    action: str
    subjects: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    purpose: str = ""
    outcome: AuditOutcome
    status: int = 0
    request_id: str = ""
    continues: str = ""
    because: str = Field(default="", max_length=200, exclude_if=_is_empty)

    @property
    def is_intent(self) -> bool:
        return self.outcome is AuditOutcome.BEGUN

    @property
    def record_key(self) -> tuple[str, bool]:
        """Tells the two records of one event apart."""
        return self.event_id, self.is_intent

    @property
    def every_subject(self) -> set[str]:
        """Under all of these the event is found."""
        return {*self.subjects, *self.denied}

    def ended(
        self, outcome: AuditOutcome, status: int = 0, subjects: Iterable[str] = (), denied: Iterable[str] = ()
    ) -> "AuditEvent":
        """Returns the event that closes this intent."""
        facts = {"subjects": tuple(sorted(subjects)), "denied": tuple(sorted(denied))}
        return self.model_copy(update=facts | {"outcome": outcome, "status": status})

    def in_parts(self) -> list["AuditEvent"]:
        """Returns the event itself, or several that hold its subjects together. Equal events give equal parts."""
        marked = [(subject, False) for subject in self.subjects] + [(subject, True) for subject in self.denied]
        slices = [marked[start : start + SUBJECTS_AN_EVENT] for start in range(0, len(marked), SUBJECTS_AN_EVENT)]
        return [self._part(number, part) for number, part in enumerate(slices)] if len(slices) > 1 else [self]

    def _part(self, number: int, marked: Sequence[tuple[str, bool]]) -> "AuditEvent":
        facts: dict[str, object] = {
            "subjects": tuple(subject for subject, is_denied in marked if not is_denied),
            "denied": tuple(subject for subject, is_denied in marked if is_denied),
        }
        if number:
            facts |= {"event_id": uuid5(UUID(self.event_id), str(number)).hex, "continues": self.event_id}
        return self.model_copy(update=facts)


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

    404 counts as denied, because a record that the caller may not see is answered like one that does not exist; so
    does 410, with which a signed link answers whose holder may not use it any more.
    """
    if status < 400:
        return AuditOutcome.ALLOWED
    if status in (401, 403, 404, 410):
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
    "hold_id": "hold",
    "disclosure_id": "disclosure",
    "dispute_id": "dispute",
    "breach_id": "breach",
    "notice_id": "correction",
    "request_id": "records request",
    "opening_id": "opening",
}
_SUBJECT_KIND_BY_LIST = {"arrests": "arrest", "arrest_ids": "arrest", "alerts": "alert"}  # lists of ids


def subjects_in(document: Any, pseudonyms: Pseudonyms) -> set[str]:
    """Returns a subject for every id, person and identifier anywhere in a JSON document.

    It is called for each validated request and each answer, so no route can forget to record whose data it showed.
    Text that is not one of our ids is no subject.
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


def subjects_of_ids(kind: str, ids: Iterable[object]) -> Iterator[str]:
    """Yields `<kind>:<id>` for whatever has the form of our ids."""
    return (f"{kind}:{id_}" for id_ in ids if isinstance(id_, str) and _ID.fullmatch(id_))


def _subjects_of(json_object: dict[str, Any], pseudonyms: Pseudonyms) -> Iterator[str]:
    """Yields the subjects of this object alone, without those of the objects inside it."""
    for field, kind in _SUBJECT_KIND_BY_FIELD.items():
        yield from subjects_of_ids(kind, [json_object.get(field)])
    for field, kind in _SUBJECT_KIND_BY_LIST.items():
        yield from subjects_of_ids(kind, _elements(json_object.get(field), str))
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
