"""Every page of the console: readable by everybody, on every width, in both colours, by keyboard alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from shared.offices.users import Right
from tests.browser.looking import low_contrast, out_of_reach, sideways_scroll, structure, too_heavy, violations
from tests.browser.registry import NO_PAGES, PAGES, PageRow
from tests.browser.world import World

PICTURES = Path(__file__).resolve().parents[2] / ".cache" / "pages"  # for eyes; git ignores it


def test_every_page_has_a_row(console: Any) -> None:
    from functions.console.handler import dispatcher  # noqa: PLC0415 - imported as Lambda does, by the fixture

    rows = {row.path for row in PAGES} | NO_PAGES
    pages = {route.path for route in dispatcher.routes if route.method == "GET"}
    assert pages <= rows, f"add a row to tests/browser/registry.py for {sorted(pages - rows)}"
    assert rows <= pages, f"these are no pages any more: {sorted(rows - pages)}"


def test_kb1_every_page_is_readable_by_everybody_on_every_width(signed_in: Any, world: World) -> None:
    window: BrowserContext = signed_in(rights=frozenset(Right))
    wrong = {
        row.address(world): faults for row in PAGES if not row.signed_out and (faults := _faults(window, row, world))
    }
    window.clear_cookies()
    wrong |= {row.address(world): faults for row in PAGES if row.signed_out and (faults := _faults(window, row, world))}
    assert not wrong, "\n".join(f"{path}: {fault}" for path, faults in wrong.items() for fault in faults)


def _faults(window: BrowserContext, row: PageRow, world: World) -> list[str]:
    page, complaints = window.new_page(), []
    page.on("console", lambda message: complaints.append(f"the browser complains: {message.text}"))
    page.emulate_media(color_scheme="light")
    answer = page.goto(row.address(world))
    assert answer is not None
    if answer.status != row.status:
        return [f"status {answer.status}: {page.locator('main').inner_text()[:200]}"]
    faults = too_heavy(answer.body()) + structure(page) + violations(page)
    _picture(page, f"{row.name}-375")
    faults += out_of_reach(page)
    page.emulate_media(color_scheme="dark")
    faults += low_contrast(page)
    _picture(page, f"{row.name}-375-dark")
    faults += [fault for width in (320, 1280) for fault in sideways_scroll(page, width)]
    faults += low_contrast(page)
    page.emulate_media(color_scheme="light")
    _picture(page, f"{row.name}-1280")
    page.close()
    return faults + [complaint for complaint in complaints if str(row.status) not in complaint]


def _picture(page: Page, name: str) -> None:
    """Only if asked: pictures take a third of this test's time."""
    if os.environ.get("PICTURES"):
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
