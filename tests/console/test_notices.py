"""What somebody must see to: the link of each notice opens a page of the console."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.alerts.incidents.model import Concern, ConcernedParty, IncidentKind
from shared.alerts.incidents.text import incident_text
from tests.builders import NOW


@pytest.mark.parametrize("kind", list(IncidentKind))
def test_the_link_of_a_notice_opens_a_page(console: Any, kind: IncidentKind) -> None:
    from functions.console.handler import dispatcher  # noqa: PLC0415 - imported as Lambda does, by the fixture

    concern = Concern(
        kind=kind, office_id="kings", party=ConcernedParty.KEEPER, subject="testville", agency="testville",
        since=NOW, recipients=(),
    )  # fmt: skip
    path = incident_text(concern, date(2026, 11, 20), ZoneInfo("America/New_York")).path
    pages = [re.sub(r"\{\w+\}", "[^/]+", route.path) for route in dispatcher.routes if route.method == "GET"]
    assert any(re.fullmatch(page, path) for page in pages), path
