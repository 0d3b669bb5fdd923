"""Helpers of the sweeps' tests: a small sweep, and ways to compute one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from simulation.storage import MemoryStore
from simulation.sweeps.grid import Sweep, parse_sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.runner import run_sweep

SMALL = parse_sweep(
    "landscape=quadratic&N=64&T=4000&run=0.9&x=beta:0:0.99:11:near-one&y=eta:0.01:0.3:7:log"
)
# Two tiles at a small step, where nothing escapes and each path takes its three million steps,
# and two at a large step, where all escape at once.
LONG = parse_sweep(
    "landscape=quadratic&N=512&T=3000000&R=100&run=0.9&x=beta:0:0.5:16&y=eta:1e-7:1:2:log"
)


class Counted(ThreadPoolExecutor):
    """A pool that counts what it was asked to compute."""

    def __init__(self, workers: int = 2) -> None:
        super().__init__(workers)
        self.asked = 0

    def submit(self, *args, **kwargs):
        self.asked += 1
        return super().submit(*args, **kwargs)


def computed(sweep: Sweep, threads: int = 2) -> ResultMap:
    with ThreadPoolExecutor(threads) as pool:
        return run_sweep(sweep, pool, MemoryStore())
