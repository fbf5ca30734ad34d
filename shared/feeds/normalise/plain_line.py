"""A cell's text as one line that reads as it is written: pages and mails say it within their sentences."""

from html import unescape

_DIRECTION = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]  # turn what follows (Unicode, UAX #9)
_LINE_ENDS_AND_CONTROLS = [*range(0x20), 0x7F, 0x85, 0x2028, 0x2029]
_AS_READ = dict.fromkeys(_LINE_ENDS_AND_CONTROLS, " ") | dict.fromkeys(_DIRECTION)


def plain_line(cell: str) -> str:
    """Returns the text without HTML's references. A line end or a control character becomes a blank; what would turn
    the direction of the text behind it is left out."""
    text = unescape(cell) if "&" in cell else cell
    return text if text.isprintable() else text.translate(_AS_READ)
