"""The page of each thing that can go wrong: what happened, and what to do."""

from http import HTTPStatus

from functions.console.page import HtmlPage

_TEXTS = {
    "not found": (
        "Page not found",
        "There is no such page or record in your office. Check the number, or go back to your alerts.",
    ),
    "no rights": (
        "You may not do this",
        "Your rights in this office do not allow it. Ask a super-owner of your office.",
    ),
    "out": (
        "You are signed out",
        "Your account does not open an office any more. If that is a mistake, ask a super-owner of your office.",
    ),
    "foreign form": (
        "The form was not sent",
        "This form belongs to another sign-in or another site. Nothing was changed. Open the page again.",
    ),
    "stale": (
        "Somebody changed this in the meantime",
        "Nothing of what you sent was saved. Open the page again, see what is there now, and change it once more.",
    ),
    "unavailable": ("The service is busy", "Nothing was lost. Wait a minute, then send the same page again."),
    "unreadable": ("The form could not be read", "Go back, check what you wrote, and send it again."),
    "failed": ("Something went wrong", "It is not your fault, and we were told of it. Try again in a minute."),
}
_CASES = {
    HTTPStatus.NOT_FOUND: "not found",
    HTTPStatus.FORBIDDEN: "no rights",
    HTTPStatus.CONFLICT: "stale",
    HTTPStatus.PRECONDITION_FAILED: "stale",
    HTTPStatus.PRECONDITION_REQUIRED: "stale",
    HTTPStatus.TOO_MANY_REQUESTS: "unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE: "unavailable",
    HTTPStatus.BAD_REQUEST: "unreadable",
    HTTPStatus.UNPROCESSABLE_ENTITY: "unreadable",
}


def error_page(status: HTTPStatus, case: str = "", detail: str = "") -> HtmlPage:
    """`detail` is what the office API said, in words for people; it stands above what to do."""
    title, text = _TEXTS[case or _CASES.get(status, "failed")]
    return HtmlPage(template="error.html", title=title, values={"detail": detail, "text": text}, status=status)
