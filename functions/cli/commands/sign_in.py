"""`sign-in`: a person's ID token for scripts, by the same sign-in pages as the console's.

The browser brings the code to a loopback address of this computer (RFC 8252), or the person pastes the address that it
was led to. The token is written to standard output; nothing is stored.
"""

import argparse
import base64
import json
import sys
import urllib.error
import urllib.request
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from functions.cli.command import Arguments, Command
from shared.bounded_reader import read_json
from shared.offices.authorization_code import CodeRequest

PORTS = (8976, 18976, 28976)  # infra/stores/sign_in.py: the pool leads back to these addresses alone
PATH = "/signed-in"
PATIENCE = 600  # seconds for a person to sign in
ANSWER = b"<!doctype html><title>Arrest Alert</title><p>Go back to your terminal. You can close this window."


class SignInPages(NamedTuple):
    """Where the console sends whoever signs in, and as which client."""

    url: str
    client_id: str


class NotSignedInError(Exception):
    """The message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--office-account", action="store_true", help="sign in at your office's own identity provider")
    parser.add_argument("--paste", action="store_true", help="the browser is on another computer: paste its address")
    parser.add_argument("console", metavar="CONSOLE", help="the console's address, as in your mails")


def run(args: Arguments) -> int:
    """1 when nobody was signed in."""
    try:
        pages = _pages_of(args.console.rstrip("/"), "office" if args.office_account else "password")
        request = CodeRequest.begin(pages.client_id)
        come_back = _pasted if args.paste else _brought
        code, redirect_uri = come_back(request, pages)
        print(_id_token(request, code, redirect_uri, pages))
    except NotSignedInError as reason:
        print(f"not signed in: {reason}", file=sys.stderr)
        return 1
    return 0


class _Unfollowed(urllib.request.HTTPRedirectHandler):
    """Where a redirect leads is what we want to know."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _pages_of(console: str, way: str) -> SignInPages:
    """Asks the console itself, so that nobody needs an account of AWS. Raises NotSignedInError."""
    address = f"{console}/console/sign-in?{urlencode({'with': way})}"
    if not _is_safe(address):
        raise NotSignedInError(f"{console} is no address that begins with https://")
    try:
        urllib.request.build_opener(_Unfollowed).open(address, timeout=30)
    except urllib.error.HTTPError as answer:
        leads_to = answer.headers.get("Location", "")
        clients = parse_qs(urlsplit(leads_to).query).get("client_id", [])
        if clients and _is_safe(leads_to):
            return SignInPages(leads_to.partition("/oauth2/")[0], clients[0])
    except urllib.error.URLError as error:
        raise NotSignedInError(f"{console} does not answer ({error.reason})") from error
    raise NotSignedInError(f"{console} is no console of Arrest Alert")


def _is_safe(address: str) -> bool:
    """Over TLS, or not leaving this computer."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return parts.scheme == "https" or (parts.scheme == "http" and (host in {"127.0.0.1", "localhost"}))


def _brought(request: CodeRequest, pages: SignInPages) -> tuple[str, str]:
    """Opens the browser and waits until it comes to the loopback address with the state that it was sent with.

    Raises NotSignedInError when the sign-in was denied or nobody came."""
    with _listening(request) as server:
        redirect_uri = f"http://localhost:{server.server_port}{PATH}"
        address = request.address(pages.url, redirect_uri)
        print(f"Sign in with your browser. If it does not open, go to:\n{address}", file=sys.stderr)
        webbrowser.open(address)
        server.timeout = PATIENCE
        while server.query is None:
            server.handle_request()
        return _code(request, server.query), redirect_uri


class _LoopbackServer(HTTPServer):
    """Waits for the browser: whatever else asks this port, without the state, is not listened to."""

    request_sent: CodeRequest
    query: dict[str, str] | None = None

    def handle_timeout(self) -> None:
        raise NotSignedInError("nobody signed in within ten minutes")


class _Answering(BaseHTTPRequestHandler):
    server: _LoopbackServer

    def do_GET(self) -> None:  # the name that the library calls
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        is_ours = parts.path == PATH and self.server.request_sent.began_with(query.get("state", ""))
        if is_ours:
            self.server.query = query
        self.send_response(200 if is_ours else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(ANSWER if is_ours else b"")

    def log_message(self, *_: object) -> None:
        """Quiet: the path holds the code."""


def _listening(request: CodeRequest) -> _LoopbackServer:
    """Raises NotSignedInError when every port is taken."""
    for port in PORTS:
        try:
            server = _LoopbackServer(("127.0.0.1", port), _Answering)
        except OSError:
            continue
        server.request_sent = request
        return server
    raise NotSignedInError("the ports of the sign-in are taken; use --paste")


def _pasted(request: CodeRequest, pages: SignInPages) -> tuple[str, str]:
    """Raises NotSignedInError for an address that is not the one."""
    redirect_uri = f"http://localhost:{PORTS[0]}{PATH}"
    print(f"Open this address in a browser and sign in:\n{request.address(pages.url, redirect_uri)}", file=sys.stderr)
    print("Your browser then shows a page that cannot be reached. Paste its address here:", file=sys.stderr)
    query = parse_qs(urlsplit(sys.stdin.readline().strip()).query)
    return _code(request, {name: values[0] for name, values in query.items()}), redirect_uri


def _code(request: CodeRequest, query: dict[str, str]) -> str:
    if not request.began_with(query.get("state", "")):
        raise NotSignedInError("the browser came back from another sign-in; begin again")
    if "code" not in query:
        raise NotSignedInError("the sign-in was not finished, or it was refused")
    return query["code"]


def _id_token(request: CodeRequest, code: str, redirect_uri: str, pages: SignInPages) -> str:
    """The token comes straight from the pool, over TLS; its nonce shows that it is of this sign-in (OpenID Connect
    Core, section 3.1.3.7). The API verifies its signature. Raises NotSignedInError."""
    form = urlencode(request.exchange(code, redirect_uri)).encode()
    content = {"Content-Type": "application/x-www-form-urlencoded"}
    asked = urllib.request.Request(f"{pages.url}/oauth2/token", form, content)  # noqa: S310 - `_is_safe`
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - as above
            token = str(read_json(answer.read())["id_token"])
    except urllib.error.URLError as error:
        raise NotSignedInError(f"the code was not taken ({error})") from error
    payload = token.split(".")[1]
    if json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))).get("nonce") != request.nonce:
        raise NotSignedInError("the token belongs to another sign-in")
    return token


SIGN_IN = Command(
    name="sign-in",
    summary="Signs you in with your browser, and prints your ID token for a script",
    details="It is good for as long as the console's own (15 minutes to an hour), and is stored nowhere.",
    example="arrest-alert sign-in https://console.da.example.gov",
    add_arguments=add_arguments,
    run=run,
    uses_stack=False,
)
