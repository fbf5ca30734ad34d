"""What follows from what the providers say: suppression, fail-over, nothing pending for ever."""

from datetime import timedelta

import pytest

from shared.alerts.delivery.dependencies import DeliveryOutcome
from shared.alerts.delivery.model import DeliveryState
from shared.channels import CHANNELS
from shared.channels.channel import Message, PermanentFailureError, TemporaryFailureError
from shared.words import words
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import a_user, an_arrest, an_office
from tests.channels.test_contract import EXAMPLES

OWNER = "cy.owner@da.example.gov"
BARRED = words("address.title")
PERMANENT = {"bounce": {"bounceType": "Permanent"}}


def alerted(post: Post) -> list[str]:
    """Who got an alert or a digest, in turn; that an address is written to no more is neither."""
    return [address for address, subject in post.sent_subjects() if subject != BARRED]


@pytest.mark.parametrize(("kind", "detail"), [("Bounce", PERMANENT), ("Complaint", {})])
def test_an_address_that_bounced_or_complained_is_written_to_no_more(post: Post, kind: str, detail: dict):
    post.watch()
    post.happens(an_arrest("K-1"))
    post.work()
    post.reports(kind, post.mails[0][2], **detail)
    post.happens(an_arrest("K-2"))
    assert post.work() == [DeliveryOutcome.SUPPRESSED]
    assert len(post.mails) == 1


@pytest.mark.parametrize("contact", ["", "watch.desk@da.example.gov"])
def test_the_office_hears_once_of_an_address_that_is_written_to_no_more(post: Post, contact: str):
    """Also when the person has another channel, and nobody else needs the alert."""
    post.tables.offices.enrol(an_office(contact=contact))
    post.watch({"email": ADA, "sms": "+12125550100"}, owner=OWNER)
    post.happens()
    post.work()
    before, mail = len(post.mails), next(one for address, _, one in post.mails if address == ADA)
    for _ in range(2):
        post.reports("Bounce", mail, **PERMANENT)
    post.passes(minutes=10)
    [(address, message, _)] = post.mails[before:]
    assert (address, message.subject) == (contact or OWNER, BARRED)
    assert f"We do not write to {ADA} any more: this address answered with a bounce before." in message.text
    assert "Example" not in message.text.replace(ADA, "")


def test_an_owner_whose_own_address_bounces_is_not_written_to_about_it(post: Post):
    post.watch(owner=ADA)
    post.happens()
    post.work()
    post.reports("Bounce", post.mails[0][2], **PERMANENT)
    post.passes(minutes=10)
    assert len(post.mails) == 1


def test_an_address_that_is_let_in_again_is_written_to(post: Post):
    post.watch(owner=OWNER)
    post.tables.alerts.suppression_list.add("email", ADA, "this address answered with a bounce before", post.now)
    post.tables.alerts.suppression_list.remove("email", ADA.upper())
    post.happens()
    assert post.work() == [DeliveryOutcome.SENT]


def test_a_full_mailbox_is_written_to_again(post: Post):
    post.watch()
    post.happens(an_arrest("K-1"))
    post.work()
    post.reports("Bounce", post.mails[0][2], bounce={"bounceType": "Transient"})
    post.happens(an_arrest("K-2"))
    assert post.work() == [DeliveryOutcome.SENT]


def test_an_alert_whose_every_address_failed_goes_to_the_owner_once(post: Post):
    post.watch(owner=OWNER)
    post.happens()
    post.work()
    for _ in range(3):
        post.reports("Bounce", post.mails[0][2], **PERMANENT)
    post.passes(minutes=10)
    assert alerted(post) == [ADA, OWNER]
    [instead] = [message for address, message, _ in post.mails if address == OWNER and message.subject != BARRED]
    assert "We could not reach" in instead.text


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_digest_that_any_channel_refuses_goes_on_to_the_next_or_ends(post: Post, channel: str):
    def refuses(address: str, message: Message, delivery_id: str) -> str:
        raise PermanentFailureError("no")

    last = list(CHANNELS)[-1]
    post.deps.senders.update(dict.fromkeys({"email", *EXAMPLES[channel].good}, refuses))
    post.watch({"email": ADA} | EXAMPLES[channel].good | EXAMPLES[last].good, urgency="digest")
    post.happens()
    post.passes(hours=26)
    assert [address for address, _ in post.sent_subjects()] == ([EXAMPLES[last].good[last]] if channel != last else [])
    ended = {DeliveryState.GATHERED, DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SUPPRESSED}
    assert set(post.states()) <= ended


CONTACT = "watch.desk@da.example.gov"


@pytest.mark.parametrize(
    ("owner", "left"), [(ADA, False), (OWNER, False), (OWNER, True)],
    ids=["the recipient owns the watch", "the owner's address fails too", "the owner has left"],
)  # fmt: skip
def test_n6_who_answers_for_the_office_hears_once_that_nobody_could_be_told(post: Post, owner: str, left: bool):
    post.tables.offices.enrol(an_office(contact=CONTACT))
    if left:
        post.tables.users.add(a_user(OWNER, deprovisioned_at=post.now))
    post.watch(owner=owner)
    post.refuse = lambda address: PermanentFailureError("MessageRejected") if address in (ADA, OWNER) else None
    for number in ("K-1", "K-2"):
        post.happens(an_arrest(number))
        post.passes(minutes=10)
    [(address, message, _)] = post.mails
    assert (address, message.subject) == (CONTACT, words("not reached.title"))
    assert ADA in message.text
    assert "EXAMPLE" not in message.text
    assert "Example" not in message.text.replace(ADA, "")


def test_who_answers_for_the_office_hears_nothing_while_an_owner_can_be_told(post: Post):
    post.tables.offices.enrol(an_office(contact=CONTACT))
    post.watch(owner=OWNER)
    post.refuse = lambda address: PermanentFailureError("MessageRejected") if address == ADA else None
    post.happens()
    post.passes(minutes=30)
    assert [address for address, _ in post.sent_subjects()] == [OWNER]


def test_a_bounce_after_delivery_counts(post: Post):
    post.watch(owner=OWNER)
    post.happens()
    post.work()
    post.reports("Delivery", post.mails[0][2])
    post.reports("Bounce", post.mails[0][2], **PERMANENT)
    post.passes(minutes=10)
    assert alerted(post) == [ADA, OWNER]


def test_a_digest_that_bounces_goes_to_the_recipients_next_channel(post: Post):
    post.watch({"email": ADA, "sms": "+12125550100"}, urgency="digest")
    post.happens()
    assert post.work() == [DeliveryOutcome.GATHERED, DeliveryOutcome.GATHERED]
    post.passes(hours=24)
    assert alerted(post) == [ADA]
    post.reports("Bounce", post.mails[0][2], **PERMANENT)
    post.passes(minutes=10)
    assert alerted(post) == [ADA, "+12125550100"]


def test_while_another_channel_has_it_nobody_else_is_told(post: Post):
    post.watch({"email": ADA, "sms": "+12125550100"}, owner=OWNER)
    post.happens()
    post.work()
    post.reports("Bounce", post.mails[0][2], **PERMANENT)
    post.passes(minutes=10)
    assert set(alerted(post)) == {ADA, "+12125550100"}


def test_a_provider_that_refuses_for_three_days_is_given_up(post: Post):
    """A spend limit that nobody raises looks so."""
    post.watch()
    post.refuse = lambda _: TemporaryFailureError("LimitExceededException")
    post.happens()
    post.work()
    post.now += timedelta(hours=71)
    post.passes(minutes=5)
    assert post.states() == [DeliveryState.QUEUED]
    post.now += timedelta(hours=2)
    post.passes(minutes=5)
    assert post.states() == [DeliveryState.FAILED]


def test_throttled_alerts_all_go_out_once_the_provider_takes_them(post: Post):
    post.watch()
    taken = iter(range(1_000))
    post.refuse = lambda _: TemporaryFailureError("TooManyRequestsException") if next(taken) % 3 else None
    for number in range(6):
        post.happens(an_arrest(f"K-{number}"))
    while post.queue:
        post.work()
    assert len({delivery for _, _, delivery in post.mails}) == len(post.mails) == 6


def test_a_mail_that_the_provider_never_speaks_of_is_not_pending_for_ever(post: Post):
    post.watch()
    post.happens()
    post.work()
    post.passes(hours=71)
    assert post.states() == [DeliveryState.SENT]
    post.passes(hours=3)
    assert post.states() == [DeliveryState.UNCONFIRMED]
    assert not [item for item in post.tables.everything_in("Alerts") if "open" in item]


def test_a_late_word_of_the_provider_is_still_believed(post: Post):
    post.watch()
    post.happens()
    post.work()
    post.passes(hours=80)
    post.reports("Delivery", post.mails[0][2])
    assert post.states() == [DeliveryState.DELIVERED]


def test_a_text_message_that_may_have_gone_out_is_not_sent_a_second_time(post: Post):
    """SNS has no word of a text that names our delivery; the mail beside it carries the alert."""
    post.watch({"email": ADA, "sms": "+12125550100"})
    post.happens()
    for key in post.queue:
        post.tables.alerts.deliveries.claim(key, post.now, post.deps.lease)
    post.now += timedelta(minutes=16)
    assert sorted(post.work()) == [DeliveryOutcome.SENT, DeliveryOutcome.UNCONFIRMED]
    assert alerted(post) == [ADA]


def test_what_the_provider_will_never_take_has_failed(post: Post):
    post.watch()
    post.refuse = lambda _: PermanentFailureError("MessageRejected")
    post.happens()
    assert post.work() == [DeliveryOutcome.FAILED]


def texts(post: Post, when: str, **facts: object) -> None:
    """Ada has a telephone number and says when she wants texts."""
    post.watch({"email": ADA, "sms": "+12125550100"}, owner=OWNER, **facts)
    post.prefers(ADA, texts=when)


def test_a_text_that_stands_by_goes_out_when_the_mail_bounces_and_nobody_else_is_told(post: Post):
    texts(post, "instead")
    post.happens()
    assert sorted(post.work()) == [DeliveryOutcome.SENT, DeliveryOutcome.STANDS_BY]
    assert alerted(post) == [ADA]
    for _ in range(2):
        post.reports("Bounce", post.mails[0][2], **PERMANENT)
    post.passes(minutes=10)
    assert alerted(post) == [ADA, "+12125550100"]


@pytest.mark.parametrize(
    ("when", "urgency", "texted"),
    [("always", "normal", True), ("urgent", "normal", False), ("urgent", "urgent", True), ("instead", "urgent", False)],
)
def test_a_person_says_when_texts_are_wanted(post: Post, when: str, urgency: str, texted: bool):
    texts(post, when, urgency=urgency)
    post.happens()
    post.work()
    assert ("+12125550100" in set(alerted(post))) is texted


def test_a_mail_that_fails_before_the_text_was_looked_at_calls_it_up_all_the_same(post: Post):
    texts(post, "instead")
    post.happens()
    post.queue.sort(key=lambda key: key.channel)  # the mail first
    text = post.queue.pop()
    post.work()
    post.reports("Bounce", post.mails[0][2], **PERMANENT)
    post.queue.append(text)
    assert post.work() == [DeliveryOutcome.SENT]


def test_a_text_that_is_being_put_aside_while_the_mail_fails_is_not_lost(post: Post):
    texts(post, "instead")
    post.happens()
    post.queue.sort(key=lambda key: key.channel)
    text = post.queue.pop()
    post.work()
    claimed = post.tables.alerts.deliveries.claim(text, post.now, post.deps.lease)
    post.reports("Bounce", post.mails[0][2], **PERMANENT)
    assert not post.tables.alerts.deliveries.stand_by(text, claimed.attempt)
    post.tables.alerts.deliveries.release(text, claimed.attempt)
    post.passes(minutes=30)
    assert alerted(post) == [ADA, "+12125550100"]


def test_when_the_mail_failed_and_of_the_text_nobody_knows_the_owner_is_told(post: Post):
    texts(post, "instead")
    post.happens()
    post.queue.sort(key=lambda key: key.channel)
    text = post.queue.pop()
    post.work()
    post.reports("Bounce", post.mails[0][2], **PERMANENT)
    post.tables.alerts.deliveries.claim(text, post.now, post.deps.lease)  # and its sender dies
    post.passes(minutes=30)
    assert alerted(post) == [ADA, OWNER]
    assert post.tables.alerts.deliveries.find(text).state is DeliveryState.UNCONFIRMED


def test_when_the_text_fails_as_well_the_owner_is_told(post: Post):
    texts(post, "instead")
    post.refuse = lambda address: PermanentFailureError("OptedOut") if address.startswith("+") else None
    post.happens()
    post.work()
    post.reports("Bounce", post.mails[0][2], **PERMANENT)
    post.passes(minutes=10)
    assert alerted(post) == [ADA, OWNER]


def test_an_alert_that_the_provider_refuses_outright_goes_to_the_owner(post: Post):
    post.watch(owner=OWNER)
    post.refuse = lambda address: PermanentFailureError("MessageRejected") if address == ADA else None
    post.happens()
    assert post.work() == [DeliveryOutcome.FAILED]
    post.passes(minutes=10)
    assert alerted(post) == [OWNER]


def test_an_alert_for_an_address_that_is_written_to_no_more_goes_to_the_owner(post: Post):
    post.watch(owner=OWNER)
    post.tables.alerts.suppression_list.add("email", ADA, "this address answered with a bounce before", post.now)
    post.happens()
    assert post.work() == [DeliveryOutcome.SUPPRESSED]
    post.passes(minutes=10)
    assert alerted(post) == [OWNER]


def test_who_wants_no_digest_gets_none_and_what_a_flood_held_back_all_the_same(post: Post):
    post.watch(urgency="digest")
    post.prefers(ADA, digest_by_mail=False)
    post.happens()
    post.passes(hours=25)
    assert post.mails == []
