"""Accounts that end: people are warned, the account is disabled, and the office hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.alerts.incidents.account_sweep import see_to_accounts
from shared.audit.event import SignOff
from shared.audit.week import unsigned_weeks, week_name
from shared.offices.governance.model import Governance, Requirement
from shared.offices.governance.personnel import DisabledFor, Personnel
from shared.offices.governance.standing import IDLE_FOR
from shared.offices.purposes import Purpose
from shared.offices.users import Machine, Right, Scope, User
from tests.alerts.test_incidents import DESK, RECORDS, Alarm, later
from tests.builders import NOW, a_user
from tests.conftest import Tables
from tests.office_api.governed import GOVERNANCE, trained
from tests.offices.test_agreements import an_agreement

CLEO, SUE = "cleo@da.example.gov", "sue@da.example.gov"


class Accounts(Alarm):
    """The office with a rule of training, its super-owner Sue, who never comes to an end, and Cleo."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self.closed: list[str] = []
        self.enrol(contact=DESK, governance=GOVERNANCE.model_copy(update={"training": None}))
        self.add(SUE, rights=frozenset({Right.SUPER_OWNER}), open_since=later(days=1000))

    def add(self, email: str = CLEO, **facts: Any) -> User:
        user = a_user(email, **{"open_since": NOW} | facts)
        self.tables.users.add(user)
        return user

    def user(self, email: str = CLEO) -> User:
        user = self.tables.users.find("kings", email)
        assert user
        return user

    def runs(self, days: float) -> list[tuple[str, str]]:
        """Twice, as it may; returns address and subject of each mail."""
        now = later(days=days)
        self.post.now, self.post.mails = now, []
        for minutes in (0, 5):
            see_to_accounts(self.deps, lambda user: self.closed.append(user.email), now + timedelta(minutes=minutes))
        self.post.work()
        return sorted(self.post.sent_subjects())


@pytest.fixture
def accounts(tables: Tables) -> Accounts:
    return Accounts(tables)


def test_cjis_ac_2_3_who_does_not_sign_in_is_warned_14_and_1_days_before_and_then_disabled(accounts: Accounts) -> None:
    accounts.add()
    told = {day: mails for day in range(60, 110) if (mails := accounts.runs(day))}
    warned = [day - IDLE_FOR.days for day, mails in told.items() if any(to == CLEO for to, _ in mails)]
    assert warned == [-14, -1]
    [disabled_on, *_] = [day for day, mails in told.items() if (SUE, "1 account is disabled") in mails]
    assert 0 <= disabled_on - IDLE_FOR.days <= 7, "within a week"
    assert (DESK, "1 account is disabled") in told[disabled_on]
    user = accounts.user()
    assert user.disabled
    assert (user.active, user.disabled.reason, accounts.user(SUE).active) == (False, DisabledFor.IDLE, True)


def test_cjis_ac_2_3_who_signs_in_after_the_warning_stays_and_hears_so(accounts: Accounts) -> None:
    accounts.add()
    assert [to for to, _ in accounts.runs(76)] == [CLEO, DESK, SUE]
    accounts.tables.users.note_sign_in(accounts.user(), later(days=77))
    assert (CLEO, "Over: access goes on") in accounts.runs(78)
    assert not [mails for day in range(79, 140) if (mails := accounts.runs(day))]


def test_cjis_ac_2_3_accounts_of_before_are_counted_from_now_on(accounts: Accounts) -> None:
    """No update makes an office fall silent."""
    accounts.add(added_at=NOW - timedelta(days=900), open_since=None)
    assert accounts.runs(0) == []
    assert accounts.user().open_since == later(days=0)


def test_cjis_at_3_people_are_warned_thirty_days_before_their_training_is_over(accounts: Accounts) -> None:
    accounts.enrol(contact=DESK, governance=GOVERNANCE)
    accounts.add(personnel=trained(NOW), open_since=later(days=1000))
    sue = accounts.user(SUE)
    accounts.tables.users.change(sue, sue.model_copy(update={"personnel": trained(later(days=300)), "revision": 2}))
    told = {day: [to for to, _ in mails] for day in range(320, 370) if (mails := accounts.runs(day))}
    last_day = 364
    assert [day - last_day for day, people in told.items() if CLEO in people] == [-30, -14, -1]
    user = accounts.user()
    assert user.disabled
    assert user.disabled.reason is DisabledFor.TRAINING


def test_cjis_ac_2_2_a_vendor_is_out_after_the_contract_and_gone_within_72_hours_and_can_still_be_handed_over(
    accounts: Accounts,
) -> None:
    accounts.add(personnel=Personnel(vendor=True, contract_ends=NOW.date()), rights=frozenset({Right.REVIEW}))
    accounts.runs(0)
    assert accounts.user().active
    mails = accounts.runs(1)
    assert (SUE, "1 account is disabled") in mails
    for hours in range(25, 25 + 49):
        accounts.runs(hours / 24)
    user = accounts.user()
    assert (user.removed, user.rights, user.succeeded_by) == (True, frozenset(), None)
    assert accounts.closed == [CLEO], "once"


def test_cjis_ac_2_3_a_machine_without_a_keeper_is_disabled_and_a_colleague_hears_before(accounts: Accounts) -> None:
    machine = Machine(client_id="c", scopes=frozenset({Scope.LISTS}), purpose=Purpose.WARRANT, keeper=CLEO)
    accounts.add("system@da.example.gov", machine=machine, open_since=later(days=1000))
    accounts.add(open_since=later(days=1000), deprovisioned_at=NOW)
    assert {to for to, _ in accounts.runs(0)} >= {DESK, SUE}
    accounts.runs(8)
    system = accounts.user("system@da.example.gov")
    assert system.disabled
    assert system.disabled.reason is DisabledFor.OWNERLESS


def test_p11_cjis_ac_2_the_only_super_owner_is_disabled_too_and_the_contact_hears(accounts: Accounts) -> None:
    """An operator opens the account again: `arrest-alert account`."""
    sue = accounts.user(SUE)
    accounts.tables.users.change(sue, sue.model_copy(update={"open_since": NOW, "revision": 2}))
    assert (DESK, "1 account is disabled") in accounts.runs(92)


def test_p11_cjis_ac_2_a_suspended_office_is_told_nothing(accounts: Accounts) -> None:
    accounts.add()
    accounts.enrol(contact=DESK, suspended=True)
    assert accounts.runs(100) == []
    assert not accounts.user().active


def test_p11_cjis_ac_2_an_office_and_an_agency_of_before_are_told_once_what_is_not_on_record(
    accounts: Accounts,
) -> None:
    accounts.deps = replace(accounts.deps, missing_of_feed=lambda _agency: (Requirement.POLICY,))
    accounts.enrol(contact=DESK, governance=Governance(), agencies=("testville",))
    accounts.agrees(an_agreement("testville", ends=date(2029, 1, 1)))
    title = "Something is not on record yet"
    assert accounts.sweeps(NOW) == [(DESK, title), (RECORDS, title)]
    assert not [mails for day in range(1, 60) if (mails := accounts.sweeps(later(days=day)))]
    accounts.deps = replace(accounts.deps, missing_of_feed=lambda _agency: ())
    accounts.enrol(contact=DESK, governance=GOVERNANCE, agencies=("testville",))
    over = "Over: something was not on record"
    assert accounts.sweeps(later(days=61)) == [(DESK, over), (RECORDS, over)]


def sign(accounts: Accounts, *weeks: str) -> None:
    for week in weeks:
        sign_off = SignOff(office_id="kings", week=week, events=0, denied=0, signed_by=CLEO, signed_at=NOW)
        assert accounts.tables.audit.sign_off(sign_off)


def test_cjis_au_6_whoever_may_sign_is_reminded_of_each_week_that_nobody_signed_until_it_is_signed(
    accounts: Accounts,
) -> None:
    accounts.add(rights=frozenset({Right.AUDIT}), open_since=later(days=1000))
    accounts.add("bo@da.example.gov", rights=frozenset({Right.FEEDS}), open_since=later(days=1000))
    audit = accounts.tables.audit
    accounts.deps = replace(
        accounts.deps, signed_weeks=lambda office_id: [each.week for each in audit.sign_offs(office_id, 12, None)[0]]
    )
    assert accounts.runs(0) == [], "no week is over since the office began"
    told = accounts.runs(10)
    assert [to for to, _ in told] == [CLEO], "neither the super-owner nor who may not read the audit"
    [mail] = accounts.post.mails
    week = week_name(NOW.date() + timedelta(days=3))
    assert week in str(mail), "it names the week"
    assert [to for to, _ in accounts.runs(17)] == [CLEO], "the next week is over, too"
    sign(accounts, week, week_name(NOW.date() + timedelta(days=10)))
    assert accounts.runs(17.5) == [(CLEO, "Over: weeks of audit waited for a signature")]
    assert accounts.runs(18) == []


@pytest.mark.parametrize(
    ("signed", "since", "weeks"),
    [
        ((), date(2026, 1, 1), ("2026-W44", "2026-W45", "2026-W46", "2026-W47")),
        (("2026-W45", "2026-W47"), date(2026, 1, 1), ("2026-W44", "2026-W46")),
        ((), date(2026, 11, 9), ("2026-W46", "2026-W47")),
        ((), date(2026, 11, 10), ("2026-W47",)),
        ((), date(2026, 11, 23), ()),
    ],
)
def test_cjis_au_6_the_last_four_weeks_that_are_over_wait_and_none_from_before_the_office_began(
    signed: tuple[str, ...], since: date, weeks: tuple[str, ...]
) -> None:
    """23 November 2026 is a Monday: the week that it begins is not over."""
    assert unsigned_weeks(signed, date(2026, 11, 23), since) == weeks
