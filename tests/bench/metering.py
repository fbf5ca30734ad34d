"""Counts what AWS would bill for, at botocore: every call, and for DynamoDB the request units.

Request units follow from the size of an item before and after a write (Amazon DynamoDB Developer Guide, "Capacity unit
consumption").
"""

import io
from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from types import SimpleNamespace
from typing import Any

from tests.aws.partiql import write_of

WRITES = ("PutItem", "UpdateItem", "TransactWriteItems", "BatchExecuteStatement")
Item = dict[str, Any]


@dataclass
class Bill:
    calls: Counter[str] = field(default_factory=Counter)
    writes: float = 0
    reads: float = 0
    entries: int = 0  # the part of `writes` that indexes cost


class Meter:
    """Adds to `bill` what the clients do that it watches.

    `tables` is a DynamoDB client that nothing meters. `indexes` maps a table to the key attributes of its indexes.
    """

    def __init__(self, tables: Any, indexes: dict[str, list[tuple[str, ...]]]) -> None:
        self._tables, self._indexes = tables, indexes
        self._keys: dict[str, list[str]] = {}
        self.bill = Bill()

    def watch(self, client: Any) -> None:
        service = client.meta.service_model.service_name
        client.meta.events.register_first(f"before-parameter-build.{service}", self._before_call)
        client.meta.events.register_last(f"after-call.{service}", self._after_call)

    def _before_call(self, params: Any, model: Any, context: Any, **_: Any) -> None:
        self.bill.calls[f"{model.service_model.service_name} {model.name}"] += 1
        if model.service_model.service_name == "dynamodb":
            context["request"] = params
            context["before"] = [self._stored_item(write) for write in _writes_of(model.name, params)]

    def _after_call(self, parsed: Any, model: Any, context: Any, **_: Any) -> None:
        if "request" not in context:
            return
        if model.name in WRITES:
            self._pay_for_writing(model.name, context)
        else:
            self._pay_for_reading(parsed, context["request"])

    def _pay_for_writing(self, name: str, context: Any) -> None:
        """A refused conditional write costs as much as the item that it was compared with."""
        units_a_kilobyte = 2 if name == "TransactWriteItems" else 1
        for write, before in zip(_writes_of(name, context["request"]), context["before"], strict=True):
            after = self._stored_item(write)
            self.bill.writes += units_a_kilobyte * max(1, ceil(max(size(before), size(after)) / 1024))
            for index in self._indexes.get(write["TableName"], ()):
                entries = _entries(index, before, after)
                self.bill.writes += entries
                self.bill.entries += entries

    def _pay_for_reading(self, parsed: Any, request: Any) -> None:
        if "RequestItems" in request:
            for table, batch in request["RequestItems"].items():
                sizes = [size(item) for item in parsed["Responses"].get(table, ())]
                missing = [0] * (len(batch["Keys"]) - len(sizes))
                self._read([*sizes, *missing], consistent=batch.get("ConsistentRead", False))
            return
        items = parsed["Items"] if "Items" in parsed else [parsed.get("Item", {})]
        self._read([sum(map(size, items))], consistent=request.get("ConsistentRead", False))

    def _read(self, sizes: list[int], *, consistent: bool) -> None:
        self.bill.reads += sum(max(1, ceil(octets / 4096)) * (1 if consistent else 0.5) for octets in sizes)

    def _stored_item(self, write: Item) -> Item:
        """Returns the item that a write concerns as it is stored now, {} if there is none."""
        table = write["TableName"]
        if table not in self._keys:
            schema = self._tables.describe_table(TableName=table)["Table"]["KeySchema"]
            self._keys[table] = [part["AttributeName"] for part in schema]
        attributes = write.get("Key") or write["Item"]
        key = {name: attributes[name] for name in self._keys[table]}
        item: Item = self._tables.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {})
        return item


def http_answer(text: str) -> Any:
    """What a hook on `before-send` returns to answer a request without a network."""
    body = text.encode()
    return SimpleNamespace(status_code=200, headers={}, content=body, text=text, raw=io.BytesIO(body))


def _writes_of(name: str, params: Any) -> list[Item]:
    if name == "TransactWriteItems":
        return [next(iter(step.values())) for step in params["TransactItems"]]
    if name == "BatchExecuteStatement":
        steps = [write_of(each["Statement"], list(each["Parameters"])) for each in params["Statements"]]
        return [next(iter(step.values())) for step in steps]
    return [params] if name in WRITES else []


def _entries(index: tuple[str, ...], before: Item, after: Item) -> int:
    """Returns the writes for one index entry: one to add or remove it, two to move it. Our entries hold keys only."""
    old, new = ([item.get(name) for name in index] for item in (before, after))
    if old == new:
        return 0
    return (None not in old) + (None not in new)


def size(item: Item) -> int:
    return sum(len(name.encode()) + _length(value) for name, value in item.items())


def _length(typed: Item) -> int:
    """Returns the bytes of a typed value. A number takes one byte for two digits, and one more."""
    [(kind, value)] = typed.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return ceil(len(value.strip("-")) / 2) + 1
    if kind == "B":
        return len(value)
    if kind in {"M", "L"}:
        return 3 + (sum(1 + _length(member) for member in value) if kind == "L" else size(value) + len(value))
    return sum(len(member) for member in value) if kind in {"SS", "NS", "BS"} else 1
