"""One request of a person who is signed in, as the function of a page gets it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from functions.console.api import Api
from functions.console.forms import Form
from functions.console.sessions.model import Session


@dataclass(frozen=True, kw_only=True)
class Visit:
    """`query` has the last value of each parameter. `form` is empty for a GET."""

    session: Session
    api: Api
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Form = field(default_factory=Form)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which every page writes times: the reader's."""
        return ZoneInfo(self.session.person.time_zone)
