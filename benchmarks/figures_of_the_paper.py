"""The paper's Figure 2 over many seeds, as the tables of docs/theory.md.

python benchmarks/figures_of_the_paper.py [--seeds-a 100] [--seeds-b 200]
"""

from __future__ import annotations

import argparse
import math
import sys

import numpy as np

from simulation.diagnostics.escape import escape_statistics, median_interval
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.runs.simulate import simulate
from simulation.theory.one_step import speed_up

BETAS = (0.0, 0.3, 0.5, 0.7, 0.9)
NEVER = np.iinfo(np.int64).max


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seeds-a", type=int, default=100)
    arguments.add_argument("--seeds-b", type=int, default=200)
    given = arguments.parse_args()
    figure_2a(given.seeds_a)
    figure_2b(given.seeds_b)
    diverging(given.seeds_b)


def figure_2a(seeds: int) -> None:
    """Escape times of the paper's toy: half-way to the minimum, found at every step."""
    times = []
    for seed in progress(range(seeds)):
        run = simulate(Experiment(steps=3_000_000, seed=seed), points=4)
        times.append(run.escape_time[:, 0])
    exact = np.array([[float(speed_up("momentum", b, 5e-5, -0.1)) for b in BETAS]] * seeds)
    print(
        f"\nFigure 2(a): the toy (3), η = 5e-5, {seeds} seeds, T = 3·10⁶, half-way to the minimum"
    )
    table(np.array(times).T, exact)


def figure_2b(seeds: int) -> None:
    """Steps until the relative distance to ±w* is first below one half, looked at every step."""
    times, exact, broken = [], [], 0
    for seed in progress(range(seeds)):
        experiment = Experiment(landscape="phase-retrieval", paths=1, seed=seed, steps=4000)
        run = simulate(experiment, points=2 * experiment.steps + 4)
        landscape = landscape_of(experiment)
        near = landscape.progress(experiment, run.w[:, 0]) <= 0.5
        first = np.where(near.any(axis=1), run.steps[near.argmax(axis=1)], -1)
        times.append(first)
        broken += int((run.diverged_at[:, 0] >= 0).any())
        steepest = landscape.linearisation(experiment).eigenvalues[0]
        exact.append([float(speed_up("momentum", b, 5e-4, steepest)) for b in BETAS])
    print(f"\nFigure 2(b): phase retrieval (4), η = 5e-4, batch 10, {seeds} seeds (data, noise), "
          f"relative distance ≤ ½; draws with a divergence: {broken}")  # fmt: skip
    table(np.array(times).T, np.array(exact))


def diverging(seeds: int) -> None:
    """Share of data draws in which phase retrieval diverges at batch 1."""
    gone = np.zeros(len(BETAS), dtype=int)
    for seed in progress(range(seeds)):
        experiment = Experiment(landscape="phase-retrieval", paths=1, seed=seed, batch=1)
        gone += simulate(experiment, points=4).diverged_at[:, 0] >= 0
    print(f"\nBatch 1, 4000 steps, {seeds} seeds\n")
    print("| β | draws that diverge | share | 95 % interval |\n|---|---|---|---|")
    for beta, count in zip(BETAS, gone, strict=True):
        low, high = wilson(int(count), seeds)
        print(f"| {beta:g} | {count} | {count / seeds:.1%} | {low:.1%} … {high:.1%} |")


def table(times: np.ndarray, exact: np.ndarray) -> None:
    """Medians and the median of the paired ratios T(0)/T(β), with 95 % order-statistic intervals.

    times (C, seeds), −1 for never; exact (seeds, C), S(β) for each seed's saddle.
    """
    seeds = times.shape[1]
    late = np.where(times < 0, NEVER, times)
    print("\n| β | escaped | median T | 95 % | speed-up | 95 % | 1/(1−β) | exact S(β) |")
    print("|---|---|---|---|---|---|---|---|")
    for c, beta in enumerate(BETAS):
        found = escape_statistics(times[c], np.full(seeds, -1))
        both = (times[0] > 0) & (times[c] > 0)
        ratio = np.sort(np.where(both, times[0] / np.maximum(late[c], 1), np.nan)[both])
        a, b = median_interval(len(ratio))
        print(
            f"| {beta:g} | {found.escaped}/{seeds} | {found.median:,.0f} | "
            f"{found.ci_low:,.0f} … {found.ci_high:,.0f} | {np.median(ratio):.2f} | "
            f"{ratio[a]:.2f} … {ratio[b]:.2f} | {1 / (1 - beta):.2f} | "
            f"{np.median(exact[:, c]):.2f} |"
        )
    best = np.argmin(late, axis=0)
    order = np.all(np.diff(late, axis=0) < 0, axis=0)
    print(f"\nβ = {BETAS[-1]:g} is first on {np.mean(best == len(BETAS) - 1):.0%} of the seeds; "
          f"all five in order of β on {np.mean(order):.0%}.")  # fmt: skip


def wilson(count: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share = count / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def progress(seeds: range):
    """The seeds, with a count on the terminal."""
    for seed in seeds:
        if sys.stderr.isatty():
            print(f"\r{seed + 1}/{len(seeds)} ", end="", file=sys.stderr, flush=True)
        yield seed


if __name__ == "__main__":
    main()
