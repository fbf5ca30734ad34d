"""Bail as agencies write it: an amount, a word, or both in one cell. Pure.

An amount is taken only where it has one reading. `1.000` may be a thousand or one, and is left out with a flag.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from shared.arrests.court import LONGEST_CODE, Bail, BailKind
from shared.arrests.placeholders import Blanks

_AMOUNT = re.compile(
    r"(?:USD|US\$|\$)? ?(?P<dollars>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<cents>\d\d?|0000))?(?: ?USD| ?DOLLARS)?"
    r"(?: ?[/:;,(-]? ?(?P<kind>[A-Z][A-Z /]*)\)?)?",
)
_MOST_DIGITS = 12


class ParsedBail(NamedTuple):
    """`is_unread`: there is an amount that cannot be read."""

    bail: Bail | None
    is_unread: bool = False


def parse_bail(cell: str, kind_word: str, kinds: Mapping[str, BailKind], blanks: Blanks) -> ParsedBail:
    """`kinds` maps words in capitals. The word of `kind_word` counts before one beside the amount."""
    kind = kinds.get(kind_word.upper())
    kind_raw = "" if kind else blanks.without(kind_word)[:LONGEST_CODE]
    amount, own_kind, is_unread = _read_cell(cell.upper(), kinds, blanks)
    if own_kind and not (kind or kind_raw):
        kind = own_kind
    bail = Bail(amount=amount, kind=kind, kind_raw=kind_raw) if amount or kind or kind_raw else None
    return ParsedBail(bail, is_unread)


def _read_cell(cell: str, kinds: Mapping[str, BailKind], blanks: Blanks) -> tuple[str, BailKind | None, bool]:
    """Returns the amount, the kind, and whether the cell cannot be read."""
    if cell in kinds:
        return "", kinds[cell], False
    if not blanks.without(cell):
        return "", None, False
    match = _AMOUNT.fullmatch(cell)
    kind = kinds.get((match["kind"] or "").strip()) if match else None
    if not match or (match["kind"] and kind is None):
        return "", None, True
    dollars, cents = match["dollars"].replace(",", ""), (match["cents"] or "").ljust(2, "0")
    if len(dollars) > _MOST_DIGITS:
        return "", None, True
    amount = f"{int(dollars)}.{cents[:2]}" if int(cents) else str(int(dollars))
    return ("" if amount == "0" else amount), kind, False
