"""Every mail and every page behind a link: readable in light and dark, on a phone, with what to press in sight."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from shared.alerts.signed_links import LinkPurpose, signed_token
from shared.aws.signing_keys import KeyPurpose
from tests.alerts.delivery.previews import FOLDER
from tests.browser.looking import low_contrast, sideways_scroll, violations
from tests.browser.world import World
from tests.builders import signing_keys
from tests.conftest import Tables
from tests.office_api.conftest import Call

MAILS = sorted(FOLDER.glob("*.html"))
LOWEST = 340  # px from the top, at 375 px width
PICTURES = Path(__file__).resolve().parents[2] / ".cache" / "mails"  # for eyes; git ignores it
_FIRST_PRESS = "() => document.querySelector('a, button')?.getBoundingClientRect().top"


@pytest.mark.parametrize("mail", MAILS, ids=lambda path: path.stem)
def test_kw5_a_mail_is_readable_by_everybody_and_its_first_press_stands_on_the_first_screen(
    chromium: Browser, mail: Path
) -> None:
    page = chromium.new_page(viewport={"width": 375, "height": 667}, color_scheme="light")
    page.goto(mail.as_uri())
    top = page.evaluate(_FIRST_PRESS)
    assert [*faults_of(page, mail.stem), *([f"the first press is {top} px down"] if top > LOWEST else [])] == []
    page.close()


def faults_of(page: Page, name: str) -> list[str]:
    """What keeps somebody from reading the page that is open, in both colors and at three widths."""
    faults = violations(page)
    page.screenshot(path=PICTURES / f"{name}-light.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    faults += low_contrast(page)
    page.screenshot(path=PICTURES / f"{name}-dark.png", full_page=True)
    for width in (320, 375, 1280):
        faults += sideways_scroll(page, width)
    return faults


def test_kw12_the_pages_behind_links_are_readable_by_everybody(
    chromium: Browser, world: World, tables: Tables, call: Call
) -> None:
    stored, _ = tables.alerts.page("kings", 50, None)
    token = signed_token(LinkPurpose.ANSWER, stored[0].alert_id, datetime.now(UTC), signing_keys(KeyPurpose.LINKS))
    for name, used in (("cut", "cut"), ("open", token)):
        page = chromium.new_page(viewport={"width": 375, "height": 667}, color_scheme="light")
        page.set_content(str(call("GET", f"/v1/links/{used}", claims=None).body))
        assert (name, faults_of(page, f"link-{name}")) == (name, [])
        page.close()
