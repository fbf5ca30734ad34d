"""The secrets of an app client, two of which are valid at a time: MiniStack knows the one it is made with."""

import secrets
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from ministack.core.responses import error_response_json, json_response
from ministack.services import cognito

MAX_SECRETS = 2
Request = dict[str, Any]


class Secret(NamedTuple):
    id_: str
    value: str
    made: float

    @property
    def described(self) -> Request:
        return {"ClientSecretId": self.id_, "ClientSecretCreateDate": self.made}


class AnyOf(str):
    """What a client must show: the emulator compares it, and it is equal to each of them."""

    secrets: tuple[Secret, ...]

    def __eq__(self, shown: object) -> bool:
        return shown in [secret.value for secret in self.secrets]

    def __ne__(self, shown: object) -> bool:
        return not self == shown

    __hash__ = str.__hash__


def install() -> None:
    dispatch = cognito._dispatch_idp

    async def dispatched(action: str, data: Request) -> Any:
        if action not in CALLS:
            return await dispatch(action, data)
        _, _, client = cognito._find_pool_by_client_id(data["ClientId"])
        if not client:
            return error_response_json("ResourceNotFoundException", "There is no such client.", 400)
        return CALLS[action](client, data)

    cognito._dispatch_idp = dispatched


def _secrets_of(client: Request) -> tuple[Secret, ...]:
    stored = client["ClientSecret"]
    first = Secret(f"{client['ClientId']}--1", str(stored), float(client["CreationDate"]))
    return stored.secrets if isinstance(stored, AnyOf) else (first,)


def _store(client: Request, client_secrets: tuple[Secret, ...]) -> None:
    client["ClientSecret"] = AnyOf(client_secrets[-1].value)
    client["ClientSecret"].secrets = client_secrets


def _list(client: Request, _data: Request) -> Any:
    return json_response({"ClientSecrets": [secret.described for secret in _secrets_of(client)]})


def _add(client: Request, _data: Request) -> Any:
    if len(before := _secrets_of(client)) == MAX_SECRETS:
        return error_response_json("LimitExceededException", f"A client has {MAX_SECRETS} secrets at most.", 400)
    new_secret = Secret(f"{client['ClientId']}--{secrets.token_hex(4)}", secrets.token_hex(24), time.time())
    _store(client, (*before, new_secret))
    return json_response({"ClientSecretDescriptor": new_secret.described | {"ClientSecretValue": new_secret.value}})


def _delete(client: Request, data: Request) -> Any:
    remaining = tuple(secret for secret in _secrets_of(client) if secret.id_ != data["ClientSecretId"])
    if not remaining:
        return error_response_json("InvalidParameterException", "A client keeps one secret.", 400)
    _store(client, remaining)
    return json_response({})


CALLS: dict[str, Callable[[Request, Request], Any]] = {
    "ListUserPoolClientSecrets": _list,
    "AddUserPoolClientSecret": _add,
    "DeleteUserPoolClientSecret": _delete,
}
