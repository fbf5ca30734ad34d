"""`/a/X7YG4`, as it stands in a text message."""

import pytest

from tests.console.conftest import Browser


@pytest.mark.parametrize("number", ["X7YG4", "X7YG4-7QK2M", "nothing", "..%2F..", "%2F%2Fevil.example", "a%0d%0ab"])
def test_kw10_a_short_link_leads_to_the_alert_in_the_console_and_says_nothing_else(console, number: str) -> None:
    answer = Browser(console).get(f"/a/{number}")
    assert answer.status == 303
    assert answer.location == f"/console/alerts/{number.replace('%0d%0a', '%0D%0A')}"
    assert "X7YG4" not in answer.text


def test_kw10_whoever_is_not_signed_in_signs_in_first_and_comes_back_to_it(console) -> None:
    browser = Browser(console)
    answer = browser.get(browser.get("/a/X7YG4").location)
    assert (answer.status, answer.location) == (303, "/console/sign-in?next=%2Fconsole%2Falerts%2FX7YG4")
