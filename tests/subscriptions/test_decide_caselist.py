"""S13: what an entry of a caselist does to its subscription, decided on plain values."""

from datetime import timedelta

import pytest

from shared.offices.recipient import Recipient
from shared.subscriptions.bulk.caselist_entry import CaselistEntry, CaselistKind
from shared.subscriptions.bulk.decide_caselist import decide_entry, subscription_of_entry
from shared.subscriptions.model import Status
from tests.builders import NAME_WATCH, NOW, SID_WATCH, an_office

ADA, BO = "ada@da.example.gov", "bo@da.example.gov"
OFFICE = an_office()


def an_entry(**facts):
    usual = {"case_number": "2026-1", "prosecutor": ADA, "state": "open", "criterion": NAME_WATCH}
    return CaselistEntry.model_validate(usual | facts)


def described_by(entry, now=NOW):
    return subscription_of_entry(entry, CaselistKind.CASES, "0" * 32, (), OFFICE, now)


def decide(entry, before=None, now=NOW):
    return decide_entry(entry, CaselistKind.CASES, described_by(entry, now), before, OFFICE, now)


def stored(**facts):
    return described_by(an_entry()).model_copy(update=facts)


def test_s13_a_new_open_case_makes_a_subscription_and_a_new_closed_one_does_not():
    made = decide(an_entry())
    assert (made.result, made.after.owner, made.after.caselist) == ("made", ADA, "cases")
    assert decide(an_entry(state="closed")) == ("unchanged", None)


@pytest.mark.parametrize(
    ("facts", "result"),
    [({}, "unchanged"), ({"criterion": SID_WATCH}, "changed"), ({"prosecutor": BO}, "reassigned")],
)
def test_s13_an_open_case_is_stored_again_only_where_the_list_says_something_else(facts, result):
    decision = decide(an_entry(**facts), stored())
    assert (decision.result, decision.after is None) == (result, not facts)


def test_s13_of_a_reassigned_case_the_old_prosecutor_is_notified_no_more_and_everybody_else_is():
    before = stored(recipients=(Recipient.from_email(ADA), Recipient.from_email("cy@da.example.gov")))
    after = decide(an_entry(prosecutor=BO), before).after
    assert [recipient.email for recipient in after.recipients] == [BO, "cy@da.example.gov"]


def test_s13_what_a_person_cancelled_stays_cancelled_and_what_the_list_closed_is_reopened():
    assert decide(an_entry(), stored(status=Status.CANCELLED, ended_by=ADA)) == ("by hand", None)
    closing = decide(an_entry(state="closed"), stored())
    assert (closing.result, closing.after.ended_by) == ("closed", "list of cases")
    assert decide(an_entry(state="closed"), closing.after) == ("unchanged", None)
    reopening = decide(an_entry(), closing.after)
    assert (reopening.result, reopening.after.status, reopening.after.ended_by) == ("reopened", "active", "")


def test_w25_an_overdue_subscription_is_reported_and_not_validated_by_the_list():
    before = stored()
    decision = decide(an_entry(), before, NOW + timedelta(days=366))
    assert decision == ("overdue", None)
    changed = decide(an_entry(criterion=SID_WATCH), before, NOW + timedelta(days=366))
    assert (changed.result, changed.after.validation_due) == ("overdue", before.validation_due)
