"""Journey 10: a clerk mends row 8 and sends it again; what is refused looks refused; a held flood is released."""

from shared.offices.users import Right
from tests.browser.hands import Hands
from tests.browser.person import DESK
from tests.browser.tasks import Join
from tests.e2e.rosters import roster, row, stranger
from tests.e2e.scene import Scene
from tests.local.deployed import eventually


def test_kb3_a_clerk_mends_the_eighth_line_and_the_file_that_is_sent_again_makes_no_doubles(
    scene: Scene, join: Join
) -> None:
    agency = kept_agency(scene)
    good = [stranger(number) for number in range(1, 11)]
    bad = [*good[:6], good[6] | {"Arrest Date": "31/31/2026"}, *good[7:]]
    hands = join("clerk", Right.FEEDS, width=DESK).sign_in("/console/agencies")
    hands.follow("", within=hands.page.locator("main li.card h2"))
    send(hands, scene, "roster.csv", roster(*bad))
    assert hands.page.locator(".tag.warn").inner_text() == "Partly accepted"
    (line,) = hands.page.locator("main tbody tr:has(td.wrong)").all()
    assert line.locator("th").inner_text() == "8"
    assert "Arrest Date" in line.locator("td").first.inner_text()
    assert "31/31/2026" in line.locator("td.wrong").inner_text()

    send(hands, scene, "mended.csv", roster(*good))
    assert hands.page.locator(".tag.good").inner_text() == "Accepted"
    assert counts_of(hands) == {"Rows in the file": 10, "New": 1, "No change": 9}
    assert len(scene.arrests(agency)) == 10


def test_kb3_a_refused_file_looks_refused_and_a_flood_is_held_until_it_is_released_and_then_alerts(
    scene: Scene, join: Join
) -> None:
    agency = kept_agency(scene, usual_records=2)
    ada, clerk = join("ada"), join("clerk", Right.FEEDS, Right.QUARANTINE, width=DESK)
    ada.watch(scene.watch_for_pat)
    hands = clerk.sign_in(f"/console/agencies/{agency}")
    send(hands, scene, "other.csv", b"Case;Suspect\n1;Somebody\n")
    assert hands.page.locator(".tag.bad").first.inner_text() == "Refused"
    assert hands.page.locator(".errors").inner_text()

    hands.follow("All files of this agency")
    send(hands, scene, "flood.csv", roster(row("P-1", **scene.pat), *map(stranger, range(110))))
    assert hands.page.locator(".tag.warn").first.inner_text() == "Held"
    waiting = ada.sign_in()
    assert "You have no alerts yet" in waiting.page.locator("main").inner_text()

    hands.follow("Release")
    hands.press("Release")
    assert "The file is released" in hands.page.locator("main").inner_text()
    eventually(lambda: shows_an_alert(waiting), what="the alert of the released file")
    waiting.first_card()
    assert waiting.heading() == f"Pat {scene.name.upper()} was booked"


def kept_agency(scene: Scene, usual_records: int = 0) -> str:
    """An agency whose feed the scene's office keeps. `usual_records` is how many a day its profile expects."""
    agency = scene.agency()
    scene.product.offices.enrol(scene.office.model_copy(update={"agencies": (agency,)}))
    if usual_records:
        profile = scene.product.agencies.text(agency)
        scene.product.agencies.enrol(agency, f"{profile}\nrhythm: {{hours: 24, records: {usual_records}}}\n")
    return agency


def send(hands: Hands, scene: Scene, name: str, content: bytes) -> None:
    """By the page that is open; then looks until the file is read."""
    hands.hand_in("File", name, content)
    hands.press("Send file")
    scene.product.settle()
    hands.page.reload()
    assert hands.heading() == name


def shows_an_alert(hands: Hands) -> bool:
    hands.page.reload()
    return hands.page.locator("main li.card").count() > 0


def counts_of(hands: Hands) -> dict[str, int]:
    rows = [line.split("\t") for line in hands.page.locator("table.narrow tbody").inner_text().splitlines()]
    return {name: int(count) for name, count in rows if int(count)}
