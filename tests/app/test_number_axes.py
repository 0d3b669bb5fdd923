"""Every axis and colour bar of every tab has a title, and numbers as a person writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.figures.axes import X_TITLE, axis, decades
from app.render.page import render
from app.state.page_state import read
from app.tabs.registry import TAB_MODULES
from app.tabs.sweep.figures import figures as sweep_figures
from app.theme import LIGHT
from simulation.sweeps.chart import sweep_chart
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.theory_map import theory_map

EXPERIMENTS = (
    "", "landscape=quadratic&N=30&axes=log", "landscape=monkey&axes=scaled", "eta=3",
    "landscape=phase-retrieval&T=2000", "landscape=linear-net&N=4", "R=0.002&T=300000",
    "landscape=quadratic&eig=2000000,-1&eta=1e-7&T=3000", "noise=none&w0=0,1e-6",
    "landscape=himmelblau&T=500",
)  # fmt: skip
SWEPT = "x=beta:0:0.99:6:near-one&y=eta:1e-7:1e-5:5:log"
UGLY = re.compile(r"\d[kMGBµmun]\b|\d[eE][+-−]?\d|-\d|\d{5}")
"""An SI prefix, an E, a hyphen for a minus, thousands without a comma."""


def figures(query: str, tab: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield graph id and figure of every plot of a tab."""
    state = read(f"{query}&tab={tab}&{SWEPT}".strip("&"), tuple(TAB_MODULES))[0]
    if tab == "explore":
        yield from render(state, "light").figures.items()
        return
    if tab == "sweep":
        sweep = state.sweep
        chart = sweep_chart(ResultMap.empty(sweep), theory_map(sweep))
        yield from sweep_figures(chart, LIGHT).items()
        return
    for place, props in TAB_MODULES[tab].props(state, "light").items():
        if "figure" in props:
            yield place, props["figure"]


@pytest.mark.long
@pytest.mark.parametrize("tab", ["explore", "choose", "properties", "distribution", "sweep"])
@pytest.mark.parametrize("query", EXPERIMENTS)
def test_axes_and_colour_bars_have_titles_and_plain_numbers(query: str, tab: str) -> None:
    seen = 0
    for graph, figure in figures(query, tab):
        layout = figure["layout"]
        if not figure["data"]:
            continue  # not drawn yet
        seen += 1
        for side in ("xaxis", "yaxis"):
            shown = layout[side]
            if shown.get("showticklabels") is False:
                continue
            assert titled(layout, side), (graph, side)
            assert plain(shown), (graph, side, shown)
        for trace in figure["data"]:
            if trace["type"] == "heatmap":
                assert trace["colorbar"]["title"]["text"], graph
                assert plain(trace["colorbar"]), (graph, trace["colorbar"])
    assert seen


def titled(layout: dict[str, Any], side: str) -> bool:
    """Whether an axis is named: by its title, at its end, or (y) by the plot's title above it."""
    if layout[side].get("title", {}).get("text"):
        return True
    if side == "yaxis":
        return bool(layout["title"]["text"])
    return any(words.get("name") == X_TITLE for words in layout["annotations"])


def plain(shown: dict[str, Any]) -> bool:
    """Whether an axis has written ticks that a person would write, or Plotly's without prefixes."""
    if "ticktext" in shown:
        return not any(UGLY.search(text) for text in shown["ticktext"])
    if shown.get("tickformat"):
        return shown["tickformat"] == ","
    return shown.get("exponentformat") == "power" and shown.get("separatethousands") is True


def test_what_is_ugly_is_found() -> None:
    for text in ("200µ", "0.5M", "5e-05", "-3", "100000"):
        assert UGLY.search(text)
    for text in ("−0.0002", "10⁻⁴", "100,000", "out 1", "2 × 10⁻⁷", "0.9999"):
        assert not UGLY.search(text)
    assert plain(axis(LIGHT))


@pytest.mark.parametrize(
    ("low", "high"), [(120, 800), (0.0003, 0.002), (95, 105), (9000, 99_000), (2e-7, 9e-7)]
)
def test_a_short_log_axis_has_round_numbers(low: float, high: float) -> None:
    shown = decades(low, high)
    assert len(shown["tickvals"]) >= 2
    assert all(low <= tick <= high for tick in shown["tickvals"])
    assert plain(shown)
    assert len(set(shown["ticktext"])) == len(shown["ticktext"])
    for tick, text in zip(shown["tickvals"], shown["ticktext"], strict=True):
        assert number_of(text) == pytest.approx(tick)


def number_of(text: str) -> float:
    """The number that a tick says: 1,200 or 2 × 10⁻⁷."""
    mantissa, _, power = text.replace(",", "").partition(" × 10")
    digits = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(mantissa) * 10 ** int(digits or 0)
