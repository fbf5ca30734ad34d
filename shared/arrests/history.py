"""History: the revisions of an arrest, each with its differences from the version before."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from pydantic import AwareDatetime, TypeAdapter
from pydantic_core import to_json

from shared.arrests.diff import Difference, differences
from shared.arrests.model import Arrest
from shared.value import FrozenModel

MAX_REVISIONS = 20  # the latest are kept
MAX_BYTES = 60_000  # of their JSON: with the document, twice while it is held, an item stays below 400 KB


Model = TypeVar("Model")


class Revision(FrozenModel):
    """`reported_at` is when the drop came. Without differences only the form changed."""

    version: int
    reported_at: AwareDatetime
    differences: tuple[Difference, ...] = ()


History = TypeAdapter(tuple[Revision, ...])


def append_revision(
    history: tuple[Revision, ...], before: Arrest, after: Arrest, revision: Revision
) -> tuple[Revision, ...]:
    """Returns the history with `revision`, which turned the arrest `before` into `after`: as many of the latest
    revisions as fit, and of one that is too large by itself the differences that fit."""
    room = MAX_BYTES - len(revision.model_dump_json().encode())
    new = revision.model_copy(update={"differences": tuple(_that_fit(differences(before, after), room))})
    latest = (*history, new)[-MAX_REVISIONS:]
    return tuple(_that_fit(latest[::-1], MAX_BYTES))[::-1]


def _that_fit(models: Sequence[Model], room: int) -> Iterator[Model]:
    """Yields the first of these as long as their JSON fits into so many bytes."""
    for model in models:
        room -= len(to_json(model)) + 1
        if room < 0:
            return
        yield model
