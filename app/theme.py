"""Themes: colours, type scale and spacing, and each contender's colour and dash.

CSS reads the values as `css_variables`, figures read a `Theme`; no other module defines a colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from simulation.model.contenders import Contender
from simulation.rules import RULES

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
SPACE = 8  # px; every margin and gap is a multiple of it
DOT = 3  # px; a dash no longer than this is a dot


@dataclass(frozen=True, slots=True)
class Style:
    """Line style of a contender in every figure; `text` is `color` with text contrast."""

    name: str
    color: str
    text: str
    dash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme. Colours are #rrggbb; sizes and widths are in px.

    `ramp` holds eight colours for β from small to large, of monotonic luminance, so that the order
    survives greyscale print and colour blindness; `neutral` is β = 0. Lines have a contrast of 3:1
    and text of 4.5:1 against `paper` and every colour of `relief` (low terrain to high).
    `hidden_betas` holds the β of contenders not drawn yet, so that adding them changes no colour.
    """

    name: str
    paper: str  # background of the plots
    page: str  # background of the panels
    ink: str
    muted: str
    border: str
    grid: str
    accent: str  # v, the radius, focus rings
    warning: str
    neutral: str
    neutral_text: str
    ramp: tuple[str, ...]
    ramp_text: tuple[str, ...]
    relief: tuple[str, str]
    relief_line: str
    law: str
    small: int = 11
    base: int = 13
    large: int = 16
    display: int = 28
    line: float = 2.0
    hairline: float = 1.0
    hidden_betas: tuple[float, ...] = field(
        default=(), compare=False
    )  # compare=False: the fingerprints of figures do not depend on it


_LIGHT_RAMP = (
    "#bd6b06", "#c94d28", "#bb3745", "#a82059", "#8a1d63", "#692068", "#481b6c", "#2a0d6e",
)  # fmt: skip
_DARK_RAMP = (
    "#6d7cf5", "#a479e7", "#cd77d4", "#e382ac", "#fa897e", "#ffa676", "#ffc878", "#ffe97a",
)  # fmt: skip

LIGHT = Theme(
    name="light",
    paper="#ffffff",
    page="#f5f7f9",
    ink="#1b2430",
    muted="#5a6573",
    border="#d9dfe5",
    grid="#e9edf1",
    accent="#0b6e75",
    warning="#9a3412",
    neutral="#747e88",
    neutral_text="#58626c",
    ramp=_LIGHT_RAMP,
    ramp_text=("#94520a", "#b23f1c", *_LIGHT_RAMP[2:]),
    relief=("#d8e4ea", "#fbfcfd"),
    relief_line="#9fb4bf",
    law="#000000",
)

DARK = Theme(
    name="dark",
    paper="#12171e",
    page="#0c1015",
    ink="#e8edf3",
    muted="#a3adba",
    border="#2b3440",
    grid="#1f2731",
    accent="#5fd0c5",
    warning="#ffb38a",
    neutral="#76808d",
    neutral_text="#98a2b0",
    ramp=_DARK_RAMP,
    ramp_text=("#8c98ff", "#b08cf0", *_DARK_RAMP[2:]),
    relief=("#25353f", "#11161c"),
    relief_line="#4a5f6a",
    law="#ffffff",
)

PROJECTOR = Theme(
    name="projector",
    paper="#ffffff",
    page="#ffffff",
    ink="#000000",
    muted="#3d4754",
    border="#b7c0c9",
    grid="#e1e6ea",
    accent="#005a61",
    warning="#8a2c0c",
    neutral="#6d7680",
    neutral_text="#525b65",
    ramp=_LIGHT_RAMP,
    ramp_text=LIGHT.ramp_text,
    relief=("#d7e3e9", "#ffffff"),
    relief_line="#86a0ad",
    law="#000000",
    small=15,
    base=18,
    large=22,
    display=40,
    line=3.0,
    hairline=1.6,
)

THEMES: Mapping[str, Theme] = MappingProxyType({t.name: t for t in (LIGHT, DARK, PROJECTOR)})


def styles(contenders: Sequence[Contender], theme: Theme) -> tuple[Style, ...]:
    """Return a Style per contender: grey for β = 0, else the ramp by rank of β; dash by rule.

    The largest β always has the last colour, and the distinct values in between are spread evenly,
    so that a colour does not change while its β is dragged, and neighbours differ. The theme's
    `hidden_betas` are ranked with them.
    """
    known = {*(c.momentum for c in contenders), *theme.hidden_betas}
    ranked = sorted((beta for beta in known if beta > 0), reverse=True)
    top = len(theme.ramp) - 1
    step = max(len(ranked) - 1, 1)
    rung = {beta: round(top * (1 - i / step)) for i, beta in enumerate(ranked)}
    return tuple(
        Style(
            name=c.label,
            color=theme.ramp[rung[c.momentum]] if c.momentum else theme.neutral,
            text=theme.ramp_text[rung[c.momentum]] if c.momentum else theme.neutral_text,
            dash=RULES[c.rule].dash,  # the dash shows the rule
        )
        for c in contenders
    )


def border_style(dash: str) -> str:
    """Return the CSS border style closest to a Plotly dash: solid, dashed or dotted."""
    if dash == "solid":
        return dash
    shortest = min(float(length.removesuffix("px")) for length in dash.split(",")[::2])
    return "dotted" if shortest <= DOT else "dashed"


def rgba(color: str, alpha: float) -> str:
    """Return #rrggbb with an opacity in [0, 1] as CSS rgba()."""
    r, g, b = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{alpha:g})"


def halo(theme: Theme, strong: bool = False) -> str:
    """Return a text shadow in the paper's colour, which keeps text legible over lines."""
    return ", ".join([f"0 0 {3 if strong else 2}px {theme.paper}"] * (9 if strong else 3))


def font(theme: Theme, size: str = "small", color: str = "muted") -> dict[str, Any]:
    """Return a Plotly font; `size` and `color` are names of theme fields."""
    return {"family": FONT, "size": getattr(theme, size), "color": getattr(theme, color)}


def css_variables() -> str:
    """Return the themes as CSS custom properties: `--paper`, `--ramp-1` … `--ramp-8`, `--small` ….

    One block per theme, selected by `data-theme` on any ancestor; light by default.
    """
    blocks = [_block(f':root, {_where(theme)}' if theme is LIGHT else _where(theme), theme)
              for theme in THEMES.values()]  # fmt: skip
    return f":root {{\n  --font: {FONT};\n  --space: {SPACE}px;\n}}\n" + "\n".join(blocks) + "\n"


def css_of_the_system() -> str:
    """Return CSS variables for a page without scripts; `prefers-color-scheme` sets the theme."""
    dark = _block(":root", DARK)
    return f"{css_variables()}@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def _where(theme: Theme) -> str:
    return f'[data-theme="{theme.name}"]'


def _block(selector: str, theme: Theme) -> str:
    lines = [
        f"  --{name}: {value};"
        for each in fields(theme)
        if each.name not in ("name", "hidden_betas")
        for name, value in _css(each.name.replace("_", "-"), getattr(theme, each.name))
    ]
    return f"{selector} {{\n" + "\n".join(lines) + "\n}"


def _css(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, tuple):
        return [(f"{name}-{i}", v) for i, v in enumerate(value, 1)]
    return [(name, value if isinstance(value, str) else f"{value:g}px")]
