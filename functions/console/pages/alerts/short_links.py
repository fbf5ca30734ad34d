"""Short links: `/a/X7YG4` of a mail or text message leads to the alert in the console, after signing in.

The answer is the same for every text: it says nothing of whether there is such an alert.
"""

from urllib.parse import quote

from functions.console.dispatch import Event
from functions.console.page import Pages, Redirect

pages = Pages()


@pages.get("/a/{number}", signed_in=False)
def follow_short_link(_event: Event, number: str) -> Redirect:
    return Redirect(f"/console/alerts/{quote(number, safe='')}")
