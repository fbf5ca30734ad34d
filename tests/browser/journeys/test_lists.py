"""Journey 7: a list of 200 with 12 bad rows goes into a team's folder; the 12 are downloaded, mended and
uploaded again."""

from pathlib import Path

from shared.offices.users import Right
from tests.browser.hands import Hands
from tests.browser.person import DESK
from tests.browser.tasks import Join, watch_list
from tests.e2e.scene import Scene


def test_kb3_a_list_goes_into_a_teams_folder_and_its_bad_rows_are_downloaded_mended_and_taken_once(
    scene: Scene, join: Join
) -> None:
    ada, chief = join("ada", width=DESK), join("chief", Right.SUPER_OWNER)
    folder = chief.api("POST", "/v1/folders", {"name": "Gangs"}).body["folder"]["folder_id"]
    assert chief.api("PUT", f"/v1/folders/{folder}/roles/{ada.email}", {"role": "editor"}).status == 200
    hands = ada.sign_in("/console/lists")
    hands.hand_in("File", "list.csv", watch_list(bad=12))
    hands.choose("Folder", "Gangs")
    hands.press("Continue")
    assert "188 rows become watches, 12 to correct" in hands.page.locator("main").inner_text()
    bad = downloaded(hands)
    hands.press("Take the other 188 now")

    assert len(bad.splitlines()) == 1 + 12
    hands.follow("Upload the corrected file")
    upload_the_rest(hands, bad.replace("2026-02-31", "1988-02-28").encode())
    upload_the_rest(hands, watch_list(bad=0))
    hands.page.goto(f"{ada.console}/console/folders/{folder}")
    assert "200 watches." in hands.page.locator("main").inner_text()
    hands.go("Watches")
    assert "200 watches." in hands.page.locator("main").inner_text(), "none lies elsewhere, and none twice"


def downloaded(hands: Hands) -> str:
    with hands.page.expect_download() as file:
        hands.page.get_by_role("button", name="Download the 12").click()
    return Path(file.value.path()).read_text(encoding="utf-8")


def upload_the_rest(hands: Hands, content: bytes) -> None:
    """Until nothing of the file is new: a slow machine does not reach every row at once."""
    for _ in range(5):
        hands.page.goto(hands.page.url.partition("/console")[0] + "/console/lists")
        hands.hand_in("File", "mended.csv", content)
        hands.choose("Folder", "Gangs")
        hands.press("Continue")
        take = hands.page.get_by_role("button", name="Take all")
        if not take.count():
            break
        hands.press("Take all")
    assert "you watch already" in hands.page.locator("main").inner_text()
