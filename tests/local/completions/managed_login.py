"""Cognito's managed login: the second factor on its page, its address, and the look that a client of it must have.

MiniStack's page asks for a password alone. Here it goes on as AWS's does: it gives a new authenticator app its key, and
lets nobody through without a code of it. The address of the pages, which the template gives to functions, is a name of
Amazon's; here it is the emulator's. A `ManagedLoginBranding` is taken and shown nowhere.
"""

import base64
import json
import os
import re
import secrets
from html import escape
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from ministack.core import iam_actions
from ministack.services import cognito, lambda_svc
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]
Response = tuple[int, dict[str, str], bytes]
_SIGN_IN_PAGES = re.compile(r"https://[\w-]+\.auth\.[\w-]+\.amazoncognito\.com")
_PAGE = """<p class="error">{error}</p>
<form method="post" action="/login">
<input type="hidden" name="mfa_token" value="{token}">
<p>{text}</p>
<label for="code">Code</label>
<input type="text" id="code" name="code" inputmode="numeric" autocomplete="one-time-code">
<button>Sign in</button>
</form>"""


class Waiting(NamedTuple):
    """A person whose password was right. `answer` is what they get after the code."""

    answer: Response
    user: dict[str, Any]
    secret: str
    text: str


_waiting: dict[str, Waiting] = {}


def install() -> None:
    _ask_for_the_second_factor()
    _hand_over_cookies()
    _give_functions_the_address_of_the_pages()
    _take_brandings()
    _judge_keys_by_their_encryption_context()
    _make_first_passwords_that_the_policy_takes()


def _make_first_passwords_that_the_policy_takes() -> None:
    """Cognito makes one that the pool's policy takes; the emulator's have 12 characters."""
    short = cognito._generate_temp_password
    cognito._generate_temp_password = lambda: f"{short()}{short()}"


def _ask_for_the_second_factor() -> None:
    submit = cognito.handle_login_submit

    def submitted(method: str, path: str, headers: Any, body: bytes, query: Any) -> Response:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if token := form.get("mfa_token"):
            return _code_given(token, form.get("code", ""))
        answer: Response = submit(method, path, headers, body, query)
        codes = parse_qs(urlsplit(answer[1].get("Location", "")).query).get("code", [])
        return _second_page(codes[0], answer) if codes else answer

    cognito.handle_login_submit = submitted


def _second_page(code: str, answer: Response) -> Response:
    entry = cognito._authorization_codes[code]
    pool = cognito._get_pool_unscoped(entry["pool_id"])
    user = pool["_users"][entry["username"]]
    if pool.get("MfaConfiguration", "OFF") != "ON":
        return answer
    known = user.get("_totp_secret")
    secret = known or base64.b32encode(secrets.token_bytes(20)).decode()
    asked = "Enter the code of your authenticator app."
    told = f"Set up your authenticator app with this key: <code>{secret}</code>. Then enter its code."
    token = secrets.token_urlsafe(24)
    _waiting[token] = Waiting(answer, user, secret, asked if known else told)
    return _page(token)


def _code_given(token: str, code: str) -> Response:
    waiting = _waiting[token]
    if not cognito._totp_matches(waiting.secret, code):
        return _page(token, "That code is not right.")
    del _waiting[token]
    waiting.user["_totp_secret"] = waiting.secret
    if "SOFTWARE_TOKEN_MFA" not in (enabled := waiting.user.setdefault("_mfa_enabled", [])):
        enabled.append("SOFTWARE_TOKEN_MFA")
    return waiting.answer


def _page(token: str, error: str = "") -> Response:
    body = _PAGE.format(token=escape(token), error=escape(error), text=_waiting[token].text)
    page = cognito._page_shell("Second factor", "Second factor", body)
    return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()


def _hand_over_cookies() -> None:
    """Payload 2.0 has the request's cookies as a list (API Gateway, "Working with AWS Lambda proxy integrations")."""
    run = lambda_svc._execute_function_with_config_scope

    def with_cookies(function: Any, event: Any) -> Any:
        if isinstance(event, dict) and event.get("version") == "2.0":
            cookies = (event.get("headers") or {}).pop("cookie", None)
            if cookies:
                event["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
        return run(function, event)

    lambda_svc._execute_function_with_config_scope = with_cookies


def _give_functions_the_address_of_the_pages() -> None:
    handler = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
    create, update = handler["create"], handler["update"]

    def created(logical_id: str, properties: Properties, *rest: Any) -> Any:
        return create(logical_id, _with_address(properties), *rest)

    def updated(physical_id: str, old: Properties, new: Properties, *rest: Any) -> Any:
        return update(physical_id, old, _with_address(new), *rest)

    handler.update(create=created, update=updated)


def _with_address(properties: Properties) -> Properties:
    """In the properties themselves, so that the audit sees which of them are read."""
    here = f"http://localhost:{os.environ['GATEWAY_PORT']}"
    variables = (properties.get("Environment") or {}).get("Variables") or {}
    for name in dict.keys(variables):
        if isinstance(value := dict.__getitem__(variables, name), str):
            variables[name] = _SIGN_IN_PAGES.sub(here, value)
    return properties


def _take_brandings() -> None:
    provisioners._RESOURCE_HANDLERS["AWS::Cognito::ManagedLoginBranding"] = {
        "create": lambda logical_id, _properties, *_rest: (logical_id, {"ManagedLoginBrandingId": logical_id}),
        "update": lambda physical_id, *_rest: (physical_id, {"ManagedLoginBrandingId": physical_id}),
        "delete": lambda *_rest: None,
    }


def _judge_keys_by_their_encryption_context() -> None:
    """The condition keys `kms:EncryptionContextKeys` and `kms:EncryptionContext:<name>` (AWS KMS Developer Guide)."""
    context_of_tags = iam_actions.request_tag_context

    def context(service: str, action: Any, body: bytes, *rest: Any) -> Any:
        known = context_of_tags(service, action, body, *rest)
        if service != "kms":
            return known
        stated = json.loads(body or b"{}").get("EncryptionContext") or {}
        named = {f"kms:EncryptionContext:{name}": value for name, value in stated.items()}
        return {**known, **named, "kms:EncryptionContextKeys": list(stated)}

    iam_actions.request_tag_context = context
