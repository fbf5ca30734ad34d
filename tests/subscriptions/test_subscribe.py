"""What an owner asks for and how it changes: behaviours 1 to 18, S11, S12, S15, S16."""

import pytest

from shared.alerts.revisions import escalation_to
from shared.aws.optimistic_lock import ConflictError
from shared.subscriptions.errors import RecipientsNotAllowedError
from tests.alerts.conftest import Desk
from tests.builders import NAME_WATCH, NOW, SID_WATCH, an_arrest
from tests.subscriptions.conftest import ADA

BO, CY = "bo@da.example.gov", "cy@plain.example.gov"


def stored(register) -> list[str]:
    items = register.tables.everything_in("Subscriptions")
    return [item["sk"]["S"] for item in items if item["sk"]["S"].startswith("subscription#")]


def test_1_everything_asked_for_is_stored_and_read_back(register):
    wanted_fields = {"reference": "file 7", "contact": "room 12, x 4711", "urgency": "urgent", "silent": True,
             "note": {"private": "informant", "public": "call first"}, "ends": "2027-05-01"}  # fmt: skip
    made = register.wants(**wanted_fields).subscription
    assert register.read(made) == made
    assert made.model_dump(mode="json", include=set(wanted_fields)) == wanted_fields


def test_2_the_same_again_is_updated_in_place_and_3_an_inactive_one_revived(register):
    made = register.wants().subscription
    again = register.wants(reference="new")
    register.cancels(made)
    revived = register.wants()
    assert (again.created, revived.created) == (False, False)
    assert {again.subscription.subscription_id, revived.subscription.subscription_id} == {made.subscription_id}
    assert (again.subscription.reference, len(stored(register))) == ("new", 1)


def test_4_5_another_case_or_another_state_id_is_a_second_subscription(register):
    other = {"watch": "identifier", "identifier": {"kind": "sid", "value": "99", "issuer": "NY"}}
    register.wants()
    assert register.wants(basis={"kind": "open case", "case_number": "2026-KN-9"}).created
    assert register.wants(criterion=other).created
    assert len(stored(register)) == 3


def test_6_an_address_is_kept_once_whatever_its_case(register):
    made = register.wants(recipients=[{"email": BO}, {"email": BO.upper()}, {"email": CY}]).subscription
    assert [recipient.email for recipient in made.recipients] == [BO, CY]


def test_12_w19_of_two_equal_wishes_the_second_to_be_written_is_refused_whole(register):
    """Whether it is there is asked by the write itself, so there is no moment between the two."""
    first = register.wants().subscription
    second = first.model_copy(update={"subscription_id": "0" * 32})
    with pytest.raises(ConflictError):
        register.deps.index.add(second)
    assert stored(register) == [f"subscription#{first.subscription_id}"]
    assert register.alerts_for() == 1


def test_11_w19_a_change_by_id_changes_identifiers_case_and_recipients_and_what_it_hits(register):
    made = register.wants().subscription
    register.changes(made, criterion=NAME_WATCH, basis={"kind": "warrant", "case_number": "W-7"},
                     recipients=[{"email": BO}])  # fmt: skip
    assert register.alerts_for(an_arrest(sid="01234567A", surname="Other", given="Sam", born=None)) == 0
    assert register.alerts_for(an_arrest(sid=None)) == 1
    assert register.wants().created, "the old person and case are free again"


def test_13_cancelled_it_keeps_its_history_and_alerts_no_more(register):
    made = register.wants().subscription
    register.cancels(made)
    assert register.alerts_for() == 0
    assert (register.read(made).ended_by, register.read(made).created_at) == (ADA, made.created_at)


def test_s11_somebody_is_told_of_one_watch_also_and_no_more(register):
    made = register.wants().subscription
    assert register.alerts_for() == 1
    register.tells_also(made, BO, CY)
    assert register.alerts_for() == 3
    after = register.tells_also(made, remove=(BO.upper(), ADA))
    assert ([recipient.email for recipient in after.named_recipients], register.alerts_for()) == ([CY], 1)
    assert set(after.without) == {BO, ADA}
    assert register.tells_also(made, BO).without == (ADA,)


def test_s11_nobody_outside_the_allowed_domains_and_never_nobody_at_all(register):
    made = register.wants().subscription
    for add, remove in ((("eve@press.example.com",), ()), ((), (ADA,))):
        with pytest.raises(RecipientsNotAllowedError):
            register.tells_also(made, *add, remove=remove)
    assert register.read(made) == made


def test_s12_owners_read_the_private_text_and_everybody_else_the_public_one(register):
    note = {"private": "informant Q", "public": "call first"}
    made = register.wants(note=note, contact="x 4711", recipients=[{"email": ADA}, {"email": BO}]).subscription
    register.alerts_for()
    alerts = Desk(register.tables).alerts()
    assert {who: alert.because[0].note for who, alert in alerts.items()} == {
        "ada.example": "informant Q", "bo": "call first"
    }  # fmt: skip
    assert {alert.because[0].contact for alert in alerts.values()} == {"x 4711"}
    assert "informant" not in escalation_to([alerts["ada.example"]], BO, 0, NOW).model_dump_json()
    assert "informant" not in made.as_read_by(BO).model_dump_json()


def test_s12_who_may_not_read_the_private_text_does_not_wipe_it_either(register):
    made = register.wants(note={"private": "informant Q", "public": "old"}).subscription
    after = register.changes(made, by=BO, note={"public": "new"})
    assert (after.note.private, after.note.public) == ("informant Q", "new")
    assert register.changes(made, by=ADA, note={"public": "new"}).note.private == ""


def test_s16_the_users_own_reference_is_in_the_alert(register):
    register.wants(criterion=SID_WATCH, reference="drawer 9")
    register.alerts_for()
    assert Desk(register.tables).alerts()["ada.example"].because[0].reference == "drawer 9"
