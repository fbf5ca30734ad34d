"""O7: the office's reports, as JSON and as CSV."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.reports.fairness import age_group_of
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.offices.users import Right
from shared.subscriptions.folders.model import Folder, Role, Tab
from tests.builders import NAME_WATCH, PSEUDONYMS, a_subscription, a_user, an_arrest, discard
from tests.office_api.conftest import ADA

NOW = datetime.now(UTC)
TODAY = NOW.date()
HEAD = ADA | {"email": "head@da.example.gov"}


@pytest.fixture
def office(call, tables):
    """Ada watches a person by number, urgently, and by name; two arrests, one alert of them acknowledged and judged."""
    tables.users.add(a_user(HEAD["email"], "kings", rights=frozenset({Right.SUPER_OWNER})))
    tables.watch_list.add(a_subscription(urgency="urgent", validation_due=TODAY + timedelta(days=20)))
    other = {"kind": "warrant", "case_number": "=HYPERLINK(1)"}
    tables.watch_list.add(a_subscription(NAME_WATCH, basis=other, validation_due=TODAY + timedelta(days=200)))
    tables.watch_list.add(a_subscription(NAME_WATCH, validation_due=TODAY - timedelta(days=2)))
    alerting = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    for arrest in (an_arrest("K-1"), an_arrest("K-2", sid=None)):
        tables.arrests.store([arrest], Provenance(drop_id=arrest.number, dropped_at=NOW), NOW)
        match_versions([Version(arrest, None, NOW, NOW)], alerting, NOW - timedelta(minutes=5))
    for alert in call("GET", "/v1/alerts").body["items"]:
        if alert["because"][0]["urgency"] == "urgent" or len(alert["because"]) == 2:
            call("PUT", f"/v1/alerts/{alert['alert_id']}/acknowledgement")
            call("PUT", f"/v1/alerts/{alert['alert_id']}/verdict", {"verdict": "right person"})
    return call


def rows(answer):
    assert answer.status == 200, answer.body
    assert answer.body["complete"]
    return answer.body["rows"]


def test_o7_alerts_by_folder_with_acknowledgements_and_verdicts(office):
    [row] = rows(office("GET", "/v1/reports/folders"))
    assert (row["folder"], row["alerts"], row["watches"], row["acknowledged"]) == ("", 2, 2, 1)
    assert (row["right_person"], row["wrong_person"]) == (1, 0)


def test_o7_priorities_by_area(office):
    [row] = rows(office("GET", "/v1/reports/areas"))
    assert row == {"agency": "roster", "precinct": "101", "alerts": 2, "urgent": 1}


def test_o7_acknowledgement_times_by_urgency(office):
    urgent, normal = rows(office("GET", "/v1/reports/acknowledgements"))
    assert (urgent["urgency"], urgent["alerts"], urgent["acknowledged"]) == ("urgent", 1, 1)
    assert 4.9 < urgent["p50"] < 30
    assert (normal["acknowledged"], normal["p50"]) == (0, None)


def test_o7_what_is_expiring_and_what_is_over(office):
    found = rows(office("GET", "/v1/reports/lapsing"))
    assert [one["standing"] for one in found] == ["overdue", "expiring"]


def test_o7_what_each_user_does_is_for_super_owners(office):
    assert office("GET", "/v1/reports/users").status == 403
    [ada] = rows(office("GET", "/v1/reports/users", claims=HEAD))
    assert ada == {"email": ADA["email"], "watches": 2, "alerts": 2, "acknowledged": 1, "verdicts": 1}


def test_o7_whom_alerts_are_about_is_counted_by_precinct_and_age_for_super_owners(office):
    assert office("GET", "/v1/reports/fairness").status == 403
    [row] = rows(office("GET", "/v1/reports/fairness", claims=HEAD))
    group = {"agency": "roster", "precinct": "101", "age_group": "35 to 44"}
    assert row == group | {"arrests": 2, "alerts": 2, "right_person": 1, "wrong_person": 0, "not_useful": 0}


def test_o7_who_turns_out_to_be_a_minor_or_is_sealed_is_in_no_count_of_whom_alerts_are_about(office, tables):
    later = Provenance(drop_id="later", dropped_at=NOW + timedelta(minutes=1))
    tables.arrests.store([an_arrest("K-1", juvenile=True)], later, NOW)
    tables.seals.seal(an_arrest("K-2").arrest_id, "roster", ["k"], later, NOW)
    assert rows(office("GET", "/v1/reports/fairness", claims=HEAD)) == []


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (date(2002, 11, 20), "18 to 24"), (date(2001, 11, 21), "18 to 24"), (date(2001, 11, 20), "25 to 34"),
        (date(1971, 11, 20), "55 and older"), (date(1971, 11, 21), "45 to 54"), (None, "not reported"),
    ],
)  # fmt: skip
def test_o7_an_age_is_that_at_the_arrest(born, group):
    assert age_group_of(an_arrest(born=born, arrested_on=date(2026, 11, 20))) == group


def test_o7_every_report_is_a_table_for_who_asks_for_one(office):
    for name in ("folders", "areas", "acknowledgements", "lapsing", "users", "fairness"):
        answer = office("GET", f"/v1/reports/{name}", claims=HEAD, accept="text/csv")
        assert answer.content_type.startswith("text/csv")
        assert list(csv.DictReader(io.StringIO(answer.body)))


def test_a_cell_that_a_spreadsheet_would_run_is_text(office, tables):
    formula = {"kind": "warrant", "case_number": "=HYPERLINK(1)"}
    tables.watch_list.add(a_subscription(basis=formula, validation_due=TODAY + timedelta(days=3)))
    table = office("GET", "/v1/reports/lapsing", accept="text/csv").body
    assert "'=HYPERLINK(1)" in table


REPORTS = ("folders", "areas", "acknowledgements", "lapsing", "noise", "delivery-times", "folders?days=90")


def test_ta5_no_report_counts_or_names_what_its_reader_gets_404_for(office, call, tables):
    """Bo has no role on the folder, is no recipient, and made none of the watches."""
    bo = ADA | {"email": "bo@da.example.gov"}
    for report in REPORTS:
        path, _, query = report.partition("?")
        answer = call("GET", f"/v1/reports/{path}", claims=bo, query=query).body
        assert not any(rows for rows in answer.values() if isinstance(rows, list)), (report, answer)
        assert "2026-KN" not in str(answer)


def test_ta5_a_report_names_no_folder_that_its_reader_may_not_read(call, tables):
    vic, bo = "vic@da.example.gov", ADA | {"email": "bo@da.example.gov"}
    tables.users.add(a_user(vic, "kings"))
    unseen = Folder(folder_id="a" * 32, tab=Tab.TEAM, name="Operation Quiet", roles={vic: Role.OWNER}, unseen=True)
    tables.subscriptions.folders.save(tables.subscriptions.folders.tree("kings").with_folder(unseen))
    tables.watch_list.add(
        a_subscription(folders=(unseen.folder_id,), recipients=[{"email": bo["email"]}], owner=vic, urgency="urgent")
    )
    alerting = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    tables.arrests.store([an_arrest()], Provenance(drop_id="d", dropped_at=NOW), NOW)
    match_versions([Version(an_arrest(), None, NOW, NOW)], alerting, NOW - timedelta(minutes=5))
    named = {
        email: str(call("GET", "/v1/reports/folders", claims=ADA | {"email": email}).body)
        for email in (vic, bo["email"])
    }
    assert "Operation Quiet" in named[vic]
    assert "Operation Quiet" not in named[bo["email"]]
    assert "'alerts': 2" in named[bo["email"]]


def test_ta5_an_area_counts_no_alert_that_is_about_another_person_now(office, tables):
    later = NOW + timedelta(minutes=1)
    stranger = an_arrest("K-2", sid=None, surname="Otter", given="Sam")
    tables.arrests.store([stranger], Provenance(drop_id="later", dropped_at=later), later)
    [row] = rows(office("GET", "/v1/reports/areas"))
    assert row["alerts"] == 1
