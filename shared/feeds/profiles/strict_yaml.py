"""YAML of which every scalar is text, for files that people write by hand: profiles and an office's file."""

from collections.abc import Hashable
from typing import Any

import yaml


class PlainTextLoader(yaml.SafeLoader):
    """Reads every scalar as text: `NO` stays two letters, `007` keeps its zeros, `2026-01-01` is no date yet.

    Raises yaml.constructor.ConstructorError on a repeated key and on an alias (`*name`): both hide what a file says.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.constructor.ConstructorError(None, None, "an alias is not allowed", None)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"`{key.value}` is said twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)
