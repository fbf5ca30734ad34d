"""S15: who else watches this person, unless their watch is silent."""

from datetime import timedelta

import pytest

from shared.subscriptions.folders.model import Folder, Tab
from shared.subscriptions.other_subscribers import find_other_subscribers
from tests.alerts.conftest import Desk
from tests.builders import CHARGE_WATCH, NAME_WATCH, NOW, SID_WATCH, a_subscription, an_arrest, an_office

BO = "bo@da.example.gov"
HIDDEN = Folder(folder_id="d" * 32, tab=Tab.TEAM, name="Wiretaps", unseen=True)
BELOW = Folder(folder_id="e" * 32, tab=Tab.TEAM, name="Harbor", parent="d" * 32)


@pytest.fixture
def others(desk: Desk):
    def of(one):
        tables = desk.tables
        return find_other_subscribers(one, tables.watch_list, tables.subscriptions, tables.offices, NOW)

    return of


def said(desk: Desk, who="ada"):
    return [because.others for because in desk.alerts()[who].because]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (SID_WATCH, SID_WATCH),
        (NAME_WATCH, NAME_WATCH | {"surname": "EXAMPLE"}),
        ({"any": [SID_WATCH, NAME_WATCH]}, NAME_WATCH),
        (NAME_WATCH, {"all": [NAME_WATCH, {"watch": "event", "kinds": ["release"]}]}),
    ],
)
def test_s15_who_watches_the_same_person_is_shown_by_route_and_in_the_alert(desk: Desk, others, mine, theirs):
    one = desk.watch(mine)
    other = desk.watch(theirs, "bo")
    assert (others(one), others(other)) == ((BO,), ("ada@da.example.gov",))


def test_s15_the_alert_says_it_too_with_the_contact_where_there_is_one(desk: Desk):
    desk.watch(SID_WATCH)
    desk.watch(NAME_WATCH, "bo", contact="robbery desk")
    desk.watch(CHARGE_WATCH, "cy")
    desk.match(an_arrest())
    assert (said(desk), said(desk, "bo"), said(desk, "cy")) == (
        [("robbery desk",)], [("ada@da.example.gov",)], [()],
    )  # fmt: skip


def test_s15_a_silent_watch_shows_never_and_sees_the_others(desk: Desk, others):
    one, silent = desk.watch(SID_WATCH), desk.watch(SID_WATCH, "bo", silent=True)
    assert (others(one), others(silent)) == ((), ("ada@da.example.gov",))
    desk.match(an_arrest())
    assert (said(desk), said(desk, "bo")) == ([()], [("ada@da.example.gov",)])


def test_s15_what_lies_in_or_below_an_unseen_folder_shows_never(desk: Desk, others):
    folders = desk.tables.subscriptions.folders
    for folder in (HIDDEN, BELOW):
        folders.save(folders.tree("kings").with_folder(folder))
    one = desk.watch(SID_WATCH)
    desk.watch(SID_WATCH, "bo", folders=(BELOW.folder_id,))
    assert others(one) == ()
    desk.match(an_arrest())
    assert said(desk) == [()]


@pytest.mark.parametrize(
    "theirs",
    [
        {"criterion": NAME_WATCH | {"date_of_birth": "1990-02-04"}},
        {"criterion": CHARGE_WATCH},
        {"criterion": {"all": [CHARGE_WATCH], "none": [SID_WATCH]}},
        {"status": "cancelled"},
        {"ends": (NOW - timedelta(days=2)).date().isoformat()},
    ],
    ids=["merely alike", "a charge", "excluded", "cancelled", "over"],
)
def test_s15_who_is_merely_alike_or_watches_no_more_is_not_shown(desk: Desk, others, theirs):
    one = desk.watch({"any": [SID_WATCH, NAME_WATCH]})
    desk.watch(**{"criterion": SID_WATCH} | theirs, who="bo")
    assert others(one) == ()


@pytest.mark.parametrize(("ours", "theirs", "shown"), [(1, 1, True), (1, 0, False), (0, 1, False), (0, 0, False)])
def test_s15_another_office_shows_by_name_and_contact_where_both_show_their_watches(
    desk, others, enrolled, ours, theirs, shown
):
    enrolled(shows_watches=bool(ours))
    domain = "queens.example.gov"
    queens = an_office("queens", name="Queens DA", contact="desk@queens.example.gov", shows_watches=bool(theirs),
                       allowed_domains=(domain,), agreed_domains=())  # fmt: skip
    desk.tables.offices.enrol(queens)
    one = desk.watch(SID_WATCH)
    whose = f"quinn@{domain}"
    other = a_subscription(SID_WATCH, office_id="queens", owner=whose, recipients=[{"email": whose}])
    desk.tables.watch_list.add(other)
    expected = ("Queens DA (desk@queens.example.gov)",) if shown else ()
    assert others(one) == expected
    desk.match(an_arrest())
    assert said(desk) == [expected]
    assert whose not in str(others(one)), "nobody of another office is named"
