"""S13: watches from the case list and the warrant list. Behaviour 71, W25, W27."""

from datetime import timedelta

import pytest

from shared.subscriptions.bulk.caselist_entry import CaselistKind, parse_caselist, read_caselist
from shared.subscriptions.bulk.sync_caselist import SyncDeps, close_absent, sync_rows
from shared.subscriptions.folders.model import Folder, Tab
from shared.subscriptions.validity import ValidityStatus, validity_status
from tests.builders import PSEUDONYMS, an_arrest
from tests.subscriptions.conftest import ADA, TODAY

BO = "bo@da.example.gov"


class Lists:
    def __init__(self, register):
        self.register = register

    def says(self, *rows, kind="cases", seconds=60):
        sync_deps = SyncDeps(self.register.deps, PSEUDONYMS, seconds)
        return sync_rows(parse_caselist(rows), CaselistKind(kind), self.register.office, sync_deps, self.register.now)

    def says_all(self, *rows):
        """That this is the whole list."""
        sync_deps = SyncDeps(self.register.deps, PSEUDONYMS, 60)
        return close_absent(
            parse_caselist(rows), CaselistKind.CASES, self.register.office, sync_deps, self.register.now
        )

    def stored(self):
        return list(self.register.tables.subscriptions.all_of("kings"))


@pytest.fixture
def lists(register):
    return Lists(register)


def row(**facts):
    usual = {"case_number": "2026-1", "prosecutor": ADA, "state": "open", "surname": "Example", "given": "Pat",
             "date_of_birth": "1990-02-03"}  # fmt: skip
    return {name: value for name, value in (usual | facts).items() if value}


def became(results):
    return [report.result.value for report in results]


@pytest.mark.parametrize(
    ("kind", "state", "basis"), [("cases", "open", "open case"), ("warrants", "active", "warrant")]
)
def test_s13_w27_a_row_makes_a_watch_for_the_assigned_prosecutor_and_only_for_that_one(lists, kind, state, basis):
    assert became(lists.says(row(state=state, ends="2027-06-01"), kind=kind)) == ["made"]
    (subscription,) = lists.stored()
    assert (subscription.owner, subscription.basis.kind, subscription.caselist, subscription.ends.isoformat()) == (
        ADA,
        basis,
        kind,
        "2027-06-01",
    )
    assert [recipient.root for recipient in subscription.recipients] == [{"email": ADA}], "W27: nobody else of the case"
    assert lists.register.alerts_for(an_arrest(sid=None, arrested_on=TODAY)) == 1


def test_s13_71_reassigned_it_moves_with_the_mail_and_keeps_whom_a_person_added(lists):
    lists.says(row())
    lists.register.tells_also(lists.stored()[0], "cy@da.example.gov")
    assert became(lists.says(row(prosecutor=BO))) == ["reassigned"]
    (subscription,) = lists.stored()
    assert (subscription.owner, [recipient.email for recipient in subscription.recipients]) == (
        BO,
        [BO, "cy@da.example.gov"],
    )
    assert became(lists.says(row(prosecutor=BO))) == ["unchanged"]


def test_s13_71_closed_it_ends_and_opened_again_it_goes_on(lists):
    lists.says(row())
    assert became(lists.says(row(state="closed"))) == ["closed"]
    assert lists.stored()[0].ended_by == "list of cases"
    assert lists.register.alerts_for(an_arrest(arrested_on=TODAY)) == 0
    assert became(lists.says(row(state="closed"))) == ["unchanged"]
    assert became(lists.says(row())) == ["reopened"]
    assert lists.register.alerts_for(an_arrest("K-2", arrested_on=lists.register.today)) == 1


def test_a_corrected_person_is_watched_instead_of_the_old_one(lists):
    lists.says(row())
    assert became(lists.says(row(given="Robin", sid="7654321B", sid_state="NY"))) == ["changed"]
    assert len(lists.stored()) == 1
    assert lists.register.alerts_for(an_arrest(sid="7654321B", arrested_on=TODAY)) == 1


def test_w25_an_automatic_watch_is_due_like_any_other_and_the_list_does_not_validate_it(lists):
    lists.says(row())
    lists.register.today = TODAY + timedelta(days=366)
    assert became(lists.says(row())) == ["overdue"]
    (subscription,) = lists.stored()
    assert validity_status(subscription, lists.register.today) is ValidityStatus.OVERDUE
    assert lists.register.alerts_for(an_arrest("K-2", arrested_on=lists.register.today)) == 0
    lists.register.validates(subscription)
    assert became(lists.says(row())) == ["unchanged"]


def test_what_a_person_did_by_hand_stands(lists):
    lists.says(row())
    lists.register.cancels(lists.stored()[0])
    assert became(lists.says(row())) == ["by hand"]
    person = {"watch": "person", "surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"}
    lists.register.wants(criterion=person, basis={"kind": "open case", "case_number": "2026-2"})
    assert became(lists.says(row(case_number="2026-2"))) == ["by hand"]
    assert len(lists.stored()) == 2


def test_71_a_row_that_cannot_be_followed_says_why_and_holds_up_none_of_the_others(lists):
    rows = {
        "rejected: an outsider": row(prosecutor="eve@press.example.com"),
        "rejected: no date": row(case_number="2", date_of_birth="soon"),
        "made": row(case_number="3"),
        "rejected: the same": row(case_number="3"),
        "made: another defendant": row(case_number="3", defendant="2", given="Robin"),
        "rejected: no state": row(case_number="4", state="asleep"),
        "rejected: nobody": row(case_number="5", surname="", given="", date_of_birth=""),
        "unchanged: it was never open": row(case_number="6", state="closed"),
    }
    results = lists.says(*rows.values())
    assert became(results) == [word.partition(":")[0] for word in rows]
    assert all(report.reason and report.fix for report in results if report.result == "rejected")
    assert "Row 3" in results[3].reason
    assert len(lists.stored()) == 2


def test_s13_the_same_list_as_a_file(lists):
    content = (
        "case_number;prosecutor;state;surname;given;date_of_birth\n"
        f'2026-1;{ADA};Open;Example;"Pat; Jo";02/03/1990\n\n2026-2;{ADA};open;Example\n'
    )
    sync_deps = SyncDeps(lists.register.deps, PSEUDONYMS, 60)
    lines = read_caselist(content.encode(), "csv")
    results = sync_rows(lines, CaselistKind.CASES, lists.register.office, sync_deps, lists.register.now)
    assert [(report.line, report.result) for report in results] == [(2, "made"), (4, "rejected")]
    assert lists.stored()[0].criterion.given == "Pat; Jo"


def test_when_time_runs_out_the_rest_is_said_to_be_left(lists):
    assert became(lists.says(row(), seconds=-1)) == ["not reached"]


def test_s13_what_a_list_makes_lies_in_the_folder_that_keeps_it_also_when_that_comes_later(lists):
    lists.says(row())
    table = lists.register.tables.subscriptions.folders
    cases = Folder(folder_id="c" * 32, tab=Tab.PREDEFINED, name="Open cases", keeps="cases")
    table.save(table.tree("kings").with_folder(cases))
    assert became(lists.says(row(), row(case_number="2026-2", surname="Sample"))) == ["changed", "made"]
    assert [subscription.folders for subscription in lists.stored()] == [("c" * 32,)] * 2
    assert became(lists.says(row())) == ["unchanged"]


def test_s13_a_complete_list_closes_what_it_names_no_more_and_nothing_that_it_did_not_make(lists):
    lists.says(row(), row(case_number="2026-2", surname="Sample"))
    by_hand = lists.register.wants().subscription
    assert [(report.result, report.case_number) for report in lists.says_all(row())] == [("closed", "2026-2")]
    stored = {subscription.basis.case_number: subscription.status.value for subscription in lists.stored()}
    assert (stored["2026-1"], stored["2026-2"], stored[by_hand.basis.case_number]) == ("active", "cancelled", "active")
    assert lists.says_all(row()) == []


def test_s13_a_complete_list_with_a_row_that_cannot_be_read_closes_nothing(lists):
    lists.says(row(), row(case_number="2026-2", surname="Sample"))
    assert lists.says_all(row(), row(case_number="2026-2", surname="")) == []
