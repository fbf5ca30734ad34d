"""AU-8: when an event was, to a hundredth of a second at least, with the offset from UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from shared.audit.items import event_item
from shared.words.stamp import stamp
from tests.audit.test_chain import an_event


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Asia/Kolkata"])
def test_cjis_au_8_what_leaves_the_screen_says_who_read_it_when_to_a_hundredth_and_why(zone: str) -> None:
    moment = datetime(2026, 11, 20, 15, 30, 0, 129_999, tzinfo=UTC)
    text = stamp("ada@da.example.gov", "Kings {County}", "prosecution", moment, ZoneInfo(zone))
    assert text.startswith("Read by ada@da.example.gov, Kings {County}, ")
    assert "Purpose: prosecution." in text
    written = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d\d [+-]\d\d:\d\d", text)
    assert written
    day, clock, offset = written[0].split(" ")
    assert datetime.fromisoformat(f"{day}T{clock}{offset}") == moment.replace(microsecond=120_000)


def test_cjis_au_8_a_stamp_of_an_event_has_a_hundredth_of_a_second_and_its_offset() -> None:
    moment = datetime(2026, 11, 20, 15, 30, 0, 120000, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=-5)))
    for at in (moment, elsewhere):
        item = event_item(an_event(1, at=at))
        assert item["sk"]["S"].startswith("2026-11-20T15:30:00.120000+00:00"), "in one order, whoever wrote it"
        stamps = re.findall(r'"(?:at|occurred_at)":"([^"]+)"', item["doc"]["S"])
        assert stamps
        assert all(
            re.fullmatch(r".*T15:30:00\.12\d*(Z|[+-]\d\d:\d\d)|.*T10:30:00\.12\d*-05:00", stamp) for stamp in stamps
        )
