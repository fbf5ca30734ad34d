"""S8: owners are warned 45, 14 and 1 days before, each once; what is over is taken out. Behaviours 64 to 66, W25."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.alerts.delivery.messages.notices_table import NoticesTable
from shared.alerts.expiry_reminders import ExpiryDeps, send_expiry_reminders
from shared.aws.rounds import RoundsTable
from shared.subscriptions.validity import ValidityStatus, validity_status
from tests.alerts.delivery.conftest import Post
from tests.builders import CHARGE_WATCH, NAME_WATCH, PRECINCT_WATCH, a_user, an_office
from tests.subscriptions.conftest import ADA, TODAY

BO = "bo@plain.example.gov"


class Office:
    """The register with the post that its notices go out by."""

    def __init__(self, register):
        self.register, self.post = register, Post(register.tables)
        notices = NoticesTable(register.tables.client, "Alerts")
        tables = register.tables
        self.deps = ExpiryDeps(
            tables.offices,
            tables.subscriptions,
            notices,
            self.post.queue.extend,
            RoundsTable(tables.client, "Subscriptions"),
        )

    def day(self, later: int, times: int = 1) -> list[tuple[str, str]]:
        """The mails of the day that is so much later, on which the job runs so many times."""
        self.register.today = TODAY + timedelta(days=later)
        self.post.now, self.post.mails = self.register.now, []
        for _ in range(times):
            send_expiry_reminders(self.deps, self.register.now)
        self.post.work()
        return [(address, message.text) for address, message, _ in self.post.mails]

    def postings(self) -> int:
        items = self.register.tables.everything_in("Subscriptions")
        return sum(name.startswith("s_") for item in items for name in item if item["sk"]["S"] == "posting")


@pytest.fixture
def office(register):
    return Office(register)


def test_64_s8_warnings_come_45_14_and_1_days_before_and_when_it_is_over_each_once(office):
    due = office.register.wants().subscription.validation_due
    last = (due - TODAY).days
    days_left = (60, *range(47, 42, -1), 30, *range(16, -4, -1), -33, -34)
    warned = [last - left for left in days_left if office.day(last - left, times=2)]
    assert warned == [last - 45, last - 14, last - 1, last + 1]


def test_a_job_that_did_not_run_that_day_gives_the_warning_on_the_next_and_only_the_latest(office):
    last = (office.register.wants().subscription.validation_due - TODAY).days
    assert len(office.day(last - 12)) == 1
    assert office.day(last - 11) == []


def test_the_job_reads_the_documents_of_what_is_due_and_no_others(office):
    client, read = office.register.tables.client, list[dict[str, Any]]()
    due = office.register.wants(ends=(TODAY + timedelta(days=100)).isoformat()).subscription
    for day in range(160, 200):
        office.register.wants(owner=f"list {day}", ends=(TODAY + timedelta(days=day)).isoformat())
    client.meta.events.register(
        "before-call.dynamodb.BatchGetItem", lambda params, **_: read.append(json.loads(params["body"]))
    )
    assert office.day(100 - 14)
    documents = {
        key["sk"]["S"] for call in read for key in call["RequestItems"].get("Subscriptions", {"Keys": []})["Keys"]
    }
    assert {key for key in documents if key.startswith("subscription#")} == {f"subscription#{due.subscription_id}"}


def test_64_one_mail_an_owner_by_basis_without_what_is_inactive(office):
    wants = office.register.wants
    for email in (ADA, BO):
        office.register.tables.users.add(a_user(email))
    for number, criterion in enumerate((NAME_WATCH, CHARGE_WATCH, PRECINCT_WATCH)):
        kind = "warrant" if number == 2 else "investigation"
        wants(criterion=criterion, basis={"kind": kind, "case_number": f"C-{number}"})
    office.register.cancels(wants(basis={"kind": "warrant", "case_number": "C-9"}).subscription)
    wants(owner=BO, basis={"kind": "warrant", "case_number": "B-1"})
    office.register.tables.offices.enrol(an_office("queens"))
    (first, mine), (second, his) = sorted(office.day(365 - 45))
    assert (first, second) == (ADA, BO)
    assert (
        mine.index("INVESTIGATION") < mine.index("C-0") < mine.index("C-1") < mine.index("WARRANT") < mine.index("C-2")
    )
    assert "C-9" not in mine
    assert "Sat, Nov 20, 2027" in mine
    assert "B-1" not in his, "a case number travels to agreed domains only"


def test_what_was_validated_before_the_mail_went_out_is_not_in_it(office):
    made = office.register.wants().subscription
    office.register.today = TODAY + timedelta(days=351)
    office.post.now = office.register.now
    send_expiry_reminders(office.deps, office.register.now)
    office.register.validates(made)
    office.post.work()
    assert office.post.mails == []
    assert office.day(352) == []


def test_an_end_chosen_so_near_is_no_news_to_its_owner(office):
    office.register.wants(ends="2026-12-10")
    assert [later for later in range(25) if office.day(later)] == [6, 19, 21]


def test_65_66_w25_what_was_over_for_a_month_is_taken_out_whoever_made_it_and_can_be_validated_again(office):
    made = office.register.wants(owner="case list").subscription
    last = (made.validation_due - TODAY).days
    office.day(last + 30)
    assert (office.register.read(made).status, office.postings()) == ("active", 1)
    office.day(last + 31)
    expired = office.register.read(made)
    assert (expired.status, office.postings(), office.register.alerts_for()) == ("expired", 0, 0)
    assert validity_status(expired, office.register.today) is ValidityStatus.OVERDUE
    office.register.validates(made)
    assert (office.postings(), office.register.alerts_for()) == (1, 1)


def test_a_notice_that_was_stored_and_never_queued_goes_out_all_the_same(office):
    office.register.wants()
    office.register.today += timedelta(days=351)
    office.post.now = office.register.now
    send_expiry_reminders(
        replace(office.deps, enqueue=lambda _: None),
        office.register.now,
    )
    office.post.passes(minutes=5)
    assert [address for address, _, _ in office.post.mails] == [ADA]
