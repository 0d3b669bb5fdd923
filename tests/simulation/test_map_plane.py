"""The drawn plane: no way out of the saddle is invisible, and w₀ means what it meant."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.diagnostics.escape import escape_distance
from simulation.landscapes.registry import landscape_of
from simulation.model.query import parse_query
from simulation.results.summary import summarise
from simulation.results.terrain import terrain
from simulation.runs.simulate import simulate

RUN = "&run=0,0.9&T=400&N=3"
NORMS = ["eig=2,-0.5,-0.5", "eig=-0.5,2,-0.5&w0=0.2,0.1", "eig=2,1,-0.5,-0.5",
         "eig=2,-0.5,-0.5&c=0.01,0.02", "eig=1,-0.1,-0.1&noise=samples"]  # fmt: skip


@pytest.mark.parametrize("landscape", ["quadratic", "toy"])
@pytest.mark.parametrize("query", NORMS)
def test_one_coordinate_is_the_escape_distance_if_the_plane_holds_one_way_of_several(
    landscape, query
):
    experiment = parse_query(f"landscape={landscape}&{query}{RUN}")
    place = landscape_of(experiment)
    view, run = place.view(experiment), simulate(experiment)
    assert view.escape is not None
    distance = escape_distance(run.w, place.saddle(experiment), place.escape_directions(experiment))
    lines = summarise(run).lines
    np.testing.assert_allclose(lines[..., view.folded], distance[:, :3], rtol=1e-12, atol=1e-15)
    surface = terrain(experiment)
    on_radius = surface.escape_lines[:, :, view.folded]
    assert np.isclose(np.abs(on_radius), place.escape_radius(experiment)).all()
    seen = view.project(place.unproject(experiment, np.array([[0.3, 0.2], [0.1, 0.7]])))
    np.testing.assert_allclose(seen, [[0.3, 0.2], [0.1, 0.7]], atol=1e-12)


@pytest.mark.parametrize("query", ["landscape=monkey", "landscape=quadratic&eig=-0.5,-0.5,2"])
def test_the_radius_is_a_circle_if_the_plane_holds_all_ways_out(query):
    experiment = parse_query(query + RUN)
    place, surface = landscape_of(experiment), terrain(experiment)
    w = place.unproject(experiment, surface.escape_ring)
    distance = escape_distance(
        w[None, None], place.saddle(experiment), place.escape_directions(experiment)
    )
    np.testing.assert_allclose(distance, place.escape_radius(experiment), rtol=1e-12)
    assert not surface.direction.any()


@pytest.mark.parametrize("eig", ["2,-0.5,-0.5", "-0.5,2,-0.5", "2,-0.5", "2,1,-0.5"])
def test_the_start_is_in_the_same_two_directions_as_ever(eig):
    """Links to a start are of the plane of w₁ and w₂, or of the first eigenvector and v."""
    experiment = parse_query(f"landscape=quadratic&eig={eig}&w0=0.3,0.2")
    wanted = np.zeros(len(eig.split(",")))
    wanted[[0, 2] if eig == "2,1,-0.5" else [0, 1]] = 0.3, 0.2
    np.testing.assert_array_equal(landscape_of(experiment).start(experiment), wanted)


@pytest.mark.parametrize("query", ["", "landscape=quadratic&eig=2,1,-0.5", "landscape=linear-net"])
def test_with_one_way_out_the_plane_is_linear(query):
    experiment = parse_query(query)
    assert landscape_of(experiment).view(experiment).is_plane
    assert not len(terrain(experiment).escape_ring)
