"""A 48 × 48 × 256 sweep: the same bytes everywhere, agreement with the law, cost of going wide.

Prints DESIGN.md section 11's numbers: ratios of runs made turn and turn about, medians of them.
`python -m benchmarks sweep`.
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
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from simulation.cluster import cluster
from simulation.escapes import escape_times
from simulation.experiment import Experiment
from simulation.law_map import LawMap, agreement, law_map
from simulation.phase_map import PhaseMap
from simulation.store import MemoryStore
from simulation.sweep import Sweep, parse_sweep
from simulation.sweep_budget import tile_work
from simulation.sweep_run import Submit, run_sweep
from simulation.tiles import groups, tiles

SWEEP = parse_sweep(
    "landscape=quadratic&run=0.9&N=256&x=beta:0:0.999:48:near-one&y=eta:0.003:0.3:48:log"
)
TURNS = 5
QUIET = {  # as in compose.yaml: what Dask looks at beside the work
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__MONITOR_INTERVAL": "1s",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
}


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def swept(sweep: Sweep, executor: Executor | Submit, at_once: int = 64) -> PhaseMap:
    work = tile_work(sweep, law_of(sweep.replace(seed=SWEEP.experiment.seed)))
    return run_sweep(sweep, executor, MemoryStore(), at_once=at_once, work=work)


def on_threads(sweep: Sweep, threads: int) -> PhaseMap:
    with ThreadPoolExecutor(threads) as pool:
        return swept(sweep, pool)


@lru_cache(maxsize=1)
def law_of(sweep: Sweep) -> LawMap:
    """The law's map, which the page shows before the start; it knows no seed."""
    return law_map(sweep)


def straight(sweep: Sweep) -> None:
    """The kernel's own runs of every cell, without tiles, statistics, store or executor."""
    for group in lanes(sweep):
        escape_times(group)


@lru_cache(maxsize=2 * TURNS)
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
        yield address
        for process in (*started, scheduler):
            process.kill()
            process.wait()


def heard(process: subprocess.Popen[str], pattern: str) -> str:
    assert process.stderr is not None
    found = next(m[1] for line in process.stderr if (m := re.search(pattern, line)))
    threading.Thread(target=process.stderr.read, daemon=True).start()
    return found


def ratios(name: str, ours: Callable[[int], object], other: Callable[[int], object],
           reach: str) -> None:  # fmt: skip
    """Median of seconds(ours)/seconds(other); the turn's number makes each turn's sweep fresh."""
    for turn in range(2 * TURNS):
        lanes(SWEEP.replace(seed=turn + 1))
    pairs = [(seconds(lambda n=n: ours(n)), seconds(lambda n=n: other(n))) for n in range(TURNS)]
    middle = statistics.median(a / b for a, b in pairs)
    ours_, other_ = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{name}: {middle:.3f} ({ours_:.2f} s over {other_:.2f} s; reach {reach})", flush=True)


def main() -> None:
    straight(SWEEP.replace(paths=1))  # compiled and warm
    one, two = on_threads(SWEEP, 1), on_threads(SWEEP, 2)
    with dask(2) as address, cluster(address) as (submit, at_once):
        far = swept(SWEEP, submit, at_once)
        same = one.tobytes() == two.tobytes() == far.tobytes()
        print(f"48 × 48 × 256 by one thread, two threads, two Dask workers: "
              f"{'identical' if same else 'DIFFERENT'} bytes")  # fmt: skip
        found = agreement(one, law_map(SWEEP))
        print(f"within 3 standard errors of the exact law: {found.within:,} of {found.cells:,} "
              f"cells, {found.share:.2%} (reach ≥ 99 %)")  # fmt: skip

        def seeded(turn: int) -> Sweep:
            return SWEEP.replace(seed=turn + 1)

        ratios(
            "one thread over two threads",
            lambda n: on_threads(seeded(n), 1),
            lambda n: on_threads(seeded(n), 2),
            "≥ 1.8",
        )
        ratios(
            "one thread over calling the kernel straight",
            lambda n: on_threads(seeded(n), 1),
            lambda n: straight(seeded(n)),
            "≤ 1.1",
        )
        with dask(1) as lone, cluster(lone) as (alone, few):
            ratios(
                "one Dask worker over calling the kernel straight",
                lambda n: swept(seeded(n), alone, few),
                lambda n: straight(seeded(n)),
                "≤ 1.1",
            )
            ratios("one Dask worker over two", lambda n: swept(seeded(n + TURNS), alone, few),
                   lambda n: swept(seeded(n + TURNS), submit, at_once), "≥ 1.8")  # fmt: skip


if __name__ == "__main__":
    main()
