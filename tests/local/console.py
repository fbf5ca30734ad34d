"""The deployed console over HTTP, as a browser without a window: cookies, forms, redirects that are looked at."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from tests.local.sign_in import Office, Reply, request

_form_keys = count(1)


@dataclass
class ConsoleWindow:
    """`base` is the stack's output `ConsoleUrl`. `cookies` are those of one browser."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Reply:
        return self._send(path, None)

    def post(self, path: str, fields: Mapping[str, str] | None = None, *, of: str = "/console/purpose") -> Reply:
        """Sends a form with the CSRF token that the page `of` shows."""
        token = re.search(r'name="csrf" value="([^"]*)"', self.get(of).text)
        own = {"csrf": token[1] if token else "", "form-key": f"form-{next(_form_keys)}"}
        return self._send(path, {**own, **(fields or {})})

    def sign_in(self, person: Office, *, goal: str = "/console/alerts", purpose: str = "investigation") -> Reply:
        """The whole way: to the pool's pages, with password and code, back to the console, the purpose stated. Returns
        the answer that leads to the goal."""
        to_the_pool = self.get(f"/console/sign-in?{urllib.parse.urlencode({'next': goal})}")
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(to_the_pool.location).query)
        back = urllib.parse.urlsplit(person.sign_in_on_the_page({name: values[0] for name, values in asked.items()}))
        signed_in = self.get(f"{back.path}?{back.query}")
        if signed_in.status != 303:
            raise ValueError(f"{person.email} was not let in: {signed_in.text}")
        return self.post("/console/purpose", {"purpose": purpose, "next": goal})

    def _send(self, path: str, form: Mapping[str, str] | None) -> Reply:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Origin": self.base}
        reply = request(f"{self.base}{path}", form=form, headers=headers)
        for cookie in reply.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in cookie:
                del self.cookies[name]
        return reply
