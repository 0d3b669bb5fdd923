"""The registry: a landscape that lacks an entry elsewhere is detected."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.kernels.gradients import gradient
from simulation.kernels.records import LANES
from simulation.landscapes.curved import CurvedLandscape
from simulation.landscapes.registry import LANDSCAPES, landscape_of
from simulation.model.experiment import Experiment
from simulation.model.landscape_defaults import LANDSCAPE_DEFAULTS
from simulation.model.parameters import ParameterError
from simulation.results.prediction import predict
from simulation.theory.escape_line import EscapeLine
from tests.marks import every_landscape

EVERY_LANDSCAPE = pytest.mark.parametrize("landscape", every_landscape())


def test_every_landscape_has_its_defaults():
    apart = sorted(set(LANDSCAPES) ^ set(LANDSCAPE_DEFAULTS))
    assert not apart, (
        f"{apart}: only in one of LANDSCAPES (simulation/landscapes/registry.py) and "
        "LANDSCAPE_DEFAULTS (simulation/model/landscape_defaults.py)"
    )


@EVERY_LANDSCAPE
@pytest.mark.parametrize("changes", [{}, {"rotation": 30.0, "tilt": (0.02, -0.01)}])
def test_the_compiled_gradient_is_the_landscapes(landscape, changes):
    experiment = Experiment(landscape=landscape, noise="none", **changes)
    place = landscape_of(experiment)
    problem, basis = place.problem(experiment), place.basis(experiment)
    z = np.random.default_rng(3).standard_normal((problem.dimension, LANES)) * 0.4
    out = np.empty(z.size)
    everything = np.arange(len(problem.targets) or 1)
    gradient(problem, everything, problem.slots.copy(), z.ravel(), out)
    ours = (out.reshape(z.shape).T + problem.offset) @ basis.T
    theirs = place.gradient(experiment, z.T @ basis.T)
    missed = f"{landscape}: its kernel and its branch in simulation/kernels/gradients.py"
    np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12, err_msg=missed)


# Whose radius may lie where the landscape bends, and why.
NONLINEAR_ON_PURPOSE = {
    "linear-net": "half-way to the minimum, as on the page's other landscapes: the theory is "
    "silent about the time, and its band ends before the radius",
}


@EVERY_LANDSCAPE
def test_the_theory_speaks_of_every_landscape_as_it_first_stands(landscape):
    experiment = Experiment(landscape=landscape)
    place = landscape_of(experiment)
    if isinstance(place, CurvedLandscape) and place.theory_limitation(experiment):
        return
    said = predict(experiment).reason
    if landscape in NONLINEAR_ON_PURPOSE:
        assert said, f"{landscape} is no exception any more"
        return
    assert not said, (
        f"{landscape}: {said} Its default_radius is {place.default_radius(experiment):.3g}, "
        f"its linear range {EscapeLine.of(experiment).linear_range:.3g} "
        "(LINEARITY_TOLERANCE in simulation/theory/linear_range.py)."
    )


@pytest.mark.parametrize(
    ("count", "allowed"), [((2, 2), "2 numbers"), ((1, 1), "1 number"), ((1, 2), "1 to 2 numbers")]
)
def test_a_spectrum_of_the_wrong_length_is_told_the_right_one(monkeypatch, count, allowed):
    needs = LANDSCAPE_DEFAULTS["quadratic"] | {"eigenvalue_count": count}
    monkeypatch.setitem(LANDSCAPE_DEFAULTS, "quadratic", needs)
    with pytest.raises(ParameterError, match=f"this landscape takes {allowed}"):
        Experiment(landscape="quadratic", eigenvalues=(1.0, 0.5, -0.1))
