"""What changes between the match and the sending: addresses, people, domains, the arrest, the clocks."""

import itertools
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from functions.cli.commands.dead_letters import QUEUES
from shared.alerts.delivery.dependencies import DeliveryDeps, DeliveryOutcome
from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.delivery.send import deliver
from shared.arrests.minimisation import WithheldField
from shared.errors import TryLater
from shared.offices.agreements import OfficeAgreements
from shared.offices.preferences import Preferences
from shared.offices.recipient import Recipient
from tests.alerts.delivery.conftest import ADA, Post
from tests.alerts.delivery.crash_model import World, alert_just_stored
from tests.builders import ADDRESS_WATCH, NOW, a_subscription, a_user, an_arrest, an_office
from tests.offices.test_agreements import an_agreement

OLD, NEW = "+12125550100", "+12125550199"
BO, OWNER = "bo.deputy@da.example.gov", "cy.owner@da.example.gov"


@pytest.mark.parametrize("before_the_match", [True, False])
def test_p6_a_mail_says_nothing_that_the_agreement_does_not_share_when_it_is_sent(post: Post, before_the_match: bool):
    fields = frozenset({WithheldField.IDENTIFIERS, WithheldField.BIRTH})
    narrowed = OfficeAgreements(office_id="kings", agreements=(an_agreement(fields=fields),), revision=1)
    post.watch()
    post.watch(criterion=ADDRESS_WATCH)
    if before_the_match:
        post.tables.subscriptions.agreements.save(narrowed)
    post.happens()
    post.tables.subscriptions.agreements.save(narrowed.model_copy(update={"revision": 2 if before_the_match else 1}))
    assert post.work() == [DeliveryOutcome.SENT]
    [(_, message, _)] = post.mails
    assert "Born Feb 3, 1990" in message.text
    for mark in ("EXAMPLE", "Pat", "PL 120.05", "100 Example", "101"):
        assert not re.search(rf"\b{mark}\b", message.text + message.html), mark  # a link may hold any three figures


def test_a_text_does_not_go_to_a_number_that_was_changed_after_the_match(post: Post):
    before = a_subscription(recipients=[{"email": ADA, "sms": OLD}])
    moved = (Recipient({"email": ADA, "sms": NEW}),)
    after = before.model_copy(update={"recipients": moved, "revision": before.revision + 1})
    post.tables.watch_list.add(before)
    post.happens()
    post.tables.watch_list.replace(before, after)
    assert sorted(post.work()) == [DeliveryOutcome.SENT, DeliveryOutcome.SUPPRESSED]
    assert [address for address, _ in post.sent_subjects()] == [ADA]


def test_a_text_goes_to_a_number_that_one_of_two_watches_still_gives(post: Post):
    post.watch({"email": ADA})
    basis = {"kind": "warrant", "case_number": "W-1"}
    post.tables.watch_list.add(a_subscription(basis=basis, recipients=[{"email": ADA, "sms": OLD}]))
    post.happens()
    assert sorted(post.work()) == [DeliveryOutcome.SENT, DeliveryOutcome.SENT]


@pytest.mark.parametrize("active", [True, False])
def test_a_deputy_who_has_left_the_office_is_not_told_in_somebodys_place(post: Post, active: bool):
    post.tables.users.add(a_user(BO, deprovisioned_at=None if active else NOW))
    post.prefers(ADA, deputy=BO)
    post.watch(owner=OWNER, urgency="urgent")
    post.happens()
    post.work()
    post.passes(minutes=20)
    assert (BO in {address for address, _ in post.sent_subjects()}) is active


def test_a_domain_that_is_no_longer_agreed_gets_a_ping(post: Post):
    post.watch()
    post.happens()
    post.tables.offices.enrol(an_office(agreed_domains=()))
    assert post.work() == [DeliveryOutcome.SENT]
    [(_, message, _)] = post.mails
    assert "Example," not in message.text + message.html


def test_one_who_may_not_be_written_to_any_more_keeps_no_other_from_being_told(post: Post):
    post.tables.offices.enrol(an_office(allowed_domains=("da.example.gov", "partners.example.gov")))
    post.watch({"email": ADA}, {"email": "eve@partners.example.gov"})
    post.happens()
    post.tables.offices.enrol(an_office())
    assert sorted(post.work()) == [DeliveryOutcome.SENT, DeliveryOutcome.SUPPRESSED]
    assert [address for address, _ in post.sent_subjects()] == [ADA]


def test_an_update_that_overtakes_the_first_telling_is_the_only_message_and_says_all(post: Post):
    post.watch()
    first = post.happens()
    post.happens(an_arrest(statutes=["PL 120.05", "PL 265.03"]), before=first)
    post.queue.reverse()
    assert sorted(post.work()) == [DeliveryOutcome.SENT, DeliveryOutcome.SUPPRESSED]
    [(_, message, _)] = post.mails
    for said in ("Update to arrest alert", "PL 120.05", "PL 265.03", "Pat EXAMPLE"):
        assert said in message.subject + message.text


def test_a_recall_in_the_moment_of_sending_still_reaches_whoever_was_told(post: Post):
    post.watch()
    arrest = post.happens()

    def recalled_meanwhile(_: str) -> None:
        post.refuse = lambda _: None
        post.recalls(arrest)

    post.refuse = recalled_meanwhile
    post.work()
    post.passes(hours=1)
    assert ["WITHDRAWN" in subject for _, subject in post.sent_subjects()] == [False, True]


@pytest.mark.parametrize(("first", "second"), [*itertools.product((-5, 0, 5), repeat=2)])
def test_senders_whose_clocks_are_five_minutes_off_never_send_one_delivery_twice(first: int, second: int):
    """One is held up between its claim and its sending, for ever longer; all the while the other looks every minute."""
    for held_up in (0, 3, 4, 5, 6, 9, 10, 11, 14, 15, 16, 20, 25, 30):
        world = World(alert_just_stored(), [], {})
        [key] = (delivery.key for delivery in world.deliveries())
        looks = partial(minute_of_another, world, key, second)

        def late(office_id: str, email: str, minutes: int = held_up, looks: Callable[[], None] = looks) -> Preferences:
            for _ in range(minutes):
                looks()
            return Preferences()

        preferences: Any = SimpleNamespace(find=late)
        with suppress(TryLater):
            deliver(key, replace(at_clock(world, first), preferences=preferences))
        for _ in range(40):
            looks()
        assert len(world.mailbox) == 1, held_up


def at_clock(world: World, minutes: int) -> DeliveryDeps:
    return replace(world.deps, clock=lambda: world.clock() + timedelta(minutes=minutes))


def minute_of_another(world: World, key: DeliveryKey, minutes: int) -> None:
    world.pass_time(60)
    with suppress(TryLater):
        deliver(key, at_clock(world, minutes))


def test_a_dead_letter_is_replayed_in_its_offices_group(aws: None):
    sqs, sent = boto3.client("sqs"), []
    url = sqs.create_queue(QueueName="alerts")["QueueUrl"]
    boto3.setup_default_session()
    boto3.DEFAULT_SESSION.events.register(
        "provide-client-params.sqs.SendMessageBatch", lambda params, **_: sent.extend(params["Entries"])
    )
    replay = QUEUES["alerts"].replay
    assert replay
    replay(json.dumps(DeliveryKey("0" * 32, 1, "email", "kings")._asdict()), {"AlertsQueue": url})
    assert [one["MessageGroupId"] for one in sent] == ["kings"]
