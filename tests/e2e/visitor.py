"""Whoever `arrest-alert sign-in` sends to the sign-in pages."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from tests.local.sign_in import Office as SignIn
from tests.local.sign_in import request


@dataclass(frozen=True)
class Visitor:
    person: SignIn

    def open(self, address: str) -> bool:
        """As `webbrowser.open`: the browser signs in and follows to where it is led."""
        threading.Thread(target=lambda: request(self.is_led_to(address)), daemon=True).start()
        return True

    def is_led_to(self, address: str) -> str:
        asked = parse_qs(urlsplit(address).query)
        return self.person.sign_in_on_the_page({name: values[0] for name, values in asked.items()})
