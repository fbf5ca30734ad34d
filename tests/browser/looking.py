"""What a page must be, whatever is on it. Each function returns what is wrong with it in words, nothing if all is well.

The pages run no script of their own (their policy forbids every one), so what is measured here with scripts of the
test's is what a browser without JavaScript shows.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.browser.chromium import AXE

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STOPS_IN_A_DAY = 3  # Chromium's field of a day or time has its parts and a button: Tab goes through them
HEAVIEST = 60_000  # bytes of a page, its style sheet not counted
WIDTHS = (320, 375, 1280)

_ASK_AXE = """async (only) => {
  const run = only.rules ? {type: "rule", values: only.rules} : {type: "tag", values: only.tags};
  const {violations} = await axe.run(document, {runOnly: run, preload: false, resultTypes: ["violations"]});
  return violations.map(v => v.id + ": " + v.help + " at " + v.nodes.slice(0, 3).map(
    n => n.target.join(" ") + " (" + n.any.concat(n.all).slice(0, 1).map(c => c.message).join() + ")").join("; "));
}"""
_SIDEWAYS = """() => {
  const wide = document.documentElement.scrollWidth, room = document.documentElement.clientWidth;
  if (wide <= room) return "";
  const own = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > room + 1
    && !e.closest(".scroll"));
  return `${wide} px wide in ${room}: ` + own.slice(-2).map(e => e.outerHTML.slice(0, 90)).join(" | ");
}"""
_CONTROLS = """() => [...document.querySelectorAll("a[href],button,input:not([type=hidden]),select,textarea,summary," +
  "[tabindex='0']")].filter(e => !e.disabled && e.checkVisibility({visibilityProperty: true})
  && !(e.closest("details:not([open])") && !e.closest("summary")))
  .map((e, place) => { e.dataset.place = place; return e.outerHTML.slice(0, 160); })"""
_FOCUSED = """() => {
  const e = document.activeElement, look = getComputedStyle(e), box = e.getBoundingClientRect();
  return {place: e.dataset.place, group: e.type === "radio" ? e.name : "",
    seen: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
}"""
_SMALL = """() => [...document.querySelectorAll("button,input:not([type=hidden]),select,textarea,a.button")]
  .filter(e => e.checkVisibility()).map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 80)])
  .filter(([box]) => box.width < 24 || box.height < 24).map(([box, html]) => `${box.width}x${box.height} ${html}`)"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Of WCAG 2.2 AA, by axe-core."""
    page.evaluate(_axe())
    return _ask_axe(page, {"tags": WCAG})


def low_contrast(page: Page) -> list[str]:
    """After `violations`, in the other colours: light or dark changes nothing else."""
    return _ask_axe(page, {"rules": ["color-contrast"]})


def _ask_axe(page: Page, only: dict[str, list[str]]) -> list[str]:
    answer: list[str] = page.evaluate(_ASK_AXE, only)
    return answer


def sideways_scroll(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    wide: str = page.evaluate(_SIDEWAYS)
    return [f"scrolls sideways at {width} px: {wide}"] if wide else []


def structure(page: Page) -> list[str]:
    headings = page.locator("h1").count()
    wrong = [f"{headings} h1"] if headings != 1 else []
    wrong += [] if page.title().endswith(" - Arrest Alert") else [f"title: {page.title()!r}"]
    wrong += ["a script"] if page.locator("script, [onclick], [onchange], [onsubmit]").count() else []
    return wrong + [f"hard to touch: {small}" for small in page.evaluate(_SMALL)]


def out_of_reach(page: Page) -> list[str]:
    """Presses Tab through the page: every control gets the focus, in the order of the page, and shows it."""
    controls: list[str] = page.evaluate(_CONTROLS)
    wrong: list[str] = []
    reached: list[int] = []
    groups: set[str] = set()
    for _ in range(len(controls) + sum(STOPS_IN_A_DAY for control in controls if _has_parts(control))):
        page.keyboard.press("Tab")
        focus: dict[str, Any] = page.evaluate(_FOCUSED)
        if focus["place"] is None:
            break
        groups.add(focus["group"])
        if reached and reached[-1] == int(focus["place"]):
            continue
        reached.append(int(focus["place"]))
        wrong += [] if focus["seen"] and focus["inside"] else [f"no visible focus: {controls[reached[-1]]}"]
    wrong += [] if reached == sorted(reached) else [f"the focus jumps: {reached}"]
    missed = [control for place, control in enumerate(controls) if place not in reached]
    return wrong + [f"no key reaches {control}" for control in missed if not _radio_of(control, groups)]


def _has_parts(control: str) -> bool:
    return 'type="date"' in control or 'type="time"' in control


def _radio_of(control: str, groups: set[str]) -> bool:
    """Tab reaches one radio button of a group; arrows reach the others."""
    return 'type="radio"' in control and any(f'name="{group}"' in control for group in groups if group)


def too_heavy(content: bytes) -> list[str]:
    return [f"{len(content):,} bytes"] if len(content) > HEAVIEST else []
