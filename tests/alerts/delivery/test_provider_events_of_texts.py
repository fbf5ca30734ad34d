"""What SNS writes of a text, some seconds or hours after it has taken it."""

import gzip
import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import boto3
import pytest

from functions.record_delivery_events.log_lines import enqueue_lines, lines_of
from shared.alerts.delivery.dependencies import DeliveryOutcome
from shared.alerts.delivery.model import DeliveryState
from shared.alerts.follow_up.provider_events import ProviderEventDeps
from shared.alerts.follow_up.text_events import is_spend_limit_reached, record_text_event
from shared.aws.handshakes import HANDSHAKES
from shared.errors import Rejected
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import an_arrest

PHONE, OWNER = "+12125550100", "cy.owner@da.example.gov"
TAKEN = "Message has been accepted by phone carrier"


def line(message_id: str, status: str = "SUCCESS", answer: str = TAKEN, at: str = "", **delivery: Any) -> dict:
    """In the form of Amazon SNS's developer guide, "SMS delivery monitoring"."""
    return {
        "notification": {"messageId": message_id, "timestamp": at or "2026-11-20 15:30:01.558"},
        "delivery": {
            "phoneCarrier": "A carrier", "mnc": 270, "numberOfMessageParts": 1, "destination": PHONE,
            "priceInUSD": 0.00645, "smsType": "Transactional", "mcc": 310, "providerResponse": answer,
            "dwellTimeMs": 599, "dwellTimeMsUntilDeviceAck": 1344,
        } | delivery,
        "status": status,
    }  # fmt: skip


def reporting(post: Post) -> ProviderEventDeps:
    return ProviderEventDeps(post.tables.alerts, post.tables.offices)


def reported(post: Post, **said: Any) -> DeliveryState | None:
    """Of the last text that went out."""
    *_, delivery_id = next(one for one in reversed(post.mails) if one[0] == PHONE)
    return record_text_event(line(f"m-{delivery_id}", **said), reporting(post), post.now)


def alerted(post: Post) -> list[str]:
    return [address for address, subject in post.sent_subjects() if "arrest alert" in subject.lower()]


def texted(post: Post, **facts: Any) -> None:
    post.watch({"email": ADA, "sms": PHONE}, owner=OWNER, **facts)
    post.happens()
    post.work()


def state_of_text(post: Post) -> tuple[DeliveryState, str | None]:
    [text] = [one for alert in post.alerts() for one in post.tables.alerts.deliveries.of_alert(alert.alert_id)
              if one.channel == "sms"]  # fmt: skip
    return text.state, text.why


def test_a_text_that_the_carrier_took_is_delivered_however_often_it_is_said(post: Post):
    texted(post)
    assert [reported(post), reported(post)] == [DeliveryState.DELIVERED, None]
    assert state_of_text(post) == (DeliveryState.DELIVERED, None)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("Phone is currently unreachable/unavailable", DeliveryState.FAILED),
        ("No quota left for account", DeliveryState.FAILED),
        ("Something that nobody has written down", DeliveryState.FAILED),
        ("Phone number is opted out", DeliveryState.BOUNCED),
        ("Invalid phone number", DeliveryState.BOUNCED),
    ],
)
def test_a_text_that_failed_says_why_and_only_a_number_that_takes_none_is_left_alone(post: Post, answer, state):
    texted(post)
    assert reported(post, status="FAILURE", answer=answer) is state
    assert state_of_text(post) == (state, answer)
    post.happens(an_arrest("K-2"))
    barred = state is DeliveryState.BOUNCED
    assert sorted(post.work()) == sorted(
        [DeliveryOutcome.SENT, DeliveryOutcome.SUPPRESSED if barred else DeliveryOutcome.SENT]
    )


def test_when_the_mail_bounced_and_the_text_fails_afterwards_the_owner_is_told(post: Post):
    texted(post)
    mail = next(delivery for address, _, delivery in post.mails if address == ADA)
    post.reports("Bounce", mail, bounce={"bounceType": "Permanent"})
    post.passes(minutes=5)
    assert OWNER not in set(alerted(post))
    for _ in range(2):
        reported(post, status="FAILURE", answer="Phone is currently unreachable/unavailable")
    post.passes(minutes=5)
    assert alerted(post).count(OWNER) == 1


def test_a_failure_that_comes_before_the_success_wins_as_it_does_after_it(post: Post):
    texted(post)
    reported(post, status="FAILURE", answer="Phone carrier has blocked this message")
    assert reported(post) is None
    assert state_of_text(post)[0] is DeliveryState.FAILED


def test_the_word_of_a_text_whose_sender_died_after_noting_its_id_is_believed(post: Post):
    post.watch({"email": ADA, "sms": PHONE})
    post.happens()
    [text] = [key for key in post.queue if key.channel == "sms"]
    claimed = post.tables.alerts.deliveries.claim(text, post.now, post.deps.lease)
    assert claimed
    post.tables.alerts.deliveries.mark_sent(claimed, "m-1", post.now)
    record_text_event(line("m-1"), reporting(post), post.now)
    assert state_of_text(post)[0] is DeliveryState.DELIVERED


@pytest.mark.parametrize(
    "forged",
    [
        {"destination": "+12125550199"},  # whoever guesses an id does not know whose number it went to
        {"destination": "0"},
        {"destination": None},
    ],
)
def test_a_line_that_names_another_number_changes_nothing(post: Post, forged: dict):
    texted(post)
    before = post.tables.everything_in("Alerts")
    with pytest.raises(Rejected):
        reported(post, status="FAILURE", answer="Invalid phone number", **forged)
    assert post.tables.everything_in("Alerts") == before


@pytest.mark.parametrize("bad", [{}, {"status": "SUCCESS"}, {"notification": {}, "delivery": {}, "status": "SUCCESS"},
                                 {**line("m"), "status": "MAYBE"}, {**line("m"), "notification": "m"}])  # fmt: skip
def test_a_line_of_another_form_is_refused(post: Post, bad: dict):
    with pytest.raises(Rejected, match="names no delivery"):
        record_text_event(bad, reporting(post), post.now)


@pytest.mark.parametrize(("minutes", "code"), [(1, "unknown-delivery"), (3, "unknown-event")])
def test_an_unknown_text_is_parked_for_two_minutes_and_then_belongs_to_somebody_else(post: Post, minutes, code):
    """Other programs of the same account send texts, and SNS reports those too."""
    said = line("m-of-somebody-else", at=(post.now - timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S.%f"))
    with pytest.raises(Rejected) as refused:
        record_text_event(said, reporting(post), post.now)
    assert refused.value.code == code


def test_a_spend_limit_is_told_from_other_failures():
    assert is_spend_limit_reached(line("m", "FAILURE", "No quota left for account"))
    assert not is_spend_limit_reached(line("m", "FAILURE", "Invalid phone number"))


def test_the_lines_of_a_log_group_go_into_the_queue_each_by_itself(aws: None):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="events")["QueueUrl"]
    messages = [json.dumps(line(f"m-{number}")) for number in range(13)]
    enqueue_lines(lines_of(awslogs(messages)), sqs, url)
    got = []
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        got += [one["Body"] for one in batch]
    assert sorted(got) == sorted(messages)
    control = HANDSHAKES["logs-subscription"].published
    assert lines_of({"awslogs": {"data": b64encode(gzip.compress(control.encode())).decode()}}) == []


def awslogs(messages: list[str]) -> dict:
    said = {
        "messageType": "DATA_MESSAGE", "owner": "123456789012", "logStream": "x",
        "subscriptionFilters": ["arrest-alert-dev"],
        "logGroup": "sns/us-east-1/123456789012/DirectPublishToPhoneNumber",
        "logEvents": [{"id": str(at), "timestamp": 0, "message": one} for at, one in enumerate(messages)],
    }  # fmt: skip
    return {"awslogs": {"data": b64encode(gzip.compress(json.dumps(said).encode())).decode()}}
