"""Who is let in, until when, and when an account is disabled: decided from plain values, against tables by hand."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.offices.governance.model import (
    AdoptedPolicy,
    Governance,
    Policy,
    Requirement,
    TrainingRule,
    hash_of_policy,
)
from shared.offices.governance.personnel import (
    Acknowledgement,
    DisabledFor,
    Disabling,
    Personnel,
    RecordedTraining,
    Training,
    personnel_faults,
    training_fault,
    with_training,
)
from shared.offices.governance.standing import (
    AccountAction,
    AccountStep,
    Barrier,
    account_step,
    barriers,
    reopened,
    still_holds,
)
from shared.offices.model import Office
from shared.offices.purposes import Purpose
from shared.offices.users import Machine, Scope, User, may_receive_details
from tests.builders import NOW, a_user, an_office

TODAY = date(2026, 11, 20)
POLICY = Policy(version="2026-1", sha256="a" * 64)
KIND = "CJIS security awareness"
RULE = TrainingRule(kinds=(KIND,))
COMPLETE = Governance(policy=POLICY, agreement="MOU-1", contact="privacy@da.example.gov", training=RULE)
DAY = timedelta(days=1)


def trained(on: date, kind: str = KIND) -> RecordedTraining:
    return RecordedTraining(kind=kind, completed_on=on, recorded_by="chief@da.example.gov", recorded_at=NOW)


def accepted(at: datetime, policy: Policy = POLICY) -> Acknowledgement:
    return Acknowledgement(version=policy.version, sha256=policy.sha256, at=at)


def somebody(**facts: Any) -> User:
    usual: dict[str, Any] = {
        "acknowledged": accepted(NOW), "personnel": Personnel(trainings=(trained(TODAY),)), "open_since": NOW,
    }  # fmt: skip
    return a_user(**usual | facts)


def an_office_with(governance: Governance = COMPLETE, **facts: Any) -> Office:
    return an_office(governance=governance, **facts)


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ({}, ()),
        ({"policy": None}, (Requirement.POLICY,)),
        ({"agreement": ""}, (Requirement.AGREEMENT,)),
        ({"contact": None}, (Requirement.CONTACT,)),
        ({"training": None}, (Requirement.TRAINING,)),
    ],
)
def test_p11_governors_brief_a_new_office_is_live_when_all_four_are_on_record_and_one_of_before_always(
    left_out: dict[str, Any], missing: tuple[Requirement, ...]
) -> None:
    governance = COMPLETE.model_copy(update=left_out)
    assert governance.missing == missing
    assert an_office(governance=governance, waits_for_governance=True).live is not bool(missing)
    assert an_office(governance=governance).live


def test_p11_governors_brief_a_hash_that_is_not_that_of_the_text_is_refused_with_the_right_one() -> None:
    text = "Use an alert for the purpose that you state."
    right = hash_of_policy(text)
    assert AdoptedPolicy(version="1", sha256=right.upper(), text=f"{text}\n").policy.sha256 == right
    with pytest.raises(ValidationError, match=right):
        AdoptedPolicy(version="1", sha256="b" * 64, text=text)


@pytest.mark.parametrize(
    ("acknowledged", "is_let_in"),
    [
        (None, False),
        (accepted(NOW), True),
        (accepted(NOW - 365 * DAY + timedelta(seconds=1)), True),
        (accepted(NOW - 365 * DAY), False),  # again yearly
        (accepted(NOW, Policy(version="2026-0", sha256="a" * 64)), False),  # it changed
        (accepted(NOW, Policy(version="2026-1", sha256="b" * 64)), False),  # under the same name, too
    ],
)
def test_cjis_pl_4_the_policy_is_accepted_before_access_again_yearly_and_when_it_changes(
    acknowledged: Acknowledgement | None, is_let_in: bool
) -> None:
    person = somebody(acknowledged=acknowledged)
    assert barriers(person, None, an_office_with(), NOW) == (set() if is_let_in else {Barrier.POLICY})
    assert barriers(person, None, an_office(), NOW) == set(), "an office without a policy asks for nothing"
    machine = Machine(client_id="c", scopes=frozenset({Scope.LISTS}), purpose=Purpose.WARRANT, keeper=person.email)
    system = a_user("system@da.example.gov", machine=machine)
    assert (Barrier.POLICY in barriers(system, person, an_office_with(), NOW)) is not is_let_in, "its keeper's counts"


@pytest.mark.parametrize(
    ("completed_on", "starts", "is_let_in"),
    [
        (None, None, False),  # before access
        (None, TODAY + DAY, True),  # there is time until the rule starts
        (None, TODAY, False),
        (TODAY - 365 * DAY, None, True),  # the last day
        (TODAY - 366 * DAY, None, False),  # yearly
        (TODAY - 366 * DAY, TODAY + DAY, True),
    ],
)
def test_cjis_at_3_training_comes_before_access_and_is_over_after_a_year(
    completed_on: date | None, starts: date | None, is_let_in: bool
) -> None:
    rule = RULE.model_copy(update={"starts": starts})
    trainings = (trained(completed_on),) if completed_on else ()
    person = somebody(personnel=Personnel(trainings=trainings), added_at=NOW - 900 * DAY, open_since=NOW)
    office = an_office_with(COMPLETE.model_copy(update={"training": rule}))
    assert barriers(person, None, office, NOW) == (set() if is_let_in else {Barrier.TRAINING})
    step = account_step(person, None, office, NOW)
    assert step == (None if is_let_in else AccountStep(AccountAction.DISABLE, DisabledFor.TRAINING))
    assert account_step(person, None, an_office(), NOW) is None, "an office without a rule asks for none"


def test_cjis_at_3_another_training_than_the_offices_does_not_count() -> None:
    person = somebody(personnel=Personnel(trainings=(trained(TODAY, "First aid"),)))
    assert barriers(person, None, an_office_with(), NOW) == {Barrier.TRAINING}


def test_cjis_at_4_records_of_training_stay_for_three_years_and_no_longer_than_that() -> None:
    days = [TODAY - timedelta(days=days) for days in (1500, 1097, 1096, 500)]
    personnel = Personnel(trainings=tuple(map(trained, days)))
    after = with_training(with_training(personnel, trained(TODAY), TODAY), trained(TODAY), TODAY)
    assert [training.completed_on for training in after.trainings] == [*days[2:], TODAY]


def test_cjis_ps_3_a_vendor_has_a_check_and_an_end_and_no_day_lies_in_the_future() -> None:
    faults = personnel_faults(Personnel(vendor=True), TODAY)
    assert [fault.field for fault in faults] == ["contract_ends", "background_checked_on"]
    checked = Personnel(vendor=True, contract_ends=TODAY, background_checked_on=TODAY)
    assert personnel_faults(checked, TODAY) == []
    [fault] = personnel_faults(checked, TODAY - DAY)
    assert fault.field == "background_checked_on"
    assert training_fault(Training(kind=KIND, completed_on=TODAY), RULE, TODAY) is None
    to_come = training_fault(Training(kind=KIND, completed_on=TODAY + DAY), RULE, TODAY)
    assert to_come
    assert to_come.field == "completed_on"
    unknown = training_fault(Training(kind="First aid", completed_on=TODAY), RULE, TODAY)
    assert unknown
    assert KIND in unknown.mend


def test_cjis_ac_2_2_a_temporary_account_is_closed_on_the_day_after_its_end_and_gone_within_72_hours() -> None:
    office, ends = an_office(), TODAY
    vendor = a_user(personnel=Personnel(vendor=True, contract_ends=ends), open_since=NOW)
    last_moment = datetime(2026, 11, 20, 23, 59, tzinfo=office.zone)
    assert account_step(vendor, None, office, last_moment) is None
    assert not barriers(vendor, None, office, last_moment)
    after = last_moment + timedelta(minutes=1)
    assert barriers(vendor, None, office, after) == {Barrier.CONTRACT}
    assert account_step(vendor, None, office, after) == AccountStep(AccountAction.DISABLE, DisabledFor.CONTRACT)
    job_ran_late = after + timedelta(hours=20)
    disabled = vendor.model_copy(update={"disabled": Disabling(reason=DisabledFor.CONTRACT, since=job_ran_late)})
    steps = [account_step(disabled, None, office, after + timedelta(hours=hours)) for hours in range(80)]
    [first, *_] = [hours for hours, step in enumerate(steps) if step]
    assert steps[first] == AccountStep(AccountAction.REMOVE, DisabledFor.CONTRACT)
    assert first <= 72
    extended = disabled.model_copy(update={"personnel": Personnel(vendor=True, contract_ends=TODAY + 30 * DAY)})
    assert still_holds(disabled, None, office, after)
    assert not still_holds(extended, None, office, after)


@pytest.mark.parametrize(
    ("last_signed_in", "open_since", "step"),
    [
        (None, None, AccountStep(AccountAction.STAMP)),  # of before: it is counted from now on
        (NOW - 90 * DAY, None, None),
        (NOW - 91 * DAY, None, AccountStep(AccountAction.DISABLE, DisabledFor.IDLE)),
        (None, NOW - 91 * DAY, AccountStep(AccountAction.DISABLE, DisabledFor.IDLE)),  # who never came
        (NOW - 200 * DAY, NOW - DAY, None),  # opened again
        (NOW, NOW - 200 * DAY, None),
    ],
)
def test_cjis_ac_2_3_an_account_that_was_idle_for_90_days_is_disabled_within_a_week(
    last_signed_in: datetime | None, open_since: datetime | None, step: AccountStep | None
) -> None:
    user = a_user(last_signed_in=last_signed_in, open_since=open_since, added_at=NOW - 900 * DAY)
    assert account_step(user, None, an_office(), NOW) == step
    if step and step.reason:
        disabled = user.model_copy(update={"disabled": Disabling(reason=step.reason, since=NOW)})
        assert not disabled.active
        assert account_step(disabled, None, an_office(), NOW + 400 * DAY) is None, "it stays, for a super-owner to open"
        assert account_step(reopened(disabled, NOW), None, an_office(), NOW) is None


def test_cjis_ac_2_3_a_machine_whose_keeper_has_left_is_disabled_within_a_week() -> None:
    machine = Machine(
        client_id="c", scopes=frozenset({Scope.LISTS}), purpose=Purpose.WARRANT, keeper="ada@da.example.gov"
    )
    system = a_user("system@da.example.gov", machine=machine, open_since=NOW)
    keeper = a_user("ada@da.example.gov")
    assert account_step(system, keeper, an_office(), NOW + 30 * DAY) is None
    left = keeper.model_copy(update={"deprovisioned_at": NOW})
    days = [day for day in range(10) if account_step(system, left, an_office(), NOW + day * DAY)]
    assert days[0] == 7
    assert account_step(system, None, an_office(), NOW + 30 * DAY), "nor may it name nobody"
    of_before = a_user("old@da.example.gov", machine=machine.model_copy(update={"keeper": None}), open_since=NOW)
    assert account_step(of_before, None, an_office(), NOW + 30 * DAY) is None, "no update makes a machine fall silent"


def test_cjis_pl_4_no_mail_says_who_was_arrested_to_somebody_who_has_not_accepted_the_policy() -> None:
    office, email = an_office_with(), "ada.example@da.example.gov"
    assert may_receive_details(office, email, somebody(), NOW)
    assert not may_receive_details(office, email, somebody(acknowledged=None), NOW)
    assert may_receive_details(an_office(), email, somebody(acknowledged=None), NOW), "where there is none, as before"


def test_cjis_ps_4_the_directory_that_let_nobody_in_for_a_day_gets_them_no_names_by_mail() -> None:
    """We are not told who leaves at an office's identity provider, so its last word counts for a day."""
    office, email = an_office(identity_provider="KingsEntra"), "ada.example@da.example.gov"
    assert may_receive_details(office, email, somebody(last_signed_in=NOW - timedelta(hours=24)), NOW)
    assert not may_receive_details(office, email, somebody(last_signed_in=NOW - timedelta(hours=25)), NOW)
    assert not may_receive_details(office, email, somebody(last_signed_in=None), NOW)
