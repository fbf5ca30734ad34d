"""P10: disputes and corrections through the API: recorded, shown, decided, told; and who gets in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.arrests.model import Arrest, Provenance
from shared.arrests.seals.effect import SealEffect
from shared.arrests.seals.register import SealVerdict
from shared.disclosures.references_table import ReferencesTable
from shared.disclosures.table import DisclosuresTable
from shared.disputes.follow_corrections import CorrectionDeps, end_disputes, follow_corrections
from shared.offices.agreements import OfficeAgreements
from tests.builders import NOW, an_arrest
from tests.conftest import Tables
from tests.disclosures.test_decide import a_disclosure, a_request
from tests.disputes.cases import a_dispute_request
from tests.office_api.conftest import ADA, Call
from tests.office_api.passed_on import BO, IDA, PAT, QUINN, an_arrest_of_the_office
from tests.offices.test_agreements import an_agreement

DISPUTES = "/v1/disputes"
REFUSE = {"decision": "refused", "reason": "The birth certificate says otherwise."}
UPHOLD = {
    "decision": "upheld", "reason": "The birth certificate says so.", "agency_asked": "Mail of 19 November 2026"
}  # fmt: skip
TODAY = datetime.now(UTC).date()


@pytest.fixture
def arrest(tables: Tables) -> Arrest:
    return an_arrest_of_the_office(tables)


@pytest.fixture
def deps(tables: Tables) -> CorrectionDeps:
    client, name = tables.client, "Subscriptions"
    return CorrectionDeps(
        tables.subscriptions.disputes, DisclosuresTable(client, name), ReferencesTable(client, name), tables.offices
    )


def claim(arrest: Arrest, **facts: Any) -> dict[str, Any]:
    usual = {"arrest_id": arrest.arrest_id, "received_on": str(TODAY)}
    return a_dispute_request(**usual | facts).model_dump(mode="json")


def test_28_cfr_20_21_g_a_disputed_fact_says_so_until_another_person_has_decided(call: Call, arrest: Arrest) -> None:
    recorded = call("POST", DISPUTES, claim(arrest))
    assert (recorded.status, recorded.body["state"]) == (201, "open")
    assert recorded.body["due"] == str(TODAY + timedelta(days=30))
    read = f"/v1/arrests/{arrest.arrest_id}"
    assert call("GET", read).body["disputed"] == [{"fact": "date of birth", "upheld": False}]
    [found] = call("POST", "/v1/arrests/search", {"agency": "roster", "number": "K-1001"}).body["items"]
    assert found["disputed"] == [{"fact": "date of birth", "upheld": False}]
    path = f"{DISPUTES}/{recorded.body['dispute_id']}"
    assert call("POST", f"{path}/decision", REFUSE).status == 403, "the right does not reach what he recorded"
    refused = call("POST", f"{path}/decision", REFUSE, PAT)
    assert (refused.status, refused.body["state"], bool(refused.body["appeal"])) == (200, "refused", True)
    assert "disputed" not in call("GET", read).body
    assert call("POST", f"{path}/decision", UPHOLD, PAT).status == 409


def test_p10_an_upheld_dispute_marks_the_fact_until_the_agency_corrects_it(
    call: Call, arrest: Arrest, deps: CorrectionDeps
) -> None:
    path = f"{DISPUTES}/{call('POST', DISPUTES, claim(arrest)).body['dispute_id']}"
    assert call("POST", f"{path}/decision", UPHOLD | {"agency_asked": None}, PAT).status == 422
    assert call("POST", f"{path}/decision", UPHOLD, PAT).body["state"] == "upheld"
    read = f"/v1/arrests/{arrest.arrest_id}"
    assert call("GET", read).body["disputed"] == [{"fact": "date of birth", "upheld": True}]
    follow_corrections([(arrest, an_arrest(born=date(1990, 3, 2)))], deps, NOW)
    assert "disputed" not in call("GET", read).body
    assert call("GET", path).body["state"] == "corrected"


def test_p10_a_second_dispute_of_a_fact_an_unknown_fact_and_a_foreign_arrest_are_refused(
    call: Call, arrest: Arrest
) -> None:
    assert call("POST", DISPUTES, claim(arrest)).status == 201
    again = call("POST", DISPUTES, claim(arrest))
    assert (again.status, [problem["field"] for problem in again.body["errors"]]) == (422, ["fact"])
    assert call("POST", DISPUTES, claim(arrest) | {"fact": "shoe size"}).status == 422
    for arrest_id in (arrest.arrest_id, "f" * 32):
        refused = call("POST", DISPUTES, claim(arrest, arrest_id=arrest_id), BO)
        assert (refused.status, refused.body["detail"]) == (422, "There is no such arrest for you.")


def test_p10_only_who_recorded_a_dispute_and_who_watches_over_the_use_reads_it(call: Call, arrest: Arrest) -> None:
    path = f"{DISPUTES}/{call('POST', DISPUTES, claim(arrest)).body['dispute_id']}"
    everybody = (ADA, PAT, IDA, BO, QUINN)
    assert [call("GET", path, claims=claims).status for claims in everybody] == [200, 200, 200, 404, 404]
    assert [len(call("GET", DISPUTES, claims=claims).body["items"]) for claims in everybody] == [1, 1, 1, 0, 0]
    statements = [call("GET", f"{path}/statement", claims=claims).status for claims in everybody]
    assert statements == [200, 200, 403, 404, 404]
    assert call("POST", f"{path}/decision", REFUSE, IDA).status == 403, "to watch is not to decide"


def test_28_cfr_20_21_g_what_is_passed_on_while_a_fact_is_disputed_names_the_dispute(
    call: Call, arrest: Arrest
) -> None:
    wish = a_request("crime", arrest_ids=[arrest.arrest_id]).model_dump(mode="json")
    assert "disputed" not in call("POST", "/v1/disclosures", wish).body
    call("POST", DISPUTES, claim(arrest))
    assert call("POST", "/v1/disclosures", wish).body["disputed"] == ["date of birth"]


def test_28_cfr_20_21_g_4_the_statement_names_recipients_outside_of_criminal_justice_and_nothing_investigatory(
    call: Call, arrest: Arrest, deps: CorrectionDeps
) -> None:
    for number, (kind, name) in enumerate((("press", "Example Gazette"), ("law enforcement", "Example Police"))):
        made = a_disclosure(
            "crime", arrest_ids=[arrest.arrest_id], recipient_kind=kind, recipient=name, token=f"{number:018x}"
        )
        deps.disclosures.save(made)
    path = f"{DISPUTES}/{call('POST', DISPUTES, claim(arrest)).body['dispute_id']}"
    statement = call("GET", f"{path}/statement", claims=PAT).body
    assert [recipient["recipient"] for recipient in statement["recipients"]] == ["Example Gazette"]
    assert set(statement) == {
        "dispute_id", "agency", "fact", "claim", "received_on", "due", "state", "decided_on", "reason", "appeal",
        "recipients",
    }  # fmt: skip


def test_pa_9114_the_recipient_of_a_disclosure_is_told_of_the_correction_and_ticked_off_once(
    call: Call, arrest: Arrest, deps: CorrectionDeps
) -> None:
    made = a_disclosure("crime", arrest_ids=[arrest.arrest_id], requested_by=ADA["email"])
    deps.disclosures.save(made)
    long_ago = datetime.now(UTC) - timedelta(days=20)
    follow_corrections([(arrest, an_arrest(born=date(1990, 3, 2)))], deps, long_ago)
    listed = call("GET", "/v1/corrections").body
    [item] = listed["items"]
    assert (listed["waiting"], item["late"], item["notice"]["facts"]) == (1, True, ["date of birth"])
    assert call("GET", "/v1/corrections", claims=BO).body == {"waiting": 0, "items": []}
    path = f"/v1/disclosures/{made.disclosure_id}/corrections/{item['notice']['notice_id']}/told"
    told = {"means": "telephone", "told_on": str(TODAY - timedelta(days=1))}
    assert call("POST", path, told, BO).status == 404
    assert call("POST", path, told, IDA).status == 403
    assert call("POST", path, told | {"told_on": "2020-01-01"}).status == 422
    assert call("POST", path.replace(item["notice"]["notice_id"], "0" * 32), told).status == 404
    answered = call("POST", path, told)
    assert (answered.status, answered.body["notice"]["told_by"]) == (200, ADA["email"])
    assert call("POST", path, told).status == 409
    assert call("GET", "/v1/corrections").body["waiting"] == 0


def test_p4_a_dispute_goes_with_its_sealed_arrest_and_says_so_without_a_word_of_it(
    call: Call, arrest: Arrest, deps: CorrectionDeps
) -> None:
    path = f"{DISPUTES}/{call('POST', DISPUTES, claim(arrest)).body['dispute_id']}"
    end_disputes([arrest.arrest_id], deps, datetime.now(UTC))
    gone = call("GET", path, claims=PAT)
    assert (gone.body["state"], gone.body["claim"], gone.body["claimant_name"]) == ("gone", "", "")
    assert call("POST", f"{path}/decision", REFUSE, PAT).status == 409


def test_p6_a_fact_that_the_agreement_withholds_is_not_said_to_be_disputed(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    assert call("POST", DISPUTES, claim(arrest)).status == 201
    assert call("POST", DISPUTES, claim(arrest, fact="charges")).status == 201
    shares = an_agreement(ends=date(2999, 12, 31), fields=("names", "charges"))
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(shares,), revision=2))
    shown = call("GET", f"/v1/arrests/{arrest.arrest_id}").body
    assert shown["disputed"] == [{"fact": "charges", "upheld": False}]


def test_p2_the_audit_names_the_dispute_and_the_arrest_and_repeats_no_text(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    body = claim(arrest)
    dispute_id = call("POST", DISPUTES, body).body["dispute_id"]
    call("POST", f"{DISPUTES}/{dispute_id}/decision", UPHOLD, PAT)
    stored = str(tables.everything_in("Audit"))
    assert f"dispute:{dispute_id}" in stored
    assert f"arrest:{arrest.arrest_id}" in stored
    texts = (body["claim"], body["claimant_name"], body["identity_proof"], UPHOLD["reason"], UPHOLD["agency_asked"])
    assert not any(text in stored for text in texts if text)


def test_p4_while_a_seal_without_a_statute_locks_the_arrest_its_disputes_are_hidden_and_then_they_are_there_again(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    recorded = call("POST", DISPUTES, claim(arrest)).body
    path, seal = f"{DISPUTES}/{recorded['dispute_id']}", Provenance(drop_id="seal", dropped_at=NOW)
    tables.seals.settle(arrest.arrest_id, SealVerdict(SealEffect.LOCK, frozenset({"k" * 32})), seal, NOW)
    for claims in (ADA, PAT, IDA):
        assert call("GET", path, claims=claims).status == 404
        assert call("GET", DISPUTES, claims=claims).body == {"open": 0, "items": []}
    assert call("GET", f"{path}/statement", claims=PAT).status == 404
    assert call("POST", f"{path}/decision", REFUSE, PAT).status == 404
    tables.seals.settle(arrest.arrest_id, SealVerdict(), seal, NOW)
    assert call("GET", path).body == recorded


def test_fca_381_3_a_dispute_is_hidden_from_the_moment_in_which_its_arrest_is_a_juveniles(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    path = f"{DISPUTES}/{call('POST', DISPUTES, claim(arrest)).body['dispute_id']}"
    later = Provenance(drop_id="e", dropped_at=NOW + timedelta(hours=1))
    tables.arrests.store([an_arrest(juvenile=True)], later, NOW + timedelta(hours=1))
    for claims in (ADA, PAT, IDA):
        assert call("GET", path, claims=claims).status == 404
        assert call("GET", DISPUTES, claims=claims).body["items"] == []
