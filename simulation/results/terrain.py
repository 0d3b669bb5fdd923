"""The landscape over its view, with stationary points, saddle region and escape lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment

Floats = NDArray[np.float64]

EPSILON = 0.05
"""ε of the saddle region {‖∇f‖ ≤ ε, λ_min ≤ −ε}; the paper's Definition 1."""

RING = 96  # points of a circle


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """f over the view's plane, with marked points and lines, in view coordinates.

    x (n,), y (n,); value (n, n), rows along y; kind of the point that is escaped from: "saddle", or
    "maximum" if all eigenvalues are negative there; saddles (S, 2), that point first; minima (M,
    2); region (n, n), true where ‖∇f‖ ≤ ε and λ_min ≤ −ε; escape_lines (L, 2, 2): two end points
    each, and escape_ring (M, 2), a closed line, where the escape distance is R; direction (2,): v,
    0 if there are several escape directions; labels of the axes.
    """

    x: Floats
    y: Floats
    value: Floats
    kind: str
    saddles: Floats
    minima: Floats
    region: NDArray[np.bool_]
    escape_lines: Floats
    escape_ring: Floats
    direction: Floats
    labels: tuple[str, str]


def terrain(experiment: Experiment, size: int = 96) -> Terrain:
    """Return the Terrain on a size × size grid."""
    landscape = landscape_of(experiment)
    view = landscape.view(experiment)
    x, y = np.linspace(*view.x_range, size), np.linspace(*view.y_range, size)
    w = landscape.unproject(experiment, np.stack(np.meshgrid(x, y), axis=-1))
    directions = landscape.escape_directions(experiment)
    saddle = view.project(landscape.saddle(experiment))
    marked, minima = (
        view.project(points)
        for points in (landscape.saddles(experiment), landscape.minima(experiment))
    )
    several = len(directions) > 1
    direction = np.zeros(2) if several else view.axes @ directions[0]
    radius = landscape.escape_radius(experiment)
    across = np.eye(2)[view.folded] if view.escape is not None else direction
    contained = several and view.is_plane and spans(directions, view.axes)
    return Terrain(
        x=x,
        y=y,
        value=landscape.height(experiment, w),
        kind=kind_of(landscape.linearisation(experiment).eigenvalues),
        saddles=np.vstack([marked[:1], inside(marked[1:], x, y)]),
        minima=inside(minima, x, y),
        region=landscape.region(experiment, w, EPSILON),
        escape_lines=escape_lines(saddle, across, radius, x, y),
        escape_ring=escape_ring(saddle, radius) if contained else np.empty((0, 2)),
        direction=direction,
        labels=view.labels,
    )


def kind_of(eigenvalues: Floats) -> str:
    """Return "maximum" if all eigenvalues (d,) of the Hessian are negative, else "saddle"."""
    return "maximum" if (eigenvalues < 0).all() else "saddle"


def inside(points: Floats, x: Floats, y: Floats) -> Floats:
    """Return those of the points (n, 2) that lie in the view."""
    low, high = np.array([x[0], y[0]]), np.array([x[-1], y[-1]])
    held: Floats = points[((points >= low) & (points <= high)).all(axis=1)]
    return held


def spans(directions: Floats, axes: Floats) -> bool:
    """Return whether the directions (k, d), orthonormal, span both axes (2, d)."""
    return bool(np.allclose(np.linalg.norm(axes @ directions.T, axis=1), 1, atol=1e-9))


def escape_ring(saddle: Floats, radius: float) -> Floats:
    """Return the circle (n, 2), closed, where ‖w − w*‖ = R in a plane of escape directions."""
    angle = np.linspace(0, 2 * np.pi, RING + 1) + 0.5 * np.pi
    ring: Floats = saddle + radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return ring


def escape_lines(saddle: Floats, direction: Floats, radius: float, x: Floats, y: Floats) -> Floats:
    """Return the two lines (2, 2, 2) where |⟨w − w*, v⟩| = R, across the whole view."""
    length = np.linalg.norm(direction)
    if not length:
        return np.empty((0, 2, 2))
    along = direction / length
    across = np.array([-along[1], along[0]])
    reach = np.hypot(np.ptp(x), np.ptp(y))
    places = [saddle + sign * radius / length * along for sign in (1, -1)]
    return np.array([[p - reach * across, p + reach * across] for p in places])
