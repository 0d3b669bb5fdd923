"""Sweeps on a Dask cluster: tiles are computed by a scheduler's workers (`dask_cluster`).

A task has up to TOGETHER tiles, because each task costs the scheduler and the client 8 ms of a
core. The tiles' addresses are the task's key, so that the cluster computes equal requests once. A
cancelled task stops between two batches of paths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from simulation.sweeps.grid import Sweep
from simulation.sweeps.runner import Submit
from simulation.sweeps.tiles import Tile, address, compute_tile
from simulation.version import engine_version

PATIENCE = 5  # timeout of the scheduler in seconds
TOGETHER = 4  # most tiles per task
AHEAD = 4 * TOGETHER  # tiles submitted per worker thread, so that no thread is idle


class NoCluster(Exception):  # noqa: N818 - reported to the user, not a failure
    """Raised if there is no cluster to compute on; `str` is one sentence."""


@contextmanager
def dask_cluster(scheduler: str, patience: float = PATIENCE) -> Iterator[tuple[Submit, int]]:
    """Context manager: a function that submits tiles to a Dask scheduler, and its `at_once`.

    scheduler: its address, `tcp://host:8786`. Raises NoCluster if Dask is not installed, the
    scheduler does not answer within `patience` seconds, or it has no workers.
    """
    try:
        distributed: Any = import_module("distributed")  # optional dependency
    except ModuleNotFoundError:
        raise NoCluster(
            "Dask is not installed here (pip install 'saddlescape[cluster]')."
        ) from None
    try:
        client = distributed.Client(scheduler, timeout=patience, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(f"No Dask scheduler answers at {scheduler}.") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise NoCluster(f"The Dask scheduler at {scheduler} has no workers.")

        def submit(sweep: Sweep, some: Sequence[Tile]) -> list[Future[bytes]]:
            size = task_size(len(some), threads)
            tasks = [some[at : at + size] for at in range(0, len(some), size)]
            far = client.map(
                compute_on_worker,
                [sweep] * len(tasks),
                tasks,
                version=engine_version(),
                key=[("tiles", *(address(sweep, tile) for tile in task)) for task in tasks],
            )  # one message; keys of one group, which the scheduler queues until a worker is free
            pairs = zip(far, tasks, strict=True)
            return [future for one, task in pairs for future in near(client, one, len(task))]

        yield submit, AHEAD * threads


def task_size(tiles: int, threads: int) -> int:
    """Return the number of tiles per task: fewer if a thread would get less than two tasks.

    This balances the load at the end of a sweep and on large clusters.
    """
    return max(1, min(TOGETHER, tiles // (2 * threads)))


def near(client: Any, far: Any, tiles: int) -> list[Future[bytes]]:
    """Split a Dask future of `tiles` tiles into one future per tile.

    Cancelling one of them cancels the task.
    """
    out: list[Future[bytes]] = [Future() for _ in range(tiles)]
    for one in out:
        one.add_done_callback(lambda done: far.cancel() if done.cancelled() else None)

    async def carry() -> None:
        try:
            (answers,) = await client.gather([far], asynchronous=True)
        except Exception as error:
            for one in out:
                with suppress(InvalidStateError):  # already cancelled
                    one.set_exception(error)
        else:
            for one, data in zip(out, answers, strict=True):
                with suppress(InvalidStateError):
                    one.set_result(data)

    client.loop.add_callback(carry)
    return out


def compute_on_worker(sweep: Sweep, some: Sequence[Tile], version: str) -> list[bytes]:
    """Run `compute_tile` on some tiles in a Dask task, which stops early if it is cancelled."""
    distributed: Any = import_module("distributed")
    cancelled = unwanted(distributed.get_worker())
    return [compute_tile(sweep, tile, version, cancelled) for tile in some]


def unwanted(worker: Any) -> Callable[[], bool]:
    """Return a function that tells whether the current task has been cancelled."""
    key = worker.get_current_task()

    def cancelled() -> bool:
        task = worker.state.tasks.get(key)
        return task is None or task.state in ("cancelled", "resumed")

    return cancelled
