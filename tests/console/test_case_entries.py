"""Ends of cases at the console: entered, listed and taken back, without JavaScript."""

from typing import Any

import pytest

from tests.browser.world import World
from tests.console.conftest import Browser, SignIn
from tests.console.test_holds import rob, world  # noqa: F401 - fixtures
from tests.office_api.conftest import ADA

ENTRIES = "/console/case-entries"
WRITTEN = {"kind": "appeals exhausted", "day": "11/2/2026", "source": "order <b>of</b> the court"}


def test_nypd_2021_an_end_of_a_case_is_entered_and_taken_back_by_whoever_answers_for_records(
    world: World,  # noqa: F811
    rob: Browser,  # noqa: F811
) -> None:
    number = world.states["updated"]["alert_id"]
    saved = rob.post(f"{ENTRIES}/new", WRITTEN | {"number": number})
    assert (saved.status, saved.location.partition("?")[0]) == (303, ENTRIES)
    page = rob.get(ENTRIES)
    assert "order <b>of</b> the court" in page.texts("//li/p"), "it is never markup"
    assert page.texts("//li//span[contains(@class,'tag')]") == ["Counts", "Counts"]
    forms = page.page.xpath("//form[contains(@action, '/take-back')]/@action")
    assert rob.post(forms[0]).status == 303
    assert rob.get(ENTRIES).texts("//li//span[contains(@class,'tag')]") == ["Taken back", "Counts"]


@pytest.mark.parametrize(
    ("field", "text"), [("number", "NOSUCH"), ("day", "soon"), ("day", "1/1/2999"), ("source", ""), ("kind", "")]
)
def test_nypd_2021_an_entry_that_cannot_be_says_what_to_mend(
    world: World,  # noqa: F811
    rob: Browser,  # noqa: F811
    field: str,
    text: str,
) -> None:
    written: dict[str, Any] = WRITTEN | {"number": world.states["updated"]["alert_id"], field: text}
    page = rob.post(f"{ENTRIES}/new", written)
    assert page.page.xpath("//div[@class='errors']//a/@href") == [f"#{field}"]


def test_nypd_2021_who_does_not_answer_for_records_reads_no_entry(world: World, sign_in: SignIn) -> None:  # noqa: F811
    bo = sign_in(ADA | {"email": "bo@da.example.gov"})
    assert bo.get(ENTRIES).status == 403
    assert bo.post(f"{ENTRIES}/new", WRITTEN | {"number": world.states["updated"]["alert_id"]}).status == 403
