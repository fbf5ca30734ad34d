"""An agency's clerk at the console: files, what is to mend, what is held, entries by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.matching.agency_reference_table import NAMES, AgencyReferenceTable
from shared.matching.linkage.agency_frequencies import AgencyNameCounts
from shared.offices.users import Right
from tests.browser.world import World, make_world
from tests.conftest import Tables
from tests.console.conftest import Browser, SignIn
from tests.office_api.conftest import ADA
from tests.office_api.governed import a_user_let_in

BOUNDARY = "a-boundary-that-no-file-holds"


@pytest.fixture
def world(tables: Any, call: Any) -> World:
    return make_world(tables, call)


@pytest.fixture
def clerk(world: World, sign_in: SignIn) -> Browser:
    return sign_in(rights=frozenset(Right))


def drop_page(clerk: Browser, world: World, state: str) -> Any:
    ids = world.states[state]
    return clerk.get(f"/console/agencies/{ids['agency_id']}/drops/{ids['drop_id']}")


@pytest.mark.parametrize(
    ("state", "word"), [("taken", "Accepted"), ("partly", "Partly accepted"), ("refused", "Refused"), ("held", "Held")]
)
def test_ko1_a_file_has_one_status_and_counts_that_add_up(clerk: Browser, world: World, state: str, word: str) -> None:
    page = drop_page(clerk, world, state)
    assert page.texts("//span[contains(@class,'tag')]") == [word], page.text
    numbers = [int(text) for text in page.texts("//table[caption='What happened to the rows']//td")]
    assert bool(numbers) == (state != "refused"), "of a file that could not be read there is nothing to count"
    assert sum(numbers[1:]) == sum(numbers[:1])


def test_a_clerk_sees_how_common_names_are_at_the_agency_and_since_when(
    clerk: Browser, world: World, tables: Tables
) -> None:
    agency = world.states["taken"]["agency_id"]

    def words() -> str:
        [sentence] = clerk.get(f"/console/agencies/{agency}").texts(
            "//h2[.='How common names are there']/following::p[1]"
        )
        return sentence

    assert "looked at every week" in words()
    reference, day = AgencyReferenceTable(tables.client, "Offices"), date(2026, 11, 20)
    counts = AgencyNameCounts(
        agency=agency, counted_on=day, persons=45_100, min_bearers=20, bearers={"surname": {}, "given": {}}
    )
    reference.load(agency, NAMES, counts)
    assert "counted on Fri, Nov 20, 2026 from 45,100 of them" in words()
    reference.pin_census(agency, day)
    assert "The operator decided so on Fri, Nov 20, 2026" in words()


def test_ko2_the_cell_to_mend_is_marked_and_says_what_to_write(clerk: Browser, world: World) -> None:
    page = drop_page(clerk, world, "partly")
    marked = page.texts("//td[@class='wrong']")
    assert any("31/31/2026" in text for text in marked)
    assert any("Write" in text for text in page.texts("//table[1]//td"))
    assert "<script>" not in page.text


def test_ko3_a_held_file_is_released_in_two_steps_and_only_once(clerk: Browser, world: World) -> None:
    ids = world.states["held"]
    path = f"/console/agencies/{ids['agency_id']}/drops/{ids['drop_id']}"
    assert clerk.get(f"{path}/decision/release").texts("//h1") == ["Release this file?"]
    clerk.post(f"{path}/decision", {"action": "release"})
    assert "Held" not in clerk.get(path).texts("//span[contains(@class,'tag')]")
    again = clerk.post(f"{path}/decision", {"action": "discard"})
    assert "Somebody decided about this file" in clerk.get(again.location).text


def test_an_arrest_by_hand_asks_for_what_is_missing_and_keeps_what_was_written(clerk: Browser, world: World) -> None:
    page = clerk.post("/console/agencies/testville/enter", {"surname": "Fern <b>", "arrested": "13/45/2026"})
    assert {"#number", "#arrested"} <= set(page.page.xpath("//div[@class='errors']//a/@href"))
    assert page.page.xpath("//input[@id='surname']/@value") == ["Fern <b>"]
    sent = clerk.post(
        "/console/agencies/testville/enter",
        {"number": "H-1", "arrested": "11/20/2026", "surname": "Fern", "given": "Ana"},
    )
    assert sent.status == 303, sent.text
    assert clerk.get(sent.location).texts("//h1")[0] in {"The file is being read", "Entered by hand"}


def test_the_page_says_for_every_format_which_file_to_choose(console: Any) -> None:
    from functions.console.pages.agencies.agencies import FILE_KINDS  # noqa: PLC0415 - imported as Lambda does
    from shared.feeds.formats import FORMATS  # noqa: PLC0415 - as above

    assert FILE_KINDS.keys() == FORMATS.keys(), "write into FILE_KINDS what to choose for a file of the new format"


def test_a_seal_takes_two_steps(clerk: Browser, world: World) -> None:
    page = clerk.post("/console/agencies/roster/seal/check", {"surname": "Fern"})
    assert page.page.xpath("//div[@class='errors']//a[@href='#number']")
    named = {"number": "K-1001", "seal_statute": "CPL 160.50"}
    page = clerk.post("/console/agencies/roster/seal/check", named)
    assert page.texts("//h1") == ["Seal this arrest?"]
    assert "cannot be undone" in page.text
    page = clerk.post("/console/agencies/roster/seal/check", {"number": "K-1001"})
    assert "Nothing is erased until somebody says" in page.text


def test_p4_a_seal_that_waits_is_answered_on_its_page_with_what_the_answer_rests_on(
    clerk: Browser, world: World
) -> None:
    here = "/console/agencies/roster/seals"
    certificates = clerk.get(f"{here}/certificates")
    assert clerk.get(here).page.xpath(f"//a[@href='{here}/certificates']")
    assert {"CPL 160.50: 2", "2", "1"} <= {text.split(",")[-1].strip() for text in certificates.texts("//dd")}
    assert "names nobody" in certificates.text
    page = clerk.get(here)
    assert "Seals of Roster" in page.texts("//h1")[0]
    (action,) = page.page.xpath("//form[contains(@action, '/answer')]/@action")
    refused = clerk.post(action, {"statute": "CPL 160.50"})
    assert refused.page.xpath("//div[@class='errors']"), refused.text
    answered = clerk.post(action, {"statute": "CPL 160.50", "reason": "the clerk's notice"})
    assert (answered.status, "/drops/" in answered.location) == (303, True), answered.text


def test_p4_an_order_is_entered_with_what_it_depends_on_and_nobody_decides_about_his_own(
    clerk: Browser, world: World
) -> None:
    page = clerk.post("/console/agencies/roster/seals/open", {"number": "K-1001"})
    assert {"#order_number", "#court", "#ordered_on"} <= set(page.page.xpath("//div[@class='errors']//a/@href"))
    order = {
        "number": "K-1001", "order_number": "IND-7/2026", "court": "Kings", "ordered_on": "11/20/2026",
        "subparagraph": "160.50(1)(d)(ii)", "applicant": "prosecutor",
    }  # fmt: skip
    page = clerk.post("/console/agencies/roster/seals/open", order)
    assert "not sealed" in page.text
    own = clerk.get(f"/console/unsealings/{world.states['own order']['unsealing_id']}")
    assert own.page.xpath("//form[contains(@action, '/unsealings/')]") == []
    theirs = f"/console/unsealings/{world.ids['unsealing_id']}"
    assert clerk.get(theirs).page.xpath("//button[@formaction]/@formaction") == [f"{theirs}/approve"]
    assert clerk.post(f"{theirs}/refuse", {"reason": "another arrest"}).status == 303
    assert "Refused" in clerk.get(theirs).text


def test_a_profile_with_faults_is_not_saved_and_says_where(clerk: Browser, world: World) -> None:
    etag = clerk.get("/console/agencies/testville/profile").page.xpath("//input[@name='etag']/@value")[0]
    page = clerk.post(
        "/console/agencies/testville/profile", {"text": "agency: testville\nformat: papyrus\n", "etag": etag}
    )
    assert page.page.xpath("//div[@class='errors']"), page.text
    assert "papyrus" in page.page.xpath("//textarea")[0].text


def test_a_profile_that_a_colleague_saved_in_the_meantime_is_shown_beside_what_was_written(
    clerk: Browser, world: World
) -> None:
    path = "/console/agencies/testville/profile"
    page = clerk.get(path).page
    (etag,), live = page.xpath("//input[@name='etag']/@value"), page.xpath("//textarea")[0].text.strip()
    assert clerk.post(path, {"text": f"{live}\n# theirs", "etag": etag}).status == 303
    stale = clerk.post(path, {"text": f"{live}\n# mine", "etag": etag})
    assert "Somebody saved this profile" in " ".join(stale.texts("//div[@class='errors']"))
    assert stale.page.xpath("//textarea")[0].text.endswith("# mine")
    assert stale.page.xpath("//textarea[@id='saved']")[0].text.endswith("# theirs")
    (fresh,) = stale.page.xpath("//input[@name='etag']/@value")
    assert clerk.post(path, {"text": f"{live}\n# theirs\n# mine", "etag": fresh}).status == 303


def test_another_offices_agency_is_not_found_and_without_the_right_nothing_is_done(
    world: World, sign_in: SignIn
) -> None:
    quinn = sign_in({"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"})
    ids = world.states["held"]
    path = f"/console/agencies/{ids['agency_id']}/drops/{ids['drop_id']}"
    for page in (
        "/console/agencies/testville",
        path,
        "/console/agencies/roster/seal",
        "/console/agencies/testville/profile",
    ):
        assert quinn.get(page).status == 404, page
    assert quinn.post(f"{path}/decision", {"action": "release"}).status == 404
    bo = sign_in({"token_use": "id", "email": "bo@da.example.gov", "custom:office": "kings"})
    assert bo.post(f"{path}/decision", {"action": "release"}).status in {403, 404}


def test_who_only_decides_about_held_files_sees_what_is_wrong_with_a_row_and_never_the_row(
    clerk: Browser, world: World, sign_in: SignIn, tables: Any
) -> None:
    tables.users.add(a_user_let_in("decider@da.example.gov", datetime.now(UTC), rights=frozenset({Right.QUARANTINE})))
    decider = sign_in(ADA | {"email": "decider@da.example.gov"})
    page, whole = drop_page(decider, world, "partly"), drop_page(clerk, world, "partly")
    assert len(page.texts("//table[1]/tbody/tr")) == len(whole.texts("//table[1]/tbody/tr")) > 0
    assert ("31/31/2026" in page.text, "31/31/2026" in whole.text) == (False, True)
    (file,) = whole.page.xpath("//a[contains(@href,'rejects.csv')]/@href")
    assert not page.page.xpath("//a[contains(@href,'rejects.csv')]")
    assert decider.get(file).status == 403
