"""The purpose: stated once after the sign-in, recorded with everything that is opened, changeable at any time."""

from functions.console import dependencies
from functions.console.page import FormError, HtmlPage, Pages, Redirect
from functions.console.sessions.attempt import own_page
from functions.console.visit import Visit
from shared.offices.purposes import ImmigrationPurposeError, Purpose, UnknownPurposeError, purpose_of

pages = Pages()
WORDS = {
    Purpose.INVESTIGATION: "Investigation: a crime that was committed, tried or is about to be",
    Purpose.PROSECUTION: "Prosecution: an open case",
    Purpose.SUPERVISION: "Supervision: probation, parole or conditions of release",
    Purpose.WARRANT: "Warrant: a person whom a court wants",
    Purpose.SAFETY: "Safety: somebody is in danger now",
    Purpose.RECORDS: "Records: correcting, sealing or disputing what is on record",
    Purpose.ADMINISTRATION: "Administration: this office's people, folders and settings",
    Purpose.AUDIT: "Audit: who looked at what",
}


@pages.get("/console/purpose", needs_purpose=False)
def ask(visit: Visit) -> HtmlPage:
    return _page(visit, visit.query.get("next", ""))


@pages.post("/console/purpose", needs_purpose=False)
def state(visit: Visit) -> HtmlPage | Redirect:
    goal = visit.form.text("next")
    try:
        purpose = purpose_of(visit.form.text("purpose"))
    except (UnknownPurposeError, ImmigrationPurposeError):
        return _page(visit, goal, [FormError("purpose", "Choose one purpose of the list.")])
    dependencies.sessions.save(visit.session.model_copy(update={"purpose": purpose}))
    return Redirect(own_page(goal))


def _page(visit: Visit, goal: str, errors: list[FormError] | None = None) -> HtmlPage:
    stated = visit.session.purpose
    values = {
        "purposes": [(purpose.value, text) for purpose, text in WORDS.items()],
        "chosen": stated.value if stated else "",
        "goal": own_page(goal),
    }
    title = "Why are you here today?"
    return HtmlPage(template="door/purpose.html", title=title, values=values, errors=errors or ())
