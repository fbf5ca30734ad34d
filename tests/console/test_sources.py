"""What reaches the office is switched off and on from the page of its agreements."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.offices.users import Right
from tests.builders import a_user
from tests.console.conftest import Browser, SignIn
from tests.office_api.conftest import ADA
from tests.offices.test_agreements import an_agreement

CHIEF, PAGE, SWITCH = "chief@da.example.gov", "/console/office/agreements", "/console/office/sources"
OFF = {"source": "agency:roster", "on": "no", "reason": "It doubles <b>the jail's</b>"}


@pytest.fixture
def chief(sign_in: SignIn, tables: Any) -> Browser:
    tables.users.add(a_user(CHIEF, rights=frozenset({Right.SUPER_OWNER})))
    today, table = datetime.now(UTC).date(), tables.subscriptions.agreements
    agreement = an_agreement(starts=today - timedelta(days=9), ends=today + timedelta(days=9))
    table.save(table.of("kings").model_copy(update={"agreements": (agreement,), "revision": 1}))
    return sign_in(ADA | {"email": CHIEF}, rights=frozenset({Right.SUPER_OWNER}))


def test_a_super_owner_switches_a_feed_off_with_a_reason_and_on_again(chief: Browser) -> None:
    assert "Arrests of Roster reach your office as far as the agreement allows." in chief.get(PAGE).text
    assert chief.post(SWITCH, OFF).location == PAGE
    page = chief.get(PAGE)
    assert "It is switched off for your office" in page.text
    assert "What comes now is not told later either." in page.text
    assert "It doubles <b>the jail's</b>" in " ".join(page.texts("//main//p"))
    chief.post(SWITCH, {**OFF, "on": "yes", "reason": "The jail stopped"})
    page = chief.get(PAGE)
    assert "The jail stopped" in page.text
    assert page.texts("//summary[contains(., 'What was off before')]")


@pytest.mark.parametrize("reason", ["", " ", "x"])
def test_a_switch_without_a_reason_is_refused_beside_its_field(chief: Browser, reason: str) -> None:
    page = chief.post(SWITCH, {**OFF, "reason": reason})
    assert page.page.xpath("//div[@class='errors']//a[@href='#reason-agency-roster']"), page.text
    assert "Switched off" not in page.texts("//span[@class='tag bad']")


@pytest.mark.parametrize("source", ["", "agency", "agency:", "agency:nobody", "office:queens", "list:roster", "a:b:c"])
def test_a_source_that_is_none_is_switched_by_nobody(chief: Browser, source: str) -> None:
    assert chief.post(SWITCH, {**OFF, "source": source}).status in (200, 404)
    assert "Switched off" not in chief.get(PAGE).texts("//span[@class='tag bad']")


def test_who_is_no_super_owner_reads_the_state_and_has_no_switch(chief: Browser, sign_in: SignIn) -> None:
    chief.post(SWITCH, OFF)
    reader = sign_in(ADA)
    page = reader.get(PAGE)
    assert "Switched off" in page.texts("//span[@class='tag bad']")
    assert not page.page.xpath("//form[@action='/console/office/sources']")
    assert reader.post(SWITCH, {**OFF, "on": "yes"}).status == 403
