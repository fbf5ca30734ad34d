"""What lies on the demo's desk: everybody's one-time code of this moment, and the mails and texts that were sent."""

import time
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.demo.stage import Stage
from tests.local.sign_in import STEP, one_time_code

PREFERRED_PORT = 8000


class Desk:
    """`/` lists codes, mails and texts; `/mail/<n>` shows a mail. Its links open the console."""

    def __init__(self, staged: Stage) -> None:
        self._people, self._cloud = staged.people, staged.product.cloud
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
        return None

    def _list(self) -> str:
        now = time.time()
        codes = "".join(
            f"<tr><td>{escape(email)}<td><code>{one_time_code(account.authenticator, now)}</code>"
            for email, account in self._people.items()
        )
        mails = "".join(
            f"<li><a href='/mail/{number}'>{escape(mail['Subject'])}</a> to {escape(', '.join(mail['To']))}"
            for number, mail in enumerate(self._cloud.emails())
        )
        texts = "".join(f"<li>{escape(text['PhoneNumber'])}: {escape(text['Message'])}" for text in self._cloud.texts())
        left = STEP - int(now) % STEP
        return (
            f"<!doctype html><html lang=en><title>Codes, mails, texts</title><meta http-equiv=refresh content={left}>"
            f"<h1>Codes of the second factor</h1><p>New ones in {left} seconds; the page shows them by itself.</p>"
            f"<table>{codes}</table><h1>Mails</h1><ol>{mails}</ol><h1>Texts</h1><ol>{texts}</ol>"
        )


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
