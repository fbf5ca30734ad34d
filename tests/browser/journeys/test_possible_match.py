"""Journey 5: a possible match, and both answers to it."""

from tests.browser.tasks import Join
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene


def test_kb3_a_possible_match_is_judged_both_ways_and_only_the_same_person_is_an_alert(
    scene: Scene, join: Join
) -> None:
    agency, ada = scene.agency(), join("ada")
    ada.watch(scene.watch_for_pat)
    births = ("07/28/1981", "09/19/1984")
    reported = [row(f"B-{born[-4:]}", **scene.pat | {"Date_of_Birth": born}) for born in births]
    scene.take_in(agency, "roster.csv", roster(*reported))
    hands = ada.sign_in()
    assert "You have no alerts yet" in hands.page.locator("main").inner_text()

    hands.go("Possible matches")
    hands.follow("Start with the oldest")
    assert hands.heading() == "Is this the same person?"
    assert "What differs" in hands.page.locator("main").inner_text()
    first = "1981" if "1981" in hands.page.locator("main").inner_text() else "1984"
    hands.press("Same person")
    assert hands.heading() == "Is this the same person?", "the next one waits"
    hands.press("Somebody else")
    assert "None waits for you." in hands.page.locator("main").inner_text()

    scene.product.settle()
    hands.go("Alerts")
    cards = hands.page.locator("li.card")
    assert cards.count() == 1
    hands.first_card()
    text = hands.page.locator("main").inner_text()
    assert f"B-{first}" in text
    assert "May be another person" in text
