"""AU-8: when an event was, to a hundredth of a second at least, with the offset from UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from shared.audit.items import event_item
from tests.audit.test_chain import an_event


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
