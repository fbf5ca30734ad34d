"""Every kind of watch. A new kind is a module beside this one and a line in `Leaf`; the union in the API, its error
messages and its tags are derived from it. What else a kind needs, `tests/matching/test_watch_kinds.py` says."""

from typing import get_args

from shared.matching.criteria.agency import AgencyWatch
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.criteria.event import EventWatch
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.matching.criteria.place import PlaceWatch
from shared.value import FrozenModel

Leaf = IdentifierWatch | PersonWatch | ChargeWatch | PlaceWatch | AgencyWatch | EventWatch


def kind_of(watch: type[FrozenModel]) -> str:
    """The value of its field `watch`, which tells it from the others in JSON."""
    return str(get_args(watch.model_fields["watch"].annotation)[0])


WATCHES: dict[str, type[Leaf]] = {kind_of(watch): watch for watch in get_args(Leaf)}
"""Maps the kind of a watch to its model, in the order of `Leaf`."""
