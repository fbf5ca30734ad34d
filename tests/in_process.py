"""AWS in this process: moto, without what it does anew for every test, call and value."""

from contextlib import AbstractContextManager
from copy import deepcopy
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3
import botocore.session
import moto.core.models
import moto.core.responses
import moto.dynamodb.models
from botocore.config import Config
from botocore.parsers import create_parser
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.responses import DynamoHandler

# boto3 alone is asked here: the seven hundred patterns with which moto listens to `requests` would never be met.
moto.core.models.RESPONSES_METHODS.clear()
moto.core.responses.method_names_from_class = cache(moto.core.responses.method_names_from_class)


def in_process() -> AbstractContextManager[object]:
    return mock_aws(config={"core": {"mock_credentials": False, "reset_boto3_session": False}})


@cache
def session() -> boto3.Session:
    """With one client of each kind for all tests of this process: they keep nothing but where to ask, and as whom."""
    core = botocore.session.Session()
    core.set_default_client_config(Config(user_agent="tests"))
    one = boto3.Session(botocore_session=core)
    one.client = cache(one.client)  # type: ignore[method-assign]
    one.events.register_last("before-call.dynamodb", _answered)
    return one


def _answered(model: Any, params: dict[str, Any], context: dict[str, Any], **_: Any) -> tuple[Any, Any]:
    """moto's answer to a call of DynamoDB, as botocore reads it, without the HTTP between them: signatures, addresses
    and headers, which are half of what a test costs."""
    asked = DynamoHandler()
    asked.region, asked.current_account = context["client_region"], DEFAULT_ACCOUNT_ID
    asked.headers, asked.querystring, asked.response_headers = params["headers"], {}, {}
    asked.uri_match = {}
    asked.parse_parameters(
        SimpleNamespace(
            content_type=params["headers"]["Content-Type"],
            method="POST",
            values={},
            headers=params["headers"],
            data=params["body"],
            path="/",
        )
    )
    status, _, body = asked.call_action.__wrapped__(asked)
    answer = {"status_code": int(status), "headers": {}, "body": body.encode(), "context": {}}
    parser = create_parser("json")
    parsed = parser.parse(answer, model.output_shape)
    if shape := model.service_model.shape_for_error_code(parsed.get("Error", {}).get("Code")):
        parsed |= parser.parse(answer, shape)
    return SimpleNamespace(status_code=int(status)), parsed


_any_structure = BaseJSONSerializer._serialize_type_structure


def _structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """A value of DynamoDB has one of ten types. moto looks for each of them under every name that an attribute of a
    Python object could have, which is half of what a test costs; what is a dict already is the answer."""
    if shape.name == "AttributeValue" and isinstance(value, dict) and key and "B" not in value:
        self._default_serialize(serialized, value, shape, key)
    else:
        _any_structure(self, serialized, value, shape, key)


BaseJSONSerializer._serialize_type_structure = _structure  # type: ignore[method-assign]


_as_any_type = DynamoType.cast_value.fget


def _cast(value: DynamoType) -> Any:
    """Asked of every key of a table in every query, and a key is a string."""
    return value.value if value.type == "S" else _as_any_type(value)  # type: ignore[misc]


DynamoType.cast_value = property(_cast)  # type: ignore[assignment, method-assign]


_transact = DynamoDBBackend.transact_write_items


def _undone_by_item(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """moto copies the whole table for each item of a transaction, so as to undo it; here the items themselves."""
    before = [_as_it_was(backend, *request.values()) for request in transact_items]
    try:
        _transact(backend, transact_items)
    except Exception:
        for kept, key, item in before:
            kept.pop(key, None)
            kept.update({key: item} if item else {})
        raise


def _as_it_was(backend: DynamoDBBackend, request: dict[str, Any]) -> tuple[dict[Any, Any], DynamoType, Item | None]:
    table = backend.get_table(request["TableName"])
    hash_key, range_key = backend.get_keys_value(table, request.get("Key") or request["Item"])
    kept, key = (table.items[hash_key], range_key) if range_key else (table.items, hash_key)
    return kept, key, deepcopy(kept.get(key))


DynamoDBBackend.transact_write_items = _undone_by_item  # type: ignore[method-assign]
moto.dynamodb.models.copy = SimpleNamespace(deepcopy=lambda anything: anything)  # type: ignore[attr-defined]
