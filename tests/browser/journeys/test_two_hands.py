"""The same form in two tabs, and a button that is pressed twice: what was typed stays, and nothing is made twice."""

from tests.browser.tasks import Join, fill_in_watch_by_state_id
from tests.e2e.scene import Scene


def test_kb3_the_second_tab_says_that_the_watch_was_changed_and_keeps_what_was_typed(scene: Scene, join: Join) -> None:
    ada = join()
    watch = ada.watch(scene.watch_for_pat)
    first = ada.sign_in(f"/console/watches/{watch['subscription_id']}")
    second = ada.another_page()
    second.page.goto(first.page.url)
    first.write("Last day", "6/30/2099")
    first.press("Set the last day")
    assert "The last day is changed" in first.page.locator("main").inner_text()

    second.write("Last day", "7/31/2099")
    second.press("Set the last day")
    assert "Somebody changed this watch in the meantime" in second.page.get_by_role("alert").inner_text()
    assert "Jun 30, 2099" in second.page.locator("main dl").inner_text(), "the page shows what is there now"
    assert second.page.get_by_label("Last day").input_value() == "7/31/2099"
    second.press("Set the last day")
    assert "Jul 31, 2099" in second.page.locator("main dl").inner_text()

    first.press("Stop watching")
    assert "What you pressed was not done" in first.page.locator("main").inner_text()
    assert "Jul 31, 2099" in first.page.locator("main dl").inner_text()


def test_kb3_a_double_click_on_start_watching_makes_one_watch(scene: Scene, join: Join) -> None:
    ada = join()
    hands = ada.sign_in()
    fill_in_watch_by_state_id(hands, "07654321A")
    hands.page.get_by_role("button", name="Start watching").dblclick()
    hands.page.get_by_text("The watch is saved").wait_for()
    hands.go("Watches")
    assert hands.page.locator("main li.card").count() == 1
