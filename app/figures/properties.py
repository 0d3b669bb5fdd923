"""The Properties tab: gradient norm, APAG, APCG, CNC and GrACE along one path, as plain dicts.

One contender, the chosen one, is drawn in full: strong where the paper asks for the property,
faint elsewhere, with these places shaded and a cross where it fails. The others are drawn thinly
where it is asked of them. DESIGN.md section 6; the paper's Figures 3 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import ids
from app.figures import axes as axis_parts
from app.figures import symlog
from app.figures.arrays import joined, typed
from app.figures.axes import Axes
from app.figures.series import NOTHING, quantised, trace
from app.figures.text import count, number
from app.theme import Style, Theme, halo, rgba, styles
from simulation.properties import Panel, Properties, stretches

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Face:
    """How a property is drawn. scale: "log" or "symlog"; least: the symlog scale's finest unit.

    line: the word at the bound, "" where none is drawn; crosses: failures are marked, where a
    failure breaks the definition whatever its constant.
    """

    graph: str
    title: str
    asked: str
    scale: str = "symlog"
    least: float = 1.0
    line: str = ""
    crosses: bool = False


FACES: Mapping[str, Face] = MappingProxyType({
    "apag": Face(
        ids.APAG, "APAG  ⟨∇<i>f</i>, <i>m</i> − <i>g</i>⟩ / ‖∇<i>f</i>‖²  ≥  −½",
        "asked where ‖∇<i>f</i>‖ ≥ ε", line="−½", crosses=True,
    ),
    "apcg": Face(
        ids.APCG, "APCG  ⟨∇<i>f</i>, <i>Mm</i>⟩ / ησ<sub>max</sub>‖∇<i>f</i>‖²  ≥  −c′",
        "asked in the saddle region", line="0", crosses=True,
    ),
    "cnc": Face(ids.CNC, "CNC  E⟨<i>m</i>, <i>v</i>⟩²  ≥  γ > 0", "asked in the saddle region",
                scale="log"),
    "grace": Face(
        ids.GRACE,
        "GrACE  ⟨∇<i>f</i>, <i>g</i> − <i>m</i>⟩ / η + ½ <i>m</i>ᵀ<i>Hm</i>  ≤  c<sub>h</sub>",
        "asked throughout", least=1e-3, line="0",
    ),
})  # fmt: skip
"""Property → how it is drawn."""

FLOOR = 1e-4  # of ε: a gradient norm below is of no interest
HIGH_UP = 0.7  # share of the height from which on a level's word meets the name at the top
GRADIENT_TITLE = "Gradient norm  ‖∇<i>f</i>(<i>w<sub>t</sub></i>)‖"


def figures(
    seen: Properties,
    chosen: int,
    theme: Theme,
    axes: Axes = Axes(),  # noqa: B008
) -> dict[str, dict[str, Any]]:
    """Graph id → figure, for every graph of ids.PROPERTY_GRAPHS; `chosen`: a contender's index."""
    drawn = {ids.GRADIENT: gradient(seen, chosen, theme, axes)}
    for name, face in FACES.items():
        drawn[face.graph] = figure(seen, seen.panels[name], face, chosen, theme, axes)
    return drawn


def gradient(seen: Properties, chosen: int, theme: Theme, axes: Axes) -> dict[str, Any]:
    """The gradient norm, with ε: above it the gradient counts as large."""
    look = styles(seen.experiment.contenders, theme)
    x = axis_parts.times(seen.experiment, seen.steps, axes)
    near = np.maximum(seen.gradient, FLOOR * seen.epsilon)
    low, high = log_range(near, (seen.epsilon, seen.epsilon))
    lines = [
        trace("curve", i, x=typed(x[i]), y=typed(positive(seen.gradient[i])), text=style.name,
              line=_line(style, theme, i == chosen), opacity=1 if i == chosen else 0.55,
              hovertemplate="%{y:.3~g}<extra>%{text}</extra>")
        for i, style in _chosen_last(look, chosen)
    ]  # fmt: skip
    y = axis_parts.axis(theme) | axis_parts.decades(low, high)
    level = _level(seen, seen.epsilon, f"ε = {number(seen.epsilon)}", theme, axes)
    layout = _layout(GRADIENT_TITLE, "", seen, y, look[chosen], theme, axes)
    if np.log(seen.epsilon / low) > HIGH_UP * np.log(high / low):  # ε is where the name would be
        layout["annotations"][-1] |= {"y": 0.5}
    return {"data": [*lines, level], "layout": layout}


def figure(
    seen: Properties, panel: Panel, face: Face, chosen: int, theme: Theme, axes: Axes
) -> dict[str, Any]:
    """One property. Traces: the shade, C faint or thin curves, the chosen, the bound, crosses."""
    look = styles(seen.experiment.contenders, theme)
    x = axis_parts.times(seen.experiment, seen.steps, axes)
    scale = _Log(panel, chosen) if face.scale == "log" else _Symlog(panel, chosen, face)
    shown = scale.place(panel.values)
    asked = np.where(panel.required, shown, np.nan)
    style = look[chosen]
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
        for i, other in enumerate(look) if i != chosen
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
    layout = _layout(face.title, face.asked, seen, axis_parts.axis(theme) | scale.axis, style,
                     theme, axes)  # fmt: skip
    if panel.reasons[chosen]:
        layout["annotations"].append(_reason(panel.reasons[chosen], theme))
    return {"data": data, "layout": layout}


class _Log:
    """A log axis over what is asked, decades as ticks."""

    def __init__(self, panel: Panel, chosen: int) -> None:
        low, high = log_range(_shown_values(panel, chosen))
        self.axis = axis_parts.decades(low, high)
        self.ends = (low, high)

    def place(self, values: Any) -> Any:
        """The values themselves; a gap where a log axis has no place."""
        return positive(values)


class _Symlog:
    """Both signs over many decades."""

    def __init__(self, panel: Panel, chosen: int, face: Face) -> None:
        values = _shown_values(panel, chosen)
        self.unit = symlog.unit_of(values, face.least)
        low, high = (float(v) for v in (values.min(initial=0), values.max(initial=0)))
        low, high = symlog.rounded(min(low, 2 * panel.bound), high, self.unit)
        words = {panel.bound: face.line} if panel.bound else {}
        self.axis = symlog.axis(low, high, self.unit, words)
        self.ends = tuple(self.axis["range"])

    def place(self, values: Any) -> Any:
        """Coordinates of values."""
        return symlog.place(values, self.unit)


def _shown_values(panel: Panel, chosen: int) -> Floats:
    """What the range is made for: all that is asked, else the bulk of the chosen one's values."""
    asked = panel.values[panel.required & np.isfinite(panel.values)]
    if asked.size:
        return asked
    own = panel.values[chosen][np.isfinite(panel.values[chosen])]
    return np.quantile(own, [0.02, 0.98]) if own.size else np.zeros(1)


def positive(values: Floats) -> Floats:
    """Values with gaps where they are not above 0."""
    values = np.asarray(values, dtype=np.float64)
    return np.where(values > 0, values, np.nan)


def log_range(values: Floats, keep: tuple[float, float] | None = None) -> tuple[float, float]:
    """Half decades around all but the rarest positive values, and around `keep`."""
    seen = np.asarray(values)[np.isfinite(values) & (np.asarray(values) > 0)]
    ends = np.quantile(seen, [0.005, 1.0]) if seen.size else np.array(keep or (0.1, 10.0))
    if keep:
        ends = np.array([min(ends[0], keep[0] / 2), max(ends[1], 2 * keep[1])])
    low, high = quantised(float(ends[0])), quantised(float(ends[1]), up=True)
    return (low, high) if low < high else (low / 10, high * 10)


def _chosen_last(look: tuple[Style, ...], chosen: int) -> list[tuple[int, Style]]:
    return sorted(enumerate(look), key=lambda pair: pair[0] == chosen)


def _line(style: Style, theme: Theme, strong: bool) -> dict[str, Any]:
    return {"color": style.color, "dash": style.dash,
            "width": 0.7 * theme.line if strong else theme.hairline}  # fmt: skip


def _shade(
    seen: Properties, panel: Panel, chosen: int, ends: tuple[float, float], style: Style, axes: Axes
) -> dict[str, Any]:
    """Where the property is asked of the chosen contender: rectangles over the whole height."""
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
    """A horizontal line with its word at the right, outside the plot."""
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
    layout["margin"] |= {"r": 6.4 * theme.small, "t": 3.1 * theme.small}
    where = {"xref": "paper", "x": 1, "yref": "paper", "y": 1, "xanchor": "left",
             "xshift": theme.small / 2, "showarrow": False, "align": "left"}  # fmt: skip
    layout["annotations"].append(
        where | {"text": style.name, "yanchor": "top", "yshift": 2,
                 "font": {"color": style.text, "size": theme.small}}
    )  # fmt: skip
    if asked:
        layout["annotations"].append(
            {"text": asked, "showarrow": False, "xref": "paper", "x": 1, "xanchor": "right",
             "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": -1,
             "font": {"color": theme.muted, "size": theme.small}}
        )  # fmt: skip
    return layout


def _reason(reason: str, theme: Theme) -> dict[str, Any]:
    """Why nothing is asked, over the middle of the panel."""
    return {
        "text": wrapped(reason), "showarrow": False, "xref": "paper", "x": 0.5, "yref": "paper",
        "y": 0.5, "font": {"color": theme.ink, "size": theme.base, "shadow": halo(theme)},
        "bgcolor": rgba(theme.paper, 0.85), "borderpad": 6,
    }  # fmt: skip


def wrapped(text: str, width: int = 44) -> str:
    """The text in lines of at most about `width` characters."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


def summary_texts(seen: Properties, chosen: int) -> dict[str, str]:
    """Graph id → the plot in words, for who cannot see it."""
    name = seen.experiment.contenders[chosen].label
    last = seen.gradient[chosen][np.isfinite(seen.gradient[chosen])]
    out = {
        ids.GRADIENT: f"Gradient norm of {name}, from {number(float(last[0]))} to "
        f"{number(float(last[-1]))} over {count(seen.steps[-1])} steps; ε is "
        f"{number(seen.epsilon)}."
        if last.size else f"The path of {name} diverged at once."
    }  # fmt: skip
    for key, face in FACES.items():
        panel = seen.panels[key]
        said = panel.reasons[chosen] or verdict(panel, chosen)
        out[face.graph] = f"{key.upper()} along the path of {name}: {said}"
    return out


def verdict(panel: Panel, contender: int) -> str:
    """What a panel shows for a contender, in one sentence with its numbers."""
    looks, failures = int(panel.looks[contender]), int(panel.failures[contender])
    if not looks:
        return "asked only between two evenly spaced steps."
    constant = float(panel.constant[contender])
    return VERDICTS[panel.name].format(
        failures=failures, looks=looks, constant=number(constant), share=share(failures, looks)
    )


VERDICTS: Mapping[str, str] = MappingProxyType({
    "apag": "below −½ at {failures} of {looks} steps where it is asked ({share}).",
    "apcg": "below 0 at {failures} of {looks} steps in the saddle region ({share}); it holds with "
    "c′ = {constant}.",
    "cnc": "holds with γ = {constant} at {looks} steps in the saddle region.",
    "grace": "above 0 at {failures} of {looks} steps ({share}); it holds with c_h = {constant}.",
})  # fmt: skip
"""Property → its verdict in words."""


def share(part: int, whole: int) -> str:
    """A share in per cent: 0 %, 3.2 %, 41 %."""
    if not whole:
        return "—"
    value = 100 * part / whole
    return f"{value:.0f} %" if value >= 9.95 or value == 0 else f"{value:.1f} %"
