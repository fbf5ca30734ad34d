"""The everyday tasks whose time counts, as a new user does them through the console alone.

Each sets its stage, signs the person in, and then does what a person does; what their hands did is counted from there.
`tests/browser/journeys/test_counted.py` holds each to its target, `make bench` prints the counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.hands import Count
from tests.browser.person import Person
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
    scene.take_in(agency, "roster.csv", roster(row("B-1", **scene.pat | {"Date_of_Birth": "07/28/1971"})))
    hands = ada.sign_in()
    hands.begin()
    hands.go("Possible matches")
    hands.follow("Start with the oldest")
    hands.press("Same person")
    assert "None waits for you." in hands.page.locator("main").inner_text()
    return hands.stop()


TASKS = (Task("possible match decided", 20, decide_a_possible_match),)
