"""Every way out comes through the view: nothing but it makes what is shown, and no answer or message takes anything
else."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NewType, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from shared.alerts import view
from shared.alerts.delivery import messages
from shared.alerts.model import Alert
from shared.alerts.reviews.model import Review
from shared.arrests.history import Revision
from shared.arrests.model import Arrest
from shared.arrests.person import Person
from shared.subscriptions.model import Subscription

ROOT = Path(__file__).parents[2]
RECORDS = (Arrest, Person, Alert, Review, Revision, Subscription)
SHOWN = (view.ShownArrest, view.ShownAlert, view.ShownReview, view.ShownRevision, view.ShownSubscription)
MADE_OF_SHOWN = {"SavedSubscription"}  # a ShownSubscription, with what it would have alerted of
MADE_OF_ALERTS = {"digest_for": "notes which alert becomes a line; the line is written when the digest is sent"}


def records_in(hint: Any, path: str = "", seen: frozenset[Any] = frozenset()) -> Iterator[str]:
    """Yields where a type holds a record that did not come through the view, as a path of fields."""
    if isinstance(hint, NewType):
        if hint not in SHOWN:
            yield from records_in(hint.__supertype__, path, seen)
        return
    if hint in seen or getattr(hint, "__name__", "") in MADE_OF_SHOWN:
        return
    if isinstance(hint, type) and issubclass(hint, RECORDS):
        yield f"{path}: {hint.__name__}"
        return
    for argument in get_args(hint):
        yield from records_in(argument, path, seen | {hint} if isinstance(hint, type) else seen)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        for name, member in get_type_hints(hint).items():
            if name in hint.model_fields:
                yield from records_in(member, f"{path}.{name}", seen | {hint})


@pytest.fixture
def routes(handler: Any) -> list[Any]:
    """The functions of all routes."""
    return [
        getattr(module, endpoint.operation_id) for module in handler.MODULES for endpoint in module.routes.endpoints
    ]


def message_modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(messages.__path__):
        yield importlib.import_module(f"{messages.__name__}.{found.name}")


def test_no_route_answers_with_a_record_that_did_not_come_through_the_view(routes: list[Any]) -> None:
    records = [
        record for route in routes for record in records_in(get_type_hints(route)["return"], f"{route.__name__}()")
    ]
    assert len(routes) > 50
    assert not records, f"{records}: answer with what shared/alerts/view.py shows of it (Shown...)"


def test_no_message_is_written_about_a_record_that_did_not_come_through_the_view() -> None:
    takes_records = [
        f"{module.__name__}.{name}({parameter})"
        for module in message_modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and name not in MADE_OF_ALERTS
        for parameter, hint in get_type_hints(function).items()
        if list(records_in(hint))
    ]
    assert not takes_records, f"{takes_records}: take what shared/alerts/view.py shows of it (Shown...)"


def test_nothing_but_the_view_makes_what_is_shown() -> None:
    names = {shown.__name__ for shown in SHOWN}
    makers = {
        str(path.relative_to(ROOT))
        for folder in ("shared", "functions")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
        if (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) in names
    }
    assert makers == {"shared/alerts/view.py"}


def test_the_search_for_records_sees_through_lists_pages_and_answers() -> None:
    class Page(BaseModel):
        items: list[Arrest | None]

    class Shown(BaseModel):
        items: list[view.ShownArrest | None]

    assert list(records_in(dict[str, list[Page]], "answer")) == ["answer.items: Arrest"]
    assert list(records_in(dict[str, list[Shown]], "answer")) == []
