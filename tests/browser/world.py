"""An office in which every page of the console has something to show. Everybody and everything here is invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Arrest, Provenance
from shared.arrests.table import Version
from shared.offices.users import Right
from tests.builders import NAME_WATCH, NOW, PSEUDONYMS, SID_WATCH, a_user, a_wish, an_arrest, an_office, discard
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call

LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmo"
MARKUP_NAME = "<script>alert(1)</script>"
# What is Ada's alone: whoever else reads one of these on any page has seen what he must not.
SECRETS = (LONG_NAME.upper(), LONG_NAME, "2026-KN-00000", "K-1001", "K-1002", "K-1003", "01234567A", "1990")
RIGHT_TO_LEFT_NAME = "\u05db\u05d4\u05df"


@dataclass
class World:
    """`ids` are the values of the parts of paths that stand in braces, by their names."""

    ids: dict[str, str] = field(default_factory=dict)


def make_world(tables: Tables, call: Call) -> World:
    """Ada has every right; she watches three people, of whom two were arrested and one perhaps."""
    tables.offices.enrol(an_office(agencies=("roster",), may_seal=("roster",)))
    ada = a_user(ADA["email"])
    tables.users.change(ada, ada.model_copy(update={"rights": frozenset(Right), "revision": 2}))
    world = World()
    for case, criterion in enumerate((SID_WATCH, NAME_WATCH, NAME_WATCH | {"surname": LONG_NAME})):
        wish = a_wish(criterion, basis={"kind": "open case", "case_number": f"2026-KN-{case:06}"})
        stored = call("POST", "/v1/subscriptions", wish, idempotency_key=f"watch-{case}")
        assert stored.status == 201, stored.body
        world.ids["subscription_id"] = stored.body["subscription_id"]
    arrest(tables, an_arrest("K-1001"), an_arrest("K-1002", sid=None, surname=LONG_NAME))
    arrest(tables, an_arrest("K-1003", sid=None, born=None))
    alerts = call("GET", "/v1/alerts").body["items"]
    world.ids["alert_id"] = alerts[0]["number"]
    return world


def arrest(tables: Tables, *arrests: Arrest) -> None:
    """What the stream of arrests does: stores each and matches it."""
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    for hours, reported in enumerate(arrests):
        tables.arrests.store([reported], Provenance(drop_id="d", dropped_at=NOW), NOW)
        match_versions([Version(reported, None, NOW, NOW)], deps, NOW + timedelta(hours=hours))
