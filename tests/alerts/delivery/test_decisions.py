"""The decisions of delivery, with plain values: nothing is stored, read or sent."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from shared.alerts.audience import Audience, reasons_in_force, recipients_by_reason
from shared.alerts.delivery import transitions
from shared.alerts.delivery.fallback import may_still_arrive, next_channel
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.model import Delivery, DeliveryKey, DeliveryState, next_look
from shared.alerts.delivery.revalidate import is_current_address
from shared.alerts.model import stand_ins
from shared.offices.recipient import Recipient
from shared.subscriptions.eligible_recipients import EligibleRecipient
from tests.alerts.test_model import a_match, an_alert
from tests.builders import NOW, an_office

ADA, BO, OWNER = "ada@da.example.gov", "bo@da.example.gov", "owner@da.example.gov"
TODAY = date(2026, 11, 22)


def a_delivery(channel: str = "email", address: str = ADA, **facts: object) -> Delivery:
    usual = {"alert_id": "a1", "office_id": "kings", "revision": 1, "channel": channel, "address": address}
    return Delivery.model_validate({"queued_at": NOW} | usual | facts)


def test_a_delivery_id_names_alert_revision_and_channel():
    delivery = a_delivery()
    assert delivery.delivery_id == "a1-1-email"
    assert DeliveryKey.parse("a1-1-email") == DeliveryKey("a1", 1, "email")
    with pytest.raises(ValueError, match="unpack"):
        DeliveryKey.parse("no delivery")


def test_a_queued_delivery_is_queued_again_ever_more_rarely():
    for waited, until_next in ((0, 1), (1, 1), (5, 5), (60, 60)):  # minutes
        now = NOW + timedelta(minutes=waited)
        look = next_look(a_delivery(), now)
        assert look.requeue
        assert look.due == now + timedelta(minutes=until_next)


def test_a_postponed_delivery_counts_its_waiting_from_the_end_of_the_postponement():
    look = next_look(a_delivery(not_before=NOW + timedelta(hours=8)), NOW + timedelta(hours=8))
    assert look == (NOW + timedelta(hours=8, minutes=1), True)


def test_a_claimed_delivery_is_left_alone_until_its_lease_is_over():
    claimed = a_delivery(state="claimed", claimed_until=NOW + timedelta(minutes=15))
    assert next_look(claimed, NOW) == (NOW + timedelta(minutes=15), False)
    after = NOW + timedelta(minutes=15)
    assert next_look(claimed, after) == (after + timedelta(minutes=1), True)


def test_a_sent_delivery_is_looked_at_when_its_provider_has_been_silent_for_three_days():
    sent = a_delivery(state="sent", sent_at=NOW)
    assert next_look(sent, NOW + timedelta(minutes=1)) == (NOW + timedelta(hours=72), False)


def test_a_delivery_moves_down_the_list_of_states_only():
    assert DeliveryState.QUEUED.below == ()
    assert DeliveryState.SENT in DeliveryState.BOUNCED.below
    assert DeliveryState.BOUNCED not in DeliveryState.SENT.below
    update = transitions.advance(DeliveryState.SENT, NOW, {"provider_id": "m"}, stays_open=False)
    named = {value["S"] for name, value in update.values.items() if name.startswith(":below")}
    assert named == {"queued", "claimed", "stands by", "suppressed", "gathered"}


@pytest.mark.parametrize(("stays_open", "removed"), [(True, False), (False, True)])
def test_a_delivery_whose_events_are_to_come_stays_in_the_due_index(stays_open: bool, removed: bool):
    update = transitions.advance(DeliveryState.SENT, NOW, {}, stays_open=stays_open)
    assert ("REMOVE #open, due" in update.update) == removed
    assert set(update.names) == ({"#state"} if stays_open else {"#state", "#open"})


def test_every_name_and_value_of_an_update_is_used_in_it():
    updates = [
        transitions.claim(NOW, timedelta(minutes=15)),
        transitions.release(2),
        transitions.release(2, not_before=NOW),
        transitions.release(2, retry_at=NOW),
        transitions.stand_by(2),
        transitions.mark_called_up(NOW),
        transitions.end_standby(NOW),
        *(transitions.advance(state, NOW, {"why": "x"}, stays_open=True) for state in DeliveryState if state.below),
        transitions.note_facts(DeliveryState.SENT, NOW, {"provider_id": "m"}),
        transitions.postpone({"S": "x"}, NOW),
    ]
    for update in updates:
        expression = f"{update.update} {update.condition}"
        words = set(expression.replace("(", " ").replace(")", " ").replace(",", " ").split())
        assert {*update.names, *update.values} <= words, expression
        assert {word for word in words if word[0] in "#:"} <= {*update.names, *update.values}, expression


def a_digest(*channels: str) -> Digest:
    recipient = Recipient(dict.fromkeys(channels, "x"))
    return Digest(digest_id="d1", office_id="kings", recipient=recipient, due=NOW, flood=False)


@pytest.mark.parametrize(
    ("channels", "failed", "then"),
    [
        (("email", "sms", "topic"), "email", "sms"),
        (("email", "topic"), "email", "topic"),
        (("email", "topic"), "topic", None),
        (("sms", "webhook"), "sms", "webhook"),
        (("email",), "email", None),
    ],
)
def test_a_digest_goes_on_to_its_recipients_next_channel(channels: tuple[str, ...], failed: str, then: str | None):
    assert next_channel(a_digest(*channels), failed) == then


@pytest.mark.parametrize(
    ("states", "arrives"),
    [
        ((), False),
        (("failed", "bounced", "suppressed", "complained"), False),
        (("unconfirmed",), False),  # nobody will ever know
        (("failed", "queued"), True),
        (("stands by",), True),
        (("sent",), True),
    ],
)
def test_other_people_are_notified_only_if_no_other_channel_may_still_reach_the_recipient(states, arrives):
    assert may_still_arrive([a_delivery(state=state) for state in states]) == arrives


def test_without_a_deputy_the_owners_come_at_the_first_step():
    alert = an_alert(a_match(), recipient=Recipient({"email": ADA}))
    owners = {reason.owner for reason in alert.because}
    assert [stand_ins(alert, step, None) for step in range(3)] == [owners - {ADA}] * 3
    assert [stand_ins(alert, step, BO) for step in range(3)] == [{BO}, owners - {ADA}, {BO} | owners - {ADA}]
    assert stand_ins(alert, 0, ADA) == set()


@dataclass(frozen=True)
class FakeSubscription:
    ends: date

    def in_force(self, today: date, _: object) -> bool:
        return today <= self.ends


def test_a_reason_holds_while_its_subscription_is_in_force_and_notifies_the_recipient():
    alert = an_alert(a_match(), recipient=Recipient({"email": ADA}))
    [reason] = alert.because
    ada, office = {reason.subscription_id: (Recipient({"email": ADA}),)}, an_office()
    in_force: dict = {reason.subscription_id: FakeSubscription(ends=TODAY)}
    assert reasons_in_force(alert, in_force, ada, office, TODAY) == (reason,)
    assert reasons_in_force(alert, in_force, ada, office, TODAY + timedelta(days=1)) == ()
    assert reasons_in_force(alert, {}, ada, office, TODAY) == ()
    assert reasons_in_force(alert, in_force, {reason.subscription_id: ()}, office, TODAY) == ()


def test_the_person_of_a_stand_ins_alert_is_the_one_on_whose_behalf_it_goes():
    alert = an_alert(a_match(), recipient=Recipient({"email": ADA}))
    [reason] = alert.because
    heard = (EligibleRecipient(Recipient({"email": ADA.upper()})), EligibleRecipient(Recipient({"email": BO})))
    audience = Audience(eligible={(reason.subscription_id, alert.agency): heard}, withheld={}, refused={})
    assert recipients_by_reason(alert, audience) == {reason.subscription_id: (heard[0].recipient,)}
    nobody = Audience(eligible={}, withheld={}, refused={})
    assert recipients_by_reason(alert, nobody) == {reason.subscription_id: ()}


@pytest.mark.parametrize(
    ("channel", "address", "is_current"),
    [
        ("sms", "+12125550100", True),
        ("sms", "+12125550199", False),  # the number may belong to somebody else by now
        ("email", ADA.upper(), True),  # an e-mail address is compared without case
        ("topic", "cases", False),
    ],
)
def test_a_message_goes_only_to_an_address_that_its_recipient_still_has(channel: str, address: str, is_current: bool):
    alert = an_alert(a_match(), recipient=Recipient({"email": ADA}))
    [reason] = alert.because
    recipients = {reason.subscription_id: (Recipient({"email": ADA, "sms": "+12125550100"}),)}
    assert is_current_address(a_delivery(channel, address), alert.because, recipients) == is_current
    assert not is_current_address(a_delivery(channel, address), (), recipients)
