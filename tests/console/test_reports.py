"""Reports: tables to download, and plots that say in words what they show."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.console.plots import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, bars
from tests.browser.world import World, make_world
from tests.console.conftest import Browser

KINDS = (
    "delivery-times", "folders", "noise", "acknowledgements", "areas", "fairness", "users", "ending",
    "possible-matches", "without-reader",
)  # fmt: skip


@pytest.fixture
def world(tables: Any, call: Any) -> World:
    return make_world(tables, call)


@pytest.mark.parametrize("kind", KINDS)
def test_kp3_a_report_is_a_table_to_download(ada: Browser, world: World, kind: str) -> None:
    page = ada.get(f"/console/reports/{kind}?days=30")
    assert page.status == 200, page.text
    headings = page.texts("//thead//th")
    download = ada.get(f"/console/reports/{kind}/table.csv?days=30")
    assert download.headers["Content-Disposition"] == f'attachment; filename="{kind}.csv"'
    if headings:
        assert download.text.splitlines()[0].split(",") == headings
        _, *rows, stamp = download.text.splitlines()
        assert len(rows) == len(page.texts("//tbody/tr"))
        assert "Read by ada.example@da.example.gov" in stamp
    else:
        assert "Nothing to report" in page.text or "No message was sent" in page.text


def test_kp3_every_value_of_a_plot_stands_in_the_table(ada: Browser, world: World) -> None:
    page = ada.get("/console/reports/folders")
    [svg] = page.page.xpath("//*[local-name()='svg']")
    assert svg.get("role") == "img"
    exact = [title.text for title in svg.xpath(".//*[local-name()='rect']/*[local-name()='title']")]
    table = page.texts("//tbody/tr/td[1]")
    assert [text.rpartition(": ")[2] for text in exact] == table


def test_a_range_that_is_none_and_a_report_that_is_none_are_said(ada: Browser) -> None:
    assert ada.get("/console/reports/folders?days=9999").page.xpath("//div[@class='errors']//a[@href='#days']")
    assert ada.get("/console/reports/nothing").status == 404
    assert "Nothing to report in the last 30 days." in ada.get("/console/reports/folders").text


@given(st.lists(st.tuples(st.text(max_size=8), st.floats(min_value=0, max_value=1e6)), max_size=40))
def test_bars_are_proportional_and_stay_inside(values: list[tuple[str, float]]) -> None:
    plot = bars("Anything", values, line=60)
    assert len(plot.bars) == len(values)
    assert sum(bool(bar.label) for bar in plot.bars) <= 7
    for bar, (_, number) in zip(plot.bars, values, strict=True):
        assert TOP - 0.01 <= bar.y <= HEIGHT - BOTTOM + 0.01
        assert LEFT <= bar.x <= WIDTH - RIGHT
        assert bar.above == (number > 60)
    highest = max((number for _, number in values), default=0)
    if highest > 0:
        tallest = max(bar.height for bar in plot.bars)
        for bar, (_, number) in zip(plot.bars, values, strict=True):
            assert bar.height == pytest.approx(tallest * number / highest, abs=0.02)
