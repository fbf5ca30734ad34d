"""Which keys of a layout a format uses. A profile that writes another is refused, not ignored in silence."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from shared.feeds.layout import FileLayout, TextLayout


class KeyFault(NamedTuple):
    """`message` follows the key in a sentence."""

    key: str
    message: str


def _no_faults(_: FileLayout) -> Iterable[KeyFault]:
    return ()


class LayoutKeys(NamedTuple):
    """The keys that a format reads beside `drop` and `blank`, those that it cannot do without, and its own checks.

    A key of `text` is written `text.encoding`.
    """

    used: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    faults_of: Callable[[FileLayout], Iterable[KeyFault]] = _no_faults


CHARGE_KEYS = frozenset({"charges", "charge_separator"})
COLUMN_KEYS = CHARGE_KEYS | {"columns", "cut", "optional", "arrest_key"}
"""Of formats whose columns a profile names."""

_ALWAYS_USED = {"drop", "text", "blank"}


def key_faults(format_name: str, keys: LayoutKeys, layout: FileLayout) -> Iterator[KeyFault]:
    """Yields what is wrong with the keys of a layout for a format, in the order of the model."""
    written = [*_written_keys(layout)]
    for key in written:
        if key not in keys.used:
            yield KeyFault(key, f"is nothing that the format `{format_name}` can use; leave it out")
    for key in sorted(keys.required.difference(written)):
        yield KeyFault(key, f"is missing, and the format `{format_name}` needs it; add it")
    if layout.charges != "joined in a cell" and "charge_separator" in keys.used.intersection(written):
        yield KeyFault("charge_separator", "separates nothing; write `charges: joined in a cell`, or leave it out")
    for field in layout.cut:
        if field not in layout.columns:
            yield KeyFault(f"cut.{field}", "is a part of no column; name its column in `columns`, or leave it out")
    yield from keys.faults_of(layout)


def _written_keys(layout: FileLayout) -> Iterator[str]:
    """The keys that have another value than the default: a default that is written down changes nothing."""
    for name, field in FileLayout.model_fields.items():
        if name not in _ALWAYS_USED and getattr(layout, name) != field.get_default(call_default_factory=True):
            yield name
    for name, field in TextLayout.model_fields.items():
        if getattr(layout.text, name) != field.get_default(call_default_factory=True):
            yield f"text.{name}"
