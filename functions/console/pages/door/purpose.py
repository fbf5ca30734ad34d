"""The purpose: stated once after the sign-in, recorded with everything that is opened, changeable at any time."""

from functions.console import dependencies
from functions.console.page import FormError, HtmlPage, Pages, Redirect
from functions.console.sessions.attempt import own_page
from functions.console.visit import Visit
from shared.office_api.routes.alerts.alert_list import AlertsPage
from shared.offices.purposes import PURPOSE_TITLES, ImmigrationPurposeError, UnknownPurposeError, purpose_of

pages = Pages()


@pages.get("/console/purpose", needs_purpose=False)
def ask(visit: Visit) -> HtmlPage:
    return _page(visit, visit.query.get("next", ""))


@pages.post("/console/purpose", needs_purpose=False)
def state(visit: Visit) -> HtmlPage | Redirect:
    goal, written = visit.form.text("next"), visit.form.text("purpose")
    try:
        purpose = purpose_of(written)
    except UnknownPurposeError:
        return _page(visit, goal, [FormError("purpose", "Choose one purpose of the list.")])
    except ImmigrationPurposeError:
        visit.api.stating(written).get("/v1/alerts", AlertsPage)  # is refused and recorded there, and raises the alarm
        raise
    dependencies.sessions.change(visit.session, purpose=purpose)
    return Redirect(own_page(goal))


def _page(visit: Visit, goal: str, errors: list[FormError] | None = None) -> HtmlPage:
    stated = visit.session.purpose
    values = {
        "purposes": [(purpose.value, text) for purpose, text in PURPOSE_TITLES.items()],
        "chosen": stated.value if stated else "",
        "goal": own_page(goal),
    }
    title = "Why are you here today?"
    return HtmlPage(template="door/purpose.html", title=title, values=values, errors=errors or ())
