"""Every parameter has a control with a name, and every control says and sets what is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from dash.development.base_component import Component
from hypothesis import given, settings
from hypothesis import strategies as st

from app.components.controls import props, rail
from app.layout import page
from app.server import create_app
from app.state.edits import EDITS, apply
from app.state.page_state import State, read, write
from app.state.sliders import SLIDERS, text_of
from app.tabs.registry import TAB_MODULES
from simulation.model.experiment import PARAMETERS, Experiment
from simulation.model.parameters import Integer, ParameterError
from simulation.presets import PRESETS
from tests.cases import cases

PLAIN = State(Experiment())
WITH_PARAMETERS = State(
    Experiment(landscape="formula", formula="a*x+b*y+c*x^2-e1*y^2+k*x*y+m*x^3+n*y^3+q*x^4")
)
STATES = [State(preset.experiment) for preset in PRESETS]


def parts(component: Any) -> Iterator[Component]:
    yield component
    yield from component._traverse()


def components(tree: Any) -> list[Component]:
    return [part for part in parts(tree) if isinstance(part, Component)]


def state_with(key: str, state: State) -> State:
    """The state, or one of a formula with parameters if the slider sets one of those."""
    return WITH_PARAMETERS if SLIDERS[key].parameter.field == "parameters" else state


@pytest.mark.parametrize("key", SLIDERS)
@given(share=st.floats(0, 1))
def test_a_thumb_sets_what_it_shows(key: str, share: float) -> None:
    slider = SLIDERS[key]
    position = slider.low + share * (slider.high - slider.low)
    moved = apply(state_with(key, PLAIN), {key: position})
    value = slider.get(moved)
    whole = isinstance(slider.parameter, Integer)
    meant = slider.within(slider.at(position))
    assert value == (round(meant) if whole else meant)
    shown = slider.position(value)
    assert slider.low <= shown <= slider.high
    again = slider.get(apply(moved, {key: shown}))
    assert again == pytest.approx(value, rel=6e-3, abs=1e-9)


@pytest.mark.parametrize("key", SLIDERS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: write(state)[:40] or "default")
def test_a_field_says_what_is_there(key: str, state: State) -> None:
    slider, state = SLIDERS[key], state_with(key, state)
    said = text_of(slider, state)
    assert slider.get(apply(state, {key: said})) == pytest.approx(slider.get(state), rel=1e-5)


@given(st.floats(1e-7, 10))
def test_exact_values_are_kept_exactly(value: float) -> None:
    assert apply(PLAIN, {"eta": repr(value)}).experiment.step_size == value


def test_every_parameter_of_the_experiment_has_an_edit() -> None:
    apart = {"contenders": {"beta", "rule", "add", "remove"}, "start": {"w0-x", "w0-y", "w0"}}
    for name, parameter in PARAMETERS.items():
        keys = apart.get(
            name, {parameter.key, f"{parameter.key}-escape", f"{parameter.key}-stable"}
        )
        assert keys & EDITS.keys(), name


@cache
def elsewhere() -> set[str]:
    return {part.id for part in components(page("T=300")) if getattr(part, "id", None)}


@pytest.mark.parametrize("state", STATES, ids=lambda state: write(state)[:40] or "default")
def test_the_rail_shows_the_state_and_names_every_control(state: State) -> None:
    built = components(rail(state, "light"))
    by_id = {part.id: part for part in built if getattr(part, "id", None)}
    assert len(by_id) == sum(1 for part in built if getattr(part, "id", None))
    for component, shown in props(state, "light").items():
        if component not in by_id:  # a control of a tab
            assert component in elsewhere()
            continue
        for prop, value in shown.items():
            assert getattr(by_id[component], prop) == value
    for part in built:
        kind = type(part).__name__
        if kind == "Slider":
            assert part.thumbLabel
        if kind == "TextInput":
            assert part.inputProps["aria-label"]
        if kind in ("Select", "SegmentedControl"):
            assert getattr(part, "aria-label")


def test_a_race_gains_loses_and_changes_a_contender() -> None:
    fuller = apply(PLAIN, {"add": 1})
    assert len(fuller.experiment.contenders) == 6
    assert fuller.selected == 5
    assert write(apply(fuller, {"remove": None})) == write(PLAIN)
    other = apply(PLAIN, {"select": 1, "rule": "nesterov", "beta": 2.0})
    assert other.experiment.contenders[1].text == "nesterov:0.99"
    alone = State(Experiment(contenders=(0.9,)))
    assert apply(alone, {"remove": None}) == alone
    full = State(Experiment(contenders=(0.9,) * 8))
    with pytest.raises(ParameterError):
        apply(full, {"add": 1})


HOSTILE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.floats().map(str)
    | st.lists(st.floats() | st.text(), max_size=3)
)


@pytest.mark.long
@settings(max_examples=cases(5))
@given(key=st.sampled_from(sorted(EDITS)) | st.text(), value=HOSTILE)
def test_an_edit_gives_a_state_or_says_why_not(key: str, value: Any) -> None:
    try:
        state = apply(PLAIN, {key: value})
    except ParameterError as error:
        said = str(error)
        assert said.endswith(".") and "\n" not in said  # noqa: PT018
    else:
        assert read(write(state), tuple(TAB_MODULES))[0].experiment == state.experiment


@pytest.mark.parametrize("tab", TAB_MODULES)
def test_no_two_components_of_the_page_have_one_id(tab: str) -> None:
    with create_app().server.app_context():
        whole = components(page(f"tab={tab}&T=300"))
    built = [part.id for part in whole if getattr(part, "id", None)]
    assert len(built) > 100
    assert not [id_ for id_, times in Counter(built).items() if times > 1]


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"beta": "1.2"}, "Momentum “1.2” must be from 0 to 0.9999."),
        ({"eta": "x" * 99}, f"Step size “{'x' * 59}…” must be from 1e-7 to 10."),
        ({"axes": "q"}, "Time axis “q” must be one of auto, linear, log, scaled."),
    ],
)
def test_a_refused_edit_is_one_sentence_with_the_fields_name(edits, said):
    with pytest.raises(ParameterError) as refused:
        apply(State(), edits)
    assert str(refused.value) == said
