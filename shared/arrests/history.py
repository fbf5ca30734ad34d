"""How an arrest came to say what it says: each version with what it said anew."""

from pydantic import AwareDatetime, TypeAdapter

from shared.arrests.diff import Difference, differences
from shared.arrests.model import Arrest
from shared.value import FrozenModel

MAX_REVISIONS = 20  # versions, the latest


class Revision(FrozenModel):
    """`reported_at`: when the drop that said so came. Without differences the change was of form alone."""

    version: int
    reported_at: AwareDatetime
    differences: tuple[Difference, ...] = ()


History = TypeAdapter(tuple[Revision, ...])


def append_revision(
    history: tuple[Revision, ...], before: Arrest, after: Arrest, now: Revision
) -> tuple[Revision, ...]:
    """With the version `now`, by which an arrest that read `before` reads `after`."""
    return (*history, now.model_copy(update={"differences": differences(before, after)}))[-MAX_REVISIONS:]
