from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.alerts.delivery.model import deliveries_of
from shared.alerts.model import AlertReason, Stages
from shared.alerts.reports.quality import delivery_times, noise, noise_by_folder, quantile
from shared.alerts.responses.model import Verdict
from shared.matching.criteria import Grade
from shared.offices.recipient import BasisKind
from tests.alerts.test_model import a_match, an_alert
from tests.builders import NOW

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("seconds", "share", "found"),
    [([5.0], 0.99, 5), (range(1, 101), 0.5, 50), (range(1, 101), 0.95, 95), (range(1, 101), 0.99, 99),
     (range(100, 0, -1), 0.99, 99), (range(1, 21), 0.95, 19), (range(1, 21), 0.99, 20), ([1, 9], 0.5, 1)],
)  # fmt: skip
def test_a_percentile_is_the_smallest_value_that_its_share_does_not_exceed(seconds, share, found):
    assert quantile([float(one) for one in seconds], share) == found


def told(number: int, *, seconds: float, at=NOW, **facts):
    """An alert whose drop came at `at` and whose mail went out so much later."""
    alert = an_alert(a_match()).model_copy(update={
        "alert_id": f"{number:032x}",
        "stages": Stages(dropped_at=at, stored_at=at + timedelta(seconds=1), matched_at=at + timedelta(seconds=2)),
    })  # fmt: skip
    [delivery] = deliveries_of(alert)
    sent = at + timedelta(seconds=seconds)
    return alert, delivery.model_copy(update={"sent_at": sent, "delivered_at": sent + timedelta(seconds=3)} | facts)


def test_delivery_times_are_percentiles_by_day_of_the_office():
    late_evening = NOW.replace(hour=3)  # still the day before in New York
    today = [told(number, seconds=2 + number) for number in range(1, 101)]
    before = told(500, seconds=60, at=late_evening)
    days = delivery_times([*today, before], NEW_YORK)
    assert [(one.day.day, one.deliveries) for one in days] == [(20, 100), (19, 1)]
    assert (days[0].p50, days[0].p95, days[0].p99) == (52, 97, 101)
    assert (days[0].stored, days[0].matched, days[0].sent, days[0].delivered) == (1, 1, 95, 3)
    assert (days[1].p50, days[1].p99, days[1].opened) == (60, 60, None)


def test_what_waited_for_a_person_was_not_late():
    waited = told(1, seconds=30_000, not_before=NOW)
    assert delivery_times([waited], NEW_YORK) == []


def test_how_soon_alerts_are_read_is_counted_from_the_sending():
    alert, delivery = told(1, seconds=10)
    [day] = delivery_times([(alert, delivery)], NEW_YORK, {alert.alert_id: NOW + timedelta(seconds=100)})
    assert day.opened == 90


def judged(number: int, *folders: str):
    because = tuple(
        AlertReason(subscription_id=f"watch of {folder}", owner="ada@da.example.gov", sentence="s", grade=Grade.STRONG,
                basis=BasisKind.OPEN_CASE, case_number="C-1", reference="", folder=folder)
        for folder in folders
    )  # fmt: skip
    return an_alert(a_match()).model_copy(update={"alert_id": f"{number:032x}", "because": because})


def test_a_noisy_folder_comes_first_and_says_which_watch_to_narrow():
    alerts = [judged(number, "Gangs") for number in range(6)] + [judged(number, "Gangs", "Parole") for number in (6, 7)]
    verdicts = {alert.alert_id: Verdict.WRONG_PERSON for alert in alerts[:5]}
    verdicts |= {alert.alert_id: Verdict.USEFUL for alert in alerts[6:]}
    gangs, parole = noise_by_folder(alerts, verdicts)
    assert (gangs.folder, gangs.alerts, gangs.noise) == ("Gangs", 8, 0.71)
    assert gangs.narrow_first == "watch of Gangs"
    assert "wrong person" in gangs.proposal
    assert (parole.folder, parole.alerts, parole.noise, parole.narrow_first, parole.proposal) == (
        "Parole", 2, 0, "", "")  # fmt: skip


def test_nothing_is_proposed_before_enough_readers_have_said():
    alerts = [judged(number, "Gangs") for number in range(4)]
    verdicts = {alert.alert_id: Verdict.NOT_USEFUL for alert in alerts}
    assert [one.proposal for one in noise(alerts, verdicts)] == [""]
    assert [one.proposal for one in noise_by_folder(alerts, verdicts)] == [""]
