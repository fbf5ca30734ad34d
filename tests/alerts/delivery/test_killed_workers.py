import pytest

from tests.alerts.delivery.killed_workers import alerts_through_killed_workers
from tests.widths import thorough


@pytest.mark.parametrize("alerts", [150, *thorough(600)])
def test_every_mailbox_holds_each_alert_once_although_the_workers_are_killed_at_random(alerts):
    """`python -m tests.alerts.delivery.killed_workers` does the same with 10,000."""
    found = alerts_through_killed_workers(alerts, haste=180)
    assert (found.lost, found.seen_twice, found.seen_once) == (0, 0, alerts)
    assert found.killed >= alerts // 60
