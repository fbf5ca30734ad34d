"""Possible matches: the watched and the reported person side by side, and the reader's word on it."""

from datetime import UTC, datetime
from http import HTTPStatus

from functions.console.api import ApiRefusedError
from functions.console.page import HtmlPage, Pages, Redirect
from functions.console.pages import alert_words, watched_words
from functions.console.visit import Visit
from shared.alerts.matches.reason_words import reason_sentence, shown_differences
from shared.alerts.reviews.model import ReviewVerdict
from shared.office_api.routes.reviews import ReviewsPage, ReviewView

pages = Pages()
REVIEW = "/v1/reviews/{review_id}"
LIST = "/console/possible-matches"
PAGE = 20
WORDS = {
    ReviewVerdict.CONFIRMED: "the same person",
    ReviewVerdict.DISMISSED: "somebody else",
    ReviewVerdict.CLOSED: "closed, because no record of this person is left",
}


@pages.get(LIST, nav="matches")
def list_matches(visit: Visit) -> HtmlPage:
    """The oldest of the page first: it has waited longest."""
    listed = visit.api.get("/v1/reviews", ReviewsPage, {"limit": PAGE, "after": visit.query.get("after")})
    items = [(review, reason_sentence(review.reason)) for review in reversed(listed.items)]
    values = {"items": items, "next": listed.next, "now": datetime.now(UTC)}
    return HtmlPage(template="matches/list.html", title="Possible matches", values=values)


@pages.get(LIST + "/{review_id}", nav="matches")
def show_match(visit: Visit, review_id: str) -> HtmlPage:
    read = visit.api.read(REVIEW, ReviewView, review_id=review_id)
    view, waiting = read.value, read.value.review.verdict is ReviewVerdict.WAITING
    return HtmlPage(
        template="matches/match.html",
        title="Is this the same person?" if waiting else "Possible match",
        values={
            "view": view,
            "etag": read.etag,
            "waiting": waiting,
            "decided": WORDS.get(view.review.verdict, ""),
            "sentence": reason_sentence(view.review.reason),
            "differences": shown_differences(view.review.reason),
            "watched": watched_words.facts(view.subscription.criterion),
            "reported": [
                (
                    arrest,
                    alert_words.charge_lines(arrest),
                    alert_words.identifier_lines(arrest),
                    alert_words.place_line(arrest),
                )
                for arrest in view.arrests
            ],
            "now": datetime.now(UTC),
        },
    )


@pages.post(LIST + "/{review_id}/same-person", nav="matches")
def confirm(visit: Visit, review_id: str) -> HtmlPage | Redirect:
    return _decide(visit, review_id, "confirm", "same person")


@pages.post(LIST + "/{review_id}/somebody-else", nav="matches")
def dismiss(visit: Visit, review_id: str) -> HtmlPage | Redirect:
    return _decide(visit, review_id, "dismiss", "somebody else")


def _decide(visit: Visit, review_id: str, verdict: str, notice: str) -> HtmlPage | Redirect:
    """Leads on to the next one that waits. If a colleague was quicker, the page says who decided what."""
    try:
        visit.api.send("POST", f"{REVIEW}/{verdict}", key=visit.form.key, if_match=visit.form.etag, review_id=review_id)
    except ApiRefusedError as refused:
        if refused.status not in {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}:
            raise
        return Redirect(f"{LIST}/{review_id}", "decided meanwhile")
    waiting = visit.api.get("/v1/reviews", ReviewsPage, {"limit": 1}).items
    return Redirect(f"{LIST}/{waiting[0].review_id}" if waiting else LIST, notice)
