"""A 48 × 48 × 256 sweep: identical bytes on every backend, agreement with the law, overhead.

Prints the numbers of DESIGN.md section 11: each round runs every backend once, in sequence, on its
own seed; ratios are taken within a round, and their median is printed. Two processes that run only
the kernel measure the machine's parallel throughput, an upper bound for any scheduler. `python -m
benchmarks sweep`.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

from simulation.model.experiment import Experiment
from simulation.runs.escape_times import escape_times
from simulation.storage import MemoryStore
from simulation.sweeps.cost import tile_work
from simulation.sweeps.dask_backend import dask_cluster
from simulation.sweeps.grid import Sweep, parse_sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.runner import Submit, run_sweep
from simulation.sweeps.theory_map import TheoryMap, agreement, theory_map
from simulation.sweeps.tiles import groups, tiles

SWEEP = parse_sweep(
    "landscape=quadratic&run=0.9&N=256&x=beta:0:0.999:48:near-one&y=eta:0.003:0.3:48:log"
)
TURNS = 7
LINES = (  # what is said, seconds of, over seconds of, times, reach
    ("two bare processes over one, the machine's own limit", "kernel", "bare", 2, "none"),
    ("one thread over two threads", "thread", "threads", 1, "≥ 1.8"),
    ("one Dask worker over two", "worker", "workers", 1, "≥ 1.8"),
    ("one thread over calling the kernel straight", "thread", "kernel", 1, "≤ 1.1"),
    ("one Dask worker over calling the kernel straight", "worker", "kernel", 1, "≤ 1.1"),
)
QUIET = {  # as in compose.yaml: what Dask looks at beside the work
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__MONITOR_INTERVAL": "1s",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
}


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def swept(sweep: Sweep, executor: Executor | Submit, at_once: int = 64) -> ResultMap:
    work = tile_work(sweep, law_of(sweep.replace(seed=SWEEP.experiment.seed)))
    return run_sweep(sweep, executor, MemoryStore(), at_once=at_once, work=work)


def on_threads(sweep: Sweep, threads: int) -> ResultMap:
    with ThreadPoolExecutor(threads) as pool:
        return swept(sweep, pool)


@lru_cache(maxsize=1)
def law_of(sweep: Sweep) -> TheoryMap:
    """The law's map, which the page shows before the start; it knows no seed."""
    return theory_map(sweep)


def straight(sweep: Sweep) -> None:
    """The kernel's own runs of every cell, without tiles, statistics, store or executor."""
    for group in lanes(sweep):
        escape_times(group)


@lru_cache(maxsize=2)
def lanes(sweep: Sweep) -> list[list[Experiment]]:
    """The cells' experiments, in the groups that run side by side."""
    return [
        [sweep.cell(row, column) for row, column in group]
        for tile in tiles(sweep)
        for group in groups(sweep, tile)
    ]


@contextmanager
def dask(workers: int) -> Iterator[str]:
    """A scheduler and its worker processes; the scheduler's address."""
    with tempfile.TemporaryDirectory() as folder:
        run, quiet = [sys.executable, "-m"], os.environ | QUIET
        scheduler = subprocess.Popen(
            [*run, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
             "--no-dashboard"], env=quiet, stderr=subprocess.PIPE, text=True)  # fmt: skip
        address = heard(scheduler, r"(tcp://127\.0\.0\.1:\d+)")
        started = [
            subprocess.Popen(
                [*run, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny",
                 "--no-dashboard", "--host", "127.0.0.1", "--local-directory",
                 str(Path(folder) / str(i))], env=quiet, stderr=subprocess.PIPE, text=True)
            for i in range(workers)
        ]  # fmt: skip
        for worker in started:
            heard(worker, r"(Registered to)")
        try:
            yield address
        finally:
            for process in (*started, scheduler):
                process.kill()
                process.wait()


def heard(process: subprocess.Popen[str], pattern: str) -> str:
    assert process.stderr is not None
    found = next(m[1] for line in process.stderr if (m := re.search(pattern, line)))
    threading.Thread(target=process.stderr.read, daemon=True).start()
    return found


class Bare:
    """Processes that do nothing but call the kernel: what this machine's cores can do at once."""

    def __init__(self, stack: ExitStack, count: int) -> None:
        spawn = get_context("spawn")
        self._each = [
            stack.enter_context(ProcessPoolExecutor(1, mp_context=spawn)) for _ in range(count)
        ]

    def all(self, work: Callable[[Sweep], object], sweep: Sweep) -> None:
        """`work` of the sweep in every one of them, at the same time."""
        for running in [one.submit(work, sweep) for one in self._each]:
            running.result()


def made_ready(sweep: Sweep) -> None:
    lanes(sweep)


def main() -> None:
    straight(SWEEP.replace(paths=1))  # compiled and warm
    one, two = on_threads(SWEEP, 1), on_threads(SWEEP, 2)
    with ExitStack() as stack:
        submit, at_once = stack.enter_context(dask_cluster(stack.enter_context(dask(2))))
        alone, few = stack.enter_context(dask_cluster(stack.enter_context(dask(1))))
        bare = Bare(stack, 2)
        far = swept(SWEEP, submit, at_once)
        same = one.tobytes() == two.tobytes() == far.tobytes()
        print(f"48 × 48 × 256 by one thread, two threads, two Dask workers: "
              f"{'identical' if same else 'DIFFERENT'} bytes")  # fmt: skip
        found = agreement(one, theory_map(SWEEP))
        print(f"within 3 standard errors of the exact law: {found.within:,} of {found.cells:,} "
              f"cells, {found.share:.2%} (reach ≥ 99 %)", flush=True)  # fmt: skip
        swept(SWEEP, alone, few)
        bare.all(straight, SWEEP.replace(paths=1))
        ways: dict[str, Callable[[Sweep], object]] = {
            "kernel": straight,
            "thread": lambda sweep: on_threads(sweep, 1),
            "threads": lambda sweep: on_threads(sweep, 2),
            "worker": lambda sweep: swept(sweep, alone, few),
            "workers": lambda sweep: swept(sweep, submit, at_once),
            "bare": lambda sweep: bare.all(straight, sweep),
        }
        turns = []
        for turn in range(TURNS):
            fresh = SWEEP.replace(seed=turn + 1)  # nobody has seen its tiles
            made_ready(fresh)
            bare.all(made_ready, fresh)
            turns.append({name: seconds(partial(way, fresh)) for name, way in ways.items()})
            print("  ", {name: round(took, 2) for name, took in turns[-1].items()}, flush=True)
    for said, over, under, times, reach in LINES:
        ratios = [times * turn[over] / turn[under] for turn in turns]
        print(f"{said}: {statistics.median(ratios):.3f} (turns {min(ratios):.2f} to "
              f"{max(ratios):.2f}; reach {reach})")  # fmt: skip


if __name__ == "__main__":
    from benchmarks import sweep  # by its name, by which other processes find its functions

    sweep.main()
