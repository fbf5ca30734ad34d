"""New York Correction Law 149 by the API and the page: who is to be released, with the fields of the section."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.arrests.model import Provenance
from shared.arrests.person import PersonName
from shared.arrests.seals.table import SealsTable
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Right
from tests.alerts.test_announce_releases import RELEASE_AT, Kings, a_release, a_version
from tests.builders import NOW
from tests.conftest import Tables
from tests.office_api.conftest import ADA
from tests.offices.test_agreements import an_agreement

PATH = "/v1/reports/releases"
DROP = Provenance(drop_id="d", dropped_at=NOW)


@pytest.fixture
def release(tables: Tables) -> Any:
    agreement = an_agreement(ends=date(2999, 12, 31))
    agreements = OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1)
    tables.subscriptions.agreements.save(agreements)
    before = tables.users.find("kings", ADA["email"])
    assert before
    rights = {"rights": frozenset({Right.ARRESTS}), "revision": before.revision + 1}
    tables.users.change(before, before.model_copy(update=rights))
    release = a_release(aliases=[PersonName(surname="Otherby", given="Pat")])
    tables.arrests.store([release], DROP, NOW)
    Kings(tables).hears(a_version(release))
    return release


def test_correction_law_149_the_office_reads_the_fields_of_the_section(call, release: Any) -> None:
    answer = call("GET", PATH, purpose="prosecution")
    (row,) = answer.body["rows"]
    assert row["release_on"] == str(RELEASE_AT.date())
    assert row["proposed_address"] == "14 Elm Street"
    assert row["remaining_term"] == "2 years"
    assert row["crime"] == "Robbery 1, PL 160.15"
    assert row["county"] == "Kings County"
    assert "Otherby" in row["aliases"]
    assert answer.body["late"] == {"roster": 0}


def test_correction_law_149_a_missed_deadline_stands_in_the_report_and_its_table(call, tables: Tables, release) -> None:
    soon = NOW + timedelta(hours=20)
    late = a_release(number="K-9", event_at=soon, event_on=soon.date())
    tables.arrests.store([late], DROP, NOW)
    Kings(tables).hears(a_version(late))
    answer = call("GET", PATH)
    assert answer.body["late"] == {"roster": 1}
    assert [row["late"] for row in answer.body["rows"]] == [True, False], "the next release first"
    table = call("GET", PATH, accept="text/csv")
    assert table.body.splitlines()[0].startswith("arrest_id,release_on,reported_at,late,agency")


def test_cpl_160_50_a_sealed_release_is_in_no_report(call, tables: Tables, release: Any) -> None:
    SealsTable(tables.client, "Arrests", "Juveniles").seal(release.arrest_id, "roster", ["a" * 32], DROP, NOW)
    assert call("GET", PATH).body["rows"] == []


def test_correction_law_149_no_other_office_and_nobody_without_the_right_reads_it(call, release: Any) -> None:
    quinn = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
    assert call("GET", PATH, claims=quinn).status == 403
    assert call("GET", PATH, claims=ADA | {"email": "bo@da.example.gov"}).status == 403


def test_28_cfr_20_21_f_reading_the_releases_is_recorded_with_whose_they_are(call, tables: Tables, release) -> None:
    call("GET", PATH)
    subjects = [item["pk"]["S"] for item in tables.everything_in("Audit") if item["pk"]["S"].startswith("subject#")]
    assert f"subject#kings#arrest:{release.arrest_id}" in subjects
