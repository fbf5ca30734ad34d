"""Journey 11: the privacy officer's week: denials, who saw a person, the signature; immigration is no purpose."""

from shared.offices.users import Right
from tests.browser.person import DESK
from tests.browser.tasks import Join
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene


def test_kb3_the_privacy_officer_sees_denials_finds_who_saw_a_person_since_june_in_two_clicks_and_signs(
    scene: Scene, join: Join
) -> None:
    agency, ada, officer = scene.agency(), join("ada"), join("officer", Right.AUDIT, width=DESK)
    ada.watch(scene.watch_for_pat)
    scene.take_in(agency, "roster.csv", roster(row("B-1", **scene.pat)))
    assert ada.api("GET", "/v1/alerts", purpose="immigration").status in (403, 422)
    assert ada.api("GET", "/v1/audit").status in (403, 404)

    hands = officer.sign_in("/console/audit", purpose="Audit")
    hands.page.goto(hands.page.locator("main th a").first.evaluate("link => link.href"))
    text = hands.page.locator("main").inner_text()
    assert ada.email in text
    assert "mmigration" in text

    hands.begin()
    hands.go("Audit")
    hands.write("Surname", scene.pat["Last_Name"])
    hands.write("Given name", "Pat")
    hands.write("Since", "6/1/2026")
    hands.press("Search", within=hands.page.locator("main"))
    assert hands.stop().clicks == 2
    table = hands.page.locator("main table")
    assert ada.email in table.inner_text(), "she watches this person"
    hands.write("Until", "6/2/2026")
    hands.press("Search", within=hands.page.locator("main"))
    assert "Nobody has opened anything about this person" in hands.page.locator("main").inner_text()

    hands.go("Audit")
    hands.follow("20", within=hands.page.locator("main tbody tr").nth(1))
    hands.write("What you found", "Looked at all denials.")
    hands.press("Sign", within=hands.page.locator("main"))
    assert "Looked at all denials." in hands.page.locator("main").inner_text()
    assert officer.email in hands.page.locator(".notice").last.inner_text()
