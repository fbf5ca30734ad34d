"""The calendar of what is due."""

import re
from datetime import UTC, datetime, timedelta

from tests.builders import NAME_WATCH, SID_WATCH, a_subscription, a_wish, an_office
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call

BO = ADA | {"email": "bo@da.example.gov"}
CALENDAR = "/v1/subscriptions/calendar"


def test_kr12_what_is_due_is_a_calendar_that_counts_watches_and_names_nobody(call: Call, tables: Tables) -> None:
    ends = str(an_office().local_day(datetime.now(UTC)) + timedelta(days=60))
    for criterion in (NAME_WATCH, SID_WATCH):
        assert call("POST", "/v1/subscriptions", a_wish(criterion, ends=ends, reference="Canary")).status == 201
    tables.watch_list.add(a_subscription(SID_WATCH, owner=BO["email"], ends=ends))
    answer = call("GET", CALENDAR)
    assert (answer.status, answer.content_type) == (200, "text/calendar; charset=utf-8")
    lines = answer.body.split("\r\n")
    assert (lines[:2], lines[-2:]) == (["BEGIN:VCALENDAR", "VERSION:2.0"], ["END:VCALENDAR", ""])
    assert [line for line in lines if line.startswith("SUMMARY")] == ["SUMMARY:Arrest watch due: 2 watches"]
    assert f"DTSTART;VALUE=DATE:{ends.replace('-', '')}" in lines
    for secret in ("Example", "01234567A", "2026-KN", "Canary", "@da.example"):
        assert secret not in answer.body


def test_kr12_loaded_again_it_has_the_same_events_and_without_watches_none(call: Call) -> None:
    assert "VEVENT" not in call("GET", CALENDAR).body
    call("POST", "/v1/subscriptions", a_wish())
    first, again = (re.findall("UID:.*", call("GET", CALENDAR).body) for _ in range(2))
    assert (len(first), first) == (1, again)
    assert call("GET", CALENDAR, claims=BO).body.count("VEVENT") == 0


def test_kr12_no_line_is_longer_than_a_calendar_takes(call: Call) -> None:
    call("POST", "/v1/subscriptions", a_wish())
    assert all(len(line.encode()) <= 75 for line in call("GET", CALENDAR).body.split("\r\n"))
