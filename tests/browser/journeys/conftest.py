"""People who use the console of the deployed template."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from shared.offices.users import Right
from tests.browser.person import PHONE, Person, invited, join_office
from tests.browser.tasks import Join
from tests.e2e.conftest import product, scene
from tests.e2e.scene import Scene

__all__ = ["product", "scene"]


@pytest.fixture
def join(scene: Scene, chromium: Browser) -> Iterator[Join]:
    """A person of the scene's office, or of another scene's, who is not signed in yet."""
    people: list[Person] = []
    own = scene

    def join(name: str = "ada", *rights: Right, width: int = PHONE, scene: Scene = own) -> Person:
        email = name if "@" in name else f"{name}@{scene.domain}"
        people.append(join_office(scene.product, scene.office, email, chromium, frozenset(rights), width))
        return people[-1]

    yield join
    for person in people:
        person.leave()


@pytest.fixture
def invite(scene: Scene, chromium: Browser) -> Iterator[Callable[[str], Person]]:
    """A person of the scene's office who gets an invitation and has no account yet."""
    people: list[Person] = []

    def invite(name: str) -> Person:
        people.append(invited(scene.product, f"{name}@{scene.domain}", chromium))
        return people[-1]

    yield invite
    for person in people:
        person.leave()
