"""Answers to the browser, with the headers that every one has."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from functions.console import dependencies
from functions.console.page import Download

Response = dict[str, Any]
NOTICE_COOKIE = "__Host-notice"
_OF_ADDRESSES = "%/:?#[]@!$&'()*+,;=~"  # RFC 3986, section 2.2; anything else is encoded, line ends first of all


def security_headers() -> dict[str, str]:
    """No script, nothing of another site, no frame, no copy in a cache."""
    policy = (
        f"default-src 'none'; style-src 'self'; img-src 'self' data:; "
        f"form-action 'self' {dependencies.settings.sign_in_url}; frame-ancestors 'none'; base-uri 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",  # the Origin of our own forms is checked; other sites learn nothing
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


def cookie(name: str, value: str, seconds: int | None = None) -> str:
    """A cookie that no script reads and no other site sends. Without `seconds` it ends with the browser. The prefix
    `__Host-` of its name binds it to this very host (RFC 6265bis, section 4.1.3)."""
    lasting = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{lasting}"


def forgotten_cookie(name: str) -> str:
    return cookie(name, "", 0)


def html(text: str, status: int = HTTPStatus.OK, cookies: Sequence[str] = ()) -> Response:
    """A page. A notice was shown with it, so its cookie is taken away."""
    return _response(
        status, text, {"Content-Type": "text/html; charset=utf-8"}, [forgotten_cookie(NOTICE_COOKIE), *cookies]
    )


def redirect(to: str, notice: str = "", cookies: Sequence[str] = ()) -> Response:
    """303: the browser gets the next page, whatever it sent before, and the back button sends no form again."""
    notices = [cookie(NOTICE_COOKIE, quote(notice), 60)] if notice else []
    return _response(HTTPStatus.SEE_OTHER, "", {"Location": quote(to, safe=_OF_ADDRESSES)}, [*notices, *cookies])


def download(file: Download) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{file.file_name}"'} if file.file_name else {}
    return _response(HTTPStatus.OK, file.body, {"Content-Type": file.content_type, **named, **file.headers}, [])


def _response(status: int, body: str, headers: dict[str, str], cookies: list[str]) -> Response:
    return {
        "statusCode": int(status),
        "headers": security_headers() | headers,
        "cookies": cookies,
        "isBase64Encoded": False,
        "body": body,
    }
