"""The form of a mail: a title, a warning, sections and links. Plain text and HTML say the same."""

from html import escape
from typing import NamedTuple

from shared.offices.model import Office
from shared.value import FrozenModel

VERIFY = "Verify before you act: this is a report from another agency, matched by machine. It is not probable cause."


class Section(FrozenModel):
    """A heading with lines under it. After a line break within a line comes what is indented under it."""

    heading: str
    lines: tuple[str, ...]


class Links(NamedTuple):
    """Where a page leads; an empty one is left out. `read` is labelled by `opens`."""

    read: str
    answer: str = ""
    stop: str = ""
    opens: str = "Sign in and read"

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """Label and URL of each link that there is."""
        links = (
            (self.opens, self.read),
            ("Acknowledge it, or say if it was useful (no sign-in)", self.answer),
            ("Stop this daily digest (no sign-in)", self.stop),
        )
        return [(label, url) for label, url in links if url]


def page_as_text(title: str, office: Office, sections: list[Section], links: Links, warning: str = VERIFY) -> str:
    warned = f"{warning}\n\n" if warning else ""
    body = "\n\n".join(map(_section_as_text, sections))
    footer = "\n".join(f"{label}: {url}" for label, url in links.labelled)
    return f"{title}\n{office.name}\n\n{warned}{body}\n\n{footer}\n"


def _section_as_text(section: Section) -> str:
    lines = [f"- {line}".replace("\n", "\n    ") for line in section.lines]
    return "\n".join([section.heading.upper(), *lines])


def page_as_html(title: str, office: Office, sections: list[Section], links: Links, warning: str = VERIFY) -> str:
    box = '<p style="border-left:4px solid #b45309;background:#fef3c7;margin:12px 0;padding:8px 12px">'
    warned = f"{box}{escape(warning)}</p>" if warning else ""
    footer = "".join(f'<p><a href="{escape(url, quote=True)}">{label}</a></p>' for label, url in links.labelled)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title></head>"
        '<body style="font-family:sans-serif;font-size:15px;line-height:1.4;max-width:640px;padding:0 12px;color:#111">'
        f'<h1 style="font-size:20px;margin:16px 0 0">{escape(title)}</h1>'
        f'<p style="margin:4px 0 0">{escape(office.name)}</p>'
        f"{warned}{''.join(map(_section_as_html, sections))}{footer}</body></html>"
    )


def _section_as_html(section: Section) -> str:
    lines = "".join(f'<li style="margin:0 0 8px">{_line_as_html(line)}</li>' for line in section.lines)
    heading = f'<h2 style="font-size:16px;margin:20px 0 6px">{escape(section.heading)}</h2>'
    return f'{heading}<ul style="margin:0;padding-left:20px">{lines}</ul>'


def _line_as_html(line: str) -> str:
    first, *below = map(escape, line.split("\n"))
    if not below:
        return first
    return f'<strong>{first}</strong><br><span style="color:#444;font-size:14px">{"<br>".join(below)}</span>'
