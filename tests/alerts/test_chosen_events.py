"""Whoever watches hears of the events that the watch or its folder asks for, from the next match on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.alerts.match_arrests import MatchDeps, MatchSummary, match_versions
from shared.alerts.model import Alert
from shared.arrests.model import Arrest, EventKind
from shared.arrests.table import Version
from shared.subscriptions.events import EventGroup
from shared.subscriptions.folders.model import Folder, Role, Tab
from tests.builders import NOW, PSEUDONYMS, SID_WATCH, a_subscription, a_user, an_arrest, an_office, discard
from tests.conftest import Tables

ADA = "ada.example@da.example.gov"
LATER = NOW + timedelta(hours=1)
Match = Callable[..., MatchSummary]


@pytest.fixture
def match(tables: Tables) -> Match:
    tables.offices.enrol(an_office())
    tables.users.add(a_user(ADA))
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)

    def of(arrest: Arrest, before: Arrest | None = None) -> MatchSummary:
        stored_at = NOW if before is None else LATER
        earlier = NOW - timedelta(hours=1) if before else None
        version = Version(arrest, before, stored_at, stored_at, before_stored_at=earlier)
        return match_versions([version], deps, stored_at)

    return of


def folder(tables: Tables, *groups: EventGroup, id_: str = "") -> str:
    """Stores a team folder of Ada's with this choice, or changes its choice."""
    tree = tables.subscriptions.folders.tree("kings")
    roles = {ADA: Role.OWNER}
    saved = Folder(folder_id=id_ or uuid4().hex, tab=Tab.TEAM, name="Gangs", roles=roles, events=groups)
    tables.subscriptions.folders.save(tree.with_folder(saved))
    return saved.folder_id


def alerts(tables: Tables) -> list[Alert]:
    stored = tables.everything_in("Alerts")
    return [Alert.model_validate_json(item["doc"]["S"]) for item in stored if item.get("part", {}).get("S") == "alert"]


@pytest.mark.parametrize("kind", EventKind)
def test_s19_a_watch_hears_of_the_events_that_it_asks_for_and_of_no_others(
    tables: Tables, match: Match, kind: EventKind
) -> None:
    tables.watch_list.add(a_subscription(events=["releases", "court"]))
    expected = kind in (EventKind.RELEASE, EventKind.COURT_DATE, EventKind.DISPOSITION)
    assert match(an_arrest(kind=kind)).alerts == int(expected)


@pytest.mark.parametrize("kind", EventKind)
def test_an_event_watch_in_the_criterion_is_told_whatever_is_chosen(
    tables: Tables, match: Match, kind: EventKind
) -> None:
    named: dict[str, Any] = {"all": [SID_WATCH, {"watch": "event", "kinds": [kind.value]}]}
    tables.watch_list.add(a_subscription(named, events=["arrests"]))
    assert match(an_arrest(kind=kind)).alerts == 1


def test_s19_a_change_of_a_folder_counts_for_all_its_watches_from_the_next_match_on_and_rewrites_none(
    tables: Tables, match: Match
) -> None:
    gangs = folder(tables)
    watches = [a_subscription(folders=[gangs], recipients=[], basis=basis("C-1")),
               a_subscription(folders=[gangs], recipients=[], basis=basis("C-2"))]  # fmt: skip
    for watch in watches:
        tables.watch_list.add(watch)
    assert match(an_arrest("R-1", kind=EventKind.RELEASE)).alerts == 0
    folder(tables, EventGroup.RELEASES, id_=gangs)
    assert match(an_arrest("R-2", kind=EventKind.RELEASE)).matches == len(watches)
    assert match(an_arrest("K-2")).matches == 0
    assert [tables.subscriptions.find(*watch.key) for watch in watches] == watches


def basis(case: str) -> dict[str, str]:
    return {"kind": "open case", "case_number": case}


def test_what_was_told_stays_told_when_less_is_asked_for_and_an_update_of_it_is_not_told(
    tables: Tables, match: Match
) -> None:
    gangs = folder(tables, EventGroup.RELEASES)
    tables.watch_list.add(a_subscription(folders=[gangs], recipients=[]))
    released = an_arrest(kind=EventKind.RELEASE)
    match(released)
    folder(tables, EventGroup.ARRESTS, id_=gangs)
    summary = match(released.model_copy(update={"place": an_arrest("other").place.model_copy(
        update={"city": "Elsewhere"})}), before=released)  # fmt: skip
    assert (summary.updates, summary.withdrawn) == (0, 0)
    [alert] = alerts(tables)
    assert alert.withdrawn_at is None


def test_a_release_that_the_agency_takes_back_is_withdrawn_although_releases_are_asked_for_no_more(
    tables: Tables, match: Match
) -> None:
    gangs = folder(tables, EventGroup.RELEASES)
    tables.watch_list.add(a_subscription(folders=[gangs], recipients=[]))
    match(released := an_arrest(kind=EventKind.RELEASE))
    folder(tables, EventGroup.ARRESTS, id_=gangs)
    summary = match(an_arrest(kind=EventKind.RELEASE, sid="55555555X", surname="Other"), before=released)
    assert summary.withdrawn == 1


def test_a_release_is_a_record_of_its_own_that_whoever_heard_of_the_arrest_hears_of_only_if_they_ask(
    tables: Tables, match: Match
) -> None:
    tables.watch_list.add(a_subscription())
    tables.watch_list.add(
        a_subscription(recipients=[{"email": "bo@da.example.gov"}], events=["arrests", "releases"], basis=basis("C-2"))
    )
    assert match(an_arrest("K-1")).alerts == 2
    assert match(an_arrest("R-1", kind=EventKind.RELEASE)).alerts == 1
    assert {alert.recipient.email for alert in alerts(tables) if alert.arrest_id == an_arrest("R-1").arrest_id} == {
        "bo@da.example.gov"
    }


def test_an_update_of_an_arrest_goes_to_whom_arrests_are_told(tables: Tables, match: Match) -> None:
    tables.watch_list.add(a_subscription(events=["arrests"]))
    match(before := an_arrest())
    assert match(an_arrest(statutes=["PL 120.05", "PL 160.10"]), before=before).updates == 1


def test_correction_law_149_a_release_to_come_is_not_told_by_a_watch_that_asks_for_other_events(
    tables: Tables, match: Match
) -> None:
    """The section's own notice goes to the District Attorney of the county, whatever anybody watches."""
    tables.watch_list.add(a_subscription(events=["arrests"]))
    tables.watch_list.add(a_subscription(recipients=[{"email": "bo@da.example.gov"}], basis=basis("C-2")))
    match(an_arrest(kind=EventKind.RELEASE_SCHEDULED))
    assert [alert.recipient.email for alert in alerts(tables)] == ["bo@da.example.gov"]
