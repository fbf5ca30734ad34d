import re
from datetime import UTC, datetime, timedelta

import pytest

from shared.alerts.delivery.messages.digest import digest_for
from shared.alerts.signed_links import LinkPurpose, signed_token
from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.aws.signing_keys import KeyPurpose
from shared.offices.preferences import Preferences
from tests.builders import NOW, discard, signing_keys
from tests.office_api.conftest import ADA
from tests.office_api.test_alerts import alert_ids  # noqa: F401 - a fixture

KEYS = signing_keys(KeyPurpose.LINKS)
OTHER_KEYS = signing_keys(KeyPurpose.LINKS, b"another key")


@pytest.fixture
def alert(tables, alert_ids):  # noqa: F811 - the fixture
    return tables.alerts.find(alert_ids[0])


@pytest.fixture
def path(alert):
    return f"/v1/links/{signed_token(LinkPurpose.ANSWER, alert.alert_id, datetime.now(UTC), KEYS)}"


def test_who_follows_the_link_in_a_mail_acknowledges_without_signing_in(call, path, alert, tables):
    answer = call("POST", path, claims=None, query="say=acknowledge")
    assert (answer.status, "You have it since" in answer.body) == (200, True)
    said = call("GET", f"/v1/alerts/{alert.alert_id}").body["answers"]
    assert said["acknowledged_by"] == f"{ADA['email']}, by link"


def test_looking_at_the_link_does_nothing_because_mail_programs_look_as_well(call, path, alert):
    for _ in range(2):
        assert call("GET", path, claims=None).status == 200
    said = call("GET", f"/v1/alerts/{alert.alert_id}").body["answers"]
    assert (said["acknowledged_at"], said["verdict"]) == (None, None)


@pytest.mark.parametrize("verdict", ["right person", "wrong person", "useful", "not useful"])
def test_a_verdict_is_said_by_link(call, path, alert, verdict):
    assert call("POST", path, claims=None, query=f"say={verdict}").status == 200
    assert call("GET", f"/v1/alerts/{alert.alert_id}").body["answers"]["verdict"] == verdict


def test_the_page_names_nobody(call, path, alert):
    for method in ("GET", "POST"):
        body = call(method, path, claims=None, query="say=acknowledge" if method == "POST" else "").body
        assert alert.short_number in body
        for personal in ("Example", "EXAMPLE", "01234567A", "1990-", "2026-KN-000123", ADA["email"]):
            assert personal not in body


def test_what_is_said_in_no_word_of_ours_changes_nothing(call, path, alert):
    assert call("POST", path, claims=None, query="say=delete").status == 200
    assert call("GET", f"/v1/alerts/{alert.alert_id}").body["answers"]["verdict"] is None


def test_a_forged_or_an_old_link_opens_nothing(call, path, alert):
    old = signed_token(LinkPurpose.ANSWER, alert.alert_id, datetime.now(UTC) - timedelta(days=15), KEYS)
    forged = signed_token(LinkPurpose.ANSWER, alert.alert_id, datetime.now(UTC), OTHER_KEYS)
    digest = signed_token(LinkPurpose.NO_DIGEST, alert.alert_id, datetime.now(UTC), KEYS)  # for something else
    for said in (old, forged, digest):
        assert call("POST", f"/v1/links/{said}", claims=None, query="say=acknowledge").status == 410
    assert call("GET", f"/v1/alerts/{alert.alert_id}").body["answers"]["acknowledged_at"] is None


def test_the_link_of_a_withdrawn_alert_answers_that_it_is_withdrawn(call, path, alert, tables):
    withdraw_alerts(alert.arrest_id, WithdrawDeps(tables.alerts, discard), NOW)
    for method in ("GET", "POST"):
        body = call(method, path, claims=None, query="say=acknowledge").body
        assert "Withdrawn. Do not act on it" in body
    assert call("GET", f"/v1/alerts/{alert.alert_id}").body["answers"]["acknowledged_at"] is None


def test_one_click_ends_the_daily_digest(call, alert, tables):
    """RFC 8058: the mail program posts `List-Unsubscribe=One-Click`, without a question and without a session."""
    digest = digest_for(alert, NOW, flood=False)
    delivery = tables.alerts.deliveries.of_alert(alert.alert_id)[0]
    tables.alerts.deliveries.claim(delivery.key, NOW, timedelta(minutes=15))
    assert tables.alerts.digests.gather(delivery.model_copy(update={"attempt": 1}), digest)
    path = f"/v1/links/{signed_token(LinkPurpose.NO_DIGEST, digest.digest_id, datetime.now(UTC), KEYS)}"
    assert call("GET", path, claims=None).status == 200
    assert call("GET", "/v1/me/preferences").body["digest_by_mail"] is True
    assert call("POST", path, "List-Unsubscribe=One-Click", claims=None).status == 200
    assert call("GET", "/v1/me/preferences").body["digest_by_mail"] is False


@pytest.mark.parametrize("token", ["cut", "x" * 50, "A-_" * 40, "%3Cscript%3E", "é"])
def test_kw12_a_link_that_was_cut_or_changed_has_a_whole_page_that_says_what_to_do(call, token):
    for method in ("GET", "POST"):
        answer = call(method, f"/v1/links/{token}", claims=None)
        assert answer.status == 410
        assert answer.headers["Content-Type"].startswith("text/html")
        for part in (
            '<!doctype html><html lang="en">',
            'role="main"',
            "This link does not work any more",
            "/console/alerts",
        ):
            assert part in answer.body
        assert "script" not in answer.body


def test_kw12_a_link_page_has_the_offices_name_the_readers_time_and_no_question_twice(call, path, alert, tables):
    tables.people.save("kings", alert.recipient.email, Preferences(time_zone="America/Los_Angeles"))
    opened = call("GET", path, claims=None).body
    assert "Kings County District Attorney (invented)" in opened
    assert [press in opened for press in ("I have it", "Wrong person", "Not useful")] == [True] * 3
    pressed = call("POST", path, claims=None, query="say=acknowledge").body
    assert re.search(r"You have it since \w{3}, \w{3} \d+, \d{4}, \d+:\d\d [ap]\.m\. P[SD]T\.", pressed)
    assert "I have it</button>" not in pressed
    colleague = call("POST", path, claims=None, query="say=wrong person").body
    assert "Your answer: Wrong person. Sign in to change it." in colleague
