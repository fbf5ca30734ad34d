"""The form of a mail: what happened, what to check, what to press, then the rest. Plain text and HTML say the same.

The sheet stands in the head, and every element has its colors inline as well, because some mail programs drop one or
the other. Dark mode has colors of its own; both modes have a contrast of 4.5 or more (`tests/browser/test_mails.py`).
"""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from shared.offices.model import Office
from shared.value import FrozenModel
from shared.words import Language, words
from shared.words.agencies import agency_title


class Section(FrozenModel):
    """A heading with lines under it. After a line break within a line comes what is indented under it."""

    heading: str
    lines: tuple[str, ...]


class Link(NamedTuple):
    """`note` stands under it."""

    label: str
    url: str
    note: str = ""


class Box(NamedTuple):
    """A warning: what must be read first, and more lines under it."""

    strong: str
    lines: tuple[str, ...]


class MailPage(NamedTuple):
    """Everything that a mail says, in its order. What is empty is left out.

    `kicker` is the small line above the heading; `lead` says what happened; `press` is the first thing to press.
    `listed` are links of which each is a line of its own. `links` come after the press, `closing` at the end.
    """

    heading: str
    kicker: str = ""
    lead: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    press: Link | None = None
    links: tuple[Link, ...] = ()
    listed_heading: str = ""
    listed: tuple[Link, ...] = ()
    sections: tuple[Section, ...] = ()
    closing: tuple[str | Link, ...] = ()


def page_as_text(page: MailPage) -> str:
    top = "\n".join(filter(None, (page.kicker, page.heading, *page.lead)))
    boxes = (f"{box.strong} {' '.join(box.lines)}".strip() for box in page.boxes)
    presses = "\n".join(_link_as_text(link) for link in (page.press, *page.links) if link)
    listed = [page.listed_heading.upper(), *(f"- {_link_as_text(link)}" for link in page.listed)] if page.listed else []
    sections = map(_section_as_text, page.sections)
    closing = "\n".join(part if isinstance(part, str) else f"{part.label}: {part.url}" for part in page.closing)
    return "\n\n".join(filter(None, (top, *boxes, presses, "\n".join(listed), *sections, closing))) + "\n"


def _link_as_text(link: Link) -> str:
    return f"{link.label}: {link.url}" + (f"\n{link.note}" if link.note else "")


def _section_as_text(section: Section) -> str:
    lines = [f"- {line}".replace("\n", "\n    ") for line in section.lines]
    return "\n".join([section.heading.upper(), *lines])


def page_as_html(title: str, page: MailPage) -> str:
    """`title` is the subject of the mail."""
    return html_document(title, "".join(_body(page)))


def html_document(title: str, body: str, head: str = "") -> str:
    """`body` is HTML, `title` a text. Also the form of the pages behind signed links."""
    return (
        f'<!doctype html><html lang="{Language.ENGLISH}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"{head}<title>{escape(title)}</title><style>{_SHEET}</style></head>"
        f'<body class="p" style="{_PAPER}margin:0"><div role="main" class="p" style="{_FRAME}{_PAPER}">{body}</div>'
        "</body></html>"
    )


_FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
_PAPER = "background-color:#ffffff;color:#1b1b1b;"
_FRAME = (
    f"{_FONT}font-size:16px;line-height:1.4;max-width:640px;margin:0 auto;padding:12px 16px 24px;"
    "overflow-wrap:anywhere;word-break:break-word;"
)
_LONG_HEADING = 48  # characters
_MUTED = "color:#565c65;"
_SHEET = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media (prefers-color-scheme:dark){"
    ".p{background-color:#14171b!important;color:#f0f0f0!important}"
    ".m{color:#c6cace!important}"
    ".b{background-color:#3b3112!important;color:#fdf6db!important}"
    ".l{color:#8ec5f4!important}"
    ".k{background-color:#005ea2!important;color:#ffffff!important}"
    "}"
)


def _body(page: MailPage) -> Iterable[str]:
    if page.kicker:
        yield f'<p class="m" style="margin:0;font-size:14px;{_MUTED}">{escape(page.kicker)}</p>'
    size = 22 if len(page.heading) <= _LONG_HEADING else 18
    yield f'<h1 style="font-size:{size}px;line-height:1.2;margin:2px 0 4px">{escape(page.heading)}</h1>'
    yield from (f'<p style="margin:0">{escape(line)}</p>' for line in page.lead)
    yield from map(_box_as_html, page.boxes)
    if page.press:
        yield press_as_html(page.press)
    yield from (f'<p style="margin:8px 0 0">{_anchor(link)}{_note(link)}</p>' for link in page.links)
    if page.listed:
        rows = "".join(f'<li style="margin:0 0 10px">{_anchor(link)}{_note(link)}</li>' for link in page.listed)
        yield f'{_heading(page.listed_heading)}<ul style="margin:0;padding-left:20px">{rows}</ul>'
    yield from map(_section_as_html, page.sections)
    if page.closing:
        yield f'<div class="m" style="margin:28px 0 0;font-size:14px;{_MUTED}">'
        yield from (f'<p style="margin:0 0 6px">{_closing_as_html(part)}</p>' for part in page.closing)
        yield "</div>"


def _box_as_html(box: Box) -> str:
    first, *more = box.lines or ("",)
    lines = "".join(f"<br>{escape(line)}" for line in more)
    return (
        '<p class="b" style="border-left:6px solid #936f38;background-color:#faf3d1;color:#1b1b1b;margin:10px 0 0;'
        f'padding:8px 12px"><strong>{escape(box.strong)}</strong> {escape(first)}{lines}</p>'
    )


def press_as_html(link: Link) -> str:
    """The first thing to press: 44 pixels high, for a thumb."""
    return (
        f'<p style="margin:12px 0 0"><a class="k" href="{escape(link.url, quote=True)}" style="display:inline-block;'
        "background-color:#005ea2;color:#ffffff;font-weight:bold;text-decoration:none;padding:11px 18px;"
        f'border-radius:4px">{escape(link.label)}</a></p>'
    ) + (f'<p class="m" style="margin:8px 0 0;{_MUTED}">{escape(link.note)}</p>' if link.note else "")


def _anchor(link: Link) -> str:
    return f'<a class="l" style="color:#005ea2" href="{escape(link.url, quote=True)}">{escape(link.label)}</a>'


def _note(link: Link) -> str:
    return f'<br><span class="m" style="font-size:14px;{_MUTED}">{escape(link.note)}</span>' if link.note else ""


def _heading(text: str) -> str:
    return f'<h2 style="font-size:17px;margin:22px 0 6px">{escape(text)}</h2>'


def _section_as_html(section: Section) -> str:
    lines = "".join(f'<li style="margin:0 0 8px">{_line_as_html(line)}</li>' for line in section.lines)
    return f'{_heading(section.heading)}<ul style="margin:0;padding-left:20px">{lines}</ul>'


def _line_as_html(line: str) -> str:
    first, *below = map(escape, line.split("\n"))
    if not below:
        return first
    more = "<br>".join(below)
    return f'<strong>{first}</strong><br><span class="m" style="font-size:14px;{_MUTED}">{more}</span>'


def _closing_as_html(part: str | Link) -> str:
    return escape(part) if isinstance(part, str) else _anchor(part)


# The end of a mail: why its reader gets it, where to change that, whom to ask.

SETTINGS_PATH = "/console/me"


def alert_closing(office: Office, console: str) -> tuple[str | Link, ...]:
    return (*_ends(office, console, words("closing.watches")), words("closing.confidential"))


def notice_closing(office: Office, console: str, agency: str = "") -> tuple[str | Link, ...]:
    """`agency` is that of a contact who is of no office, and so has no settings."""
    if agency:
        return (words("closing.agency", agency=agency_title(agency)), words("closing.office", office=office.name))
    return _ends(office, console, words("closing.office watches"))


def _ends(office: Office, console: str, why: str) -> tuple[str | Link, ...]:
    return (
        why,
        Link(words("closing.change"), f"{console.rstrip('/')}{SETTINGS_PATH}"),
        *((words("closing.questions", contact=office.contact),) if office.contact else ()),
        words("closing.office", office=office.name),
    )
