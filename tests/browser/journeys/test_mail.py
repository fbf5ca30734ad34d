"""Journey 2: from a message that names nobody to the alert, and the answer."""

import re

from tests.browser.tasks import Join
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene


def test_kb3_a_mail_without_names_leads_through_the_sign_in_to_its_alert_and_the_answer(
    scene: Scene, join: Join
) -> None:
    agency, bob = scene.agency(), join(f"bob@plain.{scene.domain}")
    bob.watch(scene.watch_for_pat)
    scene.take_in(agency, "roster.csv", roster(row("B-1", **scene.pat)))
    (mail,) = scene.mails(bob.email)
    assert scene.name.upper() not in (mail["BodyText"] + mail["Subject"]).upper().replace(bob.email.upper(), "")
    page = bob.hands.page
    page.set_content(mail["BodyHtml"])

    bob.hands.follow("Sign in to read it")
    bob.pass_the_door()
    bob.state_purpose("Investigation")

    assert bob.hands.heading() == f"Pat {scene.name.upper()} was booked"
    bob.hands.press("I have it")
    assert "You have this alert" in page.locator("main").inner_text()
    bob.hands.go("Alerts")
    assert page.locator("main").get_by_text("Answered", exact=True).is_visible()
    assert not re.search(r"wait for an answer|Not answered", page.locator("main").inner_text())
