"""AWS in this process: moto, without what it does anew for every test, call and value."""

import json
import pickle
from base64 import b64encode
from collections import deque
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
import moto.dynamodb.parsing.validators
from botocore.config import Config
from botocore.parsers import create_parser
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
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
    make = one.client

    @cache
    def client(*names: str, **settings: Any) -> Any:
        made = make(*names, **settings)
        if names == ("dynamodb",):
            made._ruleset_resolver = None  # nobody goes to the address that it finds anew for every call
        return made

    one.client = client  # type: ignore[method-assign]
    one.events.register_last("before-call.dynamodb", _answered)
    return one


class _Handler(DynamoHandler):
    """What is asked for and found in tables is JSON on both sides: it needs none of the care for names, times and
    bytes with which moto reads and writes everything, and which is half of what a test costs."""

    def parse_parameters(self, request: Any) -> None:
        if _plain(request.data):
            self.params = json.loads(request.data)
        else:
            super().parse_parameters(request)

    def serialized(self, action_result: ActionResult) -> Any:
        found = action_result.result
        if self._get_action() not in OF_ITEMS or isinstance(found, Exception):
            return super().serialized(action_result)
        there = {name: value for name, value in found.items() if value is not None}  # type: ignore[attr-defined]
        return 200, {}, json.dumps(there, default=lambda held: b64encode(held).decode())

    @staticmethod
    def _enrich_response(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
        return headers, body


OF_ITEMS = {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem",
            "TransactGetItems", "TransactWriteItems"}  # fmt: skip


def _plain(body: bytes) -> bool:
    return b'"B"' not in body and b'"BS"' not in body


def _answered(model: Any, params: dict[str, Any], context: dict[str, Any], **_: Any) -> tuple[Any, Any]:
    """moto's answer to a call of DynamoDB, as botocore reads it, without the HTTP between them: signatures, addresses
    and headers, which are half of what a test costs."""
    asked = _Handler()
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
    status, _, said = asked.call_action.__wrapped__(asked)
    status, body = int(status), said.encode()
    if status == 200 and model.name in OF_ITEMS and _plain(body):
        return SimpleNamespace(status_code=200), json.loads(body) | {"ResponseMetadata": {"HTTPStatusCode": 200}}
    answer = {"status_code": status, "headers": {}, "body": body, "context": {}}
    parser = create_parser("json")
    parsed = parser.parse(answer, model.output_shape)
    if shape := model.service_model.shape_for_error_code(parsed.get("Error", {}).get("Code")):
        parsed |= parser.parse(answer, shape)
    return SimpleNamespace(status_code=status), parsed


# The same few expressions are asked for in every test, and what is made of one is copied before it is filled in.
UpdateExpressionParser.make = staticmethod(cache(UpdateExpressionParser.make))  # type: ignore[method-assign]
_packed = cache(pickle.dumps)


def _copied(made: Any) -> Any:
    return pickle.loads(_packed(made)) if isinstance(made, Node) else deepcopy(made)  # noqa: S301 - packed just above


moto.dynamodb.parsing.validators.deepcopy = _copied


def _traverse(traverser: DepthFirstTraverser, node: Any, place: int = -1) -> Any:
    """moto asks ten times of every node what it is, by way of abstract classes; here once of every kind of node."""
    if not _is_a(type(node), Node):
        return node
    above = node.parent
    for nth, child in enumerate(node.children or ()):
        traverser.pre_processing_of_child(node, nth)
        _traverse(traverser, child, nth)
    for kind, done in traverser.__dict__.setdefault("_done_by_kind", traverser._processing_map()).items():
        if _is_a(type(node), kind):
            node = done(node)
            node.parent = above
            if above:
                above.children[place] = node
            break
    return node


_is_a = cache(issubclass)
DepthFirstTraverser.traverse_node_recursively = _traverse


_lex = ConditionExpressionParser._lex_condition_expression


@cache
def _lexed(expression: str) -> tuple[Any, ...]:
    return tuple(_lex(ConditionExpressionParser(expression, None, None)))


ConditionExpressionParser._lex_condition_expression = lambda parser: deque(_lexed(parser.condition_expression))  # type: ignore[method-assign]


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
