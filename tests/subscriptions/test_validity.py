"""S8: a watch lives only as long as somebody says that it is needed. Numbers are those of the list of behaviours (1 to
18, 64 to 74) and of faults (W)."""

from datetime import date, timedelta

import pytest

from shared.offices.model import DateRule
from shared.offices.recipient import BasisKind
from shared.subscriptions.errors import SubscriptionOverError
from shared.subscriptions.validity import VALIDITY_YEARS, ValidityStatus, validity_status
from tests.subscriptions.conftest import ADA, TODAY


def basis(kind: str, case_number: str = "2026-KN-000123") -> dict[str, str]:
    return {"kind": kind, "case_number": case_number}


def test_every_basis_has_a_period():
    assert set(VALIDITY_YEARS) == set(BasisKind)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("investigation", date(2027, 11, 20)),
        ("supervision", date(2031, 11, 20)),
        ("documented suspicion", date(2027, 11, 20)),
        ("open case", date(2027, 11, 20)),
        ("warrant", date(2027, 11, 20)),
    ],
)
def test_17_s8_a_new_watch_is_due_after_the_period_of_its_basis(register, kind, due):
    made = register.wants(basis=basis(kind)).subscription
    assert (made.validated_on, made.validated_by, made.validation_due) == (TODAY, ADA, due)


def test_17_s8_due_is_capped_by_the_users_own_last_day(register):
    assert register.wants(ends="2027-02-01").subscription.validation_due == date(2027, 2, 1)


def test_17_w23_a_validation_moves_the_due_day_and_never_the_users_dates(register):
    made = register.wants(ends="2030-01-01", starts="2026-03-01").subscription
    register.today += timedelta(days=40)
    after = register.validates(made)
    assert after.validation_due == date(2027, 12, 30), "an early validation gains the whole period"
    assert (after.starts, after.ends) == (made.starts, made.ends)
    assert register.read(made) == after


def test_22_due_today_alerts_overdue_does_not_and_validated_it_does_again_whatever_jobs_do(register):
    made = register.wants().subscription
    register.today = made.validation_due
    assert register.alerts_for() == 1
    register.today += timedelta(days=1)
    assert register.alerts_for() == 0
    register.validates(made)
    assert register.alerts_for() == 1


def test_overdue_it_alerts_not_even_of_an_older_arrest_in_an_office_that_goes_by_the_day_of_the_arrest(register):
    register.office = register.office.model_copy(update={"goes_by": DateRule.ARREST})
    register.tables.offices.enrol(register.office)
    made = register.wants().subscription
    register.today = made.validation_due + timedelta(days=1)
    assert register.alerts_for() == 0
    register.validates(made)
    assert register.alerts_for() == 1


def test_s8_suspicion_carries_a_watch_for_five_years_and_no_validation_helps_after_that(register):
    made = register.wants(basis=basis("documented suspicion")).subscription
    for _ in range(4):
        register.today += timedelta(days=360)
        made = register.validates(made)
    register.today += timedelta(days=300)
    made = register.validates(made)
    assert made.validation_due == date(2031, 11, 20)
    register.today = date(2031, 11, 21)
    assert register.alerts_for() == 0
    with pytest.raises(SubscriptionOverError, match="another basis"):
        register.validates(made)
    with pytest.raises(SubscriptionOverError, match="another basis"):
        register.wants(basis=basis("documented suspicion"))
    assert register.wants(basis=basis("investigation", "INV-1")).created


def test_s8_a_renewal_moves_the_last_day_because_it_is_asked_to(register):
    made = register.wants(ends="2026-12-01").subscription
    register.today = date(2026, 12, 5)
    assert validity_status(made, register.today) is ValidityStatus.ENDED
    with pytest.raises(SubscriptionOverError, match="last day"):
        register.validates(made)
    renewed = register.renews(made, date(2027, 6, 1))
    assert (renewed.ends, renewed.validation_due, register.alerts_for()) == (date(2027, 6, 1), date(2027, 6, 1), 1)
    with pytest.raises(SubscriptionOverError, match="to come"):
        register.renews(made, date(2026, 12, 4))


def test_s8_an_uncancelled_watch_alerts_again_within_its_own_dates(register):
    made = register.wants(ends="2027-02-01").subscription
    register.cancels(made)
    assert register.alerts_for() == 0
    again = register.uncancels(made)
    assert (again.validation_due, register.alerts_for()) == (made.validation_due, 1)
    register.cancels(made)
    register.today = date(2027, 2, 2)
    with pytest.raises(SubscriptionOverError, match="renew"):
        register.uncancels(made)


def test_s8_an_uncancelled_watch_that_is_overdue_must_be_validated_as_well(register):
    made = register.wants().subscription
    register.cancels(made)
    with pytest.raises(SubscriptionOverError, match="un-cancel"):
        register.validates(made)
    register.today = date(2028, 1, 1)
    register.uncancels(made)
    assert register.alerts_for() == 0
    register.validates(made)
    assert register.alerts_for() == 1


def test_a_change_is_no_validation_but_another_basis_has_another_period(register):
    made = register.wants().subscription
    register.today += timedelta(days=100)
    assert register.changes(made, ends="2029-01-01").validation_due == made.validation_due
    changed = register.changes(register.read(made), basis=basis("supervision"))
    assert (changed.validated_on, changed.validation_due) == (TODAY, date(2031, 11, 20))


def test_3_asking_again_revives_what_was_cancelled_or_overdue_and_validates_it(register):
    made = register.wants().subscription
    register.cancels(made)
    register.today = date(2028, 3, 1)
    again, created, alerts_anew = register.wants()
    assert (created, alerts_anew) == (False, True)
    assert (again.subscription_id, again.validation_due) == (made.subscription_id, date(2029, 3, 1))
    assert register.alerts_for() == 1


def test_8_a_last_day_that_is_past_or_before_the_start_is_refused_and_nothing_is_stored(register):
    for facts in ({"ends": "2026-11-19"}, {"starts": None, "ends": "2026-11-19"}):
        with pytest.raises(SubscriptionOverError):
            register.wants(**facts)
    assert register.tables.everything_in("Subscriptions") == []
    made = register.wants(starts="2027-01-01").subscription
    with pytest.raises(SubscriptionOverError):
        register.renews(made, date(2026, 12, 24))


def test_69_how_a_watch_stands_follows_from_its_dates(register):
    made = register.wants(starts="2026-11-22").subscription
    days = {
        0: ValidityStatus.NOT_BEGUN,
        2: ValidityStatus.ACTIVE,
        319: ValidityStatus.ACTIVE,
        320: ValidityStatus.EXPIRING,
        365: ValidityStatus.EXPIRING,
        366: ValidityStatus.OVERDUE,
    }
    assert {later: validity_status(made, TODAY + timedelta(days=later)) for later in days} == days
    assert validity_status(register.cancels(made), TODAY) is ValidityStatus.CANCELLED


def test_a_leap_day_is_due_on_the_28th(register):
    register.today = date(2028, 2, 29)
    assert register.wants().subscription.validation_due == date(2029, 2, 28)
