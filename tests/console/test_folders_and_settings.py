"""Folders and a person's own settings through the console."""

from typing import Any

import pytest

from shared.offices.users import Right
from tests.builders import a_user
from tests.console.conftest import Browser, SignIn
from tests.office_api.conftest import ADA

BO, CHIEF = "bo@da.example.gov", "chief@da.example.gov"


@pytest.fixture
def chief(sign_in: SignIn, tables: Any) -> Browser:
    tables.users.add(a_user(CHIEF, rights=frozenset({Right.SUPER_OWNER})))
    return sign_in(ADA | {"email": CHIEF}, rights=frozenset({Right.SUPER_OWNER}))


@pytest.fixture
def team(chief: Browser) -> str:
    """The address of a team's folder."""
    return chief.post("/console/folders", {"name": "Gangs", "tab": "team"}).location


def test_kv7_a_colleague_gets_a_role_and_loses_it(chief: Browser, team: str, sign_in: SignIn) -> None:
    visitor = sign_in(ADA | {"email": BO})
    assert visitor.get(team).status == 404
    chief.post(f"{team}/roles", {"colleague": BO, "role": "visitor"})
    page = visitor.get(team)
    assert (page.status, page.texts("//h1")) == (200, ["Gangs"])
    assert not page.page.xpath("//main//form"), "a visitor changes nothing"
    assert visitor.post(f"{team}/archive").status == 403
    chief.post(f"{team}/roles", {"colleague": BO, "role": ""})
    assert visitor.get(team).status == 404


def test_kv7_a_super_owner_finds_the_colleagues_on_the_folder_that_she_made(
    chief: Browser, team: str, tables: Any
) -> None:
    fern = "fern@da.example.gov"
    tables.users.add(a_user(fern, name="Ana Fern"))
    offered = "//select[@id='colleague']/option"
    assert "Ana Fern" in chief.get(team).texts(offered)
    assert CHIEF not in chief.get(team).texts(offered), "nobody gives herself a role"
    chief.post(f"{team}/roles", {"colleague": fern, "role": "editor"})
    page = chief.get(team)
    assert "Ana Fern, editor" in " ".join(page.texts("//main//li"))
    assert "Ana Fern" not in page.texts(offered)


def test_a_folder_is_made_in_another_renamed_archived_and_deleted(chief: Browser, team: str) -> None:
    id_ = team.rpartition("/")[2]
    inner = chief.post("/console/folders", {"name": "Harbor & Ave", "tab": "team", "parent": id_}).location
    assert "Gangs > Harbor & Ave" in chief.get(inner).texts("//h1")[0]
    chief.post(inner, {"name": "Harbor", "parent": id_})
    assert chief.get(inner).texts("//h1") == ["Gangs > Harbor"]
    chief.post(f"{inner}/archive")
    assert "Archived." in chief.get(inner).text
    chief.post(f"{inner}/archive", {"undo": "yes"})
    assert chief.post(f"{team}/delete").status == 200, "it is not empty, and the page says so"
    assert chief.post(f"{inner}/delete").location == "/console/folders"
    assert chief.post("/console/folders", {"name": "", "tab": "team"}).page.xpath("//div[@class='errors']")


def test_kv8_settings_are_saved_as_they_are_written(ada: Browser, call: Any) -> None:
    written = {"quiet-start": "10:00 p.m.", "quiet-until": "6:30", "digest": "7 am", "texts": "urgent", "deputy": BO,
               "muted-until": "8/15/2027"}  # fmt: skip
    assert ada.post("/console/me", written).status == 303
    stored = call("GET", "/v1/me/preferences").body
    assert stored["quiet"] == {"start": "22:00:00", "until": "06:30:00"}
    assert (stored["digest_at"], stored["texts"], stored["deputy"]) == ("07:00:00", "urgent", BO)
    assert stored["muted_until"].startswith("2027-08-1")
    assert 'value="8/15/2027"' in ada.get("/console/me").text


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({"quiet-start": "25:00", "quiet-until": "6:00"}, "quiet-start"),
        ({"quiet-start": "22:00"}, "quiet-until"),
        ({"quiet-start": "22:00", "quiet-until": "22:00"}, "quiet-start"),
        ({"digest": "noonish"}, "digest"),
        ({"muted-until": "2/30/2027"}, "muted-until"),
    ],
)
def test_a_setting_that_cannot_be_is_said_beside_its_field(ada: Browser, written: dict[str, str], field: str) -> None:
    answer = ada.post("/console/me", {"texts": "always", **written})
    assert answer.page.xpath(f"//div[@class='errors']//a[@href='#{field}']"), answer.text


def test_a_folder_says_of_which_events_its_watches_tell_and_its_owner_changes_them(chief: Browser, team: str) -> None:
    id_ = team.rpartition("/")[2]
    inner = chief.post("/console/folders", {"name": "Harbor", "tab": "team", "parent": id_}).location
    assert "tell of arrests, of custody that begins and, if they name a person, of releases" in chief.get(team).text
    chief.post(team, {"name": "Gangs", "parent": "", "events": ["releases", "arrests"]})
    for address in (team, inner):
        assert "Watches in this folder tell of arrests and of releases" in chief.get(address).text
    ticked = "//input[@name='events'][@checked]/@value"
    assert chief.get(team).page.xpath(ticked) == ["arrests", "releases"]
    assert chief.get(inner).page.xpath(ticked) == [], "it says what the folder above it says"
    chief.post(team, {"name": "Gangs", "parent": ""})
    assert "if they name a person, of releases to come" in chief.get(inner).text
    refused = chief.post(team, {"name": "Gangs", "parent": "", "events": ["detainers"]})
    assert refused.page.xpath("//div[@class='errors']//a[@href='#events']"), refused.text
