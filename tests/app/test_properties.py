"""The Properties tab: what is drawn is what was measured, and every number said is its own."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import ids
from app.figures import symlog
from app.figures.axes import Axes
from app.figures.typed_arrays import untyped
from app.render.page import render
from app.state.page_state import State, read
from app.tabs.properties import figures as properties_figures
from app.tabs.properties.styles import PANEL_STYLES
from app.tabs.properties.text import FEWEST
from app.tabs.registry import TAB_MODULES
from app.text.numbers import exact, percent
from app.theme import THEMES, styles
from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.results.property_panels import Properties, observe, stretches
from tests.marks import CORE_LANDSCAPES

LIGHT = THEMES["light"]
EXPERIMENTS = {name: Experiment(landscape=name, steps=300) for name in CORE_LANDSCAPES} | {
    "toy": Experiment(step_size=5e-4, steps=60_000),
    "phase-retrieval": Experiment(landscape="phase-retrieval", steps=600),
    "quadratic": Experiment(landscape="quadratic", contenders=(0, "nesterov:0.9", "adam")),
    "flat": Experiment(eigenvalues=(1, -0.001), steps=2000),
    "diverging": Experiment(landscape="quadratic", step_size=3.0, steps=500),
}
everywhere = pytest.mark.parametrize("name", EXPERIMENTS)


@pytest.fixture(scope="module")
def toy() -> Properties:
    return observe(EXPERIMENTS["toy"])


def of_kind(figure: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["meta"]["kind"] == kind]


@everywhere
@pytest.mark.parametrize("axes", [Axes(), Axes("log"), Axes("log", scaled=True)])
def test_every_figure_is_plain_finite_json(name: str, axes: Axes) -> None:
    seen = observe(EXPERIMENTS[name])
    for chosen in range(len(seen.experiment.contenders)):
        drawn = properties_figures.figures(seen, chosen, LIGHT, axes)
        assert tuple(drawn) == (
            ids.GRADIENT,
            *(f.graph for f in properties_figures.PANEL_STYLES.values()),
        )
        assert set(drawn) == set(ids.PROPERTY_GRAPHS)
        for figure in drawn.values():
            json.loads(json.dumps(figure, allow_nan=False))
            low, high = figure["layout"]["yaxis"]["range"]
            assert low < high
        words = properties_figures.summary_texts(seen, chosen)
        assert set(words) == set(drawn)
        assert all(seen.experiment.contenders[chosen].label in said for said in words.values())


@pytest.mark.parametrize("chosen", range(5))
def test_the_chosen_one_is_drawn_where_it_is_asked_and_crossed_where_it_fails(
    toy: Properties, chosen: int
) -> None:
    drawn = properties_figures.figures(toy, chosen, LIGHT, Axes("log"))
    look = styles(toy.experiment.contenders, LIGHT)[chosen]
    for name, face in properties_figures.PANEL_STYLES.items():
        panel, figure = toy.panels[name], drawn[face.graph]
        (curve,), (faint,) = of_kind(figure, "curve"), of_kind(figure, "faint")
        assert curve["line"]["color"] == faint["line"]["color"] == look.color
        assert not (np.isfinite(untyped(curve["y"])) & ~panel.required[chosen]).any()
        if face.scale == "symlog":
            assert (np.isfinite(untyped(curve["y"])) == panel.required[chosen]).all()
            np.testing.assert_allclose(
                untyped(curve["customdata"]), panel.values[chosen].astype("f4"), rtol=1e-6
            )
        (crosses,) = of_kind(figure, "failed")
        marked = np.isfinite(untyped(crosses["y"]))
        expected = panel.failed[chosen] if face.crosses else np.zeros_like(marked)
        np.testing.assert_array_equal(marked, expected)
        others = {trace["meta"]["contender"] for trace in of_kind(figure, "other")}
        assert others == set(range(5)) - {chosen}


def test_the_shade_is_where_it_is_asked(toy: Properties) -> None:
    figure = properties_figures.figures(toy, 2, LIGHT, Axes())[ids.APCG]
    (shade,) = of_kind(figure, "shade")
    corners = untyped(shade["x"]).reshape(-1, 6)[:, [0, 2]]
    wanted = stretches(toy.panels["apcg"].required[2], toy.steps)
    np.testing.assert_array_equal(corners, np.array(wanted, dtype="f4"))


def test_where_nothing_is_asked_the_panel_says_why() -> None:
    seen = observe(EXPERIMENTS["flat"])
    for graph, name in ((ids.CNC, "cnc"), (ids.APCG, "apcg")):
        figure = properties_figures.figures(seen, 0, LIGHT)[graph]
        said = " ".join(note["text"] for note in figure["layout"]["annotations"])
        reason = seen.panels[name].reasons[0]
        assert reason
        assert reason in said.replace("<br>", " ")
        assert of_kind(figure, "faint")  # the values are there all the same
        assert reason in properties_figures.summary_texts(seen, 0)[graph]


def cells(node: Any) -> str:
    """All words in a tree of components."""
    if isinstance(node, str):
        return node
    if isinstance(node, list | tuple):
        return " ".join(cells(child) for child in node)
    return cells(getattr(node, "children", None) or "")


def test_the_table_counts_what_was_measured() -> None:
    state = State(EXPERIMENTS["toy"])
    seen = observe(state.experiment)
    shown = TAB_MODULES["properties"].props(state, "light")
    said = cells(shown[ids.PROPERTY_TABLE]["children"])
    for i, contender in enumerate(state.experiment.contenders):
        assert contender.label in said
        for name, face in properties_figures.PANEL_STYLES.items():
            panel = seen.panels[name]
            if name != "cnc" and panel.looks[i]:
                assert percent(panel.share[i]) in said
                assert not face.crosses or f"{panel.failures[i]}\u202f×" in said
    other = state.experiment.replace(contenders=(Contender("momentum", 0.8),))
    after = TAB_MODULES["properties"].props(State(other), "light")
    changed = cells(after[ids.PROPERTY_TABLE]["children"])
    assert "Momentum 0.8" in changed
    assert changed != said


@everywhere
def test_the_tab_shows_all_its_outputs(name: str) -> None:
    page = TAB_MODULES["properties"]
    shown = page.props(State(EXPERIMENTS[name]), "dark")
    assert all(prop in shown[component] for component, prop in page.OUTPUTS)


def test_epsilon_and_horizon_come_from_the_address() -> None:
    state, repairs = read("eps=0.1&tau=123")
    assert not repairs
    assert (state.epsilon, state.horizon) == (0.1, 123)
    wide = TAB_MODULES["properties"].props(state, "light")[ids.GRADIENT]["figure"]
    (bound,) = of_kind(wide, "bound")
    assert bound["text"][1].strip() == "ε = 0.1"
    assert untyped(bound["y"])[0] == pytest.approx(0.1)


numbers = st.floats(-1e12, 1e12, allow_subnormal=False)


@given(st.lists(numbers, min_size=2, max_size=10), st.sampled_from([1e-3, 1.0, 100.0]))
def test_the_scale_is_odd_and_keeps_the_order(values: list[float], unit: float) -> None:
    at = symlog.place(values, unit)
    np.testing.assert_array_equal(symlog.place(-np.array(values), unit), -at)
    order = np.argsort(values, kind="stable")
    assert (np.diff(at[order]) >= 0).all()
    low, high = symlog.rounded(min(values), max(values), unit)
    assert low <= min(*values, 0) <= max(*values, 0) <= high


@given(st.floats(1e-6, 1e9), st.floats(0, 1e9))
def test_ticks_lie_inside_and_apart(high: float, deep: float) -> None:
    axis = symlog.axis(-deep, high, 1.0, {-0.5: "−½"})
    low, top = axis["range"]
    ticks = axis["tickvals"]
    assert ticks == sorted(set(ticks))
    assert len(ticks) == len(axis["ticktext"])
    assert all(low <= tick <= top for tick in ticks)
    assert len(ticks) <= symlog.MOST_TICKS + 1


@pytest.mark.parametrize("text", ["T=20000&run=0,0.9", "landscape=phase-retrieval&run=0,0.9",
                                  "landscape=quadratic&run=0,adam&T=500",
                                  "run=0,0.9&eta=10"])  # fmt: skip
@pytest.mark.parametrize("chosen", [0, 1])
def test_each_plot_spells_its_property_out_and_gives_the_verdict(text: str, chosen: int) -> None:
    """A property fails if a step at which it is required is beyond what any constant allows."""
    state = read(f"{text}&tab=properties")[0]
    found = observe(state.experiment.replace(paths=1), state.epsilon, state.horizon)
    drawn = properties_figures.figures(found, chosen, LIGHT)
    for name, style in PANEL_STYLES.items():
        layout, panel = drawn[style.graph]["layout"], found.panels[name]
        assert style.words in layout["title"]["text"]
        said = " ".join(note["text"] for note in layout["annotations"])
        asked = panel.required[chosen]
        fails = bool((panel.failed[chosen] & asked).any())
        verdicts = ["not required here", "fails here at", "holds here", "too few to tell"]
        expected = 0 if not asked.any() else 1 if fails else 2 if asked.sum() >= FEWEST else 3
        assert [word in said for word in verdicts] == [i == expected for i in range(4)]
        if expected == 1:
            counts = f"{exact(panel.failed[chosen].sum())} of {exact(asked.sum())} steps"
            assert counts in said


def test_the_letters_are_spelled_out_with_their_meaning_in_the_table_and_below_it() -> None:
    drawing = render(read("tab=properties&T=20000")[0], "light")
    shown = str(TAB_MODULES["properties"].layout(drawing))
    for style in PANEL_STYLES.values():
        assert f"{style.short}: {style.words}" in shown
        assert f"{style.meaning} Required {style.asked}." in shown
