"""The console of this process on a port of 127.0.0.1, so that a real browser reads its pages without a deployment."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.console.conftest import URL

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


SESSION_PATH = "/session/"  # + name + "/" + value: sets the cookie of a session; a test cannot set a `__Host-` cookie


@contextmanager
def served(handler: Handler) -> Iterator[str]:
    """Yields the address at which `handler` answers, as it answers events of API Gateway, one request at a time."""
    one_at_a_time = threading.Lock()

    class Request(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            with one_at_a_time:
                answer = _session(self.path) or handler(self._event(body), None)
            self._write(answer)

        do_POST = do_GET  # noqa: N815 - the name that the library calls

        def _event(self, body: bytes) -> dict[str, Any]:
            path, _, query = self.path.partition("?")
            headers = {name.lower(): value for name, value in self.headers.items()}
            if headers.get("origin") == f"http://{headers['host']}":
                headers["origin"] = URL  # the console knows its own address by its settings
            cookies = [cookie.strip() for cookie in headers.pop("cookie", "").split(";") if cookie.strip()]
            return {
                "version": "2.0", "routeKey": "ANY /console/{proxy+}", "rawPath": path, "rawQueryString": query,
                "queryStringParameters": dict(parse_qsl(query)), "headers": headers, "cookies": cookies,
                "requestContext": {
                    "http": {"method": self.command, "path": path, "sourceIp": "192.0.2.1"}, "stage": "$default",
                    "requestId": "r-1",
                },
                "isBase64Encoded": True, "body": b64encode(body).decode(),
            }  # fmt: skip

        def _write(self, answer: dict[str, Any]) -> None:
            content = answer["body"].encode()
            self.send_response(answer["statusCode"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            for cookie in answer["cookies"]:
                self.send_header("Set-Cookie", cookie)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """The console writes its own log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _session(path: str) -> dict[str, Any] | None:
    """The answer that sets a cookie as the door does, for a path that begins with SESSION_PATH."""
    if not path.startswith(SESSION_PATH):
        return None
    name, value = path.removeprefix(SESSION_PATH).split("/")
    cookie = f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax"
    return {"statusCode": 204, "headers": {}, "cookies": [cookie], "body": ""}
