"""Every page that can be opened, and how the browser comes to it. A page without a row here fails `test_pages.py`."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.world import World


@dataclass(frozen=True)
class PageRow:
    """`path` is that of the route, its ids in braces; `query` shows another state of the page."""

    path: str
    query: str = ""

    def address(self, world: World) -> str:
        return self.path.format(**world.ids) + self.query

    @property
    def name(self) -> str:
        return (self.path.removeprefix("/console/").replace("/", "-").replace("{", "").replace("}", "") or "home") + (
            "-" + "".join(letter for letter in self.query if letter.isalnum()) if self.query else ""
        )


PAGES = (
    PageRow("/console/alerts"),
    PageRow("/console/alerts", "?unanswered=true"),
    PageRow("/console/alerts/{alert_id}"),
)
# What answers with a file, or leads on at once.
NO_PAGES = frozenset({"/console", "/console/static/{name}"})
# Forms that no page shows to her who may do everything: what is sent otherwise, or only ever seen in another state.
WITHOUT_A_FORM: frozenset[str] = frozenset()
