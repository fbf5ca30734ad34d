"""Plots as SVG that the server draws: bars on one scale, with a line to keep below. Pure.

Each plot stands beside the table of its values. Sizes are in the units of the view box, which a phone shows one to one.
"""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 16, 28
_MOST_LABELS = 7  # beneath the bars, so that none covers another


class Bar(NamedTuple):
    """`label` is empty where its neighbours' stand. `exact` is what a pointer and a screen reader get."""

    x: float
    y: float
    width: float
    height: float
    label: str
    exact: str
    above: bool  # the line


class Plot(NamedTuple):
    title: str
    description: str
    bars: list[Bar]
    ticks: list[tuple[float, str]]  # height on the page, and the value there
    line: tuple[float, str] | None
    width: int = WIDTH
    height: int = HEIGHT


def bars(title: str, values: Sequence[tuple[str, float]], unit: str = "", line: float | None = None) -> Plot:
    """`values` are labels and numbers of 0 or more, in order. `line` is a value to keep below."""
    highest = _round_up(max([number for _, number in values] + [line or 0, 1]))
    floor, scale = HEIGHT - BOTTOM, (HEIGHT - TOP - BOTTOM) / highest
    step = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    every = -(-len(values) // _MOST_LABELS) or 1
    drawn = [
        Bar(
            x=round(LEFT + step * place + step * 0.1, 2),
            y=round(floor - number * scale, 2),
            width=round(step * 0.8, 2),
            height=round(number * scale, 2),
            label=label if place % every == 0 else "",
            exact=f"{label}: {written(number)}{unit}",
            above=line is not None and number > line,
        )
        for place, (label, number) in enumerate(values)
    ]
    ticks = [(round(floor - value * scale, 2), written(value)) for value in (0, highest / 2, highest)]
    marked = (round(floor - line * scale, 2), f"{written(line)}{unit}") if line is not None else None
    return Plot(title, _description(values, unit), drawn, ticks, marked)


def written(number: float) -> str:
    """`1,200`, `3.5`, `12`."""
    return f"{number:,.0f}" if number == int(number) or number >= 100 else f"{number:.1f}"


def _description(values: Sequence[tuple[str, float]], unit: str) -> str:
    if not values:
        return "No values."
    label, highest = max(values, key=lambda value: value[1])
    return f"The most: {written(highest)}{unit} ({label})."


def _round_up(number: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 and so on."""
    power = 1.0
    while True:
        for factor in (1, 2, 5):
            if factor * power >= number:
                return factor * power
        power *= 10
