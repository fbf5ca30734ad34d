"""Journeys 3, 4 and 8: a watch is made, a wrong date is mended, watches are renewed, cancelled and brought back."""

from datetime import date, timedelta

from tests.browser.tasks import Join, save_watch_by_state_id
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene


def test_kb3_a_watch_by_state_id_looks_back_and_then_alerts(scene: Scene, join: Join) -> None:
    agency, ada = scene.agency(), join()
    number = f"{abs(hash(scene.name)) % 10**8:08}A"
    hands = ada.sign_in()
    save_watch_by_state_id(hands, number)
    text = hands.page.locator("main").inner_text()
    assert "The watch is saved" in text
    assert number in text.replace(" ", "")

    today = f"{date.today():%m/%d/%Y}"  # noqa: DTZ011 - a new watch begins a week ago
    scene.take_in(agency, "roster.csv", roster(row("B-1", State_ID=number, Arrest_Date=today, **scene.pat)))
    hands.go("Alerts")
    hands.first_card()
    assert hands.heading() == f"Pat {scene.name.upper()} was booked"
    assert number in hands.page.locator("main").inner_text().replace(" ", "")


def test_kb3_a_watch_by_name_with_a_wrong_date_is_mended_from_the_error_summary(scene: Scene, join: Join) -> None:
    hands = join().sign_in("/console/watches/new/name")
    hands.write("Surname", scene.name)
    hands.write("Given name", "Pat")
    hands.write("Date of birth", "31/31/1990")
    hands.write("Case, warrant", "2026-KN-000123")
    hands.press("Continue")

    summary = hands.page.get_by_role("alert")
    assert "There is a problem" in summary.inner_text()
    hands.page.locator(".errors a").first.click()
    assert hands.page.url.endswith("#born")
    assert hands.page.locator("#surname").input_value() == scene.name, "nothing is lost"
    hands.write("Date of birth", "2/3/1990")
    hands.press("Continue")
    assert hands.heading() == "Check your watch"
    assert "Feb 3, 1990" in hands.page.locator("main").inner_text()
    hands.press("Start watching")
    assert "The watch is saved" in hands.page.locator("main").inner_text()


def test_kb3_watches_that_end_are_renewed_together_one_is_cancelled_and_brought_back(scene: Scene, join: Join) -> None:
    ada = join()
    soon = (date.today() + timedelta(days=10)).isoformat()  # noqa: DTZ011 - any day soon
    for surname in ("First", "Second"):
        ada.watch(scene.watch_for_pat | {"surname": surname}, ends=soon)
    hands = ada.sign_in("/console/watches/expiring")
    assert hands.page.locator("main input[type=checkbox]").count() == 2
    hands.press("These are still needed")
    assert "still needed" in hands.page.locator(".notice").inner_text()

    hands.go("Watches")
    hands.first_card()
    hands.press("Stop watching")
    assert "The watch is stopped" in hands.page.locator("main").inner_text()
    hands.press("Undo: watch again")
    assert "The watch goes on" in hands.page.locator("main").inner_text()
