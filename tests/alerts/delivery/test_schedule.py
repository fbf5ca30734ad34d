from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.alerts.delivery.dependencies import DeliveryOutcome
from shared.aws.signing_keys import KeyPurpose
from shared.offices.preferences import QuietHours, first_instant, next_digest_time, quiet_until
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import CHARGE_WATCH, NOW, an_arrest, an_office, signing_keys

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = {"start": "21:00", "until": "07:00"}
BO = "bo.deputy@da.example.gov"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2026, 11, 20), time(7), "2026-11-20T12:00"),
        (date(2026, 3, 8), time(2, 30), "2026-03-08T07:00"),  # the clock jumps from 2:00 to 3:00
        (date(2026, 3, 8), time(3), "2026-03-08T07:00"),
        (date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),  # it shows 1:30 twice: the first one
        (date(2026, 11, 1), time(2), "2026-11-01T07:00"),
    ],
)
def test_a_wall_clock_time_is_one_instant_also_when_the_clocks_change(day, at, instant):
    assert first_instant(day, at, NEW_YORK) == utc(instant)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (("21:00", "07:00"), "2026-11-20T15:30", None),
        (("21:00", "07:00"), "2026-11-21T03:00", "2026-11-21T12:00"),
        (("21:00", "07:00"), "2026-11-21T12:00", None),  # the end is no longer quiet
        (("12:00", "13:00"), "2026-11-20T17:15", "2026-11-20T18:00"),  # within one day
        (("21:00", "07:00"), "2026-03-08T06:00", "2026-03-08T11:00"),  # the short night
        (("21:00", "07:00"), "2026-11-01T05:00", "2026-11-01T12:00"),  # the long night
        (("22:00", "01:30"), "2026-11-01T06:15", None),  # 1:15 for the second time: they ended at the first 1:30
        (("22:00", "02:30"), "2026-03-08T06:59", "2026-03-08T07:00"),  # 2:30 does not come that night
    ],
)
def test_quiet_hours_end_at_the_right_instant_in_every_night(quiet, now, until):
    found = quiet_until(QuietHours(start=quiet[0], until=quiet[1]), NEW_YORK, utc(now))
    assert found == (utc(until) if until else None)


def test_quiet_hours_last_an_hour_less_in_spring_and_an_hour_more_in_autumn():
    quiet = QuietHours(**NIGHT)
    lengths = {}
    for evening in (date(2026, 11, 20), date(2026, 3, 7), date(2026, 10, 31)):
        start = first_instant(evening, quiet.start, NEW_YORK)
        end = quiet_until(quiet, NEW_YORK, start)
        assert end
        lengths[evening.isoformat()] = (end - start) / timedelta(hours=1)
    assert lengths == {"2026-11-20": 10, "2026-03-07": 9, "2026-10-31": 11}


def test_every_day_has_one_digest_also_when_the_clocks_change():
    for at in (time(7), time(1, 30), time(2, 30)):
        now, seen = utc("2026-03-01T00:00"), []
        while now < utc("2026-11-10T00:00"):
            now = next_digest_time(at, NEW_YORK, now)
            seen.append(now.astimezone(NEW_YORK).date())
        assert len(seen) == len(set(seen)) == (seen[-1] - seen[0]).days + 1


def test_a_normal_alert_waits_for_the_end_of_the_quiet_hours_and_an_urgent_one_does_not(post: Post):
    post.prefers(ADA, quiet=NIGHT)
    post.now = utc("2026-11-21T04:00")  # 23:00 in New York
    post.watch()
    post.happens(an_arrest("K-1"))
    assert post.work() == [DeliveryOutcome.PUT_OFF]
    assert post.passes(hours=7, minutes=50) == []
    assert post.mails == []
    assert post.passes(minutes=15) == [DeliveryOutcome.SENT]
    assert post.now < utc("2026-11-21T12:10")


def test_an_urgent_alert_passes_through_quiet_hours_and_mute(post: Post):
    post.prefers(ADA, quiet=NIGHT, muted_until="2026-12-24T00:00:00Z")
    post.now = utc("2026-11-21T04:00")
    post.watch(urgency="urgent")
    post.happens()
    assert post.work() == [DeliveryOutcome.SENT]


def test_quiet_hours_are_those_of_the_recipients_own_zone(post: Post):
    post.prefers(ADA, quiet=NIGHT, time_zone="Pacific/Honolulu")
    post.now = utc("2026-11-21T04:00")  # 18:00 in Honolulu
    post.watch()
    post.happens()
    assert post.work() == [DeliveryOutcome.SENT]


def test_who_is_muted_gets_a_normal_alert_when_the_mute_is_over(post: Post):
    post.prefers(ADA, muted_until=(NOW + timedelta(hours=5)).isoformat())
    post.watch()
    post.happens()
    assert post.work() == [DeliveryOutcome.PUT_OFF]
    assert post.passes(hours=4) == []
    assert post.passes(hours=2) == [DeliveryOutcome.SENT]


def test_one_digest_a_day_names_every_alert_once_however_often_everything_is_repeated(post: Post):
    post.watch(urgency="digest")
    for number in range(5):
        post.happens(an_arrest(f"K-{number}"))
    post.queue *= 2
    assert sorted(post.work()) == [DeliveryOutcome.GATHERED] * 5 + [DeliveryOutcome.NOT_OURS] * 5
    post.passes(hours=48)
    [(address, message, _)] = post.mails
    assert (address, message.subject) == (ADA, "5 arrest alerts in your digest, Sat, Nov 21, 2026")
    assert all(message.text.count(alert.number) == 1 for alert in post.alerts())
    assert "Example," not in message.text + message.html
    post.happens(an_arrest("K-9"))
    post.work()
    post.passes(hours=24)
    assert post.sent_subjects()[1:] == [(ADA, "1 arrest alert in your digest, Mon, Nov 23, 2026")]


def test_what_comes_while_the_digest_is_sent_is_in_the_next_one(post: Post):
    post.watch(urgency="digest")
    post.happens(an_arrest("K-1"))
    post.work()
    [digest] = [key for key in post.tables.everything_in("Alerts") if key["part"]["S"] == "digest"]
    post.tables.client.update_item(
        TableName="Alerts", Key={"alert_id": digest["alert_id"], "part": {"S": "delivery#000001#email"}},
        UpdateExpression="SET #s = :claimed", ExpressionAttributeNames={"#s": "state"},
        ExpressionAttributeValues={":claimed": {"S": "claimed"}},
    )  # fmt: skip
    post.happens(an_arrest("K-2"))
    assert post.work() == [DeliveryOutcome.GATHERED]
    digests = [item for item in post.tables.everything_in("Alerts") if item["part"]["S"] == "digest"]
    assert len(digests) == 2


def test_an_urgent_alert_goes_to_the_deputy_then_the_owner_then_both(post: Post):
    post.prefers(ADA, deputy=BO)
    post.watch(owner="cy.owner@da.example.gov", urgency="urgent")
    post.happens()
    post.work()
    cy = "cy.owner@da.example.gov"
    for minutes, expected in ((14, []), (2, [BO]), (15, [cy]), (30, [BO, cy]), (600, [])):
        before = len(post.mails)
        post.passes(minutes=minutes)
        assert sorted(address for address, _, _ in post.mails[before:]) == expected, minutes
    assert "did not answer" in post.mails[-1][1].text


def test_an_acknowledged_alert_escalates_no_further(post: Post):
    post.prefers(ADA, deputy=BO)
    post.watch(urgency="urgent")
    post.happens()
    post.work()
    post.passes(minutes=16)
    post.tables.alerts.end_escalation(next(alert.alert_id for alert in post.alerts() if not alert.on_behalf_of))
    post.passes(hours=5)
    assert [address for address, _, _ in post.mails] == [ADA, BO]


def test_a_normal_alert_does_not_escalate(post: Post):
    post.watch()
    post.happens()
    post.work()
    post.passes(hours=5)
    assert len(post.mails) == 1


def test_a_flood_becomes_one_summary_an_hour_and_urgent_alerts_pass(post: Post):
    post.tables.offices.enrol(an_office(alerts_an_hour=3))
    post.watch()
    for number in range(8):
        post.happens(an_arrest(f"K-{number}"))
    assert post.work() == [DeliveryOutcome.SENT] * 3 + [DeliveryOutcome.HELD] * 5
    post.watch(criterion=CHARGE_WATCH, urgency="urgent", basis={"kind": "warrant", "case_number": "W-1"})
    post.happens(an_arrest("K-99"))
    assert post.work() == [DeliveryOutcome.SENT]
    post.passes(hours=1)
    assert post.sent_subjects()[4:] == [
        (ADA, "5 arrest alerts held back, Fri, Nov 20, 2026, 11:00 a.m. EST"),
    ]
    assert len(post.mails) == 5


def test_a_daily_digest_can_be_stopped_from_the_mail_program(post: Post):
    post.deps = replace(post.deps, link_keys=lambda: signing_keys(KeyPurpose.LINKS))
    post.watch(urgency="digest")
    post.happens(an_arrest("K-1"))
    post.passes(hours=25)
    [(_, digest, _)] = post.mails
    assert digest.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = digest.headers["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://alerts.example.gov/v1/links/")
    assert link in digest.text


def test_a_floods_summary_cannot_be_stopped(post: Post):
    post.deps = replace(post.deps, link_keys=lambda: signing_keys(KeyPurpose.LINKS))
    post.tables.offices.enrol(an_office(alerts_an_hour=1))
    post.watch()
    for number in range(3):
        post.happens(an_arrest(f"K-{number}"))
    post.passes(hours=2)
    summary = post.mails[-1][1]
    assert "held back" in summary.subject
    assert "List-Unsubscribe" not in summary.headers
