"""What somebody must see to: the link of each notice opens a page of the console."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.alerts.incidents.model import Concern, ConcernedParty, IncidentKind
from shared.alerts.incidents.text import incident_text
from shared.offices.governance.personnel import DisabledFor
from shared.words import words
from tests.browser.world import make_world
from tests.builders import NOW
from tests.conftest import Tables
from tests.console.conftest import Browser
from tests.office_api.conftest import Call

TOLD_TO_AGENCIES = (
    IncidentKind.AGENCY_SILENT, IncidentKind.DROPS_HELD, IncidentKind.DROPS_REFUSED, IncidentKind.ROWS_REJECTED,
    IncidentKind.RELEASES_LATE, IncidentKind.SEALS_LOCKED, IncidentKind.AGREEMENT_ENDING,
    IncidentKind.GOVERNANCE_MISSING,
)  # fmt: skip
TOLD_AS = {
    IncidentKind.ACCOUNT_ENDING: (ConcernedParty.PERSON, ConcernedParty.OFFICE),
    IncidentKind.ACCOUNTS_DISABLED: (ConcernedParty.OFFICE,),
    IncidentKind.GOVERNANCE_MISSING: (ConcernedParty.OFFICE,),
}  # of every other kind, whoever keeps the feed can look
MISSING = "//div[@class='warning']//li"


@pytest.mark.parametrize("kind", list(IncidentKind))
def test_the_link_of_a_notice_opens_a_page(console: Any, kind: IncidentKind) -> None:
    from functions.console.handler import dispatcher  # noqa: PLC0415 - imported as Lambda does, by the fixture

    pages = [re.sub(r"\{\w+\}", "[^/]+", route.path) for route in dispatcher.routes if route.method == "GET"]
    for party in TOLD_AS.get(kind, (ConcernedParty.KEEPER,)):
        path = _path(kind, party)
        assert any(re.fullmatch(page, path) for page in pages), path


def _path(kind: IncidentKind, party: ConcernedParty) -> str:
    items = (DisabledFor.IDLE.value,) if kind is IncidentKind.ACCOUNT_ENDING else ()
    concern = Concern(
        kind=kind, office_id="kings", party=party, subject="testville", agency="testville", since=NOW, items=items,
        recipients=(),
    )  # fmt: skip
    return incident_text(concern, date(2026, 11, 20), ZoneInfo("America/New_York")).path


@pytest.mark.parametrize("kind", TOLD_TO_AGENCIES)
def test_an_agency_gets_no_link_into_the_console(kind: IncidentKind) -> None:
    assert _path(kind, ConcernedParty.AGENCY) == ""


def test_p11_the_page_behind_the_notice_says_what_is_not_on_record(
    tables: Tables, console: Any, call: Call, ada: Browser
) -> None:
    make_world(tables, call)
    page = _path(IncidentKind.GOVERNANCE_MISSING, ConcernedParty.OFFICE)
    assert not ada.get(page).texts(MISSING)
    office = tables.offices.office("kings")
    assert office
    governance = office.governance.model_copy(update={"agreement": "", "contact": None})
    tables.offices.enrol(office.model_copy(update={"governance": governance}))
    assert ada.get(page).texts(MISSING) == [words("requirement.agreement"), words("requirement.contact")]
