"""The hands of a user: what a journey does in the browser goes through them, and is counted.

The time is that of the keystroke-level model (Card, Moran and Newell, "The keystroke-level model for user performance
time with interactive systems", Communications of the ACM 23(7), 1980): an expert who makes no error and reads nothing
twice. Each field, choice and press begins with one mental act (M), as their rule 0 says; the hands move between mouse
and keyboard (H) where the next act needs the other one.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import FilePayload, Locator, Page

SECONDS = {"K": 0.28, "P": 1.1, "B": 0.1, "H": 0.4, "M": 1.35}  # a key, to point, a button down or up, to move a hand
CLICK, PICK_A_FILE = "MPBB", "MPBBMPBBBB"  # to pick a file: the button, then a double click on the file
Role = Literal["button", "link", "checkbox", "radio"]


@dataclass
class Count:
    """What a task took. `browser` is in seconds, as measured; `model` as the keystroke-level model has it."""

    pages: int = 0
    fields: int = 0
    clicks: int = 0
    operators: Counter[str] = field(default_factory=Counter)
    browser: float = 0.0

    @property
    def model(self) -> float:
        return sum(SECONDS[operator] * count for operator, count in self.operators.items())

    def __str__(self) -> str:
        counts = f"{self.pages:>7}{self.fields:>8}{self.clicks:>8}{self.operators['K']:>7}"
        return f"{counts}{self.model:>9.0f} s{self.browser:>9.1f} s"


class Hands:
    """One person's hands on one page of a browser. Things are named as the page names them to a reader."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, Count()
        self._on_keyboard = False
        self._began = time.monotonic()
        page.on("framenavigated", lambda frame: self._turn_page(frame.url))

    def open(self, address: str) -> None:
        """As a link of a mail, or a bookmark, opens it."""
        self._act(CLICK)
        self.count.clicks += 1
        self.page.goto(address)

    def press(self, name: str, within: Locator | None = None) -> None:
        self._click(self._named("button", name, within))

    def follow(self, name: str, within: Locator | None = None) -> None:
        self._click(self._named("link", name, within))

    def first_card(self) -> None:
        self._click(self.page.locator("main li.card a").first)

    def go(self, name: str) -> None:
        """By the navigation, which a phone shows behind a button."""
        link = self.page.locator("header").get_by_role("link", name=name, exact=True)
        if not link.is_visible():
            self._click(self.page.locator("header summary"), leads_on=False)
        self._click(link)

    def tick(self, name: str, within: Locator | None = None) -> None:
        """A checkbox or a radio button."""
        scope = within or self.page
        self._act(CLICK)
        self.count.clicks += 1
        scope.get_by_label(name).first.check()

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        self._act("MPBB")
        self._act("K" * len(text))
        self.count.fields += 1
        beginning = re.compile(f"^{re.escape(label)}")  # "Number" is not "Kind of number"
        (within or self.page).get_by_label(beginning).first.fill(text)

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        """An option of a list: open it, point, press."""
        self._act(CLICK + "PBB")
        self.count.fields += 1
        (within or self.page).get_by_label(label).first.select_option(label=option)

    def hand_in(self, label: str, name: str, content: bytes) -> None:
        """A file."""
        self._act(PICK_A_FILE)
        self.count.fields += 1
        file = FilePayload(name=name, mimeType="text/csv", buffer=content)
        self.page.get_by_label(label).first.set_input_files(files=[file])

    def change_cells(self, cells: int, keys: int) -> None:
        """In a spreadsheet, which no test opens: each cell is clicked and written anew; then the file is saved."""
        for _ in range(cells):
            self._act("MPBB")
            self._act("K" * keys)
            self.count.fields += 1
        self._act("KK")

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def begin(self) -> None:
        """From here on it counts."""
        self.count, self._on_keyboard, self._began = Count(), False, time.monotonic()

    def stop(self) -> Count:
        self.count.browser = time.monotonic() - self._began
        return self.count

    def _named(self, role: Role, name: str, within: Locator | None) -> Locator:
        return (within or self.page).get_by_role(role, name=name).first

    def _click(self, target: Locator, *, leads_on: bool = True) -> None:
        self._act(CLICK)
        self.count.clicks += 1
        if not leads_on:
            target.click()
            return
        with self.page.expect_navigation():  # a click alone does not wait for the page that it leads to
            target.click()

    def _act(self, operators: str) -> None:
        needs_keyboard = operators.startswith("K")
        moves = "H" if operators and needs_keyboard != self._on_keyboard else ""
        self._on_keyboard = needs_keyboard if operators else self._on_keyboard
        self.count.operators.update(moves + operators)

    def _turn_page(self, url: str) -> None:
        if url != "about:blank":
            self.count.pages += 1
