"""`python -m tests.browser.screenshots` takes the README's pictures: three pages of the demo's office, on a phone.

Everybody on them is invented. The demo's office is deployed for it, which takes a minute.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chromium import chromium, missing
from tests.browser.person import PHONE, Person
from tests.demo.stage import drop_all, stage
from tests.demo.watches import ADA

FOLDER = Path(__file__).resolve().parents[2] / ".github" / "pictures"
TALLEST = 1_100  # pixels; what is below says nothing new


def main() -> None:
    if reason := missing():
        sys.exit(f"{reason} `make browser` gets what is missing.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with stage() as staged, chromium() as browser:
        drop_all(staged)
        context = browser.new_context(java_script_enabled=False, viewport={"width": PHONE, "height": 800})
        ada = Person(staged.product, staged.people[ADA], context)
        hands = ada.sign_in()
        _take(hands.page, "alerts")
        hands.follow("QUILLFEATHER")
        _take(hands.page, "alert")
        hands.go("Possible matches")
        hands.first_card()
        _take(hands.page, "possible-match")


def _take(page: Page, name: str) -> None:
    height = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
    clip = {"x": 0, "y": 0, "width": PHONE, "height": height}
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
    print(f"{name}.png")


if __name__ == "__main__":
    main()
