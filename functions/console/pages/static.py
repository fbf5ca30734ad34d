"""The style sheet. Its address names its content, so that browsers may keep it for a year."""

from typing import Any

from functions.console.page import Download, Pages
from functions.console.render import STATIC

pages = Pages()


@pages.get("/console/static/{name}", signed_in=False)
def read_stylesheet(_event: dict[str, Any], name: str) -> Download:  # noqa: ARG001 - an old address gets the sheet as well
    text = (STATIC / "console.css").read_text(encoding="utf-8")
    forever = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Download(body=text, content_type="text/css; charset=utf-8", headers=forever)
