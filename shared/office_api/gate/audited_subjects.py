"""The subjects of one request's audit event, gathered while the request is handled.

They come from what was validated, loaded or answered, and never from what was merely sent: a sender could fill the
event with ids of his own choice.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic import BaseModel

from shared.access import Resource
from shared.audit.event import AuditOutcome, subjects_in, subjects_of_ids
from shared.office_api import dependencies

_LONGEST_REASON = 200  # characters
SUBJECTS = "audited subjects"  # the key in the resolver's context


class Subjects(NamedTuple):
    """What was read or changed, and what was asked for in vain."""

    reached: set[str]
    denied: set[str]


class AuditedSubjects:
    def __init__(self) -> None:
        self._requested: set[str] = set()
        self._denied: set[str] = set()
        self.because = ""

    def request(self, path: str, arguments: Mapping[str, Any]) -> None:
        """Takes the path and the arguments of a route, after both were validated."""
        self._requested |= set(_subjects_in_path(path))
        for document in _documents(arguments.values()):
            self._requested |= subjects_in(document, dependencies.pseudonyms())

    def reach(self, about: Resource) -> None:
        """Takes a record that the caller named in another way than by its id, as by a signed link or a number."""
        self._requested |= set(subjects_of_ids(about.kind.lower(), [about.id]))

    def look(self, kind: str, pseudonym: str, because: str) -> None:
        """Takes what the caller looks at, by its pseudonym, and the case number or reason that the look has."""
        self._requested |= set(subjects_of_ids(kind, [pseudonym]))
        self.give_reason(because)

    def give_reason(self, because: str) -> None:
        """Takes why the caller does it. It names nobody."""
        self.because = because[:_LONGEST_REASON]

    def deny(self, about: Resource) -> None:
        """Takes a record that the caller may not have, or that does not exist."""
        self._denied |= set(subjects_of_ids(about.kind.lower(), [about.id]))

    def settle(self, outcome: AuditOutcome, answer: Any) -> Subjects:
        """Returns the subjects of a request that had this outcome and this answer, a JSON document."""
        if outcome is AuditOutcome.DENIED:
            return Subjects(set(), self._requested | self._denied)
        answered = subjects_in(answer, dependencies.pseudonyms()) if answer is not None else set()
        return Subjects((self._requested | answered) - self._denied, self._denied)


def _subjects_in_path(path: str) -> Iterator[str]:
    """`/v1/alerts/<id>/verdict` yields `alert:<id>`."""
    for collection, id_ in pairwise(path.split("/")):
        yield from subjects_of_ids(collection.removesuffix("s"), [id_])


def _documents(arguments: Iterable[Any]) -> Iterator[Any]:
    return (argument.model_dump(mode="json") for argument in arguments if isinstance(argument, BaseModel))
