"""`arrest-alert sign-in`: a token for a script, by the console's own sign-in pages."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from functions.cli.main import main
from tests.console.pool import Pool, a_pool


@pytest.fixture
def pool() -> Iterator[Pool]:
    with a_pool() as pool:
        yield pool


def redirect_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["redirect_uri"][0]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], list[dict[str, str]]]], None]:
    """Says with which queries the browser comes to the loopback address, given the address that it was sent to."""

    def visits(queries_for: Callable[[str], list[dict[str, str]]]) -> None:
        def come(address: str) -> None:
            for query in queries_for(address):
                try:
                    urllib.request.urlopen(f"{redirect_of(address)}?{urlencode(query)}", timeout=30).close()  # noqa: S310 - loopback
                except urllib.error.HTTPError as refusal:
                    refusal.close()

        def opened(address: str) -> bool:
            threading.Thread(target=come, args=[address], daemon=True).start()
            return True

        monkeypatch.setattr("webbrowser.open", opened)

    return visits


def test_kd14_the_token_alone_is_printed_and_a_visitor_without_the_state_is_not_listened_to(pool, browser, capsys):
    browser(lambda address: [{"code": "planted", "state": "another"}, pool.lets_in(address)])
    assert main(["sign-in", pool.address]) == 0
    printed, told = capsys.readouterr()
    assert printed.count(".") == 2
    assert len(printed.split()) == 1
    assert "code_challenge_method=S256" in told
    assert printed.strip() not in told
    assert [form["grant_type"] for form in pool.asked] == ["authorization_code"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"claims": {"nonce": "another"}}, "another sign-in"),
        ({"refuses": True}, "the code was not taken"),
    ],
)
def test_kd14_a_token_of_another_sign_in_or_none_is_no_sign_in(change, reason, pool, browser, capsys):
    for name, value in change.items():
        setattr(pool, name, value)
    browser(lambda address: [pool.lets_in(address)])
    assert main(["sign-in", pool.address]) == 1
    printed, told = capsys.readouterr()
    assert (printed, reason in told) == ("", True)


def test_kd14_a_sign_in_that_is_denied_ends_the_command(pool, browser, capsys):
    browser(lambda address: [{"error": "access_denied", "state": pool.lets_in(address)["state"]}])
    assert main(["sign-in", pool.address]) == 1
    assert "it was refused" in capsys.readouterr().err


def test_kd14_the_address_of_a_browser_elsewhere_is_pasted(pool, capsys, monkeypatch):
    class Hands:
        def readline(self) -> str:
            [address] = [line for line in capsys.readouterr().err.splitlines() if "/oauth2/authorize" in line]
            return f"{redirect_of(address)}?{urlencode(pool.lets_in(address) | self.changes)}\n"

        changes: dict[str, str] = {}

    monkeypatch.setattr("sys.stdin", hands := Hands())
    assert main(["sign-in", "--paste", pool.address]) == 0
    assert capsys.readouterr().out.count(".") == 2
    hands.changes = {"state": "another"}
    assert main(["sign-in", "--paste", pool.address]) == 1


@pytest.mark.parametrize(
    "console", ["http://console.example.gov", "file:///etc/passwd", "console.example.gov", "https://"]
)
def test_kd14_no_code_is_sent_over_a_line_that_others_read(console, capsys):
    assert main(["sign-in", console]) == 1
    assert "not signed in" in capsys.readouterr().err
