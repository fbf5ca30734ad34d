"""Somebody of an office, with an account and a browser of their own that runs no scripts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from shared.offices.model import Office
from shared.offices.users import Right
from tests.browser.hands import Hands
from tests.builders import a_wish
from tests.local.deployed import PASSWORD, Api, Deployed
from tests.local.sign_in import Office as SignIn
from tests.local.sign_in import one_time_code

PATIENCE = 30_000  # milliseconds: the functions of the local cloud start slowly where the machine is busy
PHONE, DESK = 375, 1280  # pixels


@dataclass
class Person:
    """Somebody of an office with a browser of their own. `hands` are on its one page."""

    product: Deployed
    account: SignIn
    context: BrowserContext
    hands: Hands = field(init=False)
    watched: list[str] = field(init=False, default_factory=list)

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
        self.give_password(PASSWORD)
        self._give_code()

    def give_password(self, password: str) -> None:
        page = self.hands.page
        page.locator("input[name=username]").fill(self.email)
        page.locator("input[name=password]").fill(password)
        page.locator(
            "form:has(input[name=password]) button, form:has(input[name=password]) [type=submit]"
        ).first.click()

    def accept_invitation(self, mail: dict[str, Any]) -> None:
        """From the invitation to a session: the mail's password, one of their own, and a new authenticator app."""
        page = self.hands.page
        page.set_content(mail["BodyHtml"] or mail["BodyText"])
        first_password = page.locator("strong").inner_text()
        page.locator("a").first.click()
        self.give_password(first_password)
        page.get_by_label("New password", exact=True).fill(PASSWORD)
        page.get_by_label("Confirm new password").fill(PASSWORD)
        page.get_by_role("button", name="Update password").click()
        self.account = replace(self.account, authenticator=page.locator("code").inner_text())
        self._give_code()

    def _give_code(self) -> None:
        page = self.hands.page
        page.get_by_label("Code").fill(one_time_code(self.account.authenticator, time.time()))
        page.get_by_role("button", name="Sign in").click()

    def state_purpose(self, purpose: str) -> None:
        self.hands.tick(purpose)
        self.hands.press("Accept and continue")

    @property
    def api(self) -> Api:
        """What they could do with a program: for what a journey finds there already."""
        return self.product.api(self.account.id_token())

    def watch(self, criterion: dict[str, Any], **facts: Any) -> dict[str, Any]:
        answer = self.api("POST", "/v1/subscriptions", a_wish(criterion, recipients=[{"email": self.email}], **facts))
        assert answer.status == 201, answer.body
        stored: dict[str, Any] = answer.body
        self.watched.append(stored["subscription_id"])
        return stored

    def leave(self) -> None:
        """Ends what `watch` began, so that arrests of other scenes are not compared with it, and closes the browser."""
        self.context.close()
        if self.watched:
            api = self.api
            for subscription_id in self.watched:
                api("DELETE", f"/v1/subscriptions/{subscription_id}")

    def another_page(self) -> Hands:
        """A second tab."""
        return Hands(self.context.new_page())


def join_office(
    product: Deployed, office: Office, email: str, browser: Browser, rights: frozenset[Right], width: int = PHONE
) -> Person:
    """Gives somebody an account, rights and a browser. They are not signed in yet."""
    if product.offices.office(office.office_id) is None:
        product.offices.enrol(office)
    account = product.enrol(email, office, rights)
    return Person(product, account, _window(browser, width))


def invited(product: Deployed, email: str, browser: Browser, width: int = PHONE) -> Person:
    """Somebody who has an invitation, and neither a password nor an authenticator app of their own."""
    pool, client = product.outputs["UserPoolId"], product.outputs["UserPoolClientId"]
    return Person(product, SignIn(product.cloud, pool, client, email, PASSWORD, ""), _window(browser, width))


def _window(browser: Browser, width: int) -> BrowserContext:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    context.set_default_timeout(PATIENCE)
    return context
