"""Journey 6: a colleague is added to a watch by name, and removed."""

from tests.browser.tasks import Join
from tests.e2e.scene import Scene


def test_kb3_a_colleague_is_added_to_a_watch_and_removed(scene: Scene, join: Join) -> None:
    ada, bea = join("ada"), join("bea")
    watch = ada.watch(scene.watch_for_pat)
    hands = ada.sign_in(f"/console/watches/{watch['subscription_id']}")
    hands.choose("Add a colleague", bea.email)
    hands.press("Add")
    recipients = hands.page.locator("ul.plain").first
    assert "Your colleague hears of this watch" in hands.page.locator("main").inner_text()
    assert bea.email in recipients.inner_text()
    hands.press(f"Remove {bea.email}")
    assert "hears of this watch no more" in hands.page.locator("main").inner_text()
