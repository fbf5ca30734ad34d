"""Journey 12: an arrest is sealed while its alert is open on a screen; other offices' numbers; a visitor."""

from playwright.sync_api import Page

from shared.offices.users import Right
from tests.browser.person import Person
from tests.browser.tasks import Join
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene, unused_name
from tests.local.console import ConsoleWindow


def test_kb3_a_sealed_arrest_is_gone_from_the_open_page_the_list_the_print_and_behind_the_back_button(
    scene: Scene, join: Join
) -> None:
    agency, ada = scene.agency(), join("ada")
    ada.watch(scene.watch_for_pat)
    scene.take_in(agency, "roster.csv", roster(row("B-1", **scene.pat)))
    hands = ada.sign_in()
    hands.first_card()
    person = f"PAT {scene.name.upper()}"
    assert person in hands.page.locator("main").inner_text().upper()
    address = hands.page.url

    office = scene.office.model_copy(update={"agencies": (agency,)})
    scene.product.offices.enrol(office)
    clerk = join("clerk", Right.SEAL)
    assert (
        clerk.api("POST", f"/v1/agencies/{agency}/seals", {"number": "B-1", "seal_statute": "CPL 160.50"}).status == 202
    )
    scene.product.settle()

    hands.press("I have it")
    assert "This alert was withdrawn while its page was open" in hands.page.locator("main").inner_text()
    for path in (address, f"{address}/print", f"{ada.console}/console/alerts"):
        hands.page.goto(path)
        assert_withdrawn(hands.page, person)
    for _ in range(3):  # print, the alert, and the alert as it was open when its record was sealed
        hands.page.go_back()
        assert_withdrawn(hands.page, person)


def assert_withdrawn(page: Page, person: str) -> None:
    text = page.locator("main").inner_text()
    assert "ithdrawn" in text, page.url
    assert person not in text.upper(), page.url


def test_kb3_the_alert_of_another_office_is_not_found(scene: Scene, join: Join) -> None:
    agency, ada = scene.agency(), join("ada")
    ada.watch(scene.watch_for_pat)
    scene.take_in(agency, "roster.csv", roster(row("B-1", **scene.pat)))
    (alert,) = scene.alerts()
    elsewhere = Scene(scene.product, unused_name())
    stranger = join("stranger", scene=elsewhere)
    hands = stranger.sign_in(f"/console/alerts/{alert.number}")
    assert hands.heading() == "Page not found"
    assert scene.name.upper() not in hands.page.locator("body").inner_text().upper()


def test_kb3_a_visitor_sees_a_watch_without_buttons_and_changes_nothing_by_a_replayed_form(
    scene: Scene, join: Join
) -> None:
    ada, vic, chief = join("ada"), join("vic"), join("chief", Right.SUPER_OWNER)
    folder = a_team_folder(chief, {ada.email: "owner", vic.email: "visitor"})
    watch = ada.watch(scene.watch_for_pat, folders=[folder])
    address = f"/console/watches/{watch['subscription_id']}"
    etag = ada.sign_in(address).page.locator("input[name=etag]").first.input_value()

    page = vic.sign_in(address).page
    assert scene.name.upper() in page.locator("main").inner_text().upper()
    assert page.locator("main").locator("form, button").count() == 0
    window = ConsoleWindow(vic.console, {cookie["name"]: cookie["value"] for cookie in vic.context.cookies()})
    for path in ("cancel", "still-needed", "recipients"):
        answer = window.post(f"{address}/{path}", {"etag": etag, "add": vic.email}, of=address)
        assert (path, answer.status) == (path, 403)
        assert "You may not do this" in answer.text
    after = ada.api("GET", f"/v1/subscriptions/{watch['subscription_id']}").body
    assert after == {name: value for name, value in watch.items() if name not in ("past", "tells_of", "notice")}


def a_team_folder(chief: Person, roles: dict[str, str]) -> str:
    made = chief.api("POST", "/v1/folders", {"name": "Gangs", "tab": "team"})
    folder: str = made.body["folder"]["folder_id"]
    for email, role in roles.items():
        assert chief.api("PUT", f"/v1/folders/{folder}/roles/{email}", {"role": role}).status == 200
    return folder
