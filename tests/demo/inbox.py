"""The demo's mail view: what the recipients got, in a browser."""

import json
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.local.cloud import LocalCloud
from tests.local.deployed import Api

PREFERRED_PORT = 8000  # where the links in the local environment's alerts point


class Inbox:
    """`/` lists mails and texts, `/mail/<n>` shows one; the alerts' own links open as their recipient may read them."""

    def __init__(self, cloud: LocalCloud, reader: Api) -> None:
        self._cloud, self._reader = cloud, reader
        self._server = _listening(self._page)
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def _page(self, path: str) -> str | None:
        match path.strip("/").split("/"):
            case [""]:
                return self._list()
            case ["mail", number] if number.isdigit() and int(number) < len(self._cloud.emails()):
                return str(self._cloud.emails()[int(number)]["BodyHtml"])
            case ["v1", "alerts", _]:
                return f"<pre>{escape(json.dumps(self._reader('GET', path).body, indent=2))}</pre>"
        return None

    def _list(self) -> str:
        mails = "".join(
            f"<li><a href='/mail/{number}'>{escape(mail['Subject'])}</a> to {escape(', '.join(mail['To']))}"
            for number, mail in enumerate(self._cloud.emails())
        )
        texts = "".join(f"<li>{escape(text['PhoneNumber'])}: {escape(text['Message'])}" for text in self._cloud.texts())
        return f"<!doctype html><title>Mail view</title><h1>Mails</h1><ol>{mails}</ol><h1>Texts</h1><ol>{texts}</ol>"


def _listening(page: Callable[[str], str | None]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = page(self.path)
            self.send_response(200 if content else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((content or "There is nothing here.").encode())

        def log_message(self, *_: Any) -> None:
            """The demo prints what matters itself."""

    try:
        return ThreadingHTTPServer(("127.0.0.1", PREFERRED_PORT), Handler)
    except OSError:
        return ThreadingHTTPServer(("127.0.0.1", 0), Handler)
