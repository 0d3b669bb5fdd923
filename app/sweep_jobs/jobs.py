"""Background sweeps: one computation per sweep, shared by all clients.

Requests and finished tiles are kept in the store, so every worker of the server shows the same
progress and a restarted worker resumes.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import lru_cache

from flask import Flask, current_app

from app.metrics import RUN_SECONDS, RUNS
from app.settings import Settings
from app.storage.results import backend_of
from app.sweep_jobs.leases import Leases, leases_of
from simulation.runs.simulate import Cancelled, cores
from simulation.storage import Store
from simulation.sweeps.cost import check_sweep, tile_work
from simulation.sweeps.dask_backend import NoCluster, dask_cluster
from simulation.sweeps.grid import Sweep, format_sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.runner import Progress, Submit, run_sweep
from simulation.sweeps.theory_map import TheoryMap, theory_map
from simulation.sweeps.tiles import MISSING, Cells, Tile, address, read_tile, tiles
from simulation.version import engine_version

log = logging.getLogger(__name__)
EXTENSION = "saddlescape-sweeps"
REMEMBERED = 32  # sweeps whose cells a process keeps in memory
AT_ONCE = 2  # sweeps computed concurrently per process; further ones wait
POLL = 0.2  # seconds between two reads of the store
BACKGROUND = 10  # niceness of the threads that compute sweeps: interactive requests have priority


@dataclass(frozen=True, slots=True)
class Status:
    """The progress of a sweep.

    state: "idle", "waiting", "running", "done" or "failed". done, cells: number of computed cells
    and of all cells. left: estimated seconds left. note: a message for the user, or "".
    """

    state: str
    done: int
    cells: int
    left: float | None = None
    note: str = ""


@dataclass(eq=False)
class Job:
    """The state of one sweep in this process."""

    sweep: Sweep
    whole: ResultMap
    missing: list[Tile]
    thread: threading.Thread | None = None
    running: bool = False
    waiting: bool = False
    failed: str = ""
    note: str = ""
    seen: tuple[float, float] | None = None  # first time seen running, work left then
    polled: float = 0.0
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def done(self) -> int:
        """Number of computed cells."""
        return int((self.whole.cells["status"] != MISSING).sum())


class Stop(threading.Event):
    """Event that is set when the sweep's request is withdrawn, in any process."""

    def __init__(self, leases: Leases, name: str) -> None:
        super().__init__()
        self._leases, self._name, self._polled = leases, name, 0.0

    def is_set(self) -> bool:
        """Return whether to stop; reads the store at most every POLL seconds."""
        now = time.monotonic()
        if not super().is_set() and now - self._polled > POLL:
            self._polled = now
            if not self._leases.requested(self._name):
                self.set()
        return super().is_set()


class Sweeps:
    """The sweeps of one app."""

    def __init__(self, store: Store, leases: Leases, scheduler: str = "", threads: int = 0) -> None:
        self._store, self._leases, self._scheduler = store, leases, scheduler
        self._threads = threads or max(1, cores() - 1)
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.BoundedSemaphore(AT_ONCE)

    def start(self, sweep: Sweep) -> None:
        """Request the sweep's missing tiles; raises ParameterError over the budget."""
        check_sweep(sweep)
        self._job(sweep).failed = ""
        self._leases.request(name_of(sweep))
        self._resume(self._job(sweep))

    def cancel(self, sweep: Sweep) -> None:
        """Cancel the sweep in whichever process computes it; finished tiles are kept."""
        self._leases.withdraw(name_of(sweep))

    def status(self, sweep: Sweep) -> Status:
        """Return the progress over all processes; resume a requested sweep that is not running."""
        job, name = self._job(sweep), name_of(sweep)
        self._poll(job)
        done, cells = job.done, job.whole.cells.size
        if done == cells:
            return Status("done", done, cells, note=job.note)
        if job.failed:
            return Status("failed", done, cells, note=job.failed)
        if not self._leases.requested(name):
            job.seen = None
            return Status("idle", done, cells)
        self._resume(job)
        state = "waiting" if job.waiting else "running"
        return Status(state, done, cells, _left(job), job.note)

    def measured(self, sweep: Sweep) -> ResultMap:
        """Return a copy of the map; cells not yet computed are marked MISSING."""
        job = self._job(sweep)
        self._poll(job)
        with job.lock:
            return ResultMap(sweep, job.whole.cells.copy())

    def _job(self, sweep: Sweep) -> Job:
        name = name_of(sweep)
        with self._lock:
            job = self._jobs.get(name)
            if job is None:
                job = self._jobs[name] = Job(sweep, ResultMap.empty(sweep), list(tiles(sweep)))
            self._jobs.move_to_end(name)
            idle = [n for n, j in self._jobs.items() if j.thread is None or not j.thread.is_alive()]
            for old in idle[: max(0, len(self._jobs) - REMEMBERED)]:
                del self._jobs[old]
        return job

    def _poll(self, job: Job) -> None:
        """Read finished tiles of other processes from the store."""
        with job.lock:
            if job.running or time.monotonic() - job.polled < POLL:
                return
            job.polled = time.monotonic()
            for tile in list(job.missing):
                cells = read_tile(tile, self._store.get(address(job.sweep, tile)))
                if cells is not None:
                    _take(job, tile, cells)

    def _resume(self, job: Job) -> None:
        with job.lock:
            if job.thread is None or not job.thread.is_alive():
                job.thread = threading.Thread(target=self._compute, args=(job,), daemon=True)
                job.thread.start()

    def _compute(self, job: Job) -> None:
        name = name_of(job.sweep)
        stop = Stop(self._leases, name)
        with self._leases.acquire(name) as mine:
            if not mine:  # another process computes it
                return
            while not self._turn.acquire(timeout=POLL):
                job.waiting = not stop.is_set()
                if not job.waiting:
                    return
            job.waiting = False
            try:
                job.running = True
                RUNS.labels("sweep").inc()
                with RUN_SECONDS.labels("sweep").time():
                    self._run(job, stop)
                self._leases.withdraw(name)
            except Cancelled:
                log.info("a sweep is cancelled")
            except Exception as error:
                log.exception("a sweep failed")
                job.failed = f"The sweep stopped: {error}"
            finally:
                job.running = False
                self._turn.release()

    def _run(self, job: Job, stop: Stop) -> None:
        def on_tile(tile: Tile, cells: Cells, _: Progress) -> None:
            with job.lock:
                if tile in job.missing:
                    _take(job, tile, cells)

        with ExitStack() as stack:
            executor: Executor | Submit
            at_once = 2 * self._threads
            try:
                if not self._scheduler:
                    raise NoCluster("")
                executor, at_once = stack.enter_context(dask_cluster(self._scheduler))
            except NoCluster as reason:
                job.note = f"{reason} The sweep runs on this machine." if str(reason) else ""
                executor = stack.enter_context(
                    ThreadPoolExecutor(self._threads, "sweep", _lower_priority)
                )
            run_sweep(job.sweep, executor, self._store, on_tile=on_tile, cancel=stop,
                      at_once=at_once, work=work_of(job.sweep))  # fmt: skip


def _take(job: Job, tile: Tile, cells: Cells) -> None:
    job.whole.fill(tile, cells)
    job.missing.remove(tile)


def _left(job: Job) -> float | None:
    """Return the estimated seconds left at the average rate; None if no tile is finished yet."""
    now, left = time.monotonic(), sum(map(work_of(job.sweep), tuple(job.missing)))
    if job.seen is None:
        job.seen = (now, left)
    began, first = job.seen
    if left >= first:
        return None
    return (now - began) * left / (first - left)


def _lower_priority() -> None:
    """Lower the current thread's priority (per thread on Linux)."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BACKGROUND)


@lru_cache(maxsize=4096)
def name_of(sweep: Sweep) -> str:
    """Return the sweep's key in the store."""
    said = f"sweep {engine_version()} {format_sweep(sweep)}"
    return "sweep-" + hashlib.sha256(said.encode()).hexdigest()


@lru_cache(maxsize=64)
def law_of(sweep: Sweep) -> TheoryMap:
    """Return the exact theory over the sweep's grid."""
    return theory_map(sweep)


@lru_cache(maxsize=64)
def work_of(sweep: Sweep) -> Callable[[Tile], float]:
    """Return a function from a tile of the sweep to its expected work."""
    return tile_work(sweep, law_of(sweep))


def install(server: Flask, settings: Settings) -> None:
    """Install the app's sweeps; call after its result cache is installed."""
    store, leases = leases_of(settings, backend_of(server))
    server.extensions[EXTENSION] = Sweeps(store, leases, settings.dask_scheduler_address)


def sweeps() -> Sweeps:
    """Return the sweeps of the current app."""
    found: Sweeps = current_app.extensions[EXTENSION]
    return found
