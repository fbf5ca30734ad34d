"""Journey 1: in, out, and nothing left behind."""

from tests.browser.tasks import Join


def test_kb3_somebody_signs_in_states_a_purpose_and_signs_out_and_the_back_button_shows_nothing(join: Join) -> None:
    ada = join()
    hands = ada.sign_in("/console/alerts")
    assert hands.heading() == "Alerts"
    assert ada.email in hands.page.locator("body").inner_text()

    hands.press("Sign out")
    hands.page.go_back()

    assert ada.email not in hands.page.locator("body").inner_text()
    hands.page.goto(f"{ada.console}/console/alerts")
    assert hands.page.locator("input[name=password]").is_visible()
