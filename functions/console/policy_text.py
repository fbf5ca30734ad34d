"""The text of a policy as blocks of a page: headings, items and paragraphs of its plain text. Pure."""

import re
from typing import NamedTuple


class PolicyBlock(NamedTuple):
    """`kind` is `heading`, `item` or `paragraph`."""

    kind: str
    text: str


_ITEM = re.compile(r"(?:[-*]|\d{1,3}[.)])\s+(.*)")


def policy_blocks(text: str) -> list[PolicyBlock]:
    """Lines that begin with `#` are headings, with `-`, `*` or a number items; other lines are paragraphs."""
    return [_block(line.strip()) for line in text.splitlines() if line.strip()]


def _block(line: str) -> PolicyBlock:
    if line.startswith("#"):
        return PolicyBlock("heading", line.lstrip("# "))
    if _ITEM.fullmatch(line):
        return PolicyBlock("item", line)
    return PolicyBlock("paragraph", line)
