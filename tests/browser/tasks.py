"""The everyday tasks whose time counts, as a new user does them through the console alone.

Each sets its stage, signs the person in, and then does what a person does; what their hands did is counted from there.
`tests/browser/journeys/test_counted.py` holds each to its target, `make bench` prints the counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.offices.users import Right
from tests.browser.hands import Count, Hands
from tests.browser.person import DESK, Person
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene

Join = Callable[..., Person]


@dataclass(frozen=True)
class Task:
    """`target` is in seconds of the keystroke-level model."""

    name: str
    target: int
    run: Callable[[Scene, Join], Count]


def decide_a_possible_match(scene: Scene, join: Join) -> Count:
    agency, ada = scene.agency(), join("ada")
    ada.watch(scene.watch_for_pat)
    scene.take_in(agency, "roster.csv", roster(row("B-1", **scene.pat | {"Date_of_Birth": "07/28/1981"})))
    hands = ada.sign_in()
    hands.begin()
    hands.go("Possible matches")
    hands.follow("Start with the oldest")
    hands.press("Same person")
    assert "None waits for you." in hands.page.locator("main").inner_text()
    return hands.stop()


def watch_by_state_id(scene: Scene, join: Join) -> Count:
    hands = join("ada").sign_in()
    hands.begin()
    save_watch_by_state_id(hands, "01234567A")
    assert "The watch is saved" in hands.page.locator("main").inner_text()
    return hands.stop()


def save_watch_by_state_id(hands: Hands, number: str) -> None:
    fill_in_watch_by_state_id(hands, number)
    hands.press("Start watching")


def fill_in_watch_by_state_id(hands: Hands, number: str) -> None:
    """To the page on which it is checked."""
    hands.go("Watches")
    hands.follow("New watch")
    hands.follow("A person by number")
    hands.write("Number", number)
    hands.write("State or agency", "NY")
    hands.write("Case, warrant", "2026-KN-000123")
    hands.press("Continue")


def upload_a_list(scene: Scene, join: Join) -> Count:
    """200 rows with 12 bad ones, which are mended in a spreadsheet and sent again."""
    hands = join("ada", width=DESK).sign_in()
    hands.begin()
    hands.go("Watches")
    hands.follow("Upload a list")
    hands.hand_in("File", "list.csv", watch_list(bad=12))
    hands.press("Continue")
    hands.press("Take the other 188 now")
    hands.change_cells(12, keys=10)
    hands.follow("Upload the corrected file")
    hands.hand_in("File", "list.csv", watch_list(bad=0))
    hands.press("Continue")
    hands.press("Take all")  # 12, or more where a slow machine did not reach every row before
    assert "saved" in hands.page.locator("main").inner_text()
    return hands.stop()


def watch_list(bad: int) -> bytes:
    """200 rows, the first `bad` with a day that no month has."""
    days = ["2026-02-31" if number < bad else "1988-02-28" for number in range(200)]
    rows = [f"Surname{number},Ana,{day},open case,C-{number}" for number, day in enumerate(days)]
    return "\n".join(["surname,given,date_of_birth,basis,case_number", *rows, ""]).encode()


def mend_a_row(scene: Scene, join: Join) -> Count:
    """A clerk sees that row 8 of a file was rejected, mends it in a spreadsheet, and sends it again."""
    agency, clerk = scene.agency(), join("clerk", Right.FEEDS, width=DESK)
    scene.product.offices.enrol(scene.office.model_copy(update={"agencies": (agency,)}))
    good = [row(f"B-{number}", Last_Name="Somebody") for number in range(1, 11)]
    bad = [*good[:6], good[6] | {"Arrest Date": "31/31/2026"}, *good[7:]]
    scene.take_in(agency, "roster.csv", roster(*bad))
    hands = clerk.sign_in()
    hands.begin()
    hands.go("Agencies")
    hands.page.locator("main li.card a").first.wait_for()
    hands.follow("", within=hands.page.locator("main li.card h2"))
    hands.follow("roster.csv")
    assert "31/31/2026" in hands.page.locator("td.wrong").first.inner_text()
    hands.change_cells(1, keys=10)
    hands.hand_in("File", "roster.csv", roster(*good))
    hands.press("Send file")
    count = hands.stop()
    scene.product.settle()
    assert len(scene.arrests(agency)) == 10
    return count


def review_the_week(scene: Scene, join: Join) -> Count:
    """Looks at this week's denials and at one person who was denied, and signs the week before."""
    ada, officer = join("ada"), join("officer", Right.AUDIT, width=DESK)
    ada.api("GET", "/v1/audit")
    hands = officer.sign_in(purpose="Audit")
    hands.begin()
    hands.go("Audit")
    hands.follow("20", within=hands.page.locator("main tbody"))
    hands.follow(ada.email, within=hands.page.locator("main tbody").first)
    hands.go("Audit")
    hands.follow("20", within=hands.page.locator("main tbody tr").nth(1))
    hands.write("What you found", "One denial, by mistake; spoken to.")
    hands.press("Sign", within=hands.page.locator("main"))
    assert "One denial" in hands.page.locator("main").inner_text()
    return hands.stop()


TASKS = (
    Task("a watch by state ID", 60, watch_by_state_id),
    Task("a possible match decided", 20, decide_a_possible_match),
    Task("a list of 200 with 12 bad rows", 180, upload_a_list),
    Task("the weekly review", 300, review_the_week),
    Task("row 8 mended and sent again", 120, mend_a_row),
)
