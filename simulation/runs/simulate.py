"""`simulate`: run an Experiment and return its Trajectories."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.jit import load
from simulation.kernels.paths import run_paths
from simulation.kernels.records import (
    BLOCK,
    GIVEN,
    LANES,
    PHASE,
    PICKED,
    SAMPLES,
    Noise,
    Problem,
    Record,
    State,
)
from simulation.landscapes.base import Landscape
from simulation.landscapes.registry import landscape_of
from simulation.model.coefficients import rule_families, simd_coefficients, step_sizes
from simulation.model.experiment import Experiment
from simulation.model.parameters import ParameterError
from simulation.noise import NOISES
from simulation.noise.streams import path_words
from simulation.runs.trajectories import Floats, Integers, Trajectories

RECORD_BYTES = 2**28  # memory limit of the recorded arrays; fewer paths are recorded if exceeded
SEGMENT = 2**18  # lane-steps (milliseconds) between two calls of `cancel`
CHUNK = 32  # most paths per task of a worker

load(run_paths)  # at import, so that the first run is as fast as later ones

Progress = Callable[[float], None]
Cancel = Callable[[], bool] | Event


class Cancelled(Exception):  # noqa: N818 - an outcome, not a fault
    """Raised when a run is stopped by its `cancel`."""


def cores() -> int:
    """Return the number of cores available to this process, at least 1."""
    if hasattr(os, "process_cpu_count"):  # Python 3.13
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):  # Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def recording_grid(steps: int, points: int) -> Integers:
    """Return the recorded steps (K,): half evenly spaced, half geometric, with 0 and `steps`."""
    half = max(points // 2, 2)
    even = np.linspace(0, steps, half)
    ratio = np.geomspace(1, steps, half)
    grid = np.unique(np.round(np.concatenate([even, ratio])).astype(np.int64))
    return grid


def simulate(
    experiment: Experiment,
    *,
    noise: NDArray[np.float64] | NDArray[np.integer] | None = None,
    record_paths: int = 256,
    points: int = 600,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Trajectories:
    """Run all contenders over all paths on common random numbers.

    noise: None for the experiment's own; or gradient noise (steps, paths, d) added to ∇f(w_t); or
    integers (steps, paths) or (steps, paths, batch), the indices of the samples drawn. An
    additional row is used for the record at the last step. The first `record_paths` paths are
    recorded (fewer if they would exceed RECORD_BYTES), at about `points` steps. threads: number of
    workers, by default the number of cores; results do not depend on it. progress(fraction) is
    called with the fraction done; cancel (a function or an Event) is polled.

    Raises ParameterError for noise of a wrong shape, Cancelled if cancelled.
    """
    landscape = landscape_of(experiment)
    problem = landscape.problem(experiment)
    basis = landscape.basis(experiment)
    drawn = kernel_noise(experiment, landscape, basis, noise)
    grid = recording_grid(experiment.steps, points)
    sizes = step_sizes(experiment)
    recorded = _recorded(experiment, len(basis), len(grid), record_paths)
    words = path_words(experiment.seed, experiment.paths)
    cancelled = cancel.is_set if isinstance(cancel, Event) else cancel or (lambda: False)
    families = rule_families(experiment)
    rules = [simd_coefficients(experiment, chosen, len(basis)) for chosen in families]
    parts = [empty_record(len(f), experiment.paths, recorded, grid, len(basis)) for f in families]

    def take(chunk: range) -> int:
        state = new_state(problem, drawn)
        steps = SEGMENT // max(1, state.picks.shape[1]) // problem.dimension
        for rule, part in zip(rules, parts, strict=True):
            path = chunk.start
            while path < chunk.stop:
                path = run_paths(
                    path, chunk.stop, steps, False, words, rule, problem, drawn, part, state
                )  # fmt: skip
                if cancelled():
                    raise Cancelled
        return len(chunk)

    for done, total in _run_chunks(take, list(_chunks(experiment.paths, threads)), threads):
        if progress is not None:
            progress(done / total)
    record = _joined(families, parts)
    arrays = (record.w, record.momentum, record.gradient, record.stochastic_gradient)
    w, momentum, gradient, stochastic = (_to_w_basis(a, basis) for a in arrays)
    return Trajectories(
        experiment=experiment,
        steps=grid,
        w=w,
        momentum=momentum,
        gradient=gradient,
        stochastic_gradient=stochastic,
        value=landscape.value(experiment, w),
        escape_time=record.escape_time,
        diverged_at=record.diverged_at,
        step_sizes=sizes,
    )


def new_state(problem: Problem, noise: Noise) -> State:
    """Allocate a State for one path; its clock is 0, so that `run_paths` initialises it."""
    picked = noise.kind in (SAMPLES, PICKED)
    width = noise.batch if picked else noise.samples
    width = width if problem.code == PHASE else 0
    table_rows = noise.samples if noise.kind == SAMPLES and noise.batch == 1 else 0
    wide = problem.dimension * LANES
    return State(
        clock=np.zeros(2, np.int64),
        random=np.empty((4, LANES), np.uint64),
        body=np.empty((4, wide)),
        eta=np.empty((3, wide)),
        # a row per step, or a row per sample if the batch is one sample
        x=np.empty((max(BLOCK, table_rows), problem.dimension)),
        place=np.empty(BLOCK, np.int64),
        picks=np.tile(np.arange(width), (BLOCK, 1)),
        slots=problem.slots.copy(),
        live=np.empty(LANES),
        limit=np.empty(LANES),
    )


def kernel_noise(
    experiment: Experiment,
    landscape: Landscape,
    basis: Floats,
    given: NDArray[np.float64] | NDArray[np.integer] | None = None,
) -> Noise:
    """Return the gradient noise in the kernels' form, in the coordinates of `basis` (d, d).

    given: None for the experiment's own, else as in `simulate`. Raises ParameterError if its shape
    or its sample indices do not fit.
    """
    d = len(basis)
    tilt, ones = np.tile(landscape.tilt(experiment), BLOCK), np.ones(BLOCK * d)
    kind, drawn = NOISES[experiment.noise].code, NOISES[experiment.noise].draws_samples
    table = landscape.sample_table(experiment) if drawn else np.zeros((1, d))
    none, nothing = np.empty((0, 0, d)), np.empty((0, 0, 1), np.int64)
    n, batch = experiment.samples, experiment.batch
    if given is None and drawn:
        return Noise(kind, tilt, ones / batch, table, n, batch, none, nothing)
    if given is None:
        sd = np.tile(landscape.noise_sd(experiment), BLOCK)
        return Noise(kind, tilt, sd, table, n, 1, none, nothing)
    rows = np.asarray(given)
    if not np.issubdtype(rows.dtype, np.integer):
        _check_shape(experiment, rows, d)
        rows = np.ascontiguousarray(
            _to_w_basis(rows.astype(np.float64), basis.T).transpose(1, 0, 2)
        )
        offset = np.tile(landscape.offset(experiment), BLOCK)
        return Noise(GIVEN, offset, ones, table, n, 1, rows, nothing)
    rows = rows[..., None] if rows.ndim == 2 else rows
    batch = rows.shape[-1]
    _check_shape(experiment, rows, batch)
    if not drawn or rows.min() < 0 or rows.max() >= n:
        allowed = f"sample numbers from 0 to {n - 1}, of an experiment with sampled noise"
        raise ParameterError("noise", (int(rows.min()), int(rows.max())), allowed, None)
    rows = np.ascontiguousarray(rows.transpose(1, 0, 2).astype(np.int64))
    return Noise(PICKED, tilt, ones / batch, table, n, batch, none, rows)


def _check_shape(experiment: Experiment, rows: NDArray[np.generic], width: int) -> None:
    steps, paths = experiment.steps, experiment.paths
    fits = rows.ndim == 3 and rows.shape[0] in (steps, steps + 1)
    if not fits or rows.shape[1:] != (paths, width):
        shape = " × ".join(map(str, rows.shape))
        reason = f"its shape must be {steps} or {steps + 1} × {paths} × {width}"
        raise ParameterError("noise", shape, "", None, reason=reason)


def _recorded(experiment: Experiment, d: int, points: int, wanted: int) -> int:
    bytes_a_path = len(experiment.contenders) * points * d * 8 * 4
    return max(1, min(wanted, experiment.paths, RECORD_BYTES // bytes_a_path))


def empty_record(contenders: int, paths: int, recorded: int, grid: Integers, d: int) -> Record:
    """Allocate a run's arrays (contenders, recorded, K, d) on the grid (K,) of steps, all zero.

    Escape times and divergence (contenders, paths) are −1: not yet.
    """
    w, momentum, gradient, stochastic = (
        np.zeros((contenders, recorded, len(grid), d)) for _ in range(4)
    )
    never = np.full((2, contenders, paths), -1, np.int64)
    return Record(grid, w, momentum, gradient, stochastic, never[0], never[1])


def _joined(families: list[list[int]], parts: list[Record]) -> Record:
    """Concatenate the families' records, with the contenders in their original order."""
    if len(parts) == 1:
        return parts[0]
    order = np.argsort(np.concatenate(families))
    steps, *fields = zip(*parts, strict=True)
    return Record(steps[0], *(np.concatenate(field)[order] for field in fields))


def _to_w_basis(rows: Floats, basis: Floats) -> Floats:
    """Convert rows of eigen-coordinates to w = basis · z; no copy if the basis is the identity."""
    if np.array_equal(basis, np.eye(len(basis))):
        return rows
    return np.asarray(rows @ basis.T)


def _chunks(paths: int, threads: int | None) -> Iterator[range]:
    size = max(1, min(CHUNK, paths // (4 * (threads or 1))))
    for first in range(0, paths, size):
        yield range(first, min(first + size, paths))


def _run_chunks(
    work: Callable[[range], int], chunks: list[range], threads: int | None
) -> Iterator[tuple[int, int]]:
    """Run chunks on `threads` workers; yield (paths done, total paths) as they finish."""
    total = sum(len(chunk) for chunk in chunks)
    workers = min(threads or cores(), len(chunks))
    done = 0
    if workers == 1:
        for chunk in chunks:
            done += work(chunk)
            yield done, total
        return
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work, chunk) for chunk in chunks]
        try:
            for future in as_completed(futures):
                done += future.result()
                yield done, total
        finally:
            for future in futures:
                future.cancel()
