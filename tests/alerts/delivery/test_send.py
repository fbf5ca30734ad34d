from datetime import timedelta

import pytest

from shared.alerts.delivery.dependencies import DeliveryDeps, DeliveryOutcome
from shared.alerts.delivery.item import item_key
from shared.alerts.delivery.model import Delivery, DeliveryKey, DeliveryState
from shared.alerts.delivery.send import deliver
from shared.alerts.delivery.sweep import TOGETHER, sweep_deliveries
from shared.alerts.follow_up.mail_events import record_mail_event
from shared.alerts.follow_up.provider_events import ProviderEventDeps
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.aws.throttling import begin_invocation
from shared.channels import CHANNELS
from shared.channels.channel import PermanentFailureError, TemporaryFailureError
from shared.errors import Rejected, TryLater
from shared.offices.preferences import Urgency
from shared.subscriptions.subscribe import SubscribeDeps, cancel
from tests.bench.metering import size
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_arrest, an_office, discard

LEASE = timedelta(minutes=15)
LATER = NOW + LEASE + timedelta(seconds=1)


class Crash(BaseException):
    """The process dies here: nothing after this point runs."""


class Clock:
    now = NOW

    def __call__(self):
        return self.now


class Provider:
    """A mailbox per channel. `before` and `after` happen around the moment in which a message is taken."""

    def __init__(self):
        self.taken, self.before, self.after = [], None, None

    def __call__(self, address, message, delivery_id):
        if self.before:
            raise self.before
        self.taken.append((address, message, delivery_id))
        if self.after:
            raise self.after
        return f"provider-{len(self.taken)}"


def deliver_at(now, key, at):
    at.clock.now = now
    return deliver(key, at)


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def at(tables, provider):
    tables.offices.enrol(an_office())
    return DeliveryDeps(
        tables.alerts, tables.arrests, tables.offices, tables.subscriptions,
        tables.people, dict.fromkeys(CHANNELS, provider), "https://alerts.example.gov", LEASE, Clock(),
    )  # fmt: skip


@pytest.fixture
def told(tables, at):
    """One subscription, one arrest, one queued delivery."""
    queue: list[DeliveryKey] = []
    subscription = a_subscription()
    tables.watch_list.add(subscription)
    alerting = MatchDeps(
        tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, queue.extend
    )
    tables.arrests.store([an_arrest()], Provenance(drop_id="d", dropped_at=NOW), NOW)
    match_versions([Version(an_arrest(), None, NOW, NOW)], alerting, NOW)
    [key] = queue
    return key, subscription


@pytest.fixture
def key(told):
    return told[0]


def test_a_delivery_is_sent_once_however_often_it_is_queued(at, key, provider, tables):
    assert deliver_at(NOW, key, at) is DeliveryOutcome.SENT
    assert deliver_at(NOW, key, at) is DeliveryOutcome.NOT_OURS
    assert deliver_at(LATER, key, at) is DeliveryOutcome.NOT_OURS
    assert len(provider.taken) == 1
    delivery = tables.alerts.deliveries.find(key)
    assert (delivery.state, delivery.provider_id) == (DeliveryState.SENT, "provider-1")


def test_a_sender_that_dies_after_its_claim_is_replaced_when_the_lease_is_over(at, key, provider):
    provider.before = Crash()
    with pytest.raises(Crash):
        deliver_at(NOW, key, at)
    provider.before = None
    assert deliver_at(NOW + timedelta(minutes=1), key, at) is DeliveryOutcome.NOT_OURS
    assert deliver_at(LATER, key, at) is DeliveryOutcome.SENT
    assert len(provider.taken) == 1


def test_a_sender_that_dies_after_the_provider_took_it_is_not_replaced_once_the_provider_says_so(
    at, key, provider, tables
):
    provider.after = Crash()
    with pytest.raises(Crash):
        deliver_at(NOW, key, at)
    [(_, _, delivery_id)] = provider.taken
    sent = {"eventType": "Send", "mail": {"messageId": "m-1", "tags": {"delivery": [delivery_id]}}}
    assert record_mail_event(sent, ProviderEventDeps(tables.alerts, tables.offices), NOW) is DeliveryState.SENT
    provider.after = None
    assert deliver_at(LATER, key, at) is DeliveryOutcome.NOT_OURS
    assert len(provider.taken) == 1


def test_a_throttled_delivery_goes_back_and_need_not_wait_for_the_lease(at, key, provider):
    provider.before = TemporaryFailureError("TooManyRequestsException")
    with pytest.raises(TryLater):
        deliver_at(NOW, key, at)
    provider.before = None
    assert deliver_at(NOW, key, at) is DeliveryOutcome.SENT


def test_what_the_provider_will_never_take_has_failed_with_its_reason(at, key, provider, tables):
    provider.before = PermanentFailureError("MessageRejected")
    assert deliver_at(NOW, key, at) is DeliveryOutcome.FAILED
    assert tables.alerts.deliveries.find(key).why == "MessageRejected"


def test_a_recipient_whose_domain_is_no_longer_allowed_is_not_written_to(at, key, provider, tables):
    tables.offices.enrol(an_office(allowed_domains=("elsewhere.example.gov",)))
    assert deliver_at(NOW, key, at) is DeliveryOutcome.SUPPRESSED
    assert provider.taken == []


def test_a_subscription_cancelled_after_the_match_sends_nothing(at, told, provider, tables):
    key, subscription = told
    cancel(
        subscription,
        subscription.owner,
        SubscribeDeps(tables.subscriptions, tables.watch_list, tables.agencies.is_enrolled),
        NOW,
    )
    assert deliver_at(NOW, key, at) is DeliveryOutcome.SUPPRESSED
    assert provider.taken == []


def test_a_forgotten_delivery_is_queued_again_and_each_time_left_alone_for_longer(tables, key):
    queued: list[DeliveryKey] = []
    waits = [timedelta(minutes=minutes) for minutes in (0.5, 1.5, 2, 3.5, 4)]
    swept = [sweep_deliveries(tables.alerts, queued.extend, NOW + wait).requeued for wait in waits]
    assert swept == [0, 1, 0, 1, 0]
    assert set(queued) == {key}


class NoTime:
    """Lambda's context in an invocation whose time for beginning anything is over."""

    def get_remaining_time_in_millis(self) -> int:
        return 0


def test_a_sweep_that_has_no_time_left_queues_what_it_has_postponed_and_leaves_the_rest_due(tables):
    for number in range(TOGETHER + 10):
        alert_id, address = f"{number:032x}", "ada.advocate@da.example.gov"
        tables.alerts.deliveries.open(
            Delivery(
                alert_id=alert_id,
                office_id="kings",
                revision=1,
                channel="email",
                address=address,
                queued_at=NOW,
            )
        )
    queued: list[DeliveryKey] = []
    later = NOW + timedelta(minutes=5)
    try:
        begin_invocation(NoTime())
        swept = [sweep_deliveries(tables.alerts, queued.extend, later).requeued for _ in range(3)]
    finally:
        begin_invocation(None)
    assert swept == [TOGETHER, 10, 0]
    assert len(set(queued)) == TOGETHER + 10


def test_a_sent_delivery_is_swept_no_more(tables, at, key):
    deliver_at(NOW, key, at)
    assert sweep_deliveries(tables.alerts, discard, NOW + timedelta(days=3)).requeued == 0


def test_a_worker_of_before_leaves_a_state_alone_that_a_newer_one_has_stored(at, key, tables):
    """While a version goes out, both work: what is stored is a name, and an unknown one is nothing to move on from."""
    deliver_at(NOW, key, at)
    newer = {":state": {"S": "read aloud"}}
    tables.client.update_item(
        TableName="Alerts", Key=item_key(key), UpdateExpression="SET #state = :state",
        ExpressionAttributeNames={"#state": "state"}, ExpressionAttributeValues=newer,
    )  # fmt: skip
    assert at.alerts.deliveries.claim(key, LATER, LEASE) is None
    [item] = [one for one in tables.everything_in("Alerts") if one["part"]["S"].startswith("delivery#")]
    assert item["state"] == {"S": "read aloud"}


@pytest.mark.parametrize("order", [("Delivery", "Bounce"), ("Bounce", "Delivery"), ("Bounce", "Bounce", "Send")])
def test_events_end_in_the_same_state_in_whatever_order_they_come(at, key, tables, order):
    deliver_at(NOW, key, at)
    tag = tables.alerts.deliveries.find(key).delivery_id
    for kind in order:
        record_mail_event(
            {"eventType": kind, "mail": {"messageId": "m", "tags": {"delivery": [tag]}}},
            ProviderEventDeps(tables.alerts, tables.offices),
            NOW,
        )
    assert tables.alerts.deliveries.find(key).state is DeliveryState.BOUNCED


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"eventType": "Open", "mail": {"tags": {"delivery": ["x"]}}},
        {"eventType": "Send", "mail": {"tags": {"delivery": ["not one of ours"]}}},
        {"eventType": "Send", "mail": {"tags": {"delivery": [f"{'0' * 32}-1-email"]}}},
        {"eventType": "Send", "mail": {"tags": {"delivery": [f"{'0' * 32}-1-sms"]}}},
        {"eventType": "Send", "mail": {"tags": {"delivery": [f"{'0' * 32}-x-email"]}}},
        {"eventType": "Bounce", "mail": {"tags": {"delivery": "no list"}}},
        {"eventType": ["Bounce"], "mail": {"tags": {"delivery": ["x"]}}},
        {"eventType": "Bounce", "mail": "nothing"},
        {"eventType": "Bounce", "mail": {"tags": ["delivery"]}},
    ],
)
def test_an_event_that_is_about_no_delivery_of_ours_changes_nothing(tables, event):
    with pytest.raises(Rejected):
        record_mail_event(event, ProviderEventDeps(tables.alerts, tables.offices), NOW)
    assert tables.everything_in("Alerts") == []


def test_a_delivery_whose_teller_died_waits_for_its_alert(at, key, provider, tables):
    """Opened first and told second: the matchers' stream repeats the telling, and the sweep the sending."""
    alert = tables.alerts.find(key.alert_id)
    tables.client.delete_item(TableName="Alerts", Key={"alert_id": {"S": key.alert_id}, "part": {"S": "alert"}})
    assert deliver_at(NOW, key, at) is DeliveryOutcome.NOT_STORED_YET
    assert tables.alerts.store(alert)
    assert deliver_at(NOW, key, at) is DeliveryOutcome.SENT


def test_a_delivery_of_a_telling_that_never_came_ends_after_three_days(at, key, tables):
    later = key._replace(revision=2)
    tables.alerts.deliveries.open(tables.alerts.deliveries.find(key).model_copy(update={"revision": 2}))
    assert deliver_at(NOW, later, at) is DeliveryOutcome.NOT_STORED_YET
    assert deliver_at(NOW + timedelta(days=4), later, at) is DeliveryOutcome.SUPPRESSED


def test_an_alert_is_stored_with_one_write_unit_and_read_back_whole(tables, key):
    alert = tables.alerts.find(key.alert_id)
    [item] = [one for one in tables.everything_in("Alerts") if one["part"]["S"] == "alert"]
    assert size(item) <= 1024
    assert alert.because[0].urgency is Urgency.NORMAL


@pytest.mark.parametrize("kind", ["Delivery", "Bounce", "Complaint"])
def test_a_forged_event_that_names_another_offices_delivery_changes_nothing(at, key, tables, kind):
    """Whoever puts a guessed delivery id on a mail of their own does not know to whom that delivery went."""
    deliver_at(NOW, key, at)
    before, tag = tables.everything_in("Alerts"), tables.alerts.deliveries.find(key).delivery_id
    mail = {"messageId": "m", "destination": ["mallory@elsewhere.example"], "tags": {"delivery": [tag]}}
    with pytest.raises(Rejected, match="another address"):
        record_mail_event({"eventType": kind, "mail": mail}, ProviderEventDeps(tables.alerts, tables.offices), NOW)
    assert tables.everything_in("Alerts") == before
    true = mail | {"destination": ["Ada Example <ADA.example@da.example.gov>"]}
    assert record_mail_event({"eventType": kind, "mail": true}, ProviderEventDeps(tables.alerts, tables.offices), NOW)
