"""Business days of New York, beside the tables of holidays that the state's employees had."""

from datetime import date

import pytest

from shared.records_requests.default_rules import default_rules

HOLIDAYS = default_rules().holidays
# The tables of state holidays for 2011 to 2013, 2015 to 2017 and 2024 to 2026 as published on
# "New York State government holidays" (liquisearch.com, ipfs.io, infogalactic.com; read 29 November 2026), with the day
# on which each is observed. They were made before Juneteenth was added in 2020, and name it in no year.
PUBLISHED = """
2011 01-01 01-17 02-12 02-21 05-30 07-04 09-05 10-10 11-08 11-11 11-24 12-26
2012 01-02 01-16 02-13 02-20 05-28 07-04 09-03 10-08 11-06 11-12 11-22 12-25
2013 01-01 01-21 02-12 02-18 05-27 07-04 09-02 10-14 11-05 11-11 11-28 12-25
2015 01-01 01-19 02-12 02-16 05-25 07-04 09-07 10-12 11-03 11-11 11-26 12-25
2016 01-01 01-18 02-12 02-15 05-30 07-04 09-05 10-10 11-08 11-11 11-24 12-26
2017 01-02 01-16 02-13 02-20 05-29 07-04 09-04 10-09 11-07 11-11 11-23 12-25
2024 01-01 01-15 02-12 02-19 05-27 07-04 09-02 10-14 11-05 11-11 11-28 12-25
2025 01-01 01-20 02-12 02-17 05-26 07-04 09-01 10-13 11-04 11-11 11-27 12-25
2026 01-01 01-19 02-12 02-16 05-25 07-04 09-07 10-12 11-03 11-11 11-26 12-25
"""


@pytest.mark.parametrize("line", PUBLISHED.split("\n")[1:-1])
def test_gcl_24_the_holidays_are_those_of_the_published_tables(line: str) -> None:
    year, *days = line.split()
    published = {date.fromisoformat(f"{year}-{day}") for day in days}
    ours = {day for day in HOLIDAYS.of_year(int(year)) if day.month != 6 and day.weekday() != 6}
    assert ours == published


def test_gcl_24_a_holiday_on_a_sunday_is_the_next_day_too_and_one_on_a_saturday_moves_nowhere() -> None:
    assert not HOLIDAYS.is_business_day(date(2027, 7, 5)), "4 July 2027 is a Sunday"
    assert HOLIDAYS.is_business_day(date(2026, 7, 3)), "4 July 2026 is a Saturday"
    assert not HOLIDAYS.is_business_day(date(2026, 6, 19))


def test_gcl_24_a_day_that_the_governor_appoints_is_a_date_of_the_rules() -> None:
    appointed = date(2026, 12, 24)
    assert not HOLIDAYS.model_copy(update={"dates": (appointed,)}).is_business_day(appointed)
    assert HOLIDAYS.is_business_day(appointed)


@pytest.mark.parametrize(
    ("received", "count", "due"),
    [
        (date(2026, 11, 2), 5, date(2026, 11, 10)),  # over Election Day and a weekend
        (date(2026, 11, 6), 5, date(2026, 11, 16)),  # over Veterans' Day and two weekends
        (date(2026, 11, 21), 5, date(2026, 11, 30)),  # received on a Saturday, over Thanksgiving
        (date(2026, 12, 18), 10, date(2027, 1, 5)),  # over Christmas and New Year's Day
        (date(2026, 11, 2), 0, date(2026, 11, 2)),
    ],
)
def test_business_days_leave_out_the_day_of_receipt_weekends_and_holidays(
    received: date, count: int, due: date
) -> None:
    assert HOLIDAYS.business_days_after(received, count) == due
