"""No warnings on import, on any landscape with any rule, or when numbers overflow."""

from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import pytest

from simulation import Experiment, simulate
from simulation.results.summary import summarise
from simulation.rules import RULES
from tests.marks import every_landscape


@pytest.mark.long
def test_importing_every_module_of_the_engine_warns_of_nothing():
    code = (
        "import pkgutil, importlib, simulation\n"
        "for module in pkgutil.walk_packages(simulation.__path__, 'simulation.'):\n"
        "    importlib.import_module(module.name)\n"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr


@pytest.mark.parametrize("landscape", every_landscape())
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("noise", ["gaussian", "samples", "none"])
def test_a_run_and_its_summary_warn_of_nothing(landscape, rule, noise):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for beta in (0, 0.9):
            experiment = Experiment(
                landscape=landscape, contenders=("0", f"{rule}:{beta}"), noise=noise, steps=200,
                paths=2,
            )  # fmt: skip
            summarise(simulate(experiment))


@pytest.mark.parametrize("landscape", every_landscape())
@pytest.mark.parametrize("step_size", [1e-7, 1e-5, 1e-3, 10.0])
@pytest.mark.parametrize("tilt", [0.0, 1.0])
def test_numbers_past_all_bounds_warn_of_nothing(landscape, step_size, tilt):
    contenders = ("0", "0.9999", "nesterov:0.9", "boosted", "adam")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for start in ((10, 10), (-10, 1e-3)):
            experiment = Experiment(
                landscape=landscape, contenders=contenders, start=start, step_size=step_size,
                boost=10, noise_sd=(10,), tilt=(tilt,), steps=50, paths=2, radius=1e-6,
            )  # fmt: skip
            summarise(simulate(experiment))


def test_a_gradient_that_no_float32_holds_is_an_infinite_arrow():
    run = simulate(Experiment(start=(10, 10), step_size=1e-5, steps=10, noise="none"))
    assert np.abs(run.stochastic_gradient).max() > np.finfo(np.float32).max
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        arrows = summarise(run).arrows
    assert np.isinf(arrows.gradient).any()
    assert not np.isnan(arrows.gradient).any()
