"""The pages before the purpose, the record of a person, and the public pages of policies."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from shared.offices.governance.personnel import Acknowledgement, DisabledFor, Disabling, Personnel
from shared.offices.users import Right
from tests.builders import NOW, an_office
from tests.conftest import Tables
from tests.console.at_the_door import ALERT, walk_in
from tests.console.conftest import Browser, SignIn
from tests.console.pool import Pool
from tests.office_api.conftest import ADA
from tests.office_api.governed import GOVERNANCE, KIND, TEXT, VERSION, trained
from tests.office_api.test_governance import SUPER, change, governed

__all__ = ["governed"]  # the fixture
ADAS = f"/console/office/people/{ADA['email']}"


def test_cjis_pl_4_between_sign_in_and_purpose_stands_the_policy_until_it_is_accepted(
    governed: Tables, browser: Browser, pool: Pool
) -> None:
    change(governed, ADA["email"], personnel=trained(datetime.now(UTC)))
    walk_in(browser, pool)
    for path in (ALERT, "/console/watches", "/console/search"):
        assert browser.get(path).location.startswith("/console/first?"), "nothing opens before"
    page = browser.get(browser.get(ALERT).location)
    assert TEXT in page.texts("//main")[0]
    assert "Misuse is prohibited" in page.texts("//div[@class='warning']")[0]
    stale = browser.post("/console/first", VERSION | {"sha256": "b" * 64, "next": ALERT})
    assert "Nothing was accepted" in stale.texts("//div[@role='alert']")[0]
    assert browser.post("/console/first", {**VERSION, "next": ALERT}).location == ALERT
    assert browser.get(ALERT).location == f"/console/purpose?{urlencode({'next': ALERT})}"
    browser.post("/console/purpose", {"purpose": "prosecution", "next": ALERT})
    assert browser.get(ALERT).status == 200


def test_cjis_pl_4_a_policy_that_changes_is_asked_for_at_the_next_click(governed: Tables, sign_in: SignIn) -> None:
    now = datetime.now(UTC)
    change(governed, ADA["email"], personnel=trained(now), acknowledged=Acknowledgement(**VERSION, at=now))
    browser = sign_in()
    assert browser.get("/console/watches").status == 200
    newer = GOVERNANCE.policy.model_copy(update={"version": "2026-2"}) if GOVERNANCE.policy else None
    governed.offices.enrol(an_office(governance=GOVERNANCE.model_copy(update={"policy": newer})))
    assert browser.get("/console/watches").location.startswith("/console/first?")


def test_cjis_at_3_who_has_no_training_on_record_is_told_so_and_gets_no_further(
    governed: Tables, browser: Browser, pool: Pool
) -> None:
    change(governed, ADA["email"], acknowledged=Acknowledgement(**VERSION, at=datetime.now(UTC)))
    walk_in(browser, pool)
    page = browser.get(browser.get(ALERT).location)
    assert "ask a super-owner to record it" in page.texts("//div[@class='warning']")[0]
    assert not page.texts("//main//form"), "there is nothing to press"


def test_cjis_ac_2_3_who_is_disabled_hears_at_the_sign_in_why(governed: Tables, browser: Browser, pool: Pool) -> None:
    change(governed, ADA["email"], disabled=Disabling(reason=DisabledFor.IDLE, since=NOW))
    answer = walk_in(browser, pool)
    assert (answer.status, answer.texts("//h1")) == (403, ["Your account is disabled"])
    assert "nobody signed in for 90 days" in answer.texts("//main")[0]


@pytest.fixture
def sue(governed: Tables, sign_in: SignIn) -> Browser:
    return sign_in(SUPER, purpose="administration", rights=frozenset({Right.SUPER_OWNER}))


def test_cjis_at_4_a_super_owner_records_training_check_and_contract(governed: Tables, sue: Browser) -> None:
    wrong = sue.post(f"{ADAS}/trainings", {"kind": KIND, "completed-on": "1/1/2126"})
    assert "lies in the future" in wrong.texts("//div[@role='alert']")[0]
    assert sue.post(f"{ADAS}/trainings", {"kind": KIND, "completed-on": "10/1/2026"}).status == 303
    assert "completed Thu, Oct 1, 2026" in sue.get(f"{ADAS}/record").texts("//main")[0]
    missing = sue.post(f"{ADAS}/record", {"vendor": "true", "background-checked-on": "10/1/2026"})
    assert "a vendor's account has a last day" in missing.texts("//div[@role='alert']")[0]
    sent = {
        "vendor": "true",
        "background-checked-on": "10/1/2026",
        "contract-ends": "12/31/2126",
        "phone": "+1 212 555 0100",
    }
    assert sue.post(f"{ADAS}/record", sent).status == 303
    user = governed.users.find("kings", ADA["email"])
    assert user
    assert (user.personnel.vendor, user.personnel.phone) == (True, "+1 212 555 0100")
    assert len(user.personnel.trainings) == 1


def test_cjis_at_3_nobody_records_their_own(sue: Browser) -> None:
    own = f"/console/office/people/{SUPER['email']}"
    assert "Another super-owner" in sue.get(f"{own}/record").texts("//main")[0]
    refused = sue.post(f"{own}/trainings", {"kind": KIND, "completed-on": "10/1/2026"})
    assert "Another super-owner" in refused.texts("//div[@role='alert']")[0]


def test_cjis_ac_2_3_a_disabled_account_is_listed_and_opened(governed: Tables, sue: Browser) -> None:
    change(
        governed, ADA["email"], personnel=Personnel(), disabled=Disabling(reason=DisabledFor.IDLE, since=NOW)
    )  # fmt: skip
    [first, *_] = sue.get("/console/office/accounts").texts("//tbody/tr")
    assert (ADA["email"] in first, "Disabled" in first) == (True, True)
    assert sue.get("/console/office/accounts.csv").text.startswith("email,")
    assert sue.post(f"{ADAS}/open").status == 303
    user = governed.users.find("kings", ADA["email"])
    assert user
    assert user.active


def test_p11_cjis_pl_4_everybody_reads_the_policy_whom_to_write_to_and_nothing_about_anybody(
    governed: Tables, browser: Browser
) -> None:
    assert browser.get("/policy").texts("//main//a") == ["Kings County District Attorney (invented)"], "queens has none"
    page = browser.get("/policy/kings")
    text = page.texts("//main")[0]
    for part in (TEXT, "2026-1", "privacy@da.example.gov", "If something about you is wrong", "400 days"):
        assert part in text
    assert ADA["email"] not in page.text
    assert {browser.get(f"/policy/{name}").status for name in ("queens", "nobody", "..%2f")} == {404}
    governed.offices.enrol(an_office(governance=GOVERNANCE, suspended=True))
    assert browser.get("/policy/kings").status == 404
