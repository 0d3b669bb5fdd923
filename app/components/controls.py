"""The control rail: sliders, fields and pickers built from the parameters' declarations.

`rail` builds the components; `props` returns what depends on the state, as id → props, so that the
first page, a drag and the Back button set the controls in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import dash_mantine_components as dmc
from dash import html

from app import ids
from app.components.attributes import attributes
from app.components.formula_controls import formula_group, formula_props, typeset_formula
from app.components.pickers import choices, label, select
from app.components.text_field import Props, text_field, text_props
from app.state.edits import TEXT_FIELDS, start_shown
from app.state.inactive_controls import INACTIVE_REASONS, inactive_props
from app.state.page_state import State
from app.state.sliders import SLIDERS, Slider, text_of
from app.state.view import AXES, HIDEABLE
from app.text.numbers import typed_text
from app.theme import border_style, styles
from simulation.model.classics import CLASSICS
from simulation.model.experiment import (
    PARAMETERS,
    PER_DIRECTION,
    formula_text,
    without_repeats,
)
from simulation.model.parameters import Parameter
from simulation.rules import RULES

MOST = PARAMETERS["contenders"].longest  # type: ignore[attr-defined]
_CONTROL: dict[str, Any] = {"className": "control"}
# Key of HIDEABLE → id of the hidden component; `batch` is hidden with its group.
_OF_SADDLE = ("eig-stable", "eig-escape", "rot")  # a formula determines them
_HIDEABLE_PLACES: Mapping[str, str] = {
    key: ids.CHIPS if key == "chips" else ids.row(key) for key in HIDEABLE if key != "batch"
}
# List-valued parameter → the keys of the sliders over its entries.
_LIST_SLIDERS: Mapping[str, tuple[str, ...]] = {
    name: tuple(key for key, slider in SLIDERS.items() if slider.parameter.field == name)
    for name in ("eigenvalues", *PER_DIRECTION)
}


def rail(state: State, theme: str) -> html.Div:
    """Return all controls, in the order of the rail, showing `state`."""
    now = props(state, theme)
    groups = (
        _group("The race", _chips(now), _race_row(now), slider_row("beta", now),
               slider_row("eta", now)),
        _group("The saddle", _landscape_row(now), typeset_formula(now),
               formula_group(now, slider_row),
               slider_row("eig-stable", now), slider_row("eig-escape", now),
               slider_row("rot", now)),
        _group("The noise", segments(PARAMETERS["noise"], now), slider_row("sd-stable", now),
               slider_row("sd-escape", now), slider_row("c-escape", now), _sampling(now)),
        _group("The run", slider_row("T", now), slider_row("N", now), slider_row("R", now),
               _start_row(now), segments(AXES, now)),
        _boosting(now),
        _lists(now),
    )  # fmt: skip
    # On a phone the rail comes last, except for β: a link to the other controls.
    down = html.A("Controls", href=f"#{ids.RAIL}", className="to-rail")
    return html.Div(
        [down, *groups],
        id=ids.RAIL,
        className="rail",
        **attributes(aria_label="Controls"),
        role="form",
    )


@lru_cache(maxsize=8)
def props(state: State, theme: str) -> Props:
    """Return the props of the controls for `state`: component id → props; not to be changed.

    Cached: the stores, the rail and the tabs of one page all need them.
    """
    out: Props = {}
    for key, slider in SLIDERS.items():
        out[ids.slider(key)] = {"value": slider.position(slider.get(state))}
        out[ids.field(key)] = text_props(text_of(slider, state))
    experiment = state.experiment
    out[ids.field("R")]["placeholder"] = typed_text(SLIDERS["R"].get(state))
    for name in ("landscape", "noise", "hold"):
        out[ids.field(name)] = {"value": getattr(experiment, name)}
    out[ids.field("axes")] = {"value": state.axes}
    for name in ("samples", "batch", "seed"):
        out[ids.field(PARAMETERS[name].key)] = text_props(f"{getattr(experiment, name):,}")
    out[ids.field("seed")] = text_props(str(experiment.seed))
    for i, axis in enumerate("xy"):
        out[ids.field(f"w0-{axis}")] = text_props(typed_text(start_shown(experiment)[i]))
    for name in ("eigenvalues", *PER_DIRECTION):
        out[ids.field(PARAMETERS[name].key)] = text_props(_list_text(state, name))
    out[ids.field("rule")] = {"value": experiment.contenders[state.selected].rule}
    out |= _visibility(state) | formula_props(state) | _chip_props(state, theme)
    for place, shown in inactive_props(experiment).items():
        out[place] = out.get(place, {}) | shown
    return out


def edit(**edits: Any) -> dict[str, Any]:
    """Return the attribute that makes a button apply edits when clicked (controls.mjs)."""
    return {"data-edit": json.dumps(edits)}


def _list_text(state: State, name: str) -> str:
    values: tuple[float, ...] = getattr(state.experiment, name)
    short = without_repeats(values) if name in PER_DIRECTION else values
    return ", ".join(typed_text(v) for v in short)


def _visibility(state: State) -> Props:
    experiment = state.experiment
    boosted = any(RULES[c.rule].boosted for c in experiment.contenders)
    gone = {*state.hidden, *(_OF_SADDLE if formula_text(experiment) else ())}
    sampled = not INACTIVE_REASONS["n"](experiment)
    return {
        ids.LISTS: {"hidden": state.lesson is not None or not _listed(state)},
        ids.BOOSTING: {"hidden": not boosted},
        ids.SAMPLING: {"hidden": not sampled or "batch" in state.hidden},
    } | {place: {"hidden": key in gone} for key, place in _HIDEABLE_PLACES.items()}


def _listed(state: State) -> bool:
    """Return whether a list of the group has an effect, and its sliders are not all hidden."""
    return any(
        not INACTIVE_REASONS[PARAMETERS[name].key](state.experiment)
        and not state.hidden.issuperset(_LIST_SLIDERS[name])
        for name in _LIST_SLIDERS
    )


def _chip_props(state: State, theme: str) -> Props:
    line_styles = styles(state.experiment.contenders, state.theme(theme))
    out: Props = {}
    for i in range(MOST):
        shown = line_styles[i] if i < len(line_styles) else None
        out[ids.chip(i)] = {
            "children": shown.name if shown else "",
            "hidden": shown is None,
            "className": "chip selected" if i == state.selected else "chip",
            "style": {"--color": shown.color, "--text": shown.text} if shown else {},
            "data-dash": border_style(shown.dash) if shown else "",
            "aria-pressed": "true" if i == state.selected else "false",
        }
    out[ids.CHIP_ADD] = {"disabled": len(line_styles) == MOST}
    out[ids.CHIP_REMOVE] = {"disabled": len(line_styles) == 1}
    return out


def _group(title: str, *rows: Any) -> html.Section:
    return html.Section([html.H2(title, className="group-title"), *rows], className="group")


def slider_row(key: str, now: Props) -> html.Div:
    """Return a slider with its name and its field; `now`: see `props`."""
    slider = SLIDERS[key]
    name = _accessible(slider)
    unit = f" {slider.parameter.unit}" if slider.parameter.unit else ""
    return html.Div(
        [
            _slider_name(key, slider, now),
            dmc.Slider(
                id=ids.slider(key), min=slider.low, max=slider.high, step=slider.step,
                precision=3, updatemode="mouseup", thumbLabel=name, label=None, size=4,
                thumbSize=14, className="slider", **now[ids.slider(key)],
            ),
            text_field(key, f"{name}, exact value{unit}", now),
            *_why(key, now),
        ],
        id=ids.row(key), **_CONTROL | now.get(ids.row(key), {}),
    )  # fmt: skip


def _slider_name(key: str, slider: Slider, now: Props) -> Any:
    """Return a slider's label; of a formula's parameter, the name in the formula."""
    place = ids.name(key)
    if place in now:
        return html.Span(id=place, className="label", **now[place])
    return label(slider.symbol, slider.label, slider.parameter)


def _why(key: str, now: Props) -> list[html.Span]:
    """Return the element that replaces an inactive control, if it has one."""
    place = ids.why(key)
    return [html.Span(id=place, className="instead", **now[place])] if place in now else []


def _accessible(slider: Slider) -> str:
    return f"{slider.label} {slider.symbol}"


def _chips(now: Props) -> html.Div:
    chips = [html.Button(id=ids.chip(i), type="button", title="Its line, or key h: hide or show",
                         **attributes(data_contender=str(i), aria_keyshortcuts="h"),
                         **edit(select=i), **now[ids.chip(i)])
             for i in range(MOST)]  # fmt: skip
    add = html.Button("+", id=ids.CHIP_ADD, type="button", className="chip-tool",
                      title="Add an optimizer", **attributes(aria_label="Add an optimizer"),
                      **edit(add=1), **now[ids.CHIP_ADD])  # fmt: skip
    name = attributes(aria_label="Optimizers; β and rule change the chosen one")
    return html.Div([*chips, add], id=ids.CHIPS, className="chips", role="group", **name,
                    **now[ids.CHIPS])  # fmt: skip


def _race_row(now: Props) -> html.Div:
    menu = [(rule.name, rule.label) for rule in RULES.values()]
    rules = [{"value": rule, "label": name} for rule, name in menu]
    remove = html.Button("Remove", id=ids.CHIP_REMOVE, type="button", className="text-button",
                         title="Remove the chosen optimizer", **edit(remove=None),
                         **now[ids.CHIP_REMOVE])  # fmt: skip
    return html.Div(
        [label("", "Rule", PARAMETERS["contenders"]), select("rule", "Rule", rules, now), remove],
        id=ids.row("rule"), **now.get(ids.row("rule"), {}), className="control",
    )  # fmt: skip


def _landscape_row(now: Props) -> html.Div:
    parameter = PARAMETERS["landscape"]
    own = [choice for choice in choices(parameter) if choice["value"] not in CLASSICS]
    classics = [choice for choice in choices(parameter) if choice["value"] in CLASSICS]
    menu: list[Any] = [*own, {"group": "Classics", "items": classics}]
    picker = select("landscape", parameter.label, menu, now)
    return html.Div([label(parameter.symbol, parameter.label, parameter), picker],
                    id=ids.row("landscape"), className="control wide",
                    **now[ids.row("landscape")])  # fmt: skip


def segments(parameter: Parameter, now: Props) -> html.Div:
    """Return a segmented control for a choice of a few."""
    name = parameter.field
    picker = dmc.SegmentedControl(
        id=ids.field(name), data=choices(parameter), size="xs", fullWidth=True,
        className="segments", **attributes(aria_label=parameter.label), **now[ids.field(name)],
    )  # fmt: skip
    return html.Div([label(parameter.symbol, parameter.label, parameter), picker],
                    id=ids.row(name), className="control wide",
                    **now.get(ids.row(name), {}))  # fmt: skip


def _pair(name: str, key: str, now: Props) -> list[Any]:
    parameter = PARAMETERS[name]
    return [label(parameter.symbol, parameter.label, parameter),
            text_field(key, parameter.label, now)]  # fmt: skip


def _sampling(now: Props) -> html.Div:
    fields = [*_pair("samples", "n", now), *_pair("batch", "batch", now)]
    return html.Div(fields, id=ids.SAMPLING, className="control pairs", **now[ids.SAMPLING])


def _start_row(now: Props) -> html.Div:
    parameter = PARAMETERS["start"]
    dice = html.Button("⚄", id=ids.DICE, type="button", className="chip-tool",
                       title="Another seed",
                       **attributes(aria_label="Another seed", data_dice="seed"))  # fmt: skip
    return html.Div(
        [
            label(parameter.symbol, parameter.label, parameter),
            text_field("w0-x", TEXT_FIELDS["w0-x"], now),
            text_field("w0-y", TEXT_FIELDS["w0-y"], now),
            label("", "Seed", PARAMETERS["seed"]),
            text_field("seed", "Seed", now),
            dice,
        ],
        id=ids.row("w0"), **now.get(ids.row("w0"), {}), className="control start",
    )  # fmt: skip


def _boosting(now: Props) -> html.Div:
    rows = _group("Algorithm 2", slider_row("r", now), slider_row("period", now))
    return html.Div(rows, id=ids.BOOSTING, **now[ids.BOOSTING])


def _lists(now: Props) -> html.Div:
    """Return list-valued parameters as text fields, one number per eigen-direction."""
    rows = [_list(name, PARAMETERS[name].key, now) for name in ("eigenvalues", *PER_DIRECTION)]
    return html.Div(_group("All directions", *rows), id=ids.LISTS, **now[ids.LISTS])


def _list(name: str, key: str, now: Props) -> html.Div:
    place = ids.row(key)
    return html.Div([*_pair(name, key, now), *_why(key, now)], id=place, **now[place])
