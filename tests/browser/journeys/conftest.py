"""People who use the console of the deployed template with a browser that runs no scripts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext

from shared.offices.users import Right
from tests.browser.hands import Hands
from tests.e2e.conftest import product, scene
from tests.e2e.scene import Scene
from tests.local.deployed import PASSWORD, Deployed
from tests.local.sign_in import Office as SignIn
from tests.local.sign_in import one_time_code

__all__ = ["product", "scene"]
PATIENCE = 60_000  # milliseconds: the functions of the local cloud start slowly where the machine is busy


@dataclass
class Person:
    """Somebody of an office with a browser of their own. `hands` are on its one page."""

    product: Deployed
    account: SignIn
    context: BrowserContext
    hands: Hands = field(init=False)

    def __post_init__(self) -> None:
        self.hands = Hands(self.context.new_page())

    @property
    def email(self) -> str:
        return self.account.email

    @property
    def console(self) -> str:
        return self.product.outputs["ConsoleUrl"]

    def sign_in(self, path: str = "/console/alerts", purpose: str = "Investigation") -> Hands:
        """Opens a page of the console as somebody without a session, and goes through the door."""
        self.hands.page.goto(f"{self.console}{path}")
        self.pass_the_door()
        self.state_purpose(purpose)
        return self.hands

    def pass_the_door(self) -> None:
        page = self.hands.page
        page.locator("input[name=username]").fill(self.email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator(
            "form:has(input[name=password]) button, form:has(input[name=password]) [type=submit]"
        ).first.click()
        page.get_by_label("Code").fill(one_time_code(self.account.authenticator, time.time()))
        page.get_by_role("button", name="Sign in").click()

    def state_purpose(self, purpose: str) -> None:
        self.hands.tick(purpose)
        self.hands.press("Continue")

    def another_page(self) -> Hands:
        """A second tab."""
        return Hands(self.context.new_page())


Join = Callable[..., Person]


@pytest.fixture
def join(scene: Scene, chromium: Browser) -> Iterator[Join]:
    """A person of the scene's office gets an account, rights and a browser. Nobody of them is signed in yet."""
    contexts: list[BrowserContext] = []

    def join(name: str = "ada", *rights: Right, width: int = 375) -> Person:
        scene.product.offices.enrol(scene.office)
        account = scene.product.enrol(f"{name}@{scene.domain}", scene.office, frozenset(rights))
        context = chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Person(scene.product, account, context)

    yield join
    for context in contexts:
        context.close()
