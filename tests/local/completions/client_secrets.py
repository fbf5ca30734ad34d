"""The secrets of an app client, two of which are valid at a time: MiniStack knows the one it is made with."""

import secrets
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from ministack.core.responses import error_response_json, json_response
from ministack.services import cognito

MOST = 2
Said = dict[str, Any]


class Secret(NamedTuple):
    id_: str
    value: str
    made: float

    @property
    def described(self) -> Said:
        return {"ClientSecretId": self.id_, "ClientSecretCreateDate": self.made}


class AnyOf(str):
    """What a client must show: the emulator compares it, and it is equal to each of them."""

    secrets: tuple[Secret, ...]

    def __eq__(self, shown: object) -> bool:
        return shown in [one.value for one in self.secrets]

    def __ne__(self, shown: object) -> bool:
        return not self == shown

    __hash__ = str.__hash__


def install() -> None:
    dispatch = cognito._dispatch_idp

    async def dispatched(action: str, data: Said) -> Any:
        if action not in CALLS:
            return await dispatch(action, data)
        _, _, client = cognito._find_pool_by_client_id(data["ClientId"])
        if not client:
            return error_response_json("ResourceNotFoundException", "There is no such client.", 400)
        return CALLS[action](client, data)

    cognito._dispatch_idp = dispatched


def _of(client: Said) -> tuple[Secret, ...]:
    kept = client["ClientSecret"]
    first = Secret(f"{client['ClientId']}--1", str(kept), float(client["CreationDate"]))
    return kept.secrets if isinstance(kept, AnyOf) else (first,)


def _keep(client: Said, some: tuple[Secret, ...]) -> None:
    client["ClientSecret"] = AnyOf(some[-1].value)
    client["ClientSecret"].secrets = some


def _list(client: Said, _data: Said) -> Any:
    return json_response({"ClientSecrets": [one.described for one in _of(client)]})


def _add(client: Said, _data: Said) -> Any:
    if len(before := _of(client)) == MOST:
        return error_response_json("LimitExceededException", f"A client has {MOST} secrets at most.", 400)
    made = Secret(f"{client['ClientId']}--{secrets.token_hex(4)}", secrets.token_hex(24), time.time())
    _keep(client, (*before, made))
    return json_response({"ClientSecretDescriptor": made.described | {"ClientSecretValue": made.value}})


def _delete(client: Said, data: Said) -> Any:
    left = tuple(one for one in _of(client) if one.id_ != data["ClientSecretId"])
    if not left:
        return error_response_json("InvalidParameterException", "A client keeps one secret.", 400)
    _keep(client, left)
    return json_response({})


CALLS: dict[str, Callable[[Said, Said], Any]] = {
    "ListUserPoolClientSecrets": _list,
    "AddUserPoolClientSecret": _add,
    "DeleteUserPoolClientSecret": _delete,
}
