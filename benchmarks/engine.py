"""Time of the engine relative to its noise, a NumPy loop, torch.optim, jax and itself.

Every line is a median of ratios measured alternately in one process; compare ratios, not machines.
Targets: DESIGN.md section 13. `python benchmarks/engine.py [names]`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

from simulation import Experiment, simulate
from simulation.landscapes.registry import landscape_of
from simulation.precompile import precompile
from simulation.runs.simulate import recording_grid

TOY = Experiment()
GAUSSIAN = TOY.replace(noise="gaussian")
BETAS = np.array([c.momentum for c in TOY.contenders])
EIGENVALUES, SD = np.array(TOY.eigenvalues), np.array(TOY.noise_sd)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_ratio(ours: Callable[[], object], other: Callable[[], object], turns: int = 15) -> tuple:
    """Median of ours/other over turns, and each one's median seconds."""
    pairs = np.array([(seconds(ours), seconds(other)) for _ in range(turns)])
    return float(np.median(pairs[:, 0] / pairs[:, 1])), *np.median(pairs, axis=0)


def draw_normals() -> object:
    return np.random.default_rng().standard_normal(2_000_000)


def noise_lines() -> None:
    for experiment, reach in ((GAUSSIAN, 1.3), (TOY, 1.0)):
        ratio, ours, draw = median_ratio(lambda e=experiment: simulate(e), draw_normals)
        print(f"5 β × 10⁶ steps of the toy, {experiment.noise}: {ratio:.2f} × drawing "
              f"2·10⁶ normals ({ours * 1e3:.1f} ms over {draw * 1e3:.1f} ms; "
              f"reach ≤ {reach})")  # fmt: skip


def numpy_loop(experiment: Experiment, steps: int, everything: bool) -> object:
    """All five β at once, vectorised over contenders and coordinates: a loop over steps only.

    With `everything` it gives what simulate() gives; else w and m after the last step alone.
    """
    generator = np.random.default_rng(0)
    landscape = landscape_of(experiment)
    if experiment.noise == "samples":
        b = landscape.sample_table(experiment)
        noise = b[generator.integers(0, len(b), steps)]
    else:
        noise = generator.standard_normal((steps, 2)) * SD
    w, m = np.zeros((5, 2)), np.zeros((5, 2))
    kept = np.empty((2, steps if everything else 1, 5, 2))
    beta, eta = BETAS[:, None], TOY.step_size
    for t, xi in enumerate(noise):
        m = beta * m + (EIGENVALUES * w + 10 * w**9 + xi)
        if everything:
            kept[0, t], kept[1, t] = w, m
        w = w - eta * m
    if not everything:
        return w, m
    problem = landscape.problem(experiment)
    seen = np.abs((kept[0] - problem.saddle) @ problem.escape[0]) >= problem.radius
    far = ~(np.abs(kept[0]).max(axis=2) <= problem.bound)
    grid = recording_grid(steps - 1, 600)
    gradient = EIGENVALUES * kept[0, grid] + 10 * kept[0, grid] ** 9
    marks = (np.where(one.any(axis=0), one.argmax(axis=0), -1) for one in (seen, far))
    return kept[:, grid], gradient, gradient + noise[grid, None], *marks


def numpy_line() -> None:
    steps = 100_000
    for experiment, everything in product((TOY, GAUSSIAN), (False, True)):
        loop, ours = (
            partial(numpy_loop, experiment, steps, everything),
            partial(simulate, experiment),
        )
        ratio, spent, ran = median_ratio(loop, ours, 5)
        told = "everything" if everything else "last"
        reach = "; reach ≥ 300" if everything else ", which records as always"
        print(f"NumPy loop over steps, {experiment.noise}, {told}: {ratio * 1e6 / steps:.0f} × "
              f"ours (extrapolated from {steps:,} of 10⁶ steps, {spent:.2f} s; ours "
              f"{ran * 1e3:.1f} ms{reach})")  # fmt: skip


def torch_line() -> None:
    if importlib.util.find_spec("torch") is None:
        print("torch.optim.SGD loop: torch is not installed")
        return
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    steps = 2_000

    def loop() -> None:
        for beta in BETAS:
            w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
            sgd = torch.optim.SGD([w], lr=TOY.step_size, momentum=float(beta))
            a, sd = torch.tensor(EIGENVALUES), torch.tensor(SD)
            for _ in range(steps):
                sgd.zero_grad()
                xi = torch.randn(2, dtype=torch.float64) * sd
                f = (0.5 * a * w**2 + w**10 + xi * w).sum()
                f.backward()
                sgd.step()

    ratio, spent, _ = median_ratio(loop, lambda: simulate(GAUSSIAN), 5)
    print(f"torch.optim.SGD loop: {ratio * 1e6 / steps:,.0f} × ours (extrapolated from {steps:,} "
          f"of 10⁶ steps, {spent:.2f} s; reach ≥ 10,000)")  # fmt: skip


def jax_line() -> None:
    """In a process of its own, turn and turn about: jax need not be installed beside the page."""
    python = os.environ.get("JAX_PYTHON") or sys.executable
    command = [python, "-c", "import jax"]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        print("jax.lax.scan: jax is not installed (JAX_PYTHON names a Python that has it)")
        return
    landscape = landscape_of(TOY)
    problem = landscape.problem(TOY)
    told = {
        "beta": BETAS.tolist(), "eta": TOY.step_size, "eigenvalues": EIGENVALUES.tolist(),
        "sd": SD.tolist(), "table": landscape.sample_table(TOY).tolist(),
        "start": problem.start.tolist(), "saddle": problem.saddle.tolist(),
        "escape": problem.escape.tolist(), "radius": problem.radius, "bound": problem.bound,
        "grid": simulate(TOY).steps.tolist(), "steps": TOY.steps,
    }  # fmt: skip
    command = [python, str(Path(__file__).with_name("_jax_scan.py"))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as other:

        def ask(line: str) -> object:
            other.stdin.write(line + "\n")
            other.stdin.flush()
            return json.loads(other.stdout.readline())

        version, hows = ask(json.dumps(told))
        for line, (way, unroll) in hows.items():
            noise, task = line.split()
            race = partial(simulate, TOY.replace(noise=noise))
            pairs = np.array([(ask(line), seconds(race)) for _ in range(15)])
            ratio, (spent, ours) = np.median(pairs[:, 0] / pairs[:, 1]), np.median(pairs, axis=0)
            reach = "; reach ≥ 2.5" if task == "everything" else ", which records as always"
            print(f"jax.lax.scan, compiled, float64, {noise}, {task}: {ratio:.1f} × ours "
                  f"({spent * 1e3:.0f} ms over {ours * 1e3:.1f} ms; jax {version}, "
                  f"{way}, unroll={unroll}{reach})")  # fmt: skip


def threads_line() -> None:
    experiment = Experiment(landscape="quadratic", paths=1024, steps=20_000)

    def on(threads: int) -> Callable[[], object]:
        return lambda: simulate(experiment, record_paths=16, points=50, threads=threads)

    ratio, one, two = median_ratio(on(1), on(2), 15)
    print(f"1024 paths, one thread over two: {ratio:.2f} × ({one:.2f} s over {two:.2f} s; "
          "reach ≥ 1.8)")  # fmt: skip


MEMORY = """
import json, resource, sys
from simulation import Experiment, simulate
experiment = Experiment(steps=int(sys.argv[1]))
simulate(experiment)
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
"""
FRESH = """
import json, sys, time
if sys.argv[1] == "installed":
    sys.modules["scipy"] = None  # what an installation is: SciPy is for tests alone
spent = []
began = time.perf_counter()
from simulation import Experiment, simulate
spent.append(time.perf_counter() - began)
for _ in range(2):
    began = time.perf_counter()
    simulate(Experiment())
    spent.append(time.perf_counter() - began)
print(json.dumps(spent))
"""


def in_a_fresh_process(code: str, *arguments: str) -> object:
    command = [sys.executable, "-c", code, *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def memory_line() -> None:
    pairs = [
        [in_a_fresh_process(MEMORY, steps) for steps in ("3000000", "10000")] for _ in range(3)
    ]
    long, short = np.median(pairs, axis=0)
    print(f"peak memory, 3·10⁶ steps over 10⁴: {long / short:.3f} × ({long / 1024:.0f} MB; "
          "reach ≤ 1.05)")  # fmt: skip


def fresh_line() -> None:
    for how, told in (
        ("installed", "as installed"),
        ("tested", "with SciPy there, which Numba imports"),
    ):
        spent = np.array([in_a_fresh_process(FRESH, how) for _ in range(9)])
        ratio = np.median(spent[:, 1] / spent[:, 2])
        load, first, second = np.median(spent, axis=0) * 1e3
        print(f"a fresh process, first run over second, {told}: {ratio:.2f} × ({first:.1f} ms over "
              f"{second:.1f} ms; `import simulation`, kernel and all, {load:.0f} ms; "
              "reach ≤ 2)")  # fmt: skip


LINES = {
    "noise": noise_lines, "numpy": numpy_line, "torch": torch_line, "jax": jax_line,
    "threads": threads_line, "memory": memory_line, "fresh": fresh_line,
}  # fmt: skip

if __name__ == "__main__":
    precompile()
    place = landscape_of(TOY)
    print(f"{place.title}, d = {place.dimension(TOY)}, {TOY.steps:,} steps")
    for name in sys.argv[1:] or LINES:
        LINES[name]()
