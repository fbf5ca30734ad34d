"""Who may be notified, decided from plain values."""

from datetime import timedelta

import pytest

from shared.alerts.audience import AudienceFacts, decide_audience
from shared.arrests.minimisation import ALL_FIELDS, NO_FIELDS, WithheldField
from shared.offices.agreements import OfficeAgreements
from shared.offices.purposes import Purpose
from shared.offices.recipient import Recipient
from shared.subscriptions.eligible_recipients import EligibleRecipient
from tests.builders import NOW, a_subscription, a_user, an_office
from tests.offices.test_agreements import an_agreement

ADA, BO = (EligibleRecipient(Recipient.from_email(f"{name}@da.example.gov")) for name in ("ada", "bo"))
TOPIC = EligibleRecipient(Recipient({"topic": "cases"}))
SUBSCRIPTION = a_subscription()
ID = SUBSCRIPTION.subscription_id


def decided(*proposed, users=(), agreements=(), agencies=("roster",), subscription=SUBSCRIPTION, **office):
    facts = AudienceFacts(
        proposed={subscription.subscription_id: proposed},
        offices={"kings": an_office(**office)},
        users={(user.office_id, user.email): user for user in users},
        agreements={"kings": OfficeAgreements(office_id="kings", agreements=agreements)},
    )
    return decide_audience([subscription], agencies, facts, NOW)


def test_everybody_proposed_is_eligible_whether_a_user_or_not():
    audience = decided(ADA, TOPIC, users=[a_user("ada@da.example.gov")])
    assert audience.eligible == {(ID, "roster"): (ADA, TOPIC)}
    assert audience.refused == {ID: ()}


def test_p1_who_has_left_the_office_is_refused_and_the_others_are_not():
    left = a_user("bo@da.example.gov", deprovisioned_at=NOW)
    audience = decided(ADA, BO, users=[a_user("ada@da.example.gov"), left])
    assert audience.eligible == {(ID, "roster"): (ADA,)}
    assert audience.refused == {ID: (BO,)}


def test_p1_a_suspended_office_refuses_everybody():
    audience = decided(ADA, TOPIC, suspended=True)
    assert audience.eligible == {(ID, "roster"): ()}
    assert audience.refused == {ID: (ADA, TOPIC)}


def test_p6_an_agency_without_an_agreement_in_force_has_no_audience():
    ended = an_agreement(ends=NOW.date() - timedelta(days=1))
    audience = decided(ADA, agreements=[ended], agencies=["roster", "nypd"])
    assert set(audience.eligible) == set(audience.withheld) == {(ID, "nypd")}


@pytest.mark.parametrize(
    ("fields", "withheld"),
    [(frozenset(), NO_FIELDS), (frozenset({WithheldField.NAMES}), ALL_FIELDS - {WithheldField.NAMES})],
)
def test_p6_what_the_agreement_does_not_share_is_withheld(fields, withheld):
    assert decided(ADA, agreements=[an_agreement(fields=fields)]).withheld == {(ID, "roster"): withheld}


@pytest.mark.parametrize(("basis", "has_audience"), [("open case", True), ("investigation", False)])
def test_p6_an_agreement_counts_for_the_purpose_of_the_basis(basis, has_audience):
    subscription = a_subscription(basis={"kind": basis, "case_number": "C-1"})
    agreement = an_agreement(purposes=frozenset({Purpose.PROSECUTION}))
    audience = decided(ADA, agreements=[agreement], subscription=subscription)
    assert bool(audience.eligible) is has_audience
