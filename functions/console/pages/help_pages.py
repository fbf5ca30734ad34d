"""Help, one section a role, and the accessibility statement. They hold nothing personal and need no purpose."""

from functions.console.page import HtmlPage, Pages
from functions.console.visit import Visit

pages = Pages()


@pages.get("/console/help", nav="help", needs_purpose=False)
def show_help(_visit: Visit) -> HtmlPage:
    return HtmlPage(template="help/help.html", title="Help")


@pages.get("/console/accessibility", needs_purpose=False)
def show_accessibility(_visit: Visit) -> HtmlPage:
    return HtmlPage(template="help/accessibility.html", title="Accessibility")
