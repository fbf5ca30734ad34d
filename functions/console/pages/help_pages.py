"""Help, one section a role, and the accessibility statement. They hold nothing of an arrest and need no purpose."""

from functions.console.page import HtmlPage, Pages
from functions.console.visit import Visit
from shared.office_api.routes.office.me import Me

pages = Pages()


@pages.get("/console/help", nav="help", needs_purpose=False)
def show_help(visit: Visit) -> HtmlPage:
    return HtmlPage(template="help/help.html", title="Help", values={"contact": _contact(visit)})


@pages.get("/console/accessibility", needs_purpose=False)
def show_accessibility(visit: Visit) -> HtmlPage:
    return HtmlPage(template="help/accessibility.html", title="Accessibility", values={"contact": _contact(visit)})


def _contact(visit: Visit) -> str:
    return visit.api.get("/v1/me", Me).contact
