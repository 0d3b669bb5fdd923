"""A class at once: all open the page, then each drags β for a second and thinks for 1 to 5 s.

`python -m benchmarks.load [--students 100] [--seconds 60] [--shared] [--against REV] [--turns 1]
[--network MS] [--coding zstd] [--fuzz N] [--url http://…]`. A drag goes over 30 values in its
second, on a seed of its own, so that the engine runs for every answer; with `--shared` all drag
over the same values on one seed. Without a URL gunicorn is started as the image starts it, and may
be sent N hostile requests first. Prints failures and the quantiles of the answers' times.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from benchmarks.common.measure import machine
from benchmarks.common.revision import ROOT, checked_out, environment
from benchmarks.load.client import Connection, Log
from benchmarks.load.student import Student, values_of
from benchmarks.load.tally import Drag, Tally, tally
from tests.deploy.web_server import Server, running_gunicorn


class Follower(Student):
    """A student on the link that all are on: drags over everybody's values."""

    async def drag(self, seed: int, positions: Sequence[float]) -> Drag:
        return await super().drag(*values_of(0, 0))


async def attend(url: str, given: argparse.Namespace, log: Log) -> Tally:
    """The class opens the page, and once all have it, drags for the time given."""
    kind = Follower if given.shared else Student
    there = urlsplit(url)
    host, port = there.hostname or "127.0.0.1", there.port or 80
    students = [
        kind(n, Connection(host, port, given.coding, given.network / 1000, log))
        for n in range(given.students)
    ]
    await asyncio.gather(*(one.open("seed=1") for one in students))
    began = time.monotonic()
    until = began + given.seconds
    drags = await asyncio.gather(*(one.drags(until) for one in students))
    return tally([drag for its in drags for drag in its], began, until)


def report(students: int, found: Tally, log: Log) -> None:
    """Prints what the class had."""

    def ms(pair: tuple[float, ...]) -> str:
        return " / ".join(f"{1000 * value:.0f}" for value in pair)

    requests = sum(map(len, log.times.values()))
    print(f"  {students} students, {found.drags} drags, {requests} requests, "
          f"{len(log.faults)} failed, {found.lost} releases lost", *log.faults[:3])  # fmt: skip
    print(f"  dragging: answer p50 / p95 {ms(found.answer)} ms; age {ms(found.age)} ms; "
          f"{found.pictures:.1f} pictures a second (the slowest student {found.slowest:.1f}; "
          f"none in {found.blind} drags)")  # fmt: skip
    print(f"  released → all paths {ms(found.release)} ms; {found.capacity:.1f} answers a second")
    for kind in ("page", "file", "layout"):
        p50, p95 = np.percentile(np.array(log.times[kind]) * 1000, [50, 95])
        print(f"  {kind:7} {len(log.times[kind]):6} × p50 {p50:.1f}  p95 {p95:.1f} ms")


def tell(server: Server) -> None:
    """How often the engine ran, and the memory of all processes."""
    runs = server.counter("saddlescape_engine_runs")
    print(f"  the engine ran {runs:.0f} times; all processes {server.memory() / 1e6:.0f} MB; "
          f"{machine()}", flush=True)  # fmt: skip


def lesson(tree: Path, given: argparse.Namespace) -> None:
    """One class with a server of its own."""
    log = Log()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_gunicorn(Path(folder) / "log", environment(tree), tree) as server,
    ):
        if given.fuzz:
            from benchmarks import fuzz  # noqa: PLC0415 - it makes an app of its own

            fuzz.run(given.fuzz, *fuzz.there(server.port))
            tell(server)
        report(given.students, asyncio.run(attend(server.url, given, log)), log)
        tell(server)


def main() -> None:
    """Runs the classes, turn and turn about with those of another revision."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--shared", action="store_true", help="all over the same values")
    parser.add_argument("--against", metavar="REV", help="a revision to stand beside")
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--network", type=float, default=0, metavar="MS")
    parser.add_argument("--coding", choices=("zstd", "gzip", "identity"), default="zstd",
                        help="zstd: a browser over TLS; gzip: without")  # fmt: skip
    parser.add_argument("--fuzz", type=int, default=0, help="hostile requests before the class")
    parser.add_argument("--url", default="", help="a server that runs already, over plain HTTP")
    given = parser.parse_args()
    if given.url:
        log = Log()
        report(given.students, asyncio.run(attend(given.url, given, log)), log)
        return
    with ExitStack() as stack:
        trees = {"ours": ROOT}
        if given.against:
            trees[given.against] = stack.enter_context(checked_out(given.against))
        for _ in range(given.turns):
            for name, tree in trees.items():
                print(name)
                lesson(tree, given)


if __name__ == "__main__":
    main()
