"""YAML of which every scalar is text, for files that people write by hand: profiles and an office's file."""

from typing import Any

import yaml

from shared.bounded_reader import Limits, UnreadableDocumentError, check_size, too_deep

_PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}


def read_yaml(text: str, limits: Limits) -> Any:
    """Returns texts, lists and dicts; None for an empty file. Raises UnreadableDocumentError and nothing else."""
    root = read_nodes(text, limits)
    return _value_of(root) if root else None


def read_nodes(text: str, limits: Limits) -> yaml.Node | None:
    """Returns the same as nodes that know their lines; None for an empty file. Raises UnreadableDocumentError."""
    check_size(len(text.encode("utf-8", "surrogatepass")), limits)
    try:
        loader = _LimitedLoader(text, limits)
        return loader.get_single_node()
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None) or "is no YAML"
        raise _unreadable(f"line {mark.line + 1}: {problem}" if mark else problem) from error
    except (ValueError, OverflowError) as error:  # an escape or a directive that names no letter and no version
        raise _unreadable("an escape or a directive is no YAML") from error


def _unreadable(reason: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(f"{reason}.", "Correct the YAML.")


class _LimitedLoader(yaml.SafeLoader):
    """Composes nodes; `NO` stays two letters, `007` keeps its zeros, `2026-01-01` is no date yet.

    Refuses aliases, tags, repeated keys and keys that are no text, all of which hide what a file says. Raises
    yaml.constructor.ConstructorError, and UnreadableDocumentError for too many levels.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}

    def __init__(self, text: str, limits: Limits) -> None:
        super().__init__(text)
        self._limits, self._depth = limits, 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise _refusal("an alias is not allowed", self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        self._depth += 1
        if self._depth > self._limits.max_depth:
            raise too_deep(self._limits)
        node = super().compose_node(parent, index)
        self._depth -= 1
        if node is not None:
            _check(node)
        return node


def _check(node: yaml.Node) -> None:
    if node.tag not in _PLAIN_TAGS:
        raise _refusal("a tag is not allowed", node.start_mark)
    if isinstance(node, yaml.ScalarNode) and not _is_unicode(node.value):
        raise _refusal("half a letter (a lone surrogate) is not allowed", node.start_mark)
    if isinstance(node, yaml.MappingNode):
        names = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refusal("a list or an object is not allowed as a key", key.start_mark)
            if key.value in names:
                raise _refusal(f"`{key.value}` is said twice", key.start_mark)
            names.add(key.value)


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _refusal(problem: str, mark: yaml.Mark) -> yaml.YAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, mark)


def _value_of(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value_of(value) for key, value in node.value}
    return [_value_of(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else node.value
