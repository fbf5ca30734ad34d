"""A cell's text as it reads: pages and mails say it within their sentences."""

from html import unescape

_DIRECTION = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]  # turn what follows (Unicode, UAX #9)
_CONTROLS = sorted({*range(0x20), 0x7F} - set(map(ord, "\t\n\r")))
_AS_READ = dict.fromkeys(_CONTROLS, " ") | dict.fromkeys(_DIRECTION)


def plain_text(cell: str) -> str:
    """Returns the text without HTML's references. A control character becomes a blank; what would turn the direction of
    the text behind it is left out. Line ends stay."""
    text = unescape(cell) if "&" in cell else cell
    return text if text.isprintable() else text.translate(_AS_READ)


def plain_line(cell: str) -> str:
    """Returns the plain text in one line."""
    return " ".join(plain_text(cell).split())
