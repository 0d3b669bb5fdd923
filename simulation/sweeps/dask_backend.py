"""Sweeps on a Dask cluster: tiles go to the workers of a scheduler (extra `dask_cluster`).

A task is up to TOGETHER tiles: each task costs the scheduler and the client 8 ms of a core, which
small tiles would pay dearly. The tiles' addresses are the task's key, so whoever asks for the same,
the cluster computes it once; a task that nobody wants any more stops between two stretches of
paths.
Source: DESIGN.md section 11.
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

PATIENCE = 5  # seconds in which a scheduler answers
TOGETHER = 4  # tiles a task at most
AHEAD = 4 * TOGETHER  # tiles a thread of the workers, so that the next task is always at hand


class NoCluster(Exception):  # noqa: N818 - said to the user, who goes on without it
    """There is no cluster to compute on; `str` is one sentence."""


@contextmanager
def dask_cluster(scheduler: str, patience: float = PATIENCE) -> Iterator[tuple[Submit, int]]:
    """A function that submits tiles to a Dask scheduler, and how many it is to have at once.

    scheduler: its address, `tcp://host:8786`. Raises NoCluster where Dask is not installed, the
    scheduler does not answer within `patience` seconds, or it has no workers.
    """
    try:
        distributed: Any = import_module("distributed")  # an extra, imported where it is used
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
            )  # in one message; keys of one group, which the scheduler keeps until a worker is free
            pairs = zip(far, tasks, strict=True)
            return [future for one, task in pairs for future in near(client, one, len(task))]

        yield submit, AHEAD * threads


def task_size(tiles: int, threads: int) -> int:
    """Tiles a task, of so many sent at once: fewer where a thread would get less than two tasks.

    So no thread waits while another has more than its share, at the end of a sweep or where the
    cluster is large.
    """
    return max(1, min(TOGETHER, tiles // (2 * threads)))


def near(client: Any, far: Any, tiles: int) -> list[Future[bytes]]:
    """A Dask future of `tiles` tiles as a future of each; to cancel one cancels the task."""
    out: list[Future[bytes]] = [Future() for _ in range(tiles)]
    for one in out:
        one.add_done_callback(lambda done: far.cancel() if done.cancelled() else None)

    async def carry() -> None:
        try:
            (answers,) = await client.gather([far], asynchronous=True)
        except Exception as error:
            for one in out:
                with suppress(InvalidStateError):  # cancelled meanwhile
                    one.set_exception(error)
        else:
            for one, data in zip(out, answers, strict=True):
                with suppress(InvalidStateError):
                    one.set_result(data)

    client.loop.add_callback(carry)
    return out


def compute_on_worker(sweep: Sweep, some: Sequence[Tile], version: str) -> list[bytes]:
    """`compute_tile` of some tiles in a Dask task: it ends early when nobody wants it any more."""
    distributed: Any = import_module("distributed")
    cancelled = unwanted(distributed.get_worker())
    return [compute_tile(sweep, tile, version, cancelled) for tile in some]


def unwanted(worker: Any) -> Callable[[], bool]:
    """Whether the task that runs in this thread has been cancelled, as a function."""
    key = worker.get_current_task()

    def cancelled() -> bool:
        task = worker.state.tasks.get(key)
        return task is None or task.state in ("cancelled", "resumed")

    return cancelled
