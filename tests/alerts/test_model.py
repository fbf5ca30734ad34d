from datetime import date, timedelta

import pytest

from shared.alerts.delivery.model import DeliveryState, deliveries_of
from shared.alerts.matches.model import Match, by_recipient
from shared.alerts.model import Alert, Stages, alert_id
from shared.alerts.revisions import next_notification, withdrawal_of
from shared.arrests.charges import Charge
from shared.arrests.diff import changes, differences
from shared.arrests.model import ArrestChange
from shared.matching.rules import reason_of
from shared.offices.recipient import Recipient
from shared.subscriptions.eligible_recipients import eligible_recipients
from tests.builders import CHARGE_WATCH, NOW, PSEUDONYMS, SID_WATCH, a_subscription, an_arrest

ADA = Recipient({"email": "ada@da.example.gov"})


def a_match(criterion=SID_WATCH, arrest=None, **facts) -> Match:
    subscription = a_subscription(criterion, **facts)
    return Match(
        subscription=subscription,
        reason=reason_of(subscription.criterion, arrest or an_arrest()),
        eligible=eligible_recipients(subscription, ()),
    )


def an_alert(*matches: Match, arrest=None, recipient=ADA) -> Alert:
    arrest = arrest or an_arrest()
    return Alert(
        alert_id=alert_id(PSEUDONYMS, arrest.arrest_id, "kings", recipient), office_id="kings",
        arrest_id=arrest.arrest_id, recipient=recipient,
        because=tuple(match.alert_reason_for(recipient) for match in matches),
        notified_content=arrest.content, created_at=NOW, stages=Stages(dropped_at=NOW, stored_at=NOW, matched_at=NOW),
    )  # fmt: skip


def test_one_recipient_of_two_subscriptions_gets_one_alert_with_both_reasons():
    shouting = [{"email": "ADA.EXAMPLE@DA.EXAMPLE.GOV", "sms": "+12125550100"}]
    matches = [a_match(), a_match(CHARGE_WATCH, recipients=shouting)]
    [(recipient, found)] = by_recipient(matches).values()
    assert found == matches
    assert set(recipient.root) == {"email", "sms"}


def test_the_same_address_in_two_offices_is_two_alerts():
    assert len(by_recipient([a_match(), a_match(office_id="queens")])) == 2


def test_one_subscription_names_a_recipient_once_however_often_it_is_written():
    twice = [{"email": "ada@da.example.gov"}, {"email": "Ada@DA.example.gov", "sms": "+12125550100"}]
    [recipient] = a_subscription(recipients=twice).recipients
    assert recipient.root == {"email": "ada@da.example.gov", "sms": "+12125550100"}


def test_who_knows_everything_is_told_nothing():
    alert = an_alert(a_match())
    assert next_notification(None, alert, an_arrest(), ()) == alert
    assert next_notification(alert, alert, an_arrest(), ()) is None


def test_a_change_that_matters_is_told_as_an_update():
    match, later = a_match(), an_arrest(statutes=["PL 120.05", "PL 265.03"])
    telling = next_notification(an_alert(match), an_alert(match, arrest=later), later, differences(an_arrest(), later))
    assert telling.revision == 2
    assert telling.changes == (ArrestChange.CHARGE_ADDED,)


def test_a_cosmetic_change_is_told_to_nobody():
    match, before = a_match(), an_arrest()
    later = before.model_copy(update={"charges": (Charge(statute="PL 120.05", text="Assault, second degree"),)})
    assert changes(before, later) == ()
    assert next_notification(an_alert(match), an_alert(match, arrest=later), later, ()) is None


def test_a_reason_not_given_before_is_told():
    first, second = a_match(), a_match(CHARGE_WATCH)
    assert next_notification(an_alert(first), an_alert(first, second), an_arrest(), ()).revision == 2


@pytest.mark.parametrize(
    ("later", "kinds"),
    [
        (an_arrest(sid="99999999Z"), (ArrestChange.IDENTIFIER_ADDED,)),
        (an_arrest(surname="Exemplar"), (ArrestChange.PERSON_CORRECTED,)),
        (an_arrest(statutes=["PL 120.05", "PL 265.03"]), (ArrestChange.CHARGE_ADDED,)),
        (an_arrest(statutes=["PL 265.03"]), (ArrestChange.CHARGE_ADDED, ArrestChange.CHARGE_REMOVED)),
        (an_arrest(statutes=[]), (ArrestChange.CHARGE_REMOVED,)),
    ],
)
def test_what_counts_as_a_change_that_matters(later, kinds):
    assert changes(an_arrest(), later) == kinds


@pytest.mark.parametrize(
    ("later", "says"),
    [
        (an_arrest(sid="99999999Z"), "state ID added: 99999999Z (NY)"),
        (an_arrest(surname="Exemplar"), "name corrected: EXEMPLAR, Pat, before EXAMPLE, Pat"),
        (an_arrest(born=date(1991, 2, 3)), "date of birth corrected: 1991-02-03, before 1990-02-03"),
        (an_arrest(statutes=["PL 120.05", "PL 265.03"]), "charge added: PL 265.03"),
    ],
)
def test_a_difference_is_said_in_its_own_words(later, says):
    assert [one.sentence for one in differences(an_arrest(), later)] == [says]


def test_a_date_of_birth_that_was_missing_is_added_and_not_corrected():
    (one,) = differences(an_arrest(born=None), an_arrest())
    assert one.sentence == "date of birth added: 1990-02-03"


def test_what_differed_is_gone_from_an_alert_that_is_withdrawn():
    match, later = a_match(), an_arrest(sid="99999999Z")
    telling = next_notification(an_alert(match), an_alert(match, arrest=later), later, differences(an_arrest(), later))
    assert telling
    assert telling.differences
    assert withdrawal_of(telling, NOW).differences == ()


def test_delivery_states_only_move_up_and_a_bounce_after_delivery_wins():
    assert DeliveryState.DELIVERED in DeliveryState.BOUNCED.below
    assert DeliveryState.SENT in DeliveryState.DELIVERED.below
    assert all(
        state not in other.below or other not in state.below for state in DeliveryState for other in DeliveryState
    )


def test_an_alert_has_a_delivery_for_each_channel_of_its_recipient():
    alert = an_alert(a_match(), recipient=Recipient({"email": "ada@da.example.gov", "sms": "+12125550100"}))
    assert [delivery.channel for delivery in deliveries_of(alert)] == ["email", "sms"]


def test_an_alerts_number_is_short_stable_and_has_no_letter_that_reads_as_a_digit():
    number = an_alert(a_match()).number
    assert number == an_alert(a_match()).number
    assert len(number) == 11
    assert not set(number) & set("ILOU")


def test_a_subscription_alerts_from_its_first_to_its_last_day():
    one = a_subscription(starts="2026-11-10", ends="2026-11-20")
    assert one.in_force(NOW.date())
    assert not one.in_force(NOW.date() + timedelta(days=1))
    assert not one.in_force(NOW.date() - timedelta(days=11))


def test_an_arrest_before_the_subscription_began_is_no_hit_and_an_undated_one_is():
    one = a_subscription(starts="2026-11-20")
    assert not one.covers(an_arrest(), NOW.date())
    assert one.covers(an_arrest(arrested_on=None), NOW.date())
