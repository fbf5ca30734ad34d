"""History: the revisions of an arrest, each with its differences from the version before."""

from pydantic import AwareDatetime, TypeAdapter

from shared.arrests.diff import Difference, differences
from shared.arrests.model import Arrest
from shared.value import FrozenModel

MAX_REVISIONS = 20  # the latest are kept


class Revision(FrozenModel):
    """`reported_at` is when the drop came. Without differences only the form changed."""

    version: int
    reported_at: AwareDatetime
    differences: tuple[Difference, ...] = ()


History = TypeAdapter(tuple[Revision, ...])


def append_revision(
    history: tuple[Revision, ...], before: Arrest, after: Arrest, revision: Revision
) -> tuple[Revision, ...]:
    """Returns the history with `revision`, which turned the arrest `before` into `after`."""
    new = revision.model_copy(update={"differences": differences(before, after)})
    return (*history, new)[-MAX_REVISIONS:]
