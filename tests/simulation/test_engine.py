"""Laws of the engine that hold for every landscape, every rule and every kind of noise."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Event

import numpy as np
import pytest

from simulation import Contender, Experiment, ParameterError, simulate
from simulation.kernels.paths import run_paths
from simulation.landscapes.base import BOUND
from simulation.landscapes.registry import LANDSCAPES, landscape_of
from simulation.model.experiment import PARAMETERS
from simulation.rules import RULES
from simulation.runs.simulate import Cancelled, cores
from tests.marks import every_landscape
from tests.simulation import oracle

# SGD, and every rule: heavy ball first.
CONTENDERS = (Contender("momentum", 0.0), *(Contender(rule, 0.9 - 0.1 * i)
                                            for i, rule in enumerate(RULES)))  # fmt: skip
FIELDS = ("w", "momentum", "gradient", "stochastic_gradient", "value", "escape_time", "diverged_at")
VARIANTS = {"linear-net": {"eigenvalues": (1.0, 0.5)}}  # matrices, not numbers
EVERY_LANDSCAPE = pytest.mark.parametrize("landscape", every_landscape())
EVERY_NOISE = pytest.mark.parametrize("noise", ["gaussian", "samples", "none"])


def small(landscape: str, **changes) -> Experiment:
    """A short race that moves: its step is a share of what the steepest direction allows."""
    usual = {
        "contenders": CONTENDERS, "steps": 700, "paths": 3, "period": 50, "batch": 3,
        "samples": 40, "dimension": 6, "noise_sd": (0.2, 0.1), "start": (0.1, 0.02),
    } | VARIANTS.get(landscape, {})  # fmt: skip
    first = Experiment(landscape=landscape, **usual)
    place = landscape_of(first)
    steepest = np.linalg.norm(place.hessian(first, place.saddle(first)), 2)
    step = 0.005 / max(1.0, float(steepest))
    usual |= {"step_size": step, "boost": 4 * step}
    return Experiment(landscape=landscape, **(usual | changes))


def given_noise(experiment: Experiment, seed: int = 0) -> np.ndarray:
    d = landscape_of(experiment).dimension(experiment)
    shape = (experiment.steps, experiment.paths, d)
    return 0.3 * np.random.default_rng(seed).standard_normal(shape)


def same_bits(one, other, fields=FIELDS) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in fields)


@EVERY_LANDSCAPE
def test_the_kernels_follow_an_independent_loop(landscape):
    experiment = small(landscape)
    noise = given_noise(experiment)
    ours = simulate(experiment, noise=noise)
    theirs = oracle.paths(experiment, noise, ours.step_sizes)[:, :, ours.steps]
    assert oracle.relative_error(ours.w, theirs) <= 1e-11


@EVERY_LANDSCAPE
@pytest.mark.parametrize("samples", [256, 257, 1000])
def test_any_number_of_samples_runs_with_any_noise(landscape, samples):
    """With given noise as the independent loop does; with drawn noise as the same noise given."""
    experiment = small(landscape, samples=samples, batch=1, steps=300)
    given = given_noise(experiment)
    ours = simulate(experiment, noise=given)
    theirs = oracle.paths(experiment, given, ours.step_sizes)[:, :, ours.steps]
    assert oracle.relative_error(ours.w, theirs) <= 1e-11
    if landscape_of(experiment).uses(experiment.replace(noise="none"), "samples"):
        return  # its data are the samples themselves
    for noise in ("gaussian", "none"):
        one, other = (simulate(experiment.replace(noise=noise, samples=n)) for n in (10, samples))
        assert same_bits(one, other)


@EVERY_LANDSCAPE
def test_sample_numbers_mean_the_samples_gradients(landscape):
    experiment = small(landscape, noise="samples")
    shape = (experiment.steps, experiment.paths, experiment.batch)
    picks = np.random.default_rng(1).integers(0, experiment.samples, shape)
    ours = simulate(experiment, noise=picks)
    theirs = oracle.paths(experiment, picks, ours.step_sizes)[:, :, ours.steps]
    assert oracle.relative_error(ours.w, theirs) <= 1e-10


@pytest.mark.long
@EVERY_LANDSCAPE
def test_escapes_are_found_at_their_step_and_not_on_the_recording_grid(landscape):
    experiment = small(landscape, steps=3_000, radius=0.3)
    noise = given_noise(experiment)
    ours = simulate(experiment, noise=noise, points=8)
    walk = oracle.paths(experiment, noise, ours.step_sizes)
    place = landscape_of(experiment)
    away = (walk - place.saddle(experiment)) @ place.escape_directions(experiment).T
    theirs = oracle.first(np.linalg.norm(away, axis=-1) >= 0.3)
    assert (ours.escape_time >= 0).any()
    assert np.array_equal(ours.escape_time, theirs)


@EVERY_LANDSCAPE
def test_divergence_is_reported_at_the_step_where_it_happens(landscape):
    largest = PARAMETERS["step_size"].high  # type: ignore[attr-defined]
    contenders = CONTENDERS[:3]
    experiment = small(landscape, step_size=largest, contenders=contenders, radius=50.0)
    noise = given_noise(experiment)
    ours = simulate(experiment, noise=noise)
    walk = oracle.paths(experiment, noise, ours.step_sizes)
    theirs = oracle.first(~(np.abs(walk) <= BOUND).all(axis=-1))
    assert (theirs >= 0).any()
    falls = landscape_of(experiment).falling(experiment).any()  # running down is no divergence
    if not falls:
        assert np.array_equal(ours.diverged_at, theirs)
    before = (ours.diverged_at >= 0) & (ours.escape_time >= 0)
    assert (ours.escape_time[before] < ours.diverged_at[before]).all()
    for name in FIELDS:
        assert np.isfinite(getattr(ours, name)).all()


@EVERY_LANDSCAPE
@EVERY_NOISE
def test_the_bits_do_not_depend_on_threads(landscape, noise):
    experiment = small(landscape, noise=noise, paths=9)
    assert same_bits(simulate(experiment, threads=1), simulate(experiment, threads=2))


@EVERY_LANDSCAPE
def test_a_path_is_the_same_alone_or_among_many(landscape):
    many = simulate(small(landscape, noise="gaussian", paths=70, steps=300), threads=2)
    few = simulate(small(landscape, noise="gaussian", paths=2, steps=300))
    for name in FIELDS:
        assert np.array_equal(getattr(many, name)[:, :2], getattr(few, name))


@EVERY_LANDSCAPE
def test_a_contender_is_the_same_whoever_races_beside_it(landscape):
    together = simulate(small(landscape, noise="gaussian"))
    for c in (1, 4):
        alone = simulate(small(landscape, noise="gaussian", contenders=CONTENDERS[c : c + 1]))
        for name in FIELDS:
            assert np.array_equal(getattr(together, name)[c], getattr(alone, name)[0])


@EVERY_LANDSCAPE
def test_the_recording_grid_changes_nothing(landscape):
    experiment = small(landscape, noise="gaussian")
    fine, coarse = simulate(experiment, points=1_500), simulate(experiment, points=6)
    assert np.array_equal(fine.steps, np.arange(experiment.steps + 1))
    assert np.array_equal(fine.escape_time, coarse.escape_time)
    assert np.array_equal(fine.w[:, :, coarse.steps], coarse.w)
    assert coarse.steps[0] == 0
    assert coarse.steps[-1] == experiment.steps


def test_a_shorter_run_is_the_beginning_of_a_longer_one():
    long, short = (simulate(small("toy", noise="samples", steps=s)) for s in (700, 300))
    common = np.intersect1d(long.steps, short.steps)
    at = [np.searchsorted(run.steps, common) for run in (long, short)]
    assert len(common) > 50
    assert np.array_equal(long.w[:, :, at[0]], short.w[:, :, at[1]])


@EVERY_LANDSCAPE
@pytest.mark.parametrize("rule", [r.name for r in RULES.values() if r.family.linear])
def test_without_momentum_every_linear_rule_is_sgd(landscape, rule):
    contenders = (Contender("momentum", 0.0), Contender(rule, 0.0))
    changes = {"boost": small(landscape).step_size}  # Algorithm 2 with r = η
    ours = simulate(small(landscape, contenders=contenders, noise="gaussian", **changes))
    assert np.array_equal(ours.w[0], ours.w[1])


def turns(landscape: str) -> bool:
    """Whether the landscape's eigenbasis follows the angle."""
    turned = Experiment(landscape=landscape, rotation=35.0)
    q = landscape_of(turned).basis(turned)
    return not np.array_equal(q, np.eye(len(q)))


@pytest.mark.parametrize("landscape", list(filter(turns, LANDSCAPES)))
def test_turning_the_problem_turns_the_path_but_not_adams(landscape):
    straight = simulate(small(landscape, noise="gaussian", start=(0.0, 0.0)))
    turned = simulate(small(landscape, noise="gaussian", start=(0.0, 0.0), rotation=35.0))
    q = landscape_of(turned.experiment).basis(turned.experiment)
    for c, contender in enumerate(CONTENDERS):
        error = oracle.relative_error(turned.w[c] @ q, straight.w[c])
        assert (error <= 1e-9) == RULES[contender.rule].family.linear


def test_momentum_gradient_and_value_belong_to_the_recorded_w():
    experiment = small("toy", contenders=CONTENDERS[:2], steps=200, rotation=20.0)
    ours = simulate(experiment, noise=given_noise(experiment), points=1000)
    assert np.array_equal(ours.steps, np.arange(201))
    place = landscape_of(experiment)
    assert np.allclose(ours.gradient, place.gradient(experiment, ours.w), rtol=0, atol=1e-13)
    assert np.allclose(ours.value, place.value(experiment, ours.w), rtol=0, atol=1e-13)
    step = -experiment.step_size * ours.momentum[:, :, :-1]  # w_{t+1} = w_t − ηm_t
    assert np.allclose(np.diff(ours.w, axis=2), step, rtol=0, atol=1e-14)
    beta = np.array([0.0, 0.9])[:, None, None, None]
    kept = beta * ours.momentum[:, :, :-1] + ours.stochastic_gradient[:, :, 1:]
    assert np.allclose(ours.momentum[:, :, 1:], kept, rtol=0, atol=1e-13)


def test_contenders_share_their_noise():
    ours = simulate(small("quadratic", noise="gaussian"))
    noise = ours.stochastic_gradient - ours.gradient
    assert np.allclose(noise, noise[:1], rtol=0, atol=1e-9)


def test_a_wrong_noise_array_is_refused_by_name():
    experiment = small("toy", noise="gaussian")
    for wrong in (np.zeros((5, 3, 2)), np.zeros((700, 3, 7)), np.zeros((700, 3, 1), int)):
        with pytest.raises(ParameterError, match=r"^Noise “.* must be "):
            simulate(experiment, noise=wrong)


def test_progress_rises_to_one_and_cancel_stops():
    told: list[float] = []
    simulate(small("toy", paths=40), progress=told.append, threads=2)
    assert told == sorted(told)
    assert told[-1] == 1.0
    stop = Event()
    stop.set()
    with pytest.raises(Cancelled):
        simulate(small("toy", paths=40), cancel=stop)


def test_recorded_paths_are_the_first_ones_and_events_are_kept_for_all():
    ours = simulate(small("quadratic", paths=12, noise="gaussian"), record_paths=5)
    assert ours.w.shape[1] == 5
    assert ours.escape_time.shape == (len(CONTENDERS), 12)


@pytest.mark.long
def test_one_compiled_kernel_serves_every_experiment():
    for landscape in LANDSCAPES:
        simulate(small(landscape, steps=20))
    assert len(run_paths.signatures) == 1


@pytest.mark.long
@pytest.mark.parametrize(("kept", "read"), [(True, 1), (False, 0)])
def test_importing_the_engine_reads_the_kernel_and_never_compiles_it(kept, read, tmp_path):
    simulate(small("quadratic", steps=20))  # keeps the kernel where it is not kept yet
    code = (
        "from simulation.kernels.paths import run_paths; import simulation; "
        "print(len(run_paths.signatures), sum(run_paths.stats.cache_misses.values()))"
    )
    # An empty place of its own goes before the tree, where kernels are.
    places = {} if kept else {"NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", code]
    said = subprocess.run(
        command, env=os.environ | places, check=True, capture_output=True, text=True
    )
    assert said.stdout.split() == [str(read), "0"]


@pytest.mark.parametrize("kind", ["process_cpu_count", "sched_getaffinity", "cpu_count"])
def test_the_cores_are_counted_on_every_system(kind, monkeypatch):
    answers = {"process_cpu_count": lambda: 3, "sched_getaffinity": lambda pid: {0, 1, 2},
               "cpu_count": lambda: 3}  # fmt: skip
    for name in answers:
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.setattr(os, kind, answers[kind], raising=False)
    assert cores() == 3


def test_where_nobody_can_count_there_is_one_core(monkeypatch):
    for name in ("process_cpu_count", "sched_getaffinity"):
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores() == 1
