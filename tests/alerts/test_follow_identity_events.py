"""Behaviours 35 to 39: watches follow their person through mergers, corrections, restorations and expungements."""

from datetime import timedelta
from itertools import permutations

import pytest

from shared.alerts.follow_identity_events import FollowDeps, follow_before_matching, follow_identity_event
from shared.arrests.identity_events.event import IdentityChange, IdentityEvent
from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.model import Provenance
from shared.arrests.person import Identifier, IdentifierKind, Person, PersonName
from shared.matching.rules import TooBroadError, posting_terms
from shared.matching.rules.index_terms import MOST_POSTINGS
from shared.subscriptions.model import Status
from tests.alerts.conftest import Desk
from tests.builders import CHARGE_WATCH, NAME_WATCH, NOW, PSEUDONYMS, SID_WATCH, a_subscription, an_arrest
from tests.widths import thorough

OWNER, CONTACT = "ada@da.example.gov", "desk@da.example.gov"


def number(value, kind=IdentifierKind.SID):
    return Identifier(kind=kind, value=value, issuer="NY" if kind is IdentifierKind.SID else None)


A, B, C = number("01234567A"), number("07654321B"), number("00000033C")


@pytest.fixture
def at(desk: Desk, enrolled):
    enrolled(contact=CONTACT)
    return FollowDeps(
        desk.tables.watch_list, desk.tables.subscriptions, desk.tables.offices, desk.tables.alerts, PSEUDONYMS,
        desk.queue.extend, IdentityEventsTable(desk.tables.client, "Arrests", "Agencies"),
    )  # fmt: skip


@pytest.fixture
def happens(at):
    """An identity event, and what became of the watches."""

    def happen(change, before=A, after=None, **facts):
        event = IdentityEvent(
            event_id=f"{change} {before.value}", agency="roster", change=change, before=before, after=after, **facts
        )
        return follow_identity_event(event, at, NOW)

    return happen


def notices(desk: Desk):
    items = [item for item in desk.tables.everything_in("Alerts") if item["part"]["S"] == "notice"]
    return [desk.tables.alerts.notices.find(item["alert_id"]["S"]) for item in items]


def stored(desk: Desk, one):
    return desk.tables.subscriptions.find("kings", one.subscription_id)


@pytest.mark.parametrize("kind", [IdentifierKind.SID, IdentifierKind.FBI])
def test_35_36_after_a_merger_a_watch_of_the_old_number_fires_for_the_joint_one(desk: Desk, happens, kind):
    old, joint = number("11A", kind), number("22B", kind)
    one = desk.watch({"watch": "identifier", "identifier": old.model_dump()})
    assert happens(IdentityChange.MERGED, old, joint).changed == [one.subscription_id]
    merged = an_arrest(sid=None).model_copy(update={"person": Person(identifiers=(joint,))})
    late = an_arrest("K-2", sid=None).model_copy(update={"person": Person(identifiers=(old,))})
    assert desk.match(merged).alerts == 1
    assert desk.match(late).alerts == 1, "a late report of the old number is not missed"


def test_35_owner_and_office_are_told_once_however_often_the_event_comes(desk: Desk, happens):
    desk.watch(SID_WATCH)
    for _ in range(3):
        happens(IdentityChange.MERGED, A, B)
    assert sorted(one.email for one in notices(desk)) == [OWNER, CONTACT]
    assert len(set(desk.queue)) == 2
    said = " ".join(line for one in notices(desk) for line in (one.title, *one.lines, one.path))
    assert not {"01234567A", "07654321B", "Example"} & set(said.split()), "a notice names nobody"


def test_35_a_number_that_only_excludes_is_followed_as_well(desk: Desk, happens):
    desk.watch({"all": [CHARGE_WATCH], "none": [SID_WATCH]})
    happens(IdentityChange.MERGED, A, B)
    assert desk.match(an_arrest(sid=B.value)).alerts == 0
    assert desk.match(an_arrest("K-2", sid="99C")).alerts == 1


def test_37_a_merger_that_is_undone_goes_back_for_who_had_followed_and_asks_who_had_not(desk: Desk, happens):
    followed, always = desk.watch(SID_WATCH), desk.watch(SID_WATCH | {"identifier": B.model_dump()}, "bo")
    happens(IdentityChange.MERGED, A, B)
    done = happens(IdentityChange.RESTORED, B, A)
    assert (done.changed, done.in_doubt) == ([followed.subscription_id], [always.subscription_id])
    assert desk.match(an_arrest()).alerts == 1
    assert set(desk.alerts()) == {"ada"}
    assert desk.match(an_arrest("K-2", sid=B.value)).alerts == 1
    assert desk.alerts()["bo"].arrest_id == an_arrest("K-2").arrest_id


def test_37_a_corrected_number_is_watched_instead_of_the_wrong_one(desk: Desk, happens):
    desk.watch(SID_WATCH)
    happens(IdentityChange.CORRECTED, A, B)
    assert desk.match(an_arrest()).alerts == 0
    assert desk.match(an_arrest("K-2", sid=B.value)).alerts == 1


def test_38_an_expunged_number_ends_its_watch_and_people_are_told_without_detail(desk: Desk, happens):
    one = desk.watch(SID_WATCH)
    assert happens(IdentityChange.EXPUNGED).ended == [one.subscription_id]
    assert stored(desk, one).status is Status.CANCELLED
    assert desk.match(an_arrest()).alerts == 0
    (told, *_) = notices(desk)
    assert "ended" in told.lines[-1]
    assert A.value not in told.model_dump_json()


def test_39_a_new_description_is_matched_from_then_on(desk: Desk, happens):
    desk.watch({"any": [SID_WATCH, NAME_WATCH]})
    happens(IdentityChange.DESCRIBED, person=Person(names=(PersonName(surname="Newname", given="Pat"),)))
    assert desk.match(an_arrest(sid=None, surname="Newname")).alerts == 1
    assert desk.match(an_arrest("K-2", sid=None)).alerts == 1, "the old name goes on counting"


MANY = tuple(PersonName(surname=one, given="Pat") for one in (
    "Abernathy", "Bonaventure", "Castellanos", "Dimitriou", "Eisenhower", "Featherstone", "Gallagher", "Huddleston",
    "Iturralde", "Jankowski", "Kowalczyk", "Lindqvist", "Mukherjee", "Nakamura", "Okonkwo", "Pemberton", "Quillmoor",
    "Rasmussen", "Thibodeaux", "Vandermeer",
))  # fmt: skip


def test_of_a_person_with_more_names_than_a_watch_can_hold_the_last_are_left_out_and_it_is_told(desk: Desk, happens):
    one, other = desk.watch({"any": [SID_WATCH, NAME_WATCH]}), desk.watch(SID_WATCH, "bo")
    for wanted in ([one.subscription_id], []):
        assert happens(IdentityChange.DESCRIBED, person=Person(names=MANY)).changed == wanted
    _, person = stored(desk, one).criterion.any
    assert [name.surname for name in person.names][:3] == ["Abernathy", "Example", "Bonaventure"]
    assert len(person.names) < 1 + len(MANY)
    (told,) = {notice.lines for notice in notices(desk)}
    assert "make a second watch" in told[1]
    assert stored(desk, other).revision == 1
    assert desk.match(an_arrest()).alerts == 2
    assert desk.match(an_arrest("K-2", sid=None)).alerts == 1, "by the name that was its first"
    assert desk.match(an_arrest("K-3", sid=None, surname="Abernathy")).alerts == 1


def full_up_to(places):
    """A watch of a number, of a person with aliases, and of as many addresses as leave `places`."""
    person = NAME_WATCH | {"aliases": [{"surname": one.surname, "given": one.given} for one in MANY[:12]]}
    needed = len(posting_terms(a_subscription({"any": [SID_WATCH, person]}).criterion))
    return {"any": [SID_WATCH, person, *addresses(MOST_POSTINGS - needed - places)]}


def addresses(count):
    return [{"watch": "place", "address": f"{number} Elm Street"} for number in range(1, count + 1)]


@pytest.mark.parametrize("places", [0, 1])
def test_a_watch_that_is_full_follows_a_merged_number_all_the_same(desk: Desk, happens, places):
    one = desk.watch(full_up_to(places))
    assert happens(IdentityChange.MERGED, A, B).changed == [one.subscription_id]
    assert desk.match(an_arrest(sid=B.value, surname="Nobodyelse", given="Quentin")).alerts == 1
    (told,) = {notice.lines for notice in notices(desk)}
    assert ("were left out" in told[-1]) == (places == 0)


def test_a_watch_that_has_nothing_to_leave_out_stays_as_it_was_and_its_owner_is_told(desk: Desk, happens):
    around = [{"watch": "place", "near": {"latitude": 40.7, "longitude": at, "metres": 5_000}} for at in (-74, -80)]
    needed = len(posting_terms(a_subscription({"any": [SID_WATCH, NAME_WATCH, *around]}).criterion))
    full = {"any": [SID_WATCH, NAME_WATCH, *around, *addresses(MOST_POSTINGS - needed)]}
    one, other = desk.watch(full), desk.watch(SID_WATCH, "bo")
    described = Person(names=(PersonName(surname="Abernathy Featherstone", given="Pat Quinta"),))
    done = happens(IdentityChange.DESCRIBED, person=described)
    assert (done.changed, done.in_doubt) == ([], [one.subscription_id])
    assert {stored(desk, each).revision for each in (one, other)} == {1}
    (told,) = {notice.lines for notice in notices(desk)}
    assert "make a second watch" in told[0]
    assert desk.match(an_arrest()).alerts == 2


def test_a_watch_that_would_hold_too_much_today_can_still_be_cancelled(desk: Desk):
    one = desk.watch(NAME_WATCH)
    criterion = one.criterion.model_copy(update={"aliases": MANY})
    with pytest.raises(TooBroadError, match="watch fewer aliases"):
        desk.tables.watch_list.replace(one, one.model_copy(update={"criterion": criterion, "revision": 2}))
    over = one.model_copy(update={"criterion": criterion, "revision": 2, "status": Status.CANCELLED})
    desk.tables.watch_list.replace(one, over)
    assert desk.match(an_arrest()).alerts == 0


def test_who_watches_both_numbers_for_one_case_is_left_with_one_watch(desk: Desk, happens):
    first, second = desk.watch(SID_WATCH), desk.watch(SID_WATCH | {"identifier": B.model_dump()})
    assert happens(IdentityChange.MERGED, A, B).ended == [first.subscription_id]
    assert stored(desk, second).status is Status.ACTIVE
    assert desk.match(an_arrest(sid=B.value)).alerts == 1


def test_a_watch_that_is_over_does_not_stand_in_the_way_of_one_that_follows(desk: Desk, happens):
    first, second = desk.watch(SID_WATCH), desk.watch(SID_WATCH | {"identifier": B.model_dump()})
    over = second.model_copy(update={"status": Status.CANCELLED, "revision": 2})
    desk.tables.watch_list.replace(second, over)
    assert happens(IdentityChange.MERGED, A, B).changed == [first.subscription_id]
    assert desk.match(an_arrest(sid=B.value)).alerts == 1
    assert happens(IdentityChange.MERGED, A, B).changed == []


def test_nothing_happens_to_who_watches_another_number(desk: Desk, happens):
    one = desk.watch(SID_WATCH | {"identifier": number("33C").model_dump()})
    done = happens(IdentityChange.MERGED, A, B)
    assert (done.changed, done.ended, notices(desk)) == ([], [], [])
    assert stored(desk, one).revision == 1


# A stream has many shards: what was stored one after the other is worked on in any order


@pytest.fixture
def works_on(desk: Desk, at):
    """One of the matchers on what one shard brings: an arrest or an identity event."""

    def work_on(record):
        arrests, events = ([record], []) if hasattr(record, "charges") else ([], [record])
        follow_before_matching(arrests, events, at, NOW)
        desk.match(*arrests)

    return work_on


def stored_events(at, *changes):
    """Stored one a second, the last one just now."""
    for age, (change, before, after) in enumerate(reversed(changes)):
        event = IdentityEvent(event_id=f"{change} {before.value}", agency="roster", change=change, before=before,
                              after=after)  # fmt: skip
        stored_at = NOW - timedelta(seconds=age)
        assert at.events.store(event, Provenance(drop_id="d", dropped_at=stored_at), stored_at)
    return at.events.recent(NOW)


ORDERS = list(permutations(range(4)))


@pytest.mark.parametrize("order", [*ORDERS[::5], *thorough(*sorted(set(ORDERS) - set(ORDERS[::5])))])
def test_35_whatever_the_order_an_arrest_that_was_stored_after_two_mergers_is_not_missed(
    desk: Desk, at, works_on, order
):
    desk.watch(SID_WATCH)
    events = stored_events(at, (IdentityChange.MERGED, A, B), (IdentityChange.MERGED, B, C))
    records = [*events, an_arrest(sid=C.value), an_arrest("K-2", sid=B.value)]
    for place in order:
        works_on(records[place])
    assert desk.alerts()["ada"].because[0].grade == "identifier"
    told = [item for item in desk.tables.everything_in("Alerts") if item["part"]["S"] == "alert"]
    assert len(told) == 2
    assert len(notices(desk)) == 4, "owner and office are told once of each merger"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_37_whatever_the_order_a_merger_that_was_undone_at_once_tells_nobody_of_the_other_person(
    desk, at, works_on, order
):
    desk.watch(SID_WATCH)
    events = stored_events(at, (IdentityChange.MERGED, A, B), (IdentityChange.RESTORED, B, A))
    records = [*events, an_arrest(sid=B.value)]
    for place in order:
        works_on(records[place])
    assert desk.alerts() == {}
    works_on(an_arrest("K-2"))
    assert set(desk.alerts()) == {"ada"}


def test_38_an_arrest_of_an_expunged_number_is_told_to_nobody_although_the_event_is_still_waiting(
    desk: Desk, at, works_on
):
    desk.watch(SID_WATCH)
    stored_events(at, (IdentityChange.EXPUNGED, A, None))
    works_on(an_arrest())
    assert desk.alerts() == {}


def test_an_event_of_long_ago_is_not_gone_after_again(desk: Desk, at, works_on):
    desk.watch(SID_WATCH)
    event = IdentityEvent(event_id="old", agency="roster", change=IdentityChange.MERGED, before=A, after=B)
    long_ago = NOW - timedelta(hours=2)
    at.events.store(event, Provenance(drop_id="d", dropped_at=long_ago), long_ago)
    works_on(an_arrest(sid=B.value))
    assert desk.alerts() == {}
    works_on(event)
    works_on(an_arrest("K-2", sid=B.value))
    assert set(desk.alerts()) == {"ada"}
