"""Themes: colours, type scale and spacing, and each contender's colour, dash and symbol.

CSS reads the values as `css_variables`, figures read a `Theme`; no other module defines a colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from simulation.model.contenders import Contender
from simulation.rules import RULES

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
SPACE = 8  # px; every margin and gap is a multiple of it
DOT = 3  # px; a dash no longer than this is a dot


@dataclass(frozen=True, slots=True)
class Style:
    """Style of a contender in every figure: its line, and the symbol of its points.

    `text` is `color` with text contrast; `symbol` is a marker symbol of Plotly's.
    """

    name: str
    color: str
    text: str
    dash: str
    symbol: str


SYMBOLS = (
    "cross", "triangle-up", "diamond", "triangle-down", "square", "pentagon", "star", "hourglass",
)  # fmt: skip
"""Symbol of each place of a race; SGD has a circle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme. Colours are #rrggbb; sizes and widths are in px.

    `palette` holds a colour and `symbols` a symbol for each place of a race, told apart by the
    colour-blind; `neutral` is SGD. The usual race, SGD and places 2 to 5, is told apart by
    luminance too. Lines have a contrast of 3:1 and text of 4.5:1 against `paper` and every colour
    of `relief` (low terrain to high).
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
    palette: tuple[str, ...]
    palette_text: tuple[str, ...]
    relief: tuple[str, str]
    relief_line: str
    law: str
    symbols: tuple[str, ...] = SYMBOLS
    small: int = 11
    base: int = 13
    large: int = 16
    display: int = 28
    line: float = 2.0
    hairline: float = 1.0


_ON_LIGHT = (
    "#009250", "#ad5700", "#3557c0", "#8c0f4a", "#240075", "#5a4d00", "#581602", "#9909eb",
)  # fmt: skip
_ON_DARK = (
    "#89b88c", "#fbb400", "#4092fe", "#ff7b59", "#c6d1ff", "#fde374", "#ed4f00", "#fff4ff",
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
    palette=_ON_LIGHT,
    palette_text=("#007a42", *_ON_LIGHT[1:]),
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
    palette=_ON_DARK,
    palette_text=_ON_DARK,
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
    neutral="#747e88",
    neutral_text="#525b65",
    palette=_ON_LIGHT,
    palette_text=LIGHT.palette_text,
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


PLACES = len(SYMBOLS)


def color_order(first: Sequence[int]) -> tuple[int, ...]:
    """Return the order of all places' colours: those given, then the others."""
    return (*first, *(place for place in range(PLACES) if place not in first))


def shortest_order(order: Sequence[int]) -> tuple[int, ...]:
    """Return the fewest first places from which `color_order` gives the same order."""
    whole = color_order(order)
    return next(whole[:n] for n in range(PLACES + 1) if color_order(whole[:n]) == whole)


@lru_cache(maxsize=256)
def recolored(theme: Theme, first: tuple[int, ...]) -> Theme:
    """Return the theme with its colours and symbols in `color_order`."""
    order = color_order(first)
    return replace(
        theme,
        palette=tuple(theme.palette[place] for place in order),
        palette_text=tuple(theme.palette_text[place] for place in order),
        symbols=tuple(theme.symbols[place] for place in order),
    )


def styles(contenders: Sequence[Contender], theme: Theme) -> tuple[Style, ...]:
    """Return a Style per contender: colour and symbol by its place in the race, dash by its rule.

    SGD is neutral, with a circle, at any place. So the address (`run` and `colors`) alone decides a
    colour, and neither a dragged β nor a contender that is added, not drawn yet or turned into SGD
    changes another's.
    """
    return tuple(
        Style(
            name=c.label,
            color=theme.neutral if c.is_sgd else theme.palette[place % len(theme.palette)],
            text=theme.neutral_text if c.is_sgd else theme.palette_text[place % len(theme.palette)],
            dash=RULES[c.rule].dash,
            symbol="circle" if c.is_sgd else theme.symbols[place % len(theme.symbols)],
        )
        for place, c in enumerate(contenders)
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
    """Return the themes as CSS custom properties: `--paper`, `--palette-1` …, `--small` ….

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
        if each.name != "name"
        for name, value in _css(each.name.replace("_", "-"), getattr(theme, each.name))
    ]
    return f"{selector} {{\n" + "\n".join(lines) + "\n}"


def _css(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, tuple):
        return [(f"{name}-{i}", v) for i, v in enumerate(value, 1)]
    return [(name, value if isinstance(value, str) else f"{value:g}px")]
