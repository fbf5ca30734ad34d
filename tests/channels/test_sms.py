"""Telephone numbers: stored in one form, refused where no numbering plan has them."""

import pytest

from shared.channels import sms
from shared.offices.recipient import Recipient
from shared.subscriptions.check_request import checked_recipients
from shared.subscriptions.errors import RecipientsNotAllowedError
from tests.builders import an_office


@pytest.mark.parametrize(
    "number", ["+12125550100", "+12125550100\n", " +1 (212) 555-0100", "tel:+1-212-555-0100", "+1.212.555.0100"]
)
def test_td9_a_number_is_stored_in_the_form_of_e164(number: str) -> None:
    [stored] = checked_recipients((Recipient({"email": "ada@da.example.gov", "sms": number}),), an_office())
    assert stored.root["sms"] == "+12125550100"


@pytest.mark.parametrize(
    "number",
    [
        "555-0100",
        "2125550100",
        "+1212555010",
        "+19999999999",
        "+999",
        "+1-212-555-0100 ext 5",
        "+",
        "",
        "+12125550100x",
    ],
)
def test_td9_a_number_that_does_not_exist_is_refused_with_its_field(number: str) -> None:
    recipients = (Recipient({"email": "ada@da.example.gov", "sms": number}),)
    with pytest.raises(RecipientsNotAllowedError) as refusal:
        checked_recipients(recipients, an_office())
    [refused] = refusal.value.refusals
    assert refused.field == "recipients.0.sms"
    assert "+12125550100" in refused.mend


def test_td9_a_number_that_was_stored_before_is_read_and_written_to() -> None:
    stored = Recipient.model_validate({"email": "ada@da.example.gov", "sms": "+15550100001"})
    with pytest.raises(ValueError, match="number that exists"):
        sms.normalise(stored.root["sms"])
    assert sms.refusal(stored.root["sms"], stored, an_office()) is None
