# ruff: noqa: N803 - the client speaks in DynamoDB's own names
"""DynamoDB in a dict, as far as our tables use it: conditional writes, transactions, one sparse index.

It answers a thousand times faster than an emulator, so that tests can try every crash. `test_crash_model.py` compares
it with moto.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any

from tests.aws.partiql import write_of

Item = dict[str, Any]
Test = Callable[[Item, dict[str, str], Item], bool]
_TOKEN = re.compile(r"\s*(attribute_(?:not_)?exists|begins_with|<=|<>|[<=(),]|[#:\w]+)")
_FUNCTIONS = ("attribute_exists", "attribute_not_exists", "begins_with")


class ConditionalCheckFailedException(Exception):  # noqa: N818 - botocore's name
    pass


class TransactionCanceledException(Exception):  # noqa: N818 - botocore's name
    def __init__(self, codes: list[str]) -> None:
        super().__init__(codes)
        self.response = {"CancellationReasons": [{"Code": code} for code in codes]}


class Exceptions:
    ConditionalCheckFailedException = ConditionalCheckFailedException
    TransactionCanceledException = TransactionCanceledException


class MemoryDynamoDB:
    """`keys` maps each table to its key attributes."""

    exceptions = Exceptions

    def __init__(self, keys: dict[str, tuple[str, ...]]) -> None:
        self._keys = keys
        self.tables: dict[str, dict[tuple[str, ...], Item]] = {name: {} for name in keys}

    def copy(self) -> "MemoryDynamoDB":
        other = MemoryDynamoDB(self._keys)
        other.tables = {name: {key: dict(item) for key, item in items.items()} for name, items in self.tables.items()}
        return other

    def get_item(self, *, TableName: str, Key: Item, **_: Any) -> Item:
        item = self.tables[TableName].get(self._key(TableName, Key))
        return {"Item": dict(item)} if item else {}

    def batch_get_item(self, *, RequestItems: Item) -> Item:
        responses = {
            table: [item for key in batch["Keys"] if (item := self.get_item(TableName=table, Key=key).get("Item"))]
            for table, batch in RequestItems.items()
        }
        return {"Responses": responses}

    def put_item(self, **put: Any) -> Item:
        if not self._allowed(put, put["Item"]):
            raise ConditionalCheckFailedException
        self._put(put)
        return {}

    def update_item(self, **update: Any) -> Item:
        if not self._allowed(update, update["Key"]):
            raise ConditionalCheckFailedException
        return {"Attributes": dict(self._update(update))}

    def transact_write_items(self, *, TransactItems: list[Item]) -> Item:
        steps = [next(iter(step.items())) for step in TransactItems]
        allowed = [self._allowed(step, step.get("Item") or step["Key"]) for _, step in steps]
        if not all(allowed):
            raise TransactionCanceledException(["None" if yes else "ConditionalCheckFailed" for yes in allowed])
        for kind, step in steps:
            if kind != "ConditionCheck":
                {"Put": self._put, "Update": self._update, "Delete": self._delete}[kind](step)
        return {}

    def batch_execute_statement(self, *, Statements: list[Item]) -> Item:
        return {"Responses": [self._executed(write_of(each["Statement"], each["Parameters"])) for each in Statements]}

    def _executed(self, write: Item) -> Item:
        try:
            self.transact_write_items(TransactItems=[write])
        except TransactionCanceledException:
            return {"Error": {"Code": "DuplicateItem" if "Put" in write else "ConditionalCheckFailed"}}
        return {}

    def query(self, *, TableName: str, KeyConditionExpression: str, **request: Any) -> Item:
        test = _condition(KeyConditionExpression)
        names, values = request.get("ExpressionAttributeNames", {}), request["ExpressionAttributeValues"]
        items = sorted(self.tables[TableName].items())
        return {"Items": [dict(item) for _, item in items if test(item, names, values)]}

    def get_paginator(self, _: str) -> "MemoryDynamoDB":
        return self

    def paginate(self, **request: Any) -> Iterator[Item]:
        yield self.query(**request)

    def _key(self, table: str, item: Item) -> tuple[str, ...]:
        return tuple(item[name]["S"] for name in self._keys[table])

    def _allowed(self, step: Item, key: Item) -> bool:
        item = self.tables[step["TableName"]].get(self._key(step["TableName"], key), {})
        expression = step.get("ConditionExpression")
        names, values = step.get("ExpressionAttributeNames", {}), step.get("ExpressionAttributeValues", {})
        return expression is None or _condition(expression)(item, names, values)

    def _put(self, put: Item) -> Item:
        self.tables[put["TableName"]][self._key(put["TableName"], put["Item"])] = deepcopy(put["Item"])
        return {}

    def _delete(self, delete: Item) -> Item:
        self.tables[delete["TableName"]].pop(self._key(delete["TableName"], delete["Key"]), None)
        return {}

    def _update(self, update: Item) -> Item:
        table = self.tables[update["TableName"]]
        key = self._key(update["TableName"], update["Key"])
        item: Item = dict(table[key] if key in table else update["Key"])
        names, values = update.get("ExpressionAttributeNames", {}), update.get("ExpressionAttributeValues", {})
        for verb, clauses in _updates(update["UpdateExpression"]):
            for clause in clauses:
                _UPDATES[verb](item, clause, names, values)
        table[key] = item
        return item


def _set(item: Item, clause: str, names: dict[str, str], values: Item) -> None:
    target, _, source = (part.strip() for part in clause.partition("="))
    name = names.get(target, target)
    if source.startswith("if_not_exists"):
        if name in item:
            return
        source = source.rstrip(")").rpartition(",")[2].strip()
    item[name] = values[source]


def _remove(item: Item, clause: str, names: dict[str, str], _: Item) -> None:
    item.pop(names.get(clause, clause), None)


def _add(item: Item, clause: str, names: dict[str, str], values: Item) -> None:
    target, value = clause.split()
    name = names.get(target, target)
    item[name] = {"N": str(int(item.get(name, {"N": "0"})["N"]) + int(values[value]["N"]))}


_UPDATES = {"SET": _set, "REMOVE": _remove, "ADD": _add}


@cache
def _updates(expression: str) -> list[tuple[str, list[str]]]:
    sections = re.split(r"\b(SET|REMOVE|ADD)\b", expression)[1:]
    verbs, texts = sections[::2], sections[1::2]
    return [
        (verb, [clause.strip() for clause in re.split(r",(?![^(]*\))", text)])
        for verb, text in zip(verbs, texts, strict=True)
    ]


@cache
def _condition(expression: str) -> Test:
    tokens = _TOKEN.findall(expression)
    test = _either(tokens)
    assert not tokens, f"not understood: {tokens} in {expression}"
    return test


def _either(tokens: list[str]) -> Test:
    conditions = [_both(tokens)]
    while tokens[:1] == ["OR"]:
        tokens.pop(0)
        conditions.append(_both(tokens))
    return lambda item, names, values: any(condition(item, names, values) for condition in conditions)


def _both(tokens: list[str]) -> Test:
    conditions = [_single(tokens)]
    while tokens[:1] == ["AND"]:
        tokens.pop(0)
        conditions.append(_single(tokens))
    return lambda item, names, values: all(condition(item, names, values) for condition in conditions)


def _single(tokens: list[str]) -> Test:
    first = tokens.pop(0)
    if first == "(":
        inner = _either(tokens)
        assert tokens.pop(0) == ")"
        return inner
    if first in _FUNCTIONS:
        return _function(first, tokens)
    operator, right = tokens.pop(0), tokens.pop(0)
    if operator == "IN":
        inside = list(itertools.takewhile(lambda token: token != ")", iter(lambda: tokens.pop(0), None)))
        return lambda item, names, values: item.get(names.get(first, first)) in [values.get(name) for name in inside]

    def compares(item: Item, names: dict[str, str], values: Item) -> bool:
        left = item.get(names.get(first, first))
        return left is not None and _compare(operator, left, values[right])

    return compares


def _function(name: str, tokens: list[str]) -> Test:
    inner = []
    while (token := tokens.pop(0)) != ")":
        inner.append(token)
    target = inner[1]
    if name == "begins_with":
        return lambda item, names, values: item[names.get(target, target)]["S"].startswith(values[inner[3]]["S"])
    return lambda item, names, _: (names.get(target, target) in item) == (name == "attribute_exists")


def _compare(operator: str, left: Item, right: Item) -> bool:
    [(kind, left_value)], [(other_kind, right_value)] = left.items(), right.items()
    if kind != other_kind:
        return operator == "<>"
    a, b = (int(left_value), int(right_value)) if kind == "N" else (left_value, right_value)
    return {"=": a == b, "<>": a != b, "<": a < b, "<=": a <= b}[operator]
