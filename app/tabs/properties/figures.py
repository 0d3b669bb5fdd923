"""Figures of the Properties tab: gradient norm, APAG, APCG, CNC and GrACE along one path.

The chosen contender's curve is strong where the paper requires the property and faint elsewhere;
the required intervals are shaded, and a cross marks a failure. The other contenders are thin lines
where the property is required of them. Compare the paper's Figures 3 and 4.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import ids
from app.figures import axes as axis_parts
from app.figures.axes import Axes
from app.figures.traces import NOTHING, trace
from app.figures.typed_arrays import joined, typed
from app.tabs.properties.scales import Log, Symlog, log_range, positive
from app.tabs.properties.styles import PANEL_STYLES, PanelStyle
from app.tabs.properties.text import brief_verdict, summary_texts
from app.text.numbers import number, wrapped
from app.theme import Style, Theme, halo, rgba, styles
from simulation.results.property_panels import Panel, Properties, stretches

Floats = NDArray[np.float64]


FLOOR = 1e-4  # times ε: smaller gradient norms do not extend the axis
HIGH_UP = 0.7  # fraction of the height above which a level's label overlaps the name at the top
CHARACTER = 0.53  # mean width of a character of a note, in font sizes
PLOT_WIDTH = 440  # px, smallest width of a plot; the row under the title is shortened for it
NAME = 0  # index of the contender's name among the annotations
GRADIENT_TITLE = "Gradient norm  ‖∇<i>f</i>(<i>w<sub>t</sub></i>)‖"


def figures(
    seen: Properties,
    chosen: int,
    theme: Theme,
    axes: Axes = Axes(),  # noqa: B008
) -> dict[str, dict[str, Any]]:
    """Return graph id → figure for ids.PROPERTY_GRAPHS; `chosen`: a contender's index."""
    drawn = {ids.GRADIENT: gradient(seen, chosen, theme, axes)}
    for name, face in PANEL_STYLES.items():
        drawn[face.graph] = figure(seen, seen.panels[name], face, chosen, theme, axes)
    return drawn


def gradient(seen: Properties, chosen: int, theme: Theme, axes: Axes) -> dict[str, Any]:
    """Return the gradient norm, with the level ε above which a gradient counts as large."""
    line_styles = styles(seen.experiment.contenders, theme)
    x = axis_parts.times(seen.experiment, seen.steps, axes)
    near = np.maximum(seen.gradient, FLOOR * seen.epsilon)
    low, high = log_range(near, (seen.epsilon, seen.epsilon))
    lines = [
        trace("curve", i, x=typed(x[i]), y=typed(positive(seen.gradient[i])), text=style.name,
              line=_line(style, theme, i == chosen), opacity=1 if i == chosen else 0.55,
              hovertemplate="%{y:.3~g}<extra>%{text}</extra>")
        for i, style in _chosen_last(line_styles, chosen)
    ]  # fmt: skip
    y = axis_parts.axis(theme) | axis_parts.decades(low, high)
    level = _level(seen, seen.epsilon, f"ε = {number(seen.epsilon)}", theme, axes)
    layout = _layout(GRADIENT_TITLE, "", seen, y, line_styles[chosen], theme, axes)
    _clear(layout, float(np.log(seen.epsilon / low) / np.log(high / low)))
    return {"data": [*lines, level], "layout": layout}


def figure(
    seen: Properties, panel: Panel, face: PanelStyle, chosen: int, theme: Theme, axes: Axes
) -> dict[str, Any]:
    """Return the plot of one property.

    Traces: shading, C faint or thin curves, the chosen contender's curve, the bound, crosses.
    """
    line_styles = styles(seen.experiment.contenders, theme)
    x = axis_parts.times(seen.experiment, seen.steps, axes)
    scale = Log(panel, chosen) if face.scale == "log" else Symlog(panel, chosen, face)
    shown = scale.place(panel.values)
    asked = np.where(panel.required, shown, np.nan)
    style = line_styles[chosen]
    faint = trace("faint", chosen, x=typed(x[chosen]), y=typed(shown[chosen]),
                  line=_line(style, theme, False), opacity=0.3)  # fmt: skip
    full = trace(
        "curve", chosen, x=typed(x[chosen]), y=typed(asked[chosen]), text=style.name,
        line=_line(style, theme, True), customdata=typed(panel.values[chosen]),
        hovertemplate="%{customdata:.3~g}<extra>%{text}</extra>",
    )  # fmt: skip
    others = [
        trace("other", i, x=typed(x[i]), y=typed(asked[i]), line=_line(other, theme, False),
              opacity=0.5)
        for i, other in enumerate(line_styles) if i != chosen
    ]  # fmt: skip
    failed = panel.failed[chosen] & face.crosses
    crosses = trace(
        "failed", chosen, x=typed(np.where(failed, x[chosen], np.nan)),
        y=typed(np.clip(np.where(failed, shown[chosen], np.nan), *scale.ends)), mode="markers",
        marker={"symbol": "x-thin-open", "size": 3.5 * theme.line, "color": theme.warning,
                "line": {"width": 0.9 * theme.line, "color": theme.warning}},
    )  # fmt: skip
    data = [_shade(seen, panel, chosen, scale.ends, style, axes), *others, faint, full, crosses]
    if face.line:
        data.append(_level(seen, float(scale.place(panel.bound)), face.line, theme, axes))
    title = axis_parts.titled(face.short, face.words, theme)
    layout = _layout(title, row_under(panel, face, chosen, theme), seen,
                     axis_parts.axis(theme) | scale.axis, style, theme, axes)  # fmt: skip
    if face.line:
        low, high = scale.ends
        _clear(layout, (float(scale.place(panel.bound)) - low) / (high - low))
    if panel.reasons[chosen]:
        layout["annotations"].append(_reason(panel.reasons[chosen], theme))
    return {"data": data, "layout": layout}


def row_under(panel: Panel, face: PanelStyle, chosen: int, theme: Theme) -> str:
    """Return the row under a title: the definition and the verdict; the latter where both are long.

    The verdict has the colour of a warning if the property fails.
    """
    said = brief_verdict(panel, chosen)
    color = theme.warning if panel.failures[chosen] else theme.ink
    bold = f'<b><span style="color:{color}">{said}</span></b>'
    both = len(re.sub(r"<[^>]*>", "", face.formula)) + len(said) + 3
    return f"{face.formula}   {bold}" if both * CHARACTER * theme.small <= PLOT_WIDTH else bold


def _chosen_last(line_styles: tuple[Style, ...], chosen: int) -> list[tuple[int, Style]]:
    return sorted(enumerate(line_styles), key=lambda pair: pair[0] == chosen)


def _line(style: Style, theme: Theme, strong: bool) -> dict[str, Any]:
    return {"color": style.color, "dash": style.dash,
            "width": 0.7 * theme.line if strong else theme.hairline}  # fmt: skip


def _shade(
    seen: Properties, panel: Panel, chosen: int, ends: tuple[float, float], style: Style, axes: Axes
) -> dict[str, Any]:
    """Return rectangles over the full height where the chosen contender must have the property."""
    spans = stretches(panel.required[chosen], seen.steps)
    if not spans or panel.required[chosen].all():
        return trace("shade", chosen, x=NOTHING, y=NOTHING)
    start = axis_parts.time_start(axis_parts.time_end(seen.experiment, axes), axes)
    clock = axis_parts.clock(seen.experiment, axes)[chosen]
    edges = np.maximum(clock * np.array(spans, dtype=np.float64), start)
    x = joined([[a, a, b, b, a] for a, b in edges])
    low, high = ends
    y = joined([[low, high, high, low, low]] * len(spans))
    return trace("shade", chosen, x=typed(x), y=typed(y), fill="toself",
                 fillcolor=rgba(style.color, 0.12), line={"width": 0})  # fmt: skip


def _level(seen: Properties, y: float, word: str, theme: Theme, axes: Axes) -> dict[str, Any]:
    """Return a horizontal line, labelled at the right outside the plot."""
    end = axis_parts.time_end(seen.experiment, axes)
    ends = [axis_parts.time_start(end, axes), axis_parts.beyond(end, axes)]
    return trace("bound", x=typed(ends), y=typed([y, y]), mode="lines+text", text=["", f" {word}"],
                 textposition="middle right", cliponaxis=False,
                 textfont={"color": theme.accent, "size": theme.small},
                 line={"color": theme.accent, "width": theme.hairline,
                       "dash": "4px,3px"})  # fmt: skip


def _layout(
    title: str, asked: str, seen: Properties, y: dict[str, Any], style: Style, theme: Theme,
    axes: Axes,
) -> dict[str, Any]:  # fmt: skip
    layout = axis_parts.panel(title, seen.experiment, y, theme, axes)
    layout["margin"] |= {"t": 3.6 * theme.small}
    where = {"xref": "paper", "x": 1, "yref": "paper", "y": 1, "xanchor": "left",
             "xshift": theme.small / 2, "showarrow": False, "align": "left"}  # fmt: skip
    layout["annotations"].insert(
        NAME, where | {"text": style.name, "yanchor": "top", "yshift": 2,
                 "font": {"color": style.text, "size": theme.small}}
    )  # fmt: skip
    if asked:
        layout["annotations"].append(
            {"text": asked, "showarrow": False, "xref": "paper", "x": 0, "xanchor": "left",
             "xshift": -3.6 * theme.small, "yref": "paper", "y": 1, "yanchor": "bottom",
             "yshift": 3, "font": {"color": theme.muted, "size": theme.small}}
        )  # fmt: skip
    return layout


def _clear(layout: dict[str, Any], level: float) -> None:
    """Move the name away from a level's label, `level` being a fraction of the height."""
    if level > HIGH_UP:
        layout["annotations"][NAME] |= {"y": 0.5}


def _reason(reason: str, theme: Theme) -> dict[str, Any]:
    """Return an annotation in the middle of the panel: why the property is not required."""
    return {
        "text": wrapped(reason), "showarrow": False, "xref": "paper", "x": 0.5, "yref": "paper",
        "y": 0.5, "font": {"color": theme.ink, "size": theme.base, "shadow": halo(theme)},
        "bgcolor": rgba(theme.paper, 0.85), "borderpad": 6,
    }  # fmt: skip


__all__ = ["PANEL_STYLES", "PanelStyle", "figures", "summary_texts"]
