"""Names of controls with their tooltips, menus, and what a choice is called on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from app import ids
from app.components.attributes import attributes
from app.components.help import help_text
from app.components.text_field import Props
from simulation.landscapes.registry import LANDSCAPES
from simulation.model.holds import HOLDS
from simulation.model.parameters import Choice, Parameter
from simulation.noise import NOISES

SHOWN_NAMES: Mapping[str, str] = {
    **{name: hold.label for name, hold in HOLDS.items()},
    **{name: noise.label for name, noise in NOISES.items()},
    "auto": "auto", "linear": "t", "log": "log t", "scaled": "t/(1−β)",
    **{name: landscape.short for name, landscape in LANDSCAPES.items()},
}  # fmt: skip
"""Value of a choice → what it is called."""


def label(symbol: str, label: str, parameter: Parameter) -> html.Span:
    """Return a control's name; its help has the symbol, PyTorch's name and one sentence."""
    torch = f"PyTorch: {parameter.torch}" if parameter.torch else ""
    head = " · ".join(filter(None, [symbol, label, torch]))
    _, _, direction = label.removesuffix(" direction").partition(", ")
    name = direction or label
    text = [html.Span(symbol, className="symbol"), html.Span(name, className="name")]
    return html.Span([*text, help_text(head, parameter.help)], className="label")


def select(key: str, name: str, data: Sequence[Mapping[str, Any]], now: Props) -> dmc.Select:
    """Return a menu of `data`, in Mantine's form; `now`: see `controls.props`."""
    return dmc.Select(id=ids.field(key), data=data, size="xs", allowDeselect=False,
                      withCheckIcon=False, className="picker", **attributes(aria_label=name),
                      comboboxProps={"shadow": "md"}, **now[ids.field(key)])  # fmt: skip


def choices(parameter: Parameter) -> list[dict[str, str]]:
    """Return the choices of a parameter with their names, in Mantine's form."""
    assert isinstance(parameter, Choice)
    return [{"value": c, "label": SHOWN_NAMES.get(c, c)} for c in parameter.choices]
