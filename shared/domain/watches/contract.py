from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from shared.domain.arrests import Arrest
from shared.domain.value import Value

Term = tuple[str, ...]
"""Something an arrest is looked up by, such as ("sid", "01234567A"). Only its keyed hash ever becomes a table key."""


class Grade(StrEnum):
    """How surely this arrest is what was watched for."""

    IDENTIFIER = "identifier"  # an issued identifier is equal
    STRONG = "strong"  # everything that was asked for is equal after normalisation


class Reason(Value):
    """Why an arrest is a hit, in one plain sentence."""

    sentence: str
    grade: Grade


class Watch(Protocol):
    """A kind of criterion. An arrest is a hit only if it emits the criterion's anchor *and* `reason` agrees, so the
    index may bring too many candidates but decides nothing."""

    @property
    def anchor(self) -> Term:
        """The one term under which the criterion is indexed."""

    @property
    def identity(self) -> Term:
        """Everything that tells this criterion from another: equal means that the same is watched."""

    @staticmethod
    def terms(arrest: Arrest) -> Iterator[Term]:
        """Every anchor that could hit this arrest: a bounded number, whatever is watched."""

    def reason(self, arrest: Arrest) -> Reason | None: ...
