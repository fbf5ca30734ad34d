from datetime import timedelta

import pytest

from shared.alerts.delivery.dependencies import DeliveryOutcome
from shared.alerts.delivery.model import DeliveryState
from shared.channels.channel import TemporaryFailureError
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import an_arrest

BO, CY = "bo@da.example.gov", "cy@da.example.gov"


def test_everyone_who_was_told_and_only_they_are_told_that_the_alert_is_withdrawn(post: Post):
    post.watch({"email": ADA}, {"email": BO}, {"email": CY})
    post.refuse = lambda address: TemporaryFailureError("Throttling") if address == BO else None
    arrest = post.happens()
    other = post.happens(an_arrest("K-2", surname="Else", sid="01234567A"))
    post.work()
    assert {address for address, _ in post.sent_subjects()} == {ADA, CY}
    post.refuse = lambda _: None
    before = len(post.mails)
    post.recalls(arrest)
    post.work()
    post.passes(hours=2)
    withdrawn = [(address, message) for address, message, _ in post.mails[before:] if "WITHDRAWN" in message.subject]
    assert sorted(address for address, _ in withdrawn) == [ADA, CY]
    told_of_other = [address for address, message, _ in post.mails[before:] if "WITHDRAWN" not in message.subject]
    assert told_of_other == [BO]  # of the arrest that was not recalled, later
    assert other.arrest_id not in {alert.arrest_id for alert in post.alerts() if alert.withdrawn_at}


def test_a_withdrawal_names_the_alert_and_nothing_of_what_it_said(post: Post):
    post.watch(reference="ref-9")
    arrest = post.happens()
    post.work()
    post.recalls(arrest)
    post.work()
    [alert], (_, message, _) = post.alerts(), post.mails[-1]
    assert message.subject == f"WITHDRAWN: arrest alert {alert.short_number}. Do not act on it"
    stored = alert.model_dump_json()
    for secret in ("Example", "EXAMPLE", "01234567A", "PL 120", "1990-", "ref-9", "2026-KN-000123"):
        assert secret not in message.text + message.html + message.short, secret
    for secret in ("01234567A", "1990-", "ref-9"):  # a keyed hash may hold any four figures
        assert secret not in stored, secret


def test_what_was_not_sent_yet_is_not_sent_any_more_and_nobody_hears_of_it(post: Post):
    post.watch(urgency="digest")
    post.watch({"email": BO}, owner="bo@da.example.gov")
    arrest = post.happens()
    post.recalls(arrest)
    post.work()
    post.passes(hours=48)
    assert post.mails == []
    assert set(post.states()) == {DeliveryState.SUPPRESSED}


def test_who_was_told_in_a_digest_is_told_and_who_was_not_yet_is_not(post: Post):
    post.watch(urgency="digest")
    first = post.happens(an_arrest("K-1"))
    post.work()
    post.passes(hours=24)
    second = post.happens(an_arrest("K-2"))
    post.work()
    before = len(post.mails)
    post.recalls(first)
    post.recalls(second)
    post.work()
    post.passes(hours=48)
    [alert] = [one for one in post.alerts() if one.arrest_id == first.arrest_id]
    assert [subject for _, subject in post.sent_subjects()[before:]] == [
        f"WITHDRAWN: arrest alert {alert.short_number}. Do not act on it"
    ]


def test_a_recall_waits_until_it_is_known_whether_the_alert_was_sent(post: Post):
    post.watch()
    arrest = post.happens()
    [key] = post.queue
    post.tables.alerts.deliveries.claim(key, post.now, post.deps.lease)  # a sender died here, or is still at it
    post.queue.clear()
    post.recalls(arrest)
    assert post.work() == []
    post.tables.alerts.deliveries.advance(key, DeliveryState.SENT, post.now, provider_id="m-1")
    assert post.work() == [DeliveryOutcome.SENT]
    assert "WITHDRAWN" in post.sent_subjects()[-1][1]


def test_a_recall_may_run_twice_and_a_withdrawn_alert_is_never_told_again(post: Post):
    post.watch()
    arrest = post.happens()
    post.work()
    post.recalls(arrest)
    post.recalls(arrest)
    post.work()
    post.happens(an_arrest(statutes=["PL 120.05", "PL 265.03"]), before=arrest)
    post.work()
    post.passes(hours=2)
    assert len(post.mails) == 2


@pytest.mark.parametrize("urgency", ["urgent"])
def test_a_withdrawn_urgent_alert_escalates_no_further(post: Post, urgency: str):
    post.watch(owner="cy@da.example.gov", urgency=urgency)
    arrest = post.happens()
    post.work()
    post.recalls(arrest)
    post.work()
    post.now += timedelta(minutes=1)
    post.passes(hours=2)
    assert {address for address, _ in post.sent_subjects()} == {ADA}
