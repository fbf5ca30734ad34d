"""AWS inside the test's process: moto, without the work that moto repeats for every test, call and value.

This module replaces functions inside moto. moto's types declare those functions as fixed, or leave them out: every
`type: ignore` here has that one reason.
"""

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
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.exceptions import TransactionCanceledException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node  # type: ignore[attr-defined]
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]
from moto.dynamodb.responses import DynamoHandler

from tests.aws.partiql import write_of

# moto also listens to the library `requests`, with seven hundred patterns. The product calls AWS through boto3 only.
moto.core.models.RESPONSES_METHODS.clear()
moto.core.responses.method_names_from_class = cache(moto.core.responses.method_names_from_class)  # type: ignore[attr-defined]


def in_process() -> AbstractContextManager[object]:
    return mock_aws(config={"core": {"mock_credentials": False, "reset_boto3_session": False}})


@cache
def session() -> boto3.Session:
    """Returns the boto3 session of all tests of this process. It makes one client of each kind and returns it again.

    A client keeps no state but its endpoint and its credentials, so tests may share it.
    """
    core = botocore.session.Session()
    core.set_default_client_config(Config(user_agent="tests"))
    shared_session: Any = boto3.Session(botocore_session=core)
    make_client = shared_session.client

    @cache
    def client(*names: str, **settings: Any) -> Any:
        made = make_client(*names, **settings)
        if names == ("dynamodb",):
            made._ruleset_resolver = None  # it computes an address for every call, and no call goes to an address
        return made

    shared_session.client = client
    shared_session.events.register_last("before-call.dynamodb", _answer)
    return shared_session  # type: ignore[no-any-return]


class _Handler(DynamoHandler):
    """moto's DynamoDB without its general parsing and serialising of names, times and bytes.

    Requests and items are JSON on both sides already; the general code takes half of the time of a test.
    """

    def parse_parameters(self, request: Any) -> None:
        if _has_no_bytes(request.data):
            self.params = json.loads(request.data)
        else:
            super().parse_parameters(request)

    def serialized(self, action_result: ActionResult) -> Any:
        result: Any = action_result.result
        if self._get_action() not in ITEM_ACTIONS or isinstance(result, Exception):
            return super().serialized(action_result)
        members = {name: value for name, value in result.items() if value is not None}
        return 200, {}, json.dumps(members, default=lambda content: b64encode(content).decode())

    @staticmethod
    def _enrich_response(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
        return headers, body


ITEM_ACTIONS = {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem",
                "TransactGetItems", "TransactWriteItems", "BatchExecuteStatement"}  # fmt: skip


def _has_no_bytes(body: bytes) -> bool:
    return b'"B"' not in body and b'"BS"' not in body


def _answer(model: Any, params: dict[str, Any], context: dict[str, Any], **_: Any) -> Any:
    """Answers a call of DynamoDB with moto's answer, in the form in which botocore returns it.

    It leaves out the HTTP between the two (signatures, addresses, headers), which takes half of the time of a test.
    """
    handler: Any = _Handler()
    handler.region, handler.current_account = context["client_region"], DEFAULT_ACCOUNT_ID
    handler.headers, handler.querystring, handler.response_headers = params["headers"], {}, {}
    handler.uri_match = {}
    handler.parse_parameters(
        SimpleNamespace(
            content_type=params["headers"]["Content-Type"],
            method="POST",
            values={},
            headers=params["headers"],
            data=params["body"],
            path="/",
        )
    )
    status, _, text = handler.call_action.__wrapped__(handler)
    status, body = int(status), text.encode()
    if status == 200 and model.name in ITEM_ACTIONS and _has_no_bytes(body):
        return SimpleNamespace(status_code=200), json.loads(body) | {"ResponseMetadata": {"HTTPStatusCode": 200}}
    answer = {"status_code": status, "headers": {}, "body": body, "context": {}}
    parser = create_parser("json")
    parsed = parser.parse(answer, model.output_shape)
    if shape := model.service_model.shape_for_error_code(parsed.get("Error", {}).get("Code")):
        parsed |= parser.parse(answer, shape)
    return SimpleNamespace(status_code=status), parsed


# Every test sends the same few expressions. moto parses each once, and copies the result before it fills in values.
UpdateExpressionParser.make = staticmethod(cache(UpdateExpressionParser.make))
_pickled = cache(pickle.dumps)


def _copy(value: Any) -> Any:
    return pickle.loads(_pickled(value)) if isinstance(value, Node) else deepcopy(value)  # noqa: S301 - our own bytes


moto.dynamodb.parsing.validators.deepcopy = _copy  # type: ignore[attr-defined, assignment]


def _traverse(traverser: Any, node: Any, position: int = -1) -> Any:
    """Does what moto's own method does. moto checks the class of every node ten times through abstract base classes;
    this checks each class of node once."""
    kind_of_node: Any = type(node)
    if not _is_subclass(kind_of_node, Node):
        return node
    parent = node.parent
    for index, child in enumerate(node.children or ()):
        traverser.pre_processing_of_child(node, index)
        _traverse(traverser, child, index)
    for kind, process in traverser.__dict__.setdefault("_process_by_kind", traverser._processing_map()).items():
        if _is_subclass(kind_of_node, kind):
            node = process(node)
            node.parent = parent
            if parent:
                parent.children[position] = node
            break
    return node


@cache
def _is_subclass(cls: Any, base: Any) -> bool:
    return issubclass(cls, base)


DepthFirstTraverser.traverse_node_recursively = _traverse


_lex = ConditionExpressionParser._lex_condition_expression


@cache
def _tokens_of(expression: str | None) -> tuple[Any, ...]:
    return tuple(_lex(ConditionExpressionParser(expression, None, None)))


def _lex_once(parser: ConditionExpressionParser) -> deque[Any]:
    return deque(_tokens_of(parser.condition_expression))


ConditionExpressionParser._lex_condition_expression = _lex_once  # type: ignore[method-assign, assignment]


_cast_of_any_type: Any = vars(DynamoType)["cast_value"].fget


def _cast(value: DynamoType) -> Any:
    """Every query casts every key of a table, and a key is a string."""
    return value.value if value.type == "S" else _cast_of_any_type(value)


DynamoType.cast_value = property(_cast)  # type: ignore[method-assign, assignment]


_transact = DynamoDBBackend.transact_write_items


def _transact_and_undo_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """Undoes a failed transaction item by item. moto copies the whole table for each item of a transaction."""
    before = [_current_item(backend, *request.values()) for request in transact_items]
    try:
        _transact(backend, transact_items)
    except Exception:
        for items, key, item in before:
            items.pop(key, None)
            items.update({key: item} if item else {})
        raise


def _current_item(backend: DynamoDBBackend, request: dict[str, Any]) -> tuple[dict[Any, Any], DynamoType, Any]:
    """Returns the dict in which moto holds an item, the item's key in it, and a copy of the item or None."""
    table: Any = backend.get_table(request["TableName"])
    hash_key, range_key = backend.get_keys_value(table, request.get("Key") or request["Item"])
    items, key = (table.items[hash_key], range_key) if range_key else (table.items, hash_key)
    return items, key, deepcopy(items.get(key))


DynamoDBBackend.transact_write_items = _transact_and_undo_items  # type: ignore[method-assign, assignment]
moto.dynamodb.models.copy = SimpleNamespace(deepcopy=lambda value: value)  # type: ignore[attr-defined, assignment]


# moto reads no parameters inside an INSERT's value, and copies all tables for each statement.
def _execute_each(backend: DynamoDBBackend, statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_executed(backend, write_of(each["Statement"], each["Parameters"])) for each in statements]


def _executed(backend: DynamoDBBackend, write: dict[str, Any]) -> dict[str, Any]:
    [(kind, request)] = write.items()
    try:
        backend.transact_write_items([write])
    except TransactionCanceledException:
        code = "DuplicateItem" if kind == "Put" else "ConditionalCheckFailed"
        return {"TableName": request["TableName"], "Error": {"Code": code, "Message": "refused"}}
    return {"TableName": request["TableName"]}


DynamoDBBackend.batch_execute_statement = _execute_each  # type: ignore[method-assign, assignment]
