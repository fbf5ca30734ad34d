"""Writes down which template properties the emulator and our completions never looked at.

A mapping that nobody opened was kept whole and may be used later; one that was opened is judged key by key.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ministack.services.cloudformation import provisioners


def start(path: str | None) -> None:
    if path:
        for resource_type, handler in provisioners._RESOURCE_HANDLERS.items():
            if "create" in handler:
                handler["create"] = watched(resource_type, handler["create"], Path(path))


def watched(resource_type: str, create: Callable[..., Any], path: Path) -> Callable[..., Any]:
    def created(logical_id: str, properties: dict[str, Any], *rest: Any) -> Any:
        observed = Observed(properties)
        observed.read(None)
        made = create(logical_id, observed, *rest)
        with path.open("a") as log:
            ignored = sorted(set(unread(observed)))
            log.write(json.dumps({"type": resource_type, "id": logical_id, "ignored": ignored}) + "\n")
        return made

    return created


class Observed(dict[str, Any]):
    """Remembers which of its keys were asked for."""

    def __init__(self, mapping: dict[str, Any]) -> None:
        super().__init__({key: observed(value) for key, value in mapping.items()})
        self.opened = False
        self.seen: set[Any] = set()

    def read(self, key: object) -> None:
        self.opened = True
        self.seen.add(key)

    def __getitem__(self, key: str) -> Any:
        self.read(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.read(key)
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.read(key)
        return super().get(key, default)

    def pop(self, key: str, *default: Any) -> Any:
        self.read(key)
        return super().pop(key, *default)

    def __iter__(self) -> Iterator[str]:
        self.opened = True
        self.seen.update(super().keys())
        return super().__iter__()

    def keys(self) -> Any:
        return list(iter(self))

    def values(self) -> Any:
        return [super(Observed, self).__getitem__(key) for key in self]

    def items(self) -> Any:
        return [(key, super(Observed, self).__getitem__(key)) for key in self]


def observed(value: Any) -> Any:
    if isinstance(value, dict):
        return Observed(value)
    return [observed(item) for item in value] if isinstance(value, list) else value


def unread(value: Any, path: str = "") -> Iterator[str]:
    """Paths like `Replicas[].Region`."""
    if isinstance(value, list):
        for item in value:
            yield from unread(item, f"{path}[]")
    if isinstance(value, Observed) and value.opened:
        for key in dict.keys(value):
            if key in value.seen:
                yield from unread(dict.__getitem__(value, key), f"{path}.{key}".lstrip("."))
            else:
                yield f"{path}.{key}".lstrip(".")
