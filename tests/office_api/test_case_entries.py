"""What a person enters about the end of a case: who may, what is refused, and what of it counts."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.offices.users import Right
from tests.builders import a_user, an_arrest
from tests.office_api.conftest import ADA
from tests.office_api.test_holds import REGISTRAR, number, report  # noqa: F401 - a fixture

EXHAUSTED = {"kind": "appeals exhausted", "day": "2026-11-02", "source": "order of the Appellate Division"}


def test_nypd_2021_what_ended_a_case_is_entered_listed_and_taken_back(call, number):  # noqa: F811
    entered = call("POST", "/v1/case-entries", EXHAUSTED | {"number": number}, claims=REGISTRAR)
    assert entered.status == 201, entered.body
    entry = entered.body["entry"]
    assert entry["arrest_ids"] == [an_arrest().arrest_id]
    assert (entry["day"], entry["source"], entry["entered_by"]) == (
        "2026-11-02", "order of the Appellate Division", "rita@da.example.gov",
    )  # fmt: skip
    assert entered.body["counts_from"] == datetime.now(UTC).date().isoformat(), "no earlier than it was entered"
    back = call("POST", f"/v1/case-entries/{entry['entry_id']}/take-back", claims=REGISTRAR)
    assert (back.body["counts"], back.body["entry"]["taken_back_by"]) == (False, "rita@da.example.gov")
    again = call("POST", f"/v1/case-entries/{entry['entry_id']}/take-back", claims=REGISTRAR)
    assert again.body == back.body, "once"
    assert call("GET", "/v1/case-entries", claims=REGISTRAR).body["items"] == [back.body]


def test_nypd_2021_an_entry_is_about_every_report_of_the_custody_whose_number_it_names(call, number, tables):  # noqa: F811
    booked = an_arrest("B-7", agency="county-jail", statutes=("PL 120.10",))
    report(booked, tables)
    entered = call("POST", "/v1/case-entries", EXHAUSTED | {"number": number}, claims=REGISTRAR)
    assert set(entered.body["entry"]["arrest_ids"]) == {an_arrest().arrest_id, booked.arrest_id}


def test_nypd_2021_an_entry_is_an_audit_event_that_names_nobody(call, number, tables):  # noqa: F811
    call("POST", "/v1/case-entries", EXHAUSTED | {"number": number}, claims=REGISTRAR)
    events = [
        item["doc"]["S"]
        for item in tables.everything_in("Audit")
        if "doc" in item and "/v1/case-entries" in item["doc"]["S"]
    ]
    assert events
    assert all("rita@da.example.gov" in event for event in events)
    assert "Appellate" not in str(tables.everything_in("Audit"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "AAAAA"}, "number"),
        ({"day": str((datetime.now(UTC) + timedelta(days=3)).date())}, "day"),
        ({"day": "yesterday"}, "day"),
        ({"kind": "forgotten"}, "kind"),
        ({"source": ""}, "source"),
    ],
)
def test_nypd_2021_an_entry_that_cannot_be_says_which_field_to_mend(call, number, wrong, field):  # noqa: F811
    refused = call("POST", "/v1/case-entries", EXHAUSTED | {"number": number} | wrong, claims=REGISTRAR)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, field)
    assert call("GET", "/v1/case-entries", claims=REGISTRAR).body == {"items": []}


def test_nypd_2021_who_does_not_answer_for_records_takes_nothing_back(call, number, tables):  # noqa: F811
    entered = call("POST", "/v1/case-entries", EXHAUSTED | {"number": number}, claims=REGISTRAR)
    path = f"/v1/case-entries/{entered.body['entry']['entry_id']}/take-back"
    tables.users.add(a_user("lee@da.example.gov", rights={Right.ARRESTS}))
    assert call("POST", path, claims=ADA | {"email": "lee@da.example.gov"}).status == 403
    assert call("POST", "/v1/case-entries/" + "0" * 32 + "/take-back", claims=REGISTRAR).status == 404
