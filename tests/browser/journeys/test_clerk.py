"""Journey 10: what is refused looks refused, and a flood that is held is released."""

from shared.offices.users import Right
from tests.browser.person import DESK
from tests.browser.tasks import Join
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene


def test_kb3_a_refused_file_looks_refused_and_a_held_flood_is_released(scene: Scene, join: Join) -> None:
    agency, clerk = scene.agency(), join("clerk", Right.FEEDS, Right.QUARANTINE, width=DESK)
    scene.product.offices.enrol(scene.office.model_copy(update={"agencies": (agency,)}))
    profile = scene.product.agencies.text(agency)
    assert profile
    scene.product.agencies.enrol(agency, profile + "\nrhythm: {hours: 24, records: 2}\n")
    scene.take_in(agency, "other.csv", b"Case;Suspect\n1;Somebody\n")
    scene.take_in(agency, "flood.csv", roster(*(row(f"B-{number}", Last_Name=f"N{number}") for number in range(110))))

    hands = clerk.sign_in(f"/console/agencies/{agency}")
    hands.follow("other.csv")
    assert hands.page.locator(".tag.bad").first.inner_text() == "Refused"
    hands.page.go_back()
    hands.follow("flood.csv")
    hands.follow("Release")
    hands.press("Release")
    assert "The file is released" in hands.page.locator("main").inner_text()
