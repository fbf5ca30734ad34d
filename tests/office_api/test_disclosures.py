"""P7, P12: the disclosure log: asked for, decided by another person, listed, counted; and who gets in."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest

from shared.arrests.model import Arrest, Provenance
from shared.offices.agreements import OfficeAgreements
from tests.builders import NOW
from tests.conftest import Tables
from tests.disclosures.test_decide import a_request
from tests.office_api.conftest import ADA, Call
from tests.office_api.passed_on import BO, IDA, PAT, QUINN, an_arrest_of_the_office
from tests.offices.test_agreements import an_agreement

LOG = "/v1/disclosures"
APPROVE = {"reason": "The consent covers these facts."}


@pytest.fixture
def arrest(tables: Tables) -> Arrest:
    return an_arrest_of_the_office(tables)


def wish(arrest: Arrest, **facts: Any) -> dict[str, Any]:
    return a_request(**{"arrest_ids": [arrest.arrest_id]} | facts).model_dump(mode="json")


def test_p7_a_disclosure_waits_until_another_person_approves_it(call: Call, arrest: Arrest) -> None:
    asked_for = call("POST", LOG, wish(arrest))
    assert (asked_for.status, asked_for.body["state"], asked_for.body["agencies"]) == (201, "waiting", ["roster"])
    path = f"{LOG}/{asked_for.body['disclosure_id']}"
    assert call("POST", f"{path}/approve", APPROVE).status == 403, "the right does not reach his own request"
    approved = call("POST", f"{path}/approve", APPROVE, PAT)
    assert (approved.status, approved.body["state"]) == (200, "approved")
    assert approved.body["decided_by"] == PAT["email"]
    assert call("POST", f"{path}/refuse", APPROVE, PAT).status == 409


def test_p7_without_a_ground_a_document_or_the_agencys_word_nothing_is_recorded(call: Call, arrest: Arrest) -> None:
    refused = call("POST", LOG, wish(arrest, reference=None, agency_consent=None))
    assert refused.status == 422
    assert {problem["field"] for problem in refused.body["errors"]} == {"reference", "agency_consent"}
    assert call("GET", LOG).body["items"] == []


def test_p7_an_arrest_that_the_caller_may_not_open_is_not_passed_on_and_not_told_apart_from_none(
    call: Call, arrest: Arrest
) -> None:
    for arrest_id in (arrest.arrest_id, "f" * 32):
        refused = call("POST", LOG, wish(arrest, arrest_ids=[arrest_id]), BO)
        assert (refused.status, refused.body["detail"]) == (422, "There is no such arrest for you.")


def test_p7_the_log_shows_everybody_his_own_and_all_to_who_watches_over_it(call: Call, arrest: Arrest) -> None:
    path = f"{LOG}/{call('POST', LOG, wish(arrest)).body['disclosure_id']}"
    listed = {
        claims["email"]: len(call("GET", LOG, claims=claims).body["items"]) for claims in (ADA, PAT, IDA, BO, QUINN)
    }
    assert list(listed.values()) == [1, 1, 1, 0, 0]
    statuses = [call("GET", path, claims=claims).status for claims in (ADA, PAT, IDA, BO, QUINN)]
    assert statuses == [200, 200, 200, 404, 404]
    assert call("POST", f"{path}/approve", APPROVE, IDA).status == 403, "to watch is not to decide"


def test_p7_a_quarter_is_counted_as_a_table_without_a_name(call: Call, arrest: Arrest) -> None:
    assert call("POST", LOG, wish(arrest, ground="crime")).body["state"] == "recorded"
    today = datetime.now(UTC)
    quarter = f"{today.year}-Q{(today.month + 2) // 3}"
    table = call("GET", "/v1/reports/disclosures", query=f"quarter={quarter}", accept="text/csv")
    assert table.body.splitlines()[1] == "crime,defense,print,1,1,0,0"
    assert call("GET", "/v1/reports/disclosures", query="quarter=2019-Q1").body["rows"] == []


def test_p7_the_grounds_are_the_offices_own_where_its_file_has_some(call: Call, arrest: Arrest, tables: Tables) -> None:
    from shared.disclosures.model import DisclosureRules  # noqa: PLC0415
    from shared.disclosures.table import DisclosuresTable  # noqa: PLC0415

    assert len(call("GET", "/v1/disclosure-rules").body["grounds"]) == 7
    own = DisclosureRules.model_validate(
        {"grounds": [{"name": "court", "title": "A court asks for it", "source": "Memo of counsel"}]}
    )
    DisclosuresTable(tables.client, "Subscriptions").save_rules("kings", own)
    assert call("POST", LOG, wish(arrest)).body["errors"][0]["mend"].endswith("choose one of: court")
    assert call("POST", LOG, wish(arrest, ground="court")).body["state"] == "recorded"


@pytest.mark.parametrize("quarter", ["0000-Q1", "9999-Q4", "२०२६-Q4"])
def test_p7_a_quarter_that_no_calendar_has_is_refused_in_words(call: Call, arrest: Arrest, quarter: str) -> None:
    refused = call("GET", "/v1/reports/disclosures", query=f"quarter={quote(quarter)}")
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "quarter")


def test_p7_an_arrest_that_is_named_again_and_again_counts_once(call: Call, arrest: Arrest) -> None:
    recorded = call("POST", LOG, wish(arrest, ground="crime", arrest_ids=[arrest.arrest_id] * 50))
    assert recorded.body["request"]["arrest_ids"] == [arrest.arrest_id]


def test_p7_nothing_is_approved_of_an_arrest_that_was_sealed_while_the_request_waited(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    path = f"{LOG}/{call('POST', LOG, wish(arrest)).body['disclosure_id']}"
    seals = tables.seals
    seals.seal(arrest.arrest_id, arrest.agency, ["k"], Provenance(drop_id="e", dropped_at=NOW), NOW)
    refused = call("POST", f"{path}/approve", APPROVE, PAT)
    assert (refused.status, call("GET", path).body["state"]) == (422, "waiting")
    assert call("POST", f"{path}/refuse", APPROVE, PAT).body["state"] == "refused", "which needs no arrest"


def test_p7_what_the_agency_has_forbidden_while_the_request_waited_is_not_approved(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    path = f"{LOG}/{call('POST', LOG, wish(arrest)).body['disclosure_id']}"
    forbids = an_agreement(ends=date(2999, 12, 31), onward_disclosure="forbidden")
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(forbids,), revision=2))
    assert call("POST", f"{path}/approve", APPROVE, PAT).status == 422
    assert call("GET", path).body["state"] == "waiting"


def test_p7_the_audit_says_of_which_arrests_and_names_no_recipient(call: Call, arrest: Arrest, tables: Tables) -> None:
    disclosure_id = call("POST", LOG, wish(arrest)).body["disclosure_id"]
    call("POST", f"{LOG}/{disclosure_id}/approve", APPROVE, PAT)
    stored = [
        item["doc"]["S"] for item in tables.everything_in("Audit") if '"outcome":"allowed"' in str(item.get("doc"))
    ]
    assert len(stored) == 2
    for subject in (f"arrest:{arrest.arrest_id}", f"disclosure:{disclosure_id}"):
        assert all(f'"{subject}"' in event for event in stored), "whose facts may leave, with whoever let them"
    assert not [word for word in ("Rowan", "Letter of", APPROVE["reason"]) if word in repr(stored)]


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_p7_what_is_decided_stays_so_for_a_stale_form(call: Call, arrest: Arrest, decision: str) -> None:
    path = f"{LOG}/{call('POST', LOG, wish(arrest)).body['disclosure_id']}"
    first = call("POST", f"{path}/{decision}", APPROVE, PAT)
    assert [call("POST", f"{path}/{late}", APPROVE, PAT).status for late in ("approve", "refuse")] == [409, 409]
    assert call("GET", path).body == first.body
