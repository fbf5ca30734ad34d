"""Journey 12: an arrest is sealed while its alert is open on a screen; other offices' numbers; a visitor."""

from shared.offices.users import Right
from tests.browser.tasks import Join
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene, unused_name


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
    assert clerk.api("POST", f"/v1/agencies/{agency}/seals", {"number": "B-1"}).status == 202
    scene.product.settle()

    hands.press("I have it")
    assert "is withdrawn" in hands.page.locator("main").inner_text()
    for path in (address, f"{address}/print", f"{ada.console}/console/alerts"):
        hands.page.goto(path)
        text = hands.page.locator("main").inner_text()
        assert "ithdrawn" in text, path
        assert person not in text.upper(), path
    hands.page.go_back()
    hands.page.go_back()
    assert person not in hands.page.locator("main").inner_text().upper()


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
