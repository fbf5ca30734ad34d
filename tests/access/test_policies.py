"""The lines that nobody crosses, asked of the policies alone. Every route against every role: `test_matrix.py`."""

import re

import cedarpy
import pytest

from shared.access import (
    Action,
    Relation,
    Resource,
    ResourceKind,
    ResourceState,
    decide_access,
    permits,
    permits_each,
    principal_of,
)
from shared.access.authorize import POLICIES
from shared.offices.ori import AgencyType, agency_type, may_agency_subscribe
from shared.offices.purposes import Purpose
from shared.offices.users import Machine, Right, Scope
from tests.builders import NOW, a_user, an_office

SCHEMA = POLICIES.with_name("schema.cedarschema")
EVERYTHING = frozenset(Relation)


def who(office=None, **facts):
    return principal_of(a_user(**facts), office or an_office())


def a_watch(office_id="kings", relations=EVERYTHING, **facts):
    return Resource(ResourceKind.SUBSCRIPTION, "1", office_id, frozenset(relations), **facts)


def test_the_policies_speak_only_of_what_the_schema_knows():
    result = cedarpy.validate_policies(POLICIES.read_text(), SCHEMA.read_text())
    assert not result.errors, [str(error) for error in result.errors]


def test_every_action_is_in_the_schema_and_in_a_policy():
    for file in (SCHEMA, POLICIES):
        missing = {action for action in Action if f'"{action}"' not in file.read_text()}
        assert not missing, f"name {sorted(missing)} in shared/access/{file.name}"
    assert set(re.findall(r'Action::"([^"]+)"', POLICIES.read_text())) <= set(Action)


@pytest.mark.parametrize("kind", list(ResourceKind))
def test_nobody_crosses_offices_whatever_their_rights(kind):
    mighty = who(rights=frozenset(Right))
    theirs = Resource(kind, "1", "queens", EVERYTHING)
    assert [action for action in Action if permits(mighty, action, theirs)] == []


@pytest.mark.parametrize("kind", list(ResourceKind))
@pytest.mark.parametrize(
    "out",
    [
        who(rights=frozenset(Right), deprovisioned_at=NOW),
        who(an_office(suspended=True), rights=frozenset(Right)),
        who(an_office(ori="NY000000Z"), rights=frozenset(Right)),
    ],
    ids=["removed", "suspended", "of a type that may not subscribe"],
)
def test_whoever_is_out_may_do_nothing(kind, out):
    ours = Resource(kind, "1", "kings", EVERYTHING)
    assert [action for action in Action if permits(out, action, ours)] == []


@pytest.mark.parametrize("kind", list(ResourceKind))
def test_what_is_sealed_is_for_nobody_and_so_is_what_no_agreement_covers(kind):
    mighty = who(rights=frozenset(Right))
    sealed = Resource(kind, "1", "kings", EVERYTHING, frozenset({ResourceState.SEALED}))
    assert [action for action in Action if permits(mighty, action, sealed)] == []
    uncovered = Resource(kind, "1", "kings", EVERYTHING, agreed=False)
    told_back = [Action.RECALL_ALERT] if kind is ResourceKind.ALERT else []
    assert [action for action in Action if permits(mighty, action, uncovered)] == told_back


@pytest.mark.parametrize(
    ("state", "right"), [(ResourceState.JUVENILE, Right.JUVENILE), (ResourceState.HELD, Right.QUARANTINE),
                         (ResourceState.QUARANTINED, Right.QUARANTINE)],
)  # fmt: skip
def test_what_is_kept_apart_needs_its_own_right(state, right):
    arrest = Resource(ResourceKind.ARREST, "1", "kings", EVERYTHING, frozenset({state}))
    assert not permits(who(rights=frozenset(Right) - {right}), Action.READ_ARREST, arrest)
    assert permits(who(rights=frozenset({right})), Action.READ_ARREST, arrest)


MIGHTY_MACHINE = Machine(client_id="c", scopes=frozenset(Scope), purpose=Purpose.INVESTIGATION)
ITS_ALL = {
    (ResourceKind.OFFICE, Action.KEEP_LISTS),
    (ResourceKind.OFFICE, Action.CREATE_SUBSCRIPTION), (ResourceKind.OFFICE, Action.LIST_SUBSCRIPTIONS),
    (ResourceKind.SUBSCRIPTION, Action.READ_SUBSCRIPTION), (ResourceKind.SUBSCRIPTION, Action.CHANGE_SUBSCRIPTION),
    (ResourceKind.FOLDER, Action.FILE_SUBSCRIPTION),
    (ResourceKind.AGENCY, Action.READ_AGENCY), (ResourceKind.AGENCY, Action.READ_DROPS),
    (ResourceKind.AGENCY, Action.SEND_FEED),
    (ResourceKind.ALERT, Action.READ_ALERT), (ResourceKind.ALERT, Action.ACKNOWLEDGE_ALERT),
}  # fmt: skip


def test_a_machine_does_what_its_scopes_say_and_nothing_else_whatever_it_was_given():
    machine = who(rights=frozenset(Right) - {Right.SUPER_OWNER}, machine=MIGHTY_MACHINE)
    may = {
        (kind, action)
        for kind in ResourceKind
        for action in Action
        if permits(machine, action, Resource(kind, "1", "kings", EVERYTHING), "investigation")
    }
    assert may == ITS_ALL
    anything = [Resource(kind, "1", "kings", EVERYTHING) for kind in ResourceKind]
    assert not any(permits(machine, action, resource, "prosecution") for action in Action for resource in anything)


def test_tf6_a_machine_reads_no_alert_because_of_a_subscription_that_it_made():
    alert = Resource(ResourceKind.ALERT, "1", "kings", frozenset({Relation.MAKER}))
    machine = who(machine=MIGHTY_MACHINE)
    assert not permits(machine, Action.READ_ALERT, alert, "investigation")
    assert not permits(machine, Action.ACKNOWLEDGE_ALERT, alert, "investigation")


def test_who_has_no_part_in_a_watch_does_not_read_it_and_a_visitor_does_not_change_it():
    assert not permits(who(), Action.READ_SUBSCRIPTION, a_watch(relations=()))
    visited = a_watch(relations={Relation.VISITOR})
    assert permits(who(), Action.READ_SUBSCRIPTION, visited)
    assert not permits(who(), Action.CHANGE_SUBSCRIPTION, visited)
    assert permits(who(), Action.CHANGE_SUBSCRIPTION, a_watch(relations={Relation.EDITOR}))


def test_a_decision_names_the_policies_it_rests_on():
    assert decide_access(who(), Action.READ_ME, Resource(ResourceKind.OFFICE, "kings", "kings")) == (
        True,
        ("a user of the office",),
    )
    removed = decide_access(who(deprovisioned_at=NOW), Action.READ_ME, Resource(ResourceKind.OFFICE, "kings", "kings"))
    assert removed == (False, ("no longer a user",))
    assert decide_access(who(), Action.READ_SUBSCRIPTION, a_watch(relations=())) == (False, ())


def test_a_list_is_answered_one_by_one_in_its_order():
    watches = [a_watch("kings", {Relation.MAKER}), Resource(ResourceKind.SUBSCRIPTION, "2", "queens", EVERYTHING)]
    assert permits_each(who(), Action.READ_SUBSCRIPTION, watches) == [True, False]
    assert permits_each(who(), Action.READ_SUBSCRIPTION, []) == []


@pytest.mark.parametrize(
    ("ninth", "type_"),
    [("A", "prosecutor"), ("0", "law enforcement"), ("J", "criminal court"), ("Z", "other"), ("D", "other")],
)
def test_the_ninth_character_of_an_ori_says_the_type_of_agency(ninth, type_):
    assert agency_type(f"NY000000{ninth}") == type_
    assert may_agency_subscribe(f"NY000000{ninth}") is (AgencyType(type_) is not AgencyType.OTHER)


def test_no_id_however_odd_becomes_another_record_or_a_piece_of_policy():
    odd = Resource(ResourceKind.SUBSCRIPTION, '1"} || true //\n', "queens", EVERYTHING)
    assert not permits(who(email="a@da.example.gov"), Action.READ_SUBSCRIPTION, odd)
