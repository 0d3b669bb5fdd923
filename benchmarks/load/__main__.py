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

from benchmarks.common.measure import machine, quantiles
from benchmarks.common.revision import ROOT, checked_out, environment
from benchmarks.load.client import Connection, Log
from benchmarks.load.student import Student, values_of
from benchmarks.load.tally import Drag, Tally, middle, tally
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


def report(found: Tally) -> None:
    """Prints what the class had while it dragged."""

    def ms(pair: tuple[float, ...]) -> str:
        return " / ".join(f"{1000 * value:.0f}" for value in pair)

    print(f"  {found.drags:.0f} drags, {found.lost:.0f} releases lost; {found.capacity:.1f} "
          f"answers a second; released → all paths {ms(found.release)} ms")  # fmt: skip
    print(f"  dragging: answer p50 / p95 {ms(found.answer)} ms; age {ms(found.age)} ms; "
          f"{found.pictures:.1f} pictures a second (the slowest student {found.slowest:.1f}; "
          f"none in {found.blind:.0f} drags)", flush=True)  # fmt: skip


def requests(log: Log) -> None:
    """Prints how many requests there were, the failed ones, and the rush at the beginning."""
    count = sum(map(len, log.times.values()))
    print(f"  {count} requests, {len(log.faults)} failed", *log.faults[:3])
    for kind in ("page", "file", "layout"):
        p50, p95 = (1000 * value for value in quantiles(log.times[kind], 0.5, 0.95))
        print(f"  {kind:7} {len(log.times[kind]):6} × p50 {p50:.1f}  p95 {p95:.1f} ms")


def tell(server: Server) -> None:
    """How often the engine ran, and the memory of all processes."""
    runs = server.counter("saddlescape_engine_runs")
    print(f"  the engine ran {runs:.0f} times; all processes {server.memory() / 1e6:.0f} MB; "
          f"{machine()}", flush=True)  # fmt: skip


def attended(url: str, given: argparse.Namespace) -> Tally:
    """One class, and what it had."""
    log = Log()
    print(f"  {given.students} students for {given.seconds:g} s")
    found = asyncio.run(attend(url, given, log))
    requests(log)
    report(found)
    return found


def lesson(tree: Path, given: argparse.Namespace) -> Tally:
    """One class with a server of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_gunicorn(Path(folder) / "log", environment(tree), tree) as server,
    ):
        if given.fuzz:
            from benchmarks import fuzz  # noqa: PLC0415 - it makes an app of its own

            fuzz.run(given.fuzz, *fuzz.there(server.port))
            tell(server)
        found = attended(server.url, given)
        tell(server)
    return found


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
        attended(given.url, given)
        return
    with ExitStack() as stack:
        trees = {"ours": ROOT}
        if given.against:
            trees[given.against] = stack.enter_context(checked_out(given.against))
        found: dict[str, list[Tally]] = {name: [] for name in trees}
        for turn in range(given.turns):
            for name in reversed(trees) if turn % 2 else trees:
                print(name)
                found[name].append(lesson(trees[name], given))
    for name, turns in found.items() if given.turns > 1 else ():
        print(f"{name}, medians of {given.turns} turns")
        report(middle(turns))


if __name__ == "__main__":
    main()
