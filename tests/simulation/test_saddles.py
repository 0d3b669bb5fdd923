"""The saddle from which escapes are measured, and the linear model there, under a tilt."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from simulation import Experiment
from simulation.landscapes.base import NO_SADDLE, Landscape
from simulation.landscapes.critical_points import distinct
from simulation.landscapes.registry import LANDSCAPES
from simulation.theory.escape_line import EscapeLine
from tests.marks import CORE_LANDSCAPES
from tests.simulation.bent import Bent

PLACES: dict[str, Landscape] = {
    **{name: LANDSCAPES[name] for name in (*CORE_LANDSCAPES, "himmelblau")},
    "bent": Bent(),
}
EVERY = pytest.mark.parametrize("name", PLACES)
TILTS = [(0.0,), (0.02, -0.01), (-0.19, 0.0), (0.1, 0.1), (0.3, 0.3), (1.0, 1.0), (-1.0, 0.4)]
RADII = (0.01, 0.5, 50.0)


def tilted(name: str, tilt: tuple[float, ...], **more: object) -> tuple[Landscape, Experiment]:
    place = PLACES[name]
    usual = {"noise": "gaussian", "rotation": 25.0, "tilt": tilt}
    return place, Experiment(landscape=place.name, **(usual | more))


def inertia(place: Landscape, experiment: Experiment, w: np.ndarray) -> int:
    return int((np.linalg.eigvalsh(place.hessian(experiment, w)) < -1e-9).sum())


@EVERY
@pytest.mark.parametrize("tilt", TILTS)
def test_where_the_law_holds_the_saddle_is_one_whatever_the_radius(name, tilt):
    place, untilted = tilted(name, (0.0,))
    known = inertia(place, untilted, place.saddle(untilted))
    places = []
    for radius in RADII:
        _, experiment = tilted(name, tilt, radius=radius)
        saddle = place.saddle(experiment)
        places.append(saddle)
        if EscapeLine.of(experiment, place).escape_reason:
            continue
        assert np.abs(place.gradient(experiment, saddle)).max() <= 1e-9
        assert inertia(place, experiment, saddle) == known
    assert all(np.array_equal(places[0], other) for other in places)


# But for the toy's under a strong tilt: its model is made at 0, and w⁹ is felt at the saddle.
@pytest.mark.parametrize(
    ("name", "tilt"), [at for at in product(PLACES, TILTS[:3]) if at != ("toy", TILTS[2])]
)
def test_the_model_is_the_gradients_first_order_at_the_saddle(name, tilt):
    place, experiment = tilted(name, tilt)
    saddle, model = place.saddle(experiment), place.linearisation(experiment)
    near = saddle + 1e-5 * np.random.default_rng(5).standard_normal((4, len(saddle)))
    line = (near @ model.basis * model.eigenvalues + model.tilt) @ model.basis.T
    assert np.allclose(place.gradient(experiment, near), line, rtol=0, atol=1e-7)
    rebuilt = model.basis * model.eigenvalues @ model.basis.T
    assert np.allclose(place.hessian(experiment, saddle), rebuilt, rtol=0, atol=1e-5)
    assert np.allclose(model.basis @ model.start, place.start(experiment), atol=1e-12)


@EVERY
@pytest.mark.parametrize("tilt", TILTS[:3])
def test_the_way_out_falls_most_steeply_at_the_saddle_itself(name, tilt):
    place, experiment = tilted(name, tilt)
    directions = place.escape_directions(experiment)
    hessian = place.hessian(experiment, place.saddle(experiment))
    values = np.linalg.eigvalsh(hessian)
    assert np.allclose(directions @ directions.T, np.eye(len(directions)), atol=1e-12)
    along = np.linalg.eigvalsh(directions @ hessian @ directions.T)
    assert np.allclose(along, values[: len(directions)], atol=1e-9 * np.abs(values).max())


def test_the_law_is_what_paths_do_from_a_moved_saddle():
    place, experiment = tilted("bent", (-0.19, 0.0), radius=0.1, noise_sd=(0.05,), rotation=40.0)
    saddle = place.saddle(experiment)
    v, eta, beta, paths = place.escape_directions(experiment)[0], 0.01, 0.9, 4000
    experiment = experiment.replace(start=tuple(saddle))
    line = EscapeLine.of(experiment, place)
    assert line.eigenvalue == pytest.approx(-1.19, abs=0.01)
    law = line.quantile("momentum", beta, eta, share=[0.25, 0.5, 0.75])
    draw = np.random.default_rng(1)
    w, m = np.tile(saddle, (paths, 1)), np.zeros((paths, 2))
    times = np.full(paths, np.inf)
    for t in range(1, int(4 * law[2])):
        noise = 0.05 * draw.standard_normal((paths, 2))
        m = beta * m + place.gradient(experiment, w) + noise
        w = w - eta * m
        out = np.isinf(times) & (np.abs((w - saddle) @ v) >= 0.1)
        times[out] = t
    seen = [np.mean(times <= at) for at in law]
    # the marginal is a lower bound on the law of the first passage, nearly it where R ≥ 5 s_Z
    assert np.allclose(seen, [0.25, 0.5, 0.75], rtol=0, atol=5 * 0.5 / np.sqrt(paths) + 0.02)


def test_a_tilt_that_swallows_the_saddle_leaves_the_theory_silent():
    place, experiment = tilted("bent", (1.0, 1.0), radius=50.0)
    assert not place.saddle(experiment).any()
    assert place.linearisation(experiment).applies == NO_SADDLE


@EVERY
@pytest.mark.parametrize("tilt", list(product((-0.3, 0.0, 0.3), repeat=2)))
def test_no_minimum_is_listed_twice(name, tilt):
    place, experiment = tilted(name, tilt)
    minima = place.minima(experiment)
    assert np.array_equal(distinct(minima), minima)
    assert np.abs(place.gradient(experiment, minima)).max(initial=0.0) <= 1e-8


def test_distinct_points_stay_in_order():
    places = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1e-9], [0.0, -1.0]])
    assert np.array_equal(distinct(places), places[[0, 1, 3]])
    assert distinct(places[:0]).shape == (0, 2)
