"""Journey 9: somebody is removed, the watches go on with a colleague, and the next click leads out."""

from shared.offices.users import Right
from tests.browser.person import DESK
from tests.browser.tasks import Join
from tests.e2e.scene import Scene


def test_kb3_whoever_is_removed_is_out_at_the_next_click_and_the_watches_are_handed_over(
    scene: Scene, join: Join
) -> None:
    ada, bea, chief = join("ada"), join("bea"), join("chief", Right.SUPER_OWNER, width=DESK)
    bea.watch(scene.watch_for_pat)
    removed = bea.sign_in("/console/watches")
    hands = chief.sign_in("/console/office", purpose="Administration")
    hands.follow(bea.email)
    hands.follow("Remove this person")
    hands.page.locator("main select").first.select_option(value=ada.email)
    hands.page.locator("main form").get_by_role("button").first.click()
    hands.page.get_by_text("Removed", exact=True).wait_for()

    removed.page.goto(f"{bea.console}/console/watches")
    assert bea.email not in removed.page.locator("main").inner_text()
    assert "Your watches" not in removed.page.locator("main").inner_text()
    taken_over = ada.sign_in("/console/watches")
    assert scene.name.upper() in taken_over.page.locator("main").inner_text().upper()
