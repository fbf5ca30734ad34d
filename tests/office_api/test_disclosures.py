"""P7, P12: the disclosure log: asked for, decided by another person, listed, counted; and who gets in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from shared.arrests.charges import Charge
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.model import Arrest, Provenance
from shared.offices.agreements import OfficeAgreements
from tests.builders import NOW, an_arrest
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


def test_p7_nypd_2021_a_disclosure_waits_until_another_person_approves_it(call: Call, arrest: Arrest) -> None:
    asked_for = call("POST", LOG, wish(arrest))
    assert (asked_for.status, asked_for.body["state"], asked_for.body["agencies"]) == (201, "waiting", ["roster"])
    path = f"{LOG}/{asked_for.body['disclosure_id']}"
    assert call("POST", f"{path}/approve", APPROVE).status == 403, "the right does not reach his own request"
    approved = call("POST", f"{path}/approve", APPROVE, PAT)
    assert (approved.status, approved.body["state"]) == (200, "approved")
    assert approved.body["decided_by"] == PAT["email"]
    assert call("POST", f"{path}/refuse", APPROVE, PAT).status == 409


def test_p7_nypd_2021_without_a_ground_a_document_or_the_agencys_word_nothing_is_recorded(
    call: Call, arrest: Arrest
) -> None:
    refused = call("POST", LOG, wish(arrest, reference=None, agency_consent=None))
    assert refused.status == 422
    assert {problem["field"] for problem in refused.body["errors"]} == {"reference", "agency_consent"}
    assert call("GET", LOG).body["items"] == []


def test_p7_nypd_2021_an_arrest_that_the_caller_may_not_open_is_not_passed_on_and_not_told_apart_from_none(
    call: Call, arrest: Arrest
) -> None:
    for arrest_id in (arrest.arrest_id, "f" * 32):
        refused = call("POST", LOG, wish(arrest, arrest_ids=[arrest_id]), BO)
        assert (refused.status, refused.body["detail"]) == (422, "There is no such arrest for you.")


def test_p7_nypd_2021_the_log_shows_everybody_his_own_and_all_to_who_watches_over_it(
    call: Call, arrest: Arrest
) -> None:
    path = f"{LOG}/{call('POST', LOG, wish(arrest)).body['disclosure_id']}"
    listed = {
        claims["email"]: len(call("GET", LOG, claims=claims).body["items"]) for claims in (ADA, PAT, IDA, BO, QUINN)
    }
    assert list(listed.values()) == [1, 1, 1, 0, 0]
    statuses = [call("GET", path, claims=claims).status for claims in (ADA, PAT, IDA, BO, QUINN)]
    assert statuses == [200, 200, 200, 404, 404]
    assert call("POST", f"{path}/approve", APPROVE, IDA).status == 403, "to watch is not to decide"


def test_p7_nypd_2021_a_quarter_is_counted_as_a_table_without_a_name(call: Call, arrest: Arrest) -> None:
    assert call("POST", LOG, wish(arrest, ground="crime")).body["state"] == "recorded"
    today = datetime.now(UTC)
    quarter = f"{today.year}-Q{(today.month + 2) // 3}"
    table = call("GET", "/v1/reports/disclosures", query=f"quarter={quarter}", accept="text/csv")
    assert table.body.splitlines()[1] == "crime,defense,print,1,1,0,0"
    assert call("GET", "/v1/reports/disclosures", query="quarter=2019-Q1").body["rows"] == []


def test_p7_nypd_2021_the_grounds_are_the_offices_own_where_its_file_has_some(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
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
def test_p7_nypd_2021_a_quarter_that_no_calendar_has_is_refused_in_words(
    call: Call, arrest: Arrest, quarter: str
) -> None:
    refused = call("GET", "/v1/reports/disclosures", query=f"quarter={quote(quarter)}")
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "quarter")


def test_p7_nypd_2021_an_arrest_that_is_named_again_and_again_counts_once(call: Call, arrest: Arrest) -> None:
    recorded = call("POST", LOG, wish(arrest, ground="crime", arrest_ids=[arrest.arrest_id] * 50))
    assert recorded.body["request"]["arrest_ids"] == [arrest.arrest_id]


def test_p7_nypd_2021_nothing_is_approved_of_an_arrest_that_was_sealed_while_the_request_waited(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    path = f"{LOG}/{call('POST', LOG, wish(arrest)).body['disclosure_id']}"
    seals = tables.seals
    seals.seal(arrest.arrest_id, arrest.agency, ["k"], Provenance(drop_id="e", dropped_at=NOW), NOW)
    refused = call("POST", f"{path}/approve", APPROVE, PAT)
    assert (refused.status, call("GET", path).body["state"]) == (422, "waiting")
    assert call("POST", f"{path}/refuse", APPROVE, PAT).body["state"] == "refused", "which needs no arrest"


def dismiss(tables: Tables, *outcomes: ChargeOutcome) -> None:
    charges = tuple(Charge(statute="PL 120.05", disposition=Disposition(outcome=outcome)) for outcome in outcomes)
    later = Provenance(drop_id="e", dropped_at=NOW + timedelta(hours=1))
    tables.arrests.store([an_arrest(charges=charges)], later, NOW)


@pytest.mark.parametrize("means", ["print", "telephone", "mail", "export"])
def test_cpl_160_57_a_marked_record_that_is_read_for_a_prosecution_is_not_passed_on_to_the_press(
    call: Call, arrest: Arrest, tables: Tables, means: str
) -> None:
    tables.mark(arrest)
    asked = wish(arrest, ground="crime", recipient_kind="press", means=means)
    assert call("GET", f"/v1/arrests/{arrest.arrest_id}").status == 200
    refused = call("POST", LOG, asked)
    assert (refused.status, [problem["field"] for problem in refused.body["errors"]]) == (422, ["arrest_ids"])
    assert call("GET", LOG).body["items"] == []
    to_police = call("POST", LOG, asked | {"recipient_kind": "law enforcement"}, idempotency_key="police")
    assert to_police.body["state"] == "recorded"


def test_28_cfr_20_21_b_a_dismissed_case_goes_to_the_press_only_by_a_law_or_order_and_another_persons_word(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    dismiss(tables, ChargeOutcome.DISMISSED)
    asked = wish(arrest, ground="crime", recipient_kind="press")
    refused = call("POST", LOG, asked)
    assert (refused.status, [problem["field"] for problem in refused.body["errors"]]) == (422, ["authority"])
    by_order = call("POST", LOG, asked | {"authority": "Order of 3 November 2026"}, idempotency_key="order")
    assert by_order.body["state"] == "waiting"
    path = f"{LOG}/{by_order.body['disclosure_id']}"
    assert call("POST", f"{path}/approve", APPROVE, PAT).body["state"] == "approved"


@pytest.mark.parametrize("since", ["marked", "dismissed", "partly dismissed"])
def test_28_cfr_20_21_b_an_approval_decides_on_the_record_as_it_is_then(
    call: Call, arrest: Arrest, tables: Tables, since: str
) -> None:
    path = f"{LOG}/{call('POST', LOG, wish(arrest, recipient_kind='press')).body['disclosure_id']}"
    if since == "marked":
        tables.mark(arrest)
    else:
        others = (ChargeOutcome.CONVICTED,) if since == "partly dismissed" else ()
        dismiss(tables, ChargeOutcome.DISMISSED, *others)
    refused = call("POST", f"{path}/approve", APPROVE, PAT)
    assert (refused.status, call("GET", path).body["state"]) == (422, "waiting")
    assert "the kind `press`" in refused.body["errors"][0]["mend"]


def test_28_cfr_20_21_c_2_a_refused_approval_tells_nobody_what_he_may_not_read_for_his_purpose(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    path = f"{LOG}/{call('POST', LOG, wish(arrest, recipient_kind='press')).body['disclosure_id']}"
    dismiss(tables, ChargeOutcome.DISMISSED)
    refused = call("POST", f"{path}/approve", APPROVE, PAT, purpose="administration")
    seals = tables.seals
    seals.seal(arrest.arrest_id, arrest.agency, ["k"], Provenance(drop_id="f", dropped_at=NOW), NOW)
    gone = call("POST", f"{path}/approve", APPROVE, PAT, purpose="administration", idempotency_key="sealed")
    assert (refused.status, refused.body["errors"]) == (gone.status, gone.body["errors"])
    assert refused.body["detail"] == gone.body["detail"] == "An arrest of this is sealed or gone."


def test_p7_nypd_2021_what_the_agency_has_forbidden_while_the_request_waited_is_not_approved(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    path = f"{LOG}/{call('POST', LOG, wish(arrest)).body['disclosure_id']}"
    forbids = an_agreement(ends=date(2999, 12, 31), onward_disclosure="forbidden")
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(forbids,), revision=2))
    assert call("POST", f"{path}/approve", APPROVE, PAT).status == 422
    assert call("GET", path).body["state"] == "waiting"


def test_p7_nypd_2021_the_audit_says_of_which_arrests_and_names_no_recipient(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
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
def test_p7_nypd_2021_what_is_decided_stays_so_for_a_stale_form(call: Call, arrest: Arrest, decision: str) -> None:
    path = f"{LOG}/{call('POST', LOG, wish(arrest)).body['disclosure_id']}"
    first = call("POST", f"{path}/{decision}", APPROVE, PAT)
    assert [call("POST", f"{path}/{late}", APPROVE, PAT).status for late in ("approve", "refuse")] == [409, 409]
    assert call("GET", path).body == first.body
