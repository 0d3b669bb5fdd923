"""Traces of the terrain: level sets, saddle region, marked points, escape radius and v."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np

from app.figures import contours
from app.figures.axes import EDGE
from app.figures.traces import NOTHING, trace
from app.figures.typed_arrays import joined, typed
from app.text.numbers import number
from app.theme import Theme, font, halo, rgba
from simulation.results.summary import Summary
from simulation.results.terrain import Terrain

MOST_NAMED = 4  # minima; of more, only the first is labelled
IN_PLANE = math.cos(math.radians(1))  # length of v's part in a plane that contains it
CROWDED = 0.08  # fraction of the map's side below which labels would overlap


@lru_cache(maxsize=64)
def background(surface: Terrain, theme: Theme) -> tuple[dict[str, Any], ...]:
    """Return filled level sets from low to high, the saddle's contour line, the saddle region."""
    x, y, value = surface.x, surface.y, surface.value
    split = saddle_value(surface)
    steps = contours.levels(value, split)
    split = split if np.isfinite(split) else float(np.median(steps))
    sets = [contours.above(x, y, value, level) for level in steps]
    content = b"".join(a.tobytes() for a in (x, y, value, surface.region))
    meta = {"background": f"{theme.name}-{crc32(content):08x}"}
    thin = {"color": rgba(theme.relief_line, 0.9), "width": 0.9 * theme.hairline}
    fills = [
        trace("level", x=typed(px), y=typed(py), fill="toself", line=thin,
              fillcolor=_between(*theme.relief, (i + 1) / len(sets)))
        for i, (px, py) in enumerate(sets)
    ]  # fmt: skip
    own = contours.at(x, y, value, split)
    region = contours.above(x, y, surface.region.astype(np.float64), 0.5)
    out = [
        *fills,
        trace("saddle level", x=typed(own[0]), y=typed(own[1]),
              line={"color": theme.relief_line, "width": 2 * theme.hairline}),
        trace("region", x=typed(region[0]), y=typed(region[1]), fill="toself",
              fillcolor=rgba(theme.accent, 0.10), line={"width": 0}),
    ]  # fmt: skip
    return tuple(t | {"meta": t["meta"] | meta} for t in out)


def saddle_value(surface: Terrain) -> float:
    """Return f at the grid point closest to the first saddle; the mean value if there is none."""
    if not len(surface.saddles):
        finite = surface.value[np.isfinite(surface.value)]
        return float(finite.mean()) if finite.size else 0.0
    i = int(np.argmin(np.abs(surface.x - surface.saddles[0, 0])))
    j = int(np.argmin(np.abs(surface.y - surface.saddles[0, 1])))
    return float(surface.value[j, i])


def _between(low: str, high: str, share: float) -> str:
    a, b = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (low, high))
    return "#" + "".join(f"{round(p + share * (q - p)):02x}" for p, q in zip(a, b, strict=True))


def stationary_points(surface: Terrain, theme: Theme) -> list[dict[str, Any]]:
    """Return the saddle or maximum (a cross) and the minima (rings), labelled."""
    hashes = (f"{crc32(points.tobytes()):08x}" for points in (surface.saddles, surface.minima))
    key = {"background": f"{theme.name}-{surface.kind}-points-{''.join(hashes)}"}
    at_foot = at_the_foot(surface)
    saddle = f"  {surface.kind}  " + "<br> " * at_foot  # over the row of the minima's names
    kinds = (
        ("saddle", saddle, surface.saddles, "x-thin", 9, "top" if at_foot else "bottom"),
        ("minimum", "  minimum  ", surface.minima, "circle-open", 10, "middle"),
    )
    return [
        trace(name, **places(points), mode="markers+text",
              text=[label if is_named(i, name, p, surface) else ""
                    for i, p in enumerate(points)] or [""],
              cliponaxis=name == "saddle",  # a ring on the map's edge is not clipped
              textposition=positions(name, position, points, surface),
              textfont={"color": theme.ink, "size": theme.small, "shadow": halo(theme)},
              marker={"symbol": symbol, "size": size * theme.small / 11, "color": theme.ink,
                      "line": {"color": theme.ink, "width": 0.9 * theme.line}})
        | {"meta": {"kind": name, "contender": None} | key}
        for name, label, points, symbol, size, position in kinds
    ]  # fmt: skip


def is_named(i: int, name: str, point: np.ndarray, surface: Terrain) -> bool:
    """Return whether point number i of a kind is labelled: the race's saddle, a few minima."""
    if name == "saddle":
        return i == 0
    return clear(point, surface) and (len(surface.minima) <= MOST_NAMED or i == 0)


def clear(point: np.ndarray, surface: Terrain) -> bool:
    """Return whether a label beside a point avoids the labels of the saddles."""
    side = min(np.ptp(surface.x), np.ptp(surface.y))
    return all(np.hypot(*(point - saddle)) > CROWDED * side for saddle in surface.saddles)


def at_the_foot(surface: Terrain) -> bool:
    """Return whether a label below the saddle would be off the map."""
    room = surface.y[0] + CROWDED * np.ptp(surface.y)
    return bool(len(surface.saddles) and surface.saddles[0, 1] < room)


def places(points: np.ndarray) -> dict[str, Any]:
    """Return points (n, 2) as x and y of a trace, or an empty trace."""
    return {"x": typed(points[:, 0]), "y": typed(points[:, 1])} if len(points) else {
        "x": NOTHING, "y": NOTHING}  # fmt: skip


def side_of(point: np.ndarray, surface: Terrain) -> str:
    """Return the side of a point's label on which it stays on the map and avoids the names."""
    return "left" if point[0] > surface.x[0] + 0.2 * (surface.x[-1] - surface.x[0]) else "right"


def positions(name: str, position: str, points: np.ndarray, surface: Terrain) -> list[str] | str:
    """Return where each point's label stands; a minimum's is not on the way from the saddle."""
    if name == "saddle" or upright(surface):
        return [f"{position} {side_of(p, surface)}" for p in points]
    return [outward(p, surface) for p in points] if not surface.direction.any() else "top center"


def outward(point: np.ndarray, surface: Terrain) -> str:
    """Return the side of a point that looks away from the saddle."""
    dx, dy = point - surface.saddles[0] if len(surface.saddles) else (0.0, 1.0)
    away = 0.3 * np.hypot(dx, dy)
    across = "right" if dx > away else "left" if dx < -away else "center"
    return f"{'top' if dy > away else 'bottom' if dy < -away else 'middle'} {across}"


def upright(surface: Terrain) -> bool:
    """Return whether there is one escape direction, vertical rather than horizontal."""
    across, along = np.abs(surface.direction)
    return bool(along >= across and along > 0)


def radius(surface: Terrain, summary: Summary, theme: Theme) -> dict[str, Any]:
    """Return the escape radius: a circle labelled above, or two lines labelled at the left."""
    if len(surface.escape_ring):
        return ring(surface, summary, theme)
    low, high = (np.array([surface.x[i], surface.y[i]]) for i in (0, -1))
    low, high = low + EDGE * (high - low), high - EDGE * (high - low)
    seen = [s for ends in surface.escape_lines if (s := contours.clip(ends, low, high)) is not None]
    if not seen:
        return trace("radius", x=NOTHING, y=NOTHING, mode="lines+text", text=[""])
    lines = np.array([_from_the_left(s, 0.05 * (high[0] - low[0])) for s in seen])
    lines = lines[np.argsort(lines[:, 0, 0], kind="stable")]
    xs, ys = joined(lines[..., 0]), joined(lines[..., 1])
    text = [""] * len(xs)
    text[3 * int(np.argmax(lines[:, 0, 1]))] = f" escape radius {number(summary.radius)}"
    falls = lines[0, 0, 1] > lines[0, 1, 1] + 0.05 * (high[1] - low[1])
    return trace("radius", x=typed(xs), y=typed(ys), mode="lines+text", text=text,
                 textposition="bottom right" if falls else "top right",
                 textfont={"color": theme.accent, "size": theme.small, "shadow": halo(theme)},
                 line={"color": theme.accent, "width": theme.hairline,
                       "dash": "5px,4px"})  # fmt: skip


def off_axis(surface: Terrain) -> str:
    """Return the angle from the horizontal axis to v, if v is not in the map's plane."""
    across, inside = abs(float(surface.direction[0])), float(np.linalg.norm(surface.direction))
    if not inside or inside > IN_PLANE:
        return ""
    return f", {math.degrees(math.acos(min(across, 1.0))):.0f}° off <i>v</i>"


def ring(surface: Terrain, summary: Summary, theme: Theme) -> dict[str, Any]:
    """Return the escape radius where the distance is a norm: a dashed circle, labelled above."""
    x, y = surface.escape_ring.T
    shown = (x >= surface.x[0]) & (x <= surface.x[-1]) & (y >= surface.y[0]) & (y <= surface.y[-1])
    text = [f"escape radius {number(summary.radius)}", *[""] * (len(x) - 1)]
    return trace("radius", x=typed(np.where(shown, x, np.nan)), y=typed(np.where(shown, y, np.nan)),
                 mode="lines+text", text=text, textposition="top center",
                 textfont={"color": theme.accent, "size": theme.small, "shadow": halo(theme)},
                 line={"color": theme.accent, "width": theme.hairline,
                       "dash": "5px,4px"})  # fmt: skip


def _from_the_left(line: np.ndarray, upright: float) -> np.ndarray:
    """Return a line's ends (2, 2), the left one first; the upper one first if nearly vertical."""
    first = line[0, 1] >= line[1, 1] if abs(np.ptp(line[:, 0])) <= upright else (
        line[0, 0] <= line[1, 0])  # fmt: skip
    return line if first else line[::-1]


def arrow(surface: Terrain, theme: Theme) -> list[dict[str, Any]]:
    """Return v, the escape direction, as a double arrow (v has no sign) beside the saddle."""
    v = np.asarray(surface.direction, dtype=np.float64)
    if not len(surface.saddles) or not np.isfinite(v).all() or not v.any():
        return []
    side = min(np.ptp(surface.x), np.ptp(surface.y))
    across = np.array([v[1], -v[0]])
    across = -across if across[0] > 0 or (across[0] == 0 and across[1] > 0) else across
    middle = surface.saddles[0] + 0.3 * side * across
    low, high = (np.array([surface.x[i], surface.y[i]]) for i in (0, -1))
    if not ((low < middle) & (middle < high)).all():  # no room on this side
        across = -across
        middle = surface.saddles[0] + 0.3 * side * across
    tail, tip = middle - 0.13 * side * v, middle + 0.13 * side * v
    line = {
        "x": float(tip[0]), "y": float(tip[1]), "ax": float(tail[0]), "ay": float(tail[1]),
        "xref": "x", "yref": "y", "axref": "x", "ayref": "y", "text": "", "showarrow": True,
        "arrowside": "end+start", "arrowhead": 2, "startarrowhead": 2, "arrowsize": 0.9,
        "arrowwidth": 0.9 * theme.line, "arrowcolor": theme.accent,
    }  # fmt: skip
    beside = middle - 0.035 * side * across
    name = {
        "x": float(beside[0]), "y": float(beside[1]), "xref": "x", "yref": "y", "text": "<i>v</i>",
        "showarrow": False, "font": font(theme, "large", "accent"),
    }  # fmt: skip
    return [line, name]
