"""What AWS would bill for, observed at botocore: each call as it goes out, and for DynamoDB the request units of the
items that were there before it and after it (Amazon DynamoDB Developer Guide, "Capacity unit consumption")."""

from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from typing import Any

WRITES = ("PutItem", "UpdateItem", "TransactWriteItems")
Item = dict[str, Any]


@dataclass
class Bill:
    calls: Counter[str] = field(default_factory=Counter)
    writes: float = 0
    reads: float = 0
    entries: int = 0  # of `writes`, those that indexes cost


class Meter:
    """`tables`: DynamoDB with a client that is not metered; `indexes`: of each table, their key attributes."""

    def __init__(self, tables: Any, indexes: dict[str, list[tuple[str, ...]]]) -> None:
        self._tables, self._indexes = tables, indexes
        self._keys: dict[str, list[str]] = {}
        self.bill = Bill()

    def watch(self, client: Any) -> None:
        service = client.meta.service_model.service_name
        client.meta.events.register_first(f"before-parameter-build.{service}", self._asked)
        client.meta.events.register_last(f"after-call.{service}", self._answered)

    def _asked(self, params: Any, model: Any, context: Any, **_: Any) -> None:
        self.bill.calls[f"{model.service_model.service_name} {model.name}"] += 1
        if model.service_model.service_name == "dynamodb":
            context["asked"] = params
            context["before"] = [self._image(one) for one in _written(model.name, params)]

    def _answered(self, parsed: Any, model: Any, context: Any, **_: Any) -> None:
        if "asked" not in context:
            return
        if model.name in WRITES:
            self._pay_for_writing(model.name, context)
        else:
            self._pay_for_reading(parsed, context["asked"])

    def _pay_for_writing(self, name: str, context: Any) -> None:
        """A write that its condition refused costs as much as what it met."""
        twice = 2 if name == "TransactWriteItems" else 1
        for one, before in zip(_written(name, context["asked"]), context["before"], strict=True):
            after = self._image(one)
            self.bill.writes += twice * max(1, ceil(max(size(before), size(after)) / 1024))
            for index in self._indexes.get(one["TableName"], ()):
                entries = _entries(index, before, after)
                self.bill.writes += entries
                self.bill.entries += entries

    def _pay_for_reading(self, parsed: Any, asked: Any) -> None:
        if "RequestItems" in asked:
            for table, wanted in asked["RequestItems"].items():
                found = [size(one) for one in parsed["Responses"].get(table, ())]
                nothing = [0] * (len(wanted["Keys"]) - len(found))
                self._read([*found, *nothing], consistent=wanted.get("ConsistentRead", False))
            return
        found = parsed["Items"] if "Items" in parsed else [parsed.get("Item", {})]
        self._read([sum(map(size, found))], consistent=asked.get("ConsistentRead", False))

    def _read(self, sizes: list[int], *, consistent: bool) -> None:
        self.bill.reads += sum(max(1, ceil(one / 4096)) * (1 if consistent else 0.5) for one in sizes)

    def _image(self, one: Item) -> Item:
        table = one["TableName"]
        if table not in self._keys:
            schema = self._tables.describe_table(TableName=table)["Table"]["KeySchema"]
            self._keys[table] = [part["AttributeName"] for part in schema]
        whole = one.get("Key") or one["Item"]
        key = {name: whole[name] for name in self._keys[table]}
        found: Item = self._tables.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {})
        return found


def _written(name: str, params: Any) -> list[Item]:
    if name == "TransactWriteItems":
        return [next(iter(step.values())) for step in params["TransactItems"]]
    return [params] if name in WRITES else []


def _entries(index: tuple[str, ...], before: Item, after: Item) -> int:
    """Making an entry or taking it away is one write, moving it both; the entries here hold keys alone."""
    old, new = ([item.get(name) for name in index] for item in (before, after))
    if old == new:
        return 0
    return (None not in old) + (None not in new)


def size(item: Item) -> int:
    return sum(len(name.encode()) + _length(value) for name, value in item.items())


def _length(typed: Item) -> int:
    """A number takes a byte for each two digits, and one more."""
    [(kind, value)] = typed.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return ceil(len(value.strip("-")) / 2) + 1
    if kind == "B":
        return len(value)
    if kind in {"M", "L"}:
        return 3 + (sum(1 + _length(one) for one in value) if kind == "L" else size(value) + len(value))
    return sum(len(one) for one in value) if kind in {"SS", "NS", "BS"} else 1
