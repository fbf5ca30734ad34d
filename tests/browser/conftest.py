"""A browser for these tests, and the console of this process for it to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import chromium as installed
from tests.browser.served import SESSION_PATH, served
from tests.browser.world import World, make_world
from tests.conftest import Tables
from tests.console.conftest import SignIn, call, console, handler, sign_in, tables
from tests.office_api.conftest import Call

__all__ = ["call", "console", "handler", "sign_in", "tables"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if reason := installed.missing():
        pytest.skip(f"{reason} `make browser` gets what is missing.")
    with installed.chromium() as browser:
        yield browser


@pytest.fixture
def address(console: Any) -> Iterator[str]:
    """Where the console of this process answers."""
    with served(console) as address:
        yield address


@pytest.fixture
def world(tables: Tables, console: Any, call: Call) -> World:
    return make_world(tables, call)


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """A browser's profile of its own, as a phone, in which nobody has signed in yet."""
    context = chromium.new_context(viewport={"width": 375, "height": 800}, base_url=address)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def signed_in(window: BrowserContext, address: str, sign_in: SignIn) -> Any:
    """Signs a person in past the door: their session's cookie is put into the window."""

    def signed_in(*names: Any, **facts: Any) -> BrowserContext:
        window.clear_cookies()
        for name, value in sign_in(*names, **facts).cookies.items():
            window.request.get(f"{address}{SESSION_PATH}{name}/{value}")
        return window

    return signed_in
