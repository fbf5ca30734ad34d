"""Possible matches: the watched and the reported person side by side, and the reader's word on it."""

import re
from datetime import UTC, datetime
from http import HTTPStatus

from functions.console.api import ApiRefusedError
from functions.console.page import HtmlPage, Pages, Redirect
from functions.console.pages.alerts.alert_words import event_facts
from functions.console.pages.alerts.comparison import compare, further_conditions
from functions.console.visit import Visit
from shared.alerts.matches.reason_words import reason_sentence, shown_differences
from shared.alerts.reviews.model import ReviewVerdict
from shared.office_api.routes.alerts.reviews import ReviewsPage, ReviewView

pages = Pages()
REVIEW = "/v1/reviews/{review_id}"
LIST = "/console/possible-matches"
PAGE, MOST_IN_A_ROW = 20, 100
WORDS = {
    ReviewVerdict.CONFIRMED: "the same person",
    ReviewVerdict.DISMISSED: "somebody else",
    ReviewVerdict.CLOSED: "closed, because no record of this person is left",
}
_REVIEW_ID = re.compile("[0-9a-f]{32}")


@pages.get(LIST, nav="matches")
def list_matches(visit: Visit) -> HtmlPage:
    """What has waited longest first."""
    asked = {"limit": PAGE, "oldest_first": True, "after": visit.query.get("after")}
    listed = visit.api.get("/v1/reviews", ReviewsPage, asked)
    items = [
        (review, summary, reason_sentence(review.reason))
        for review, summary in zip(listed.items, listed.summaries, strict=True)
    ]
    values = {"items": items, "yours": listed.yours, "next": listed.next}
    return HtmlPage(template="matches/list.html", title="Possible matches", values=values)


@pages.get(LIST + "/{review_id}", nav="matches")
def show_match(visit: Visit, review_id: str) -> HtmlPage:
    read = visit.api.read(REVIEW, ReviewView, review_id=review_id)
    view, waiting = read.value, read.value.review.verdict is ReviewVerdict.WAITING
    criterion, differences = view.subscription.criterion, shown_differences(view.review.reason)
    others = visit.api.get("/v1/reviews", ReviewsPage, {"limit": MOST_IN_A_ROW, "oldest_first": True})
    return HtmlPage(
        template="matches/match.html",
        title="Is this the same person?" if waiting else "Possible match",
        values={
            "view": view,
            "etag": read.etag,
            "waiting": waiting,
            "decided": WORDS.get(view.review.verdict, ""),
            "sentence": reason_sentence(view.review.reason),
            "differences": differences,
            "rows": compare(criterion, view.arrests[0], differences) if view.arrests else [],
            "further": further_conditions(criterion),
            "arrests": [event_facts(arrest, visit.zone) for arrest in view.arrests],
            "yours": others.yours.waiting,
            "days": (datetime.now(UTC) - view.review.created_at).days,
            "following": following([review.review_id for review in others.items], review_id),
        },
    )


def following(waiting: list[str], review_id: str) -> str:
    """The one after this, or else the first of the others; "" if no other one waits. Pure."""
    place = waiting.index(review_id) + 1 if review_id in waiting else 0
    return next((other for other in waiting[place:] + waiting[:place] if other != review_id), "")


@pages.post(LIST + "/{review_id}/same-person", nav="matches")
def confirm(visit: Visit, review_id: str) -> HtmlPage | Redirect:
    return _decide(visit, review_id, "confirm", "same person")


@pages.post(LIST + "/{review_id}/somebody-else", nav="matches")
def dismiss(visit: Visit, review_id: str) -> HtmlPage | Redirect:
    return _decide(visit, review_id, "dismiss", "somebody else")


def _decide(visit: Visit, review_id: str, verdict: str, notice: str) -> HtmlPage | Redirect:
    """Leads on to the next one. If a colleague was quicker, the page says who decided what."""
    try:
        visit.api.send("POST", f"{REVIEW}/{verdict}", key=visit.form.key, if_match=visit.form.etag, review_id=review_id)
    except ApiRefusedError as refused:
        if refused.status not in {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}:
            raise
        return Redirect(f"{LIST}/{review_id}", "decided meanwhile")
    proposed = visit.form.text("following")
    return Redirect(f"{LIST}/{proposed}" if _REVIEW_ID.fullmatch(proposed) else LIST, notice)
