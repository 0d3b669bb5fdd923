"""Laws of every landscape: derivatives, stationary points, Morse index, escape directions."""

from __future__ import annotations

import numpy as np
import pytest

from simulation import Experiment
from simulation.landscapes.phase_retrieval import PhaseRetrieval
from simulation.landscapes.registry import landscape_of
from simulation.model.parameters import ParameterError
from simulation.model.query import repair_query
from simulation.noise import NOISES
from simulation.results.terrain import terrain
from simulation.sweeps.grid import one_contender
from simulation.sweeps.variables import VARIABLES, variables
from tests.marks import CORE_LANDSCAPES, every_landscape

SPECIAL = {
    "toy, many ways out": {
        "landscape": "toy",
        "noise": "gaussian",
        "eigenvalues": (2.0, -0.1, 1.0, -0.1, -0.05),
    },
    "toy, rotated and tilted": {"landscape": "toy", "rotation": 30.0, "tilt": (0.02, -0.01)},
    "quadratic, d = 3": {
        "landscape": "quadratic",
        "eigenvalues": (3.0, 0.5, -0.4),
        "rotation": 50.0,
    },
    "linear-net, matrix": {"landscape": "linear-net", "eigenvalues": (2.0, 2.0, 0.5)},
}
CASES = (
    {name: {"landscape": name} for name in CORE_LANDSCAPES}
    | {f"{name}, turned": {"landscape": name, "rotation": 15.0} for name in CORE_LANDSCAPES}
    | SPECIAL
)
TILTED = {
    f"{name}, tilted": {"landscape": name, "rotation": 30.0, "tilt": (0.02, -0.01)}
    for name in CORE_LANDSCAPES
}
EVERY_CASE = pytest.mark.parametrize("case", list(CASES))
TILTED_TOO = pytest.mark.parametrize("case", [*CASES, *TILTED])


def build(case: str) -> Experiment:
    return Experiment(**(CASES | TILTED)[case])


def somewhere(experiment: Experiment, count: int = 4) -> np.ndarray:
    d = landscape_of(experiment).dimension(experiment)
    return np.random.default_rng(3).standard_normal((count, d)) * 0.4


def central(f, w: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Central differences of f along each coordinate, stacked on a last axis."""
    eye = np.eye(w.shape[-1]) * step
    return np.stack([(f(w + e) - f(w - e)) / (2 * step) for e in eye], axis=-1)


@TILTED_TOO
def test_gradient_and_hessian_are_the_derivatives(case):
    experiment = build(case)
    place = landscape_of(experiment)
    w = somewhere(experiment)
    gradient, hessian = place.gradient(experiment, w), place.hessian(experiment, w)
    slope = central(lambda x: place.value(experiment, x), w)
    bend = central(lambda x: place.gradient(experiment, x), w)
    assert np.allclose(gradient, slope, rtol=1e-6, atol=1e-7 * np.abs(gradient).max())
    assert np.allclose(hessian, bend, rtol=1e-6, atol=1e-7 * np.abs(hessian).max())
    assert np.allclose(hessian, np.swapaxes(hessian, -1, -2), rtol=0, atol=1e-12)


@TILTED_TOO
def test_gradients_agree_with_automatic_differentiation(case):
    torch = pytest.importorskip("torch", reason="torch, the oracle, is not installed")
    experiment = build(case)
    place = landscape_of(experiment)
    w = torch.tensor(somewhere(experiment, 1)[0], requires_grad=True)
    torch_value(torch, experiment, w).backward()
    ours = place.gradient(experiment, w.detach().numpy())
    assert np.allclose(ours, w.grad.numpy(), rtol=1e-11, atol=1e-12)


def torch_value(torch, experiment, w):
    """The landscape's formula as scripts write it in torch, and its constant gradient."""
    place = landscape_of(experiment)
    q = place.basis(experiment)
    known = {"np": np, "torch": torch, "SEED": experiment.seed, "EIGENVECTORS": torch.tensor(q)}
    exec("\n".join(place.constants(experiment)) + "\n" + place.loss_source(experiment), known)
    known |= {name: torch.tensor(known[name]) for name in place.tensors}
    everything = np.arange(experiment.samples)[None]
    return known["loss"](w[None], everything) + (torch.tensor(q @ place.offset(experiment)) @ w)


# How many directions fall at the saddle, where a formula says so.
INERTIA = {
    "toy": lambda experiment: sum(value < 0 for value in experiment.eigenvalues),
    "quadratic": lambda experiment: sum(value < 0 for value in experiment.eigenvalues),
    "phase-retrieval": lambda experiment: experiment.dimension,
    "linear-net": lambda experiment: len(experiment.eigenvalues) ** 2,
    "monkey": lambda experiment: 0,
}


@EVERY_CASE
def test_the_saddle_is_stationary_and_the_way_out_is_its_smallest_eigenspace(case):
    experiment = build(case)
    place = landscape_of(experiment)
    saddle = place.saddle(experiment)
    directions = place.escape_directions(experiment)
    assert np.abs(place.gradient(experiment, saddle)).max() <= 1e-9
    assert np.allclose(directions @ directions.T, np.eye(len(directions)), atol=1e-12)
    hessian = place.hessian(experiment, saddle)
    values = np.linalg.eigvalsh(hessian)
    smallest = values[0]
    assert np.allclose(directions @ hessian, smallest * directions, atol=1e-6)
    same = np.isclose(values, smallest, rtol=0, atol=1e-9)
    assert same.sum() == len(directions)
    falling = (place.linearisation(experiment).eigenvalues < -1e-9).sum()
    assert (values < -1e-9).sum() == falling
    known = INERTIA.get(experiment.landscape)
    assert known is None or falling == known(experiment)


@EVERY_CASE
def test_minima_are_stationary_and_curve_upwards(case):
    experiment = build(case)
    place = landscape_of(experiment)
    minima = place.minima(experiment)
    if place.falling(experiment).any():
        assert len(minima) == 0
        return
    assert len(minima) >= 2
    assert np.abs(place.gradient(experiment, minima)).max() <= 1e-9
    assert np.linalg.eigvalsh(place.hessian(experiment, minima)).min() >= -1e-9
    assert (
        place.value(experiment, minima) < place.value(experiment, place.saddle(experiment))
    ).all()


@EVERY_CASE
def test_the_escape_radius_lies_before_the_minima(case):
    experiment = build(case)
    place = landscape_of(experiment)
    away = (place.minima(experiment) - place.saddle(experiment)) @ place.escape_directions(
        experiment
    ).T
    reached = np.linalg.norm(away, axis=-1)
    if len(reached):
        assert place.escape_radius(experiment) < reached.max()


@EVERY_CASE
def test_the_linearisation_is_the_hessian_in_its_eigenbasis(case):
    experiment = build(case)
    place = landscape_of(experiment)
    line = place.linearisation(experiment)
    assert np.allclose(line.basis.T @ line.basis, np.eye(len(line.basis)), atol=1e-12)
    hessian = place.hessian(experiment, place.saddle(experiment))
    rebuilt = line.basis * line.eigenvalues @ line.basis.T
    assert np.allclose(rebuilt, hessian, atol=1e-9)
    assert np.allclose(line.basis @ line.start, place.start(experiment), atol=1e-12)


@EVERY_CASE
def test_the_picture_keeps_its_ranges_whatever_the_rule(case):
    experiment = build(case)
    views = [
        landscape_of(e).view(e)
        for e in (experiment, experiment.replace(step_size=1e-3, contenders=("0.99",), steps=500))
    ]
    assert views[0].x_range == views[1].x_range
    assert views[0].y_range == views[1].y_range
    assert np.allclose(views[0].axes @ views[0].axes.T, np.eye(2), atol=1e-12)
    drawn = terrain(experiment, 24)
    assert np.isfinite(drawn.value).all()
    assert drawn.value.shape == drawn.region.shape == (24, 24)
    start = views[0].project(landscape_of(experiment).start(experiment))
    assert views[0].x_range[0] <= start[0] <= views[0].x_range[1]
    assert views[0].y_range[0] <= start[1] <= views[0].y_range[1]


def test_the_toys_minima_are_where_the_paper_puts_them():
    experiment = Experiment(noise="none")
    place = landscape_of(experiment)
    wall = (0.1 / 10) ** 0.125
    minima = place.minima(experiment)
    assert np.allclose(sorted(minima[:, 1]), [-wall, wall], atol=1e-12)
    assert place.escape_radius(experiment) == pytest.approx(wall / 2)


def test_fixed_samples_move_the_toys_saddle_to_minus_the_mean_over_the_eigenvalue():
    experiment = Experiment(seed=4)
    place = landscape_of(experiment)
    expected = -place.offset(experiment) / np.array(experiment.eigenvalues)
    assert np.allclose(place.saddle(experiment), expected, atol=1e-4)


def test_a_tilt_that_swallows_the_saddle_still_leaves_a_place_to_measure_from():
    experiment = Experiment(noise="none", tilt=(0.0, 0.5))
    place = landscape_of(experiment)
    assert np.isfinite(place.saddle(experiment)).all()
    assert len(place.minima(experiment)) == 1


def test_phase_retrievals_picture_is_the_mean_over_the_measurements():
    experiment = Experiment(landscape="phase-retrieval", samples=1000, dimension=3)
    place = landscape_of(experiment)
    w = somewhere(experiment, 3)
    values = [
        [landscape_of(e).value(e, w), landscape_of(e).height(e, w)]
        for e in (experiment.replace(seed=s) for s in range(60))
    ]
    ratio = np.array([v / p for v, p in values])
    error = ratio.std(axis=0) / np.sqrt(len(ratio))
    assert (np.abs(ratio.mean(axis=0) - 1) <= 5 * error).all()
    assert place.progress(experiment, -place.truth(experiment)) == 0.0


def test_phase_retrievals_first_start_coordinate_is_the_root_mean_square_of_the_starts_norm():
    seeds = [Experiment(landscape="phase-retrieval", start=(0.5, 0), seed=s) for s in range(1000)]
    squares = np.array([(landscape_of(e).start(e) ** 2).sum() for e in seeds])
    assert abs(squares.mean() - 0.25) <= 5 * squares.std() / np.sqrt(len(squares))


OTHER = {
    "dimension": 7,
    "rotation": 20.0,
    "noise_sd": (0.7, 0.4),
    "tilt": (0.03, 0.01),
    "samples": 23,
    "batch": 3,
}


def told(experiment: Experiment) -> str:
    """All that a run takes from the landscape and its noise."""
    place = landscape_of(experiment)
    mean_of_all = isinstance(place, PhaseRetrieval)
    noise = NOISES[experiment.noise].step_sd(experiment, place.noise_sd(experiment))
    if mean_of_all and experiment.noise == "samples":  # drawn from the data, not added
        noise = np.array([experiment.batch])
    return repr((place.problem(experiment), noise))


@pytest.mark.parametrize("field", OTHER)
@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("landscape", every_landscape())
def test_a_landscape_uses_exactly_the_fields_that_change_its_problem(landscape, noise, field):
    one = Experiment(landscape=landscape, noise=noise)
    other = one.replace(**{field: OTHER[field]})
    assert landscape_of(one).uses(one, field) == (told(one) != told(other))


@pytest.mark.parametrize("landscape", every_landscape())
def test_a_spectrum_of_its_own_takes_no_other_and_a_link_with_one_still_opens(landscape):
    usual = Experiment(landscape=landscape)
    if landscape_of(usual).uses(usual, "eigenvalues"):
        doubled = usual.replace(eigenvalues=tuple(2 * v for v in usual.eigenvalues))
        assert told(usual) != told(doubled)
        return
    with pytest.raises(ParameterError, match="the spectrum of"):
        usual.replace(eigenvalues=(50.0, -1.0))
    experiment, repairs = repair_query(f"landscape={landscape}&eig=50,-1&eta=1.5")
    assert experiment == usual.replace(step_size=1.5)
    assert [repair.key for repair in repairs] == ["eig"]


ORDERS = {
    **{name: {"landscape": name} for name in CORE_LANDSCAPES},
    "quadratic, falling first": {"landscape": "quadratic", "eigenvalues": (-0.4, 1.0, 0.5)},
    "linear-net, largest last": {"landscape": "linear-net", "eigenvalues": (0.5, 1.0, 2.0)},
    "linear-net, largest first": {"landscape": "linear-net", "eigenvalues": (2.0, 1.0, 0.5)},
}


@pytest.mark.parametrize("case", ORDERS)
def test_the_noise_along_the_way_out_is_what_sd_out_sets_in_whatever_order(case):
    usual = Experiment(**ORDERS[case], noise="gaussian")
    experiment = VARIABLES["sd.out"].put(usual, 0.7)
    place = landscape_of(experiment)
    directions = place.escape_directions(experiment)
    saddle = place.saddle(experiment)
    variance = place.noise_variance(experiment, saddle, directions) / len(directions)
    assert variance == pytest.approx(0.7**2)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("landscape", every_landscape())
def test_what_is_not_offered_to_a_sweep_changes_nothing(landscape, noise):
    experiment = one_contender(Experiment(landscape=landscape, noise=noise))
    for key in VARIABLES.keys() - variables(experiment).keys():
        value = float(VARIABLES[key].parameter.high)
        if key.startswith("eig."):
            with pytest.raises(ParameterError, match="the spectrum of"):
                VARIABLES[key].put(experiment, value)
        else:
            assert told(VARIABLES[key].put(experiment, value)) == told(experiment), key
