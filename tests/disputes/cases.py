"""Disputes of invented people, valid but for what a test says."""

from datetime import date, datetime
from typing import Any

from shared.disputes.decide import Recorder, record_dispute
from shared.disputes.default_rules import default_rules
from shared.disputes.model import ArrestDisputes, Dispute, DisputeDecisionRequest, DisputeRequest
from tests.builders import NOW, an_arrest

ADA, PAT = "ada.example@da.example.gov", "pat@da.example.gov"
ARREST = an_arrest()


def a_dispute_request(**facts: Any) -> DisputeRequest:
    usual: dict[str, Any] = {
        "arrest_id": ARREST.arrest_id,
        "fact": "date of birth",
        "claim": "I was born on 2 March 1990.",
        "claimant": "the person",
        "claimant_name": "Pat Example, 12 Sample Road",
        "identity_proof": "state ID seen in person",
        "received_on": "2026-11-18",
    }
    return DisputeRequest.model_validate(usual | facts)


def no_disputes(arrest_id: str = ARREST.arrest_id, office_id: str = "kings") -> ArrestDisputes:
    return ArrestDisputes(office_id=office_id, arrest_id=arrest_id)


def a_dispute(
    by: str = ADA, *, stored: ArrestDisputes | None = None, token: str = "0" * 32, now: datetime = NOW, **facts: Any
) -> Dispute:
    request = a_dispute_request(**facts)
    stored = stored or no_disputes(request.arrest_id)
    return record_dispute(request, stored, Recorder(by, "roster"), default_rules("PA"), token, now)


def a_decision(decision: str = "refused", **facts: Any) -> DisputeDecisionRequest:
    usual: dict[str, Any] = {"decision": decision, "reason": "The birth certificate says otherwise."}
    if decision == "upheld":
        usual["agency_asked"] = "Mail to the records unit of 19 November 2026"
    return DisputeDecisionRequest.model_validate(usual | facts)


DAY = date(2026, 11, 18)
