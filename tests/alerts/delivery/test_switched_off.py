"""While an office has an agency's feed switched off, nothing about it leaves the office's way, except what is taken
back."""

from datetime import timedelta

import pytest

from shared.alerts.announce_releases import ReleaseDeps, announce_releases
from shared.alerts.follow_up.escalate import escalate
from shared.offices.switches import SourceKind
from tests.alerts.delivery.conftest import Post
from tests.alerts.test_announce_releases import Kings, a_release, a_version
from tests.builders import NOW, an_arrest
from tests.conftest import Tables
from tests.offices.test_agreements import an_agreement

HEAD = "head@da.example.gov"


def switch(post: Post, *, on: bool = False) -> None:
    table = post.tables.subscriptions.agreements
    switched = table.of("kings").with_switch(
        SourceKind.AGENCY, "roster", on=on, by=HEAD, reason="It doubles the jail's", now=post.now
    )
    table.save(switched)


def test_a_mail_that_waits_when_the_feed_is_switched_off_is_not_sent_then_or_later(post: Post) -> None:
    post.watch()
    post.happens()
    switch(post)
    post.work()
    assert post.mails == []
    post.now += timedelta(hours=1)
    switch(post, on=True)
    post.work()
    assert post.mails == []
    post.happens(an_arrest("K-2"))
    post.work()
    assert len(post.mails) == 1, "what comes now is sent"


def test_nobody_stands_in_for_an_alert_of_a_feed_that_is_off(post: Post) -> None:
    post.watch(urgency="urgent", owner="owner@da.example.gov")
    post.happens()
    post.work()
    sent = len(post.mails)
    switch(post)
    post.now += timedelta(minutes=31)
    escalate(post.escalation, post.now)
    post.work()
    assert len(post.mails) == sent


def test_whoever_was_told_hears_that_the_agency_takes_it_back_although_its_feed_is_off(post: Post) -> None:
    post.watch()
    arrest = post.happens()
    post.work()
    switch(post)
    post.happens(an_arrest(sid="55555555X", surname="Other"), before=arrest)
    post.work()
    assert len(post.mails) == 2
    assert "withdrawn" in post.mails[-1][1].subject.casefold()


def test_another_agency_of_the_same_office_is_told_as_before(post: Post) -> None:
    post.watch()
    switch(post)
    post.happens(an_arrest(agency="nypd"))
    post.work()
    assert len(post.mails) == 1


@pytest.mark.parametrize("on", [False, True])
def test_correction_law_149_a_release_is_not_announced_by_a_feed_that_is_off(tables: Tables, *, on: bool) -> None:
    kings = Kings(tables)
    table = tables.subscriptions.agreements
    if not on:
        table.save(recorded := table.of("kings").with_agreement(an_agreement()))
        since, reason = NOW - timedelta(hours=1), "It doubles the jail's"
        table.save(recorded.with_switch(SourceKind.AGENCY, "roster", on=False, by=HEAD, reason=reason, now=since))
    deps = ReleaseDeps(tables.offices, tables.subscriptions, tables.alerts, kings.queued.extend)
    assert announce_releases([a_version(a_release())], deps, NOW) == int(on)
