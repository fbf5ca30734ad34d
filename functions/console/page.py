"""What a page's function returns, and the registry in which pages declare themselves.

pages = Pages()

@pages.get("/console/alerts", nav="alerts")
def list_alerts(visit: Visit) -> HtmlPage: ...
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from functions.console.api import ApiRefusedError


@dataclass(frozen=True)
class FormError:
    """One line of the error summary. `field` is the id of the input that it links to."""

    field: str
    text: str


@dataclass(frozen=True, kw_only=True)
class HtmlPage:
    """A page to be rendered. `values` are the template's variables."""

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Sequence[FormError] = ()
    status: int = HTTPStatus.OK
    cookies: Sequence[str] = ()


@dataclass(frozen=True)
class Redirect:
    """Leads on after a form took effect (303). `notice` is a key of `NOTICES`; the next page shows its text once."""

    to: str
    notice: str = ""
    cookies: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file: CSV, SVG, calendar."""

    body: str
    content_type: str
    file_name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Reply = HtmlPage | Redirect | Download
PageFunction = Callable[..., Reply]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One page or form. `nav` is the entry of the navigation that is marked as the current one."""

    method: str
    path: str
    run: PageFunction
    nav: str = ""
    signed_in: bool = True  # without: the function gets the event, and nothing personal can be read
    needs_purpose: bool = True


class Pages:
    """The pages of one module. A path's parts in braces are the function's arguments."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def get(
        self, path: str, *, nav: str = "", signed_in: bool = True, needs_purpose: bool = True
    ) -> Callable[[PageFunction], PageFunction]:
        return self._declare("GET", path, nav, signed_in, needs_purpose)

    def post(self, path: str, *, nav: str = "", needs_purpose: bool = True) -> Callable[[PageFunction], PageFunction]:
        """The dispatcher has checked the origin and the form's CSRF token before the function runs."""
        return self._declare("POST", path, nav, True, needs_purpose)

    def _declare(
        self, method: str, path: str, nav: str, signed_in: bool, needs_purpose: bool
    ) -> Callable[[PageFunction], PageFunction]:
        def declare(function: PageFunction) -> PageFunction:
            self.routes.append(
                Route(
                    method=method,
                    path=path,
                    run=function,
                    nav=nav,
                    signed_in=signed_in,
                    needs_purpose=needs_purpose and signed_in,
                )
            )
            return function

        return declare


def form_errors(refused: ApiRefusedError, ids: Mapping[str, str]) -> list[FormError]:
    """Returns the refusal of a form as lines of the error summary. `ids` maps the API's fields, or the beginning of one
    such as `recipients`, to inputs of the page.

    Raises the refusal again if the form cannot mend it (404, 409, 412, 5xx)."""
    mendable = refused.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY} or (
        refused.status == HTTPStatus.FORBIDDEN and refused.errors
    )
    if not mendable:
        raise refused
    lines = [FormError(_input_of(error.field, ids), error.mend) for error in refused.errors]
    return lines or [FormError("", refused.detail)]


def _input_of(field_name: str, ids: Mapping[str, str]) -> str:
    longest_first = sorted(ids, key=len, reverse=True)
    return next((ids[name] for name in longest_first if field_name == name or field_name.startswith(f"{name}.")), "")
