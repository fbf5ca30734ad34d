"""Journey 11: the privacy officer's week: denials, who saw a person, the signature; immigration is no purpose."""

from shared.offices.users import Right
from tests.browser.person import DESK
from tests.browser.tasks import Join
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene


def test_kb3_the_privacy_officer_sees_denials_and_an_immigration_purpose_searches_and_signs(
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
    hands.follow("The week before")
    hands.write("What you found", "Looked at all denials.")
    hands.press("Sign", within=hands.page.locator("main"))
    assert "Looked at all denials." in hands.page.locator("main").inner_text()
    assert officer.email in hands.page.locator(".notice").last.inner_text()
