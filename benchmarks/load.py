"""A class at once: all open one link, then each drags β, with 1–5 s of thought between.

`python -m benchmarks.load [--students 100] [--seconds 60] [--drag 1] [--shared] [--fuzz N]
[--url …]`; a drag asks for so many positions before the release. Without a URL it starts gunicorn
itself, on the loopback, and may send it N hostile requests first. Prints failures and the quantiles
of the answers' times.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np

from tests.deploy.web_server import Server, running_gunicorn

THINK = (1.0, 5.0)


class Reader:
    """One student's connection: HTTP/1.1, kept open."""

    def __init__(self, port: int, log: dict[str, list[float]], faults: list[str]) -> None:
        self.port, self.log, self.faults = port, log, faults
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, kind: str, path: str, body: bytes | None = None) -> bytes:
        """The answer's body; its time goes to the log under `kind`."""
        began = time.perf_counter()
        try:
            status, data = await asyncio.wait_for(self.once(path, body), 60)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
            self.streams, status, data = None, 0, repr(error).encode()
        self.log[kind].append(time.perf_counter() - began)
        if status != 200:
            self.faults.append(f"{kind} {status} {data[:80]!r}")
        return data

    async def once(self, path: str, body: bytes | None) -> tuple[int, bytes]:
        if self.streams is None or self.streams[0].at_eof():
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)
        reader, writer = self.streams
        method = "GET" if body is None else "POST"
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: identity\r\n"
        if path.startswith(("/assets", "/_dash-component")):
            head = head.replace("identity", "gzip")
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer.write(head.encode() + b"\r\n" + (body or b""))
        await writer.drain()
        said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: (\d+)", said)
        data = await reader.readexactly(int(length[1])) if length else b""
        if "connection: close" in said:
            writer.close()
            self.streams = None
        return int(said.split(" ", 2)[1]), data


async def student(reader: Reader, number: int, until: float, drag: int, shared: bool) -> None:
    """Opens the page with its files, then drags and thinks until the time is up."""
    dice = random.Random(number)
    seed = 1
    page = (await reader.ask("page", f"/?seed={seed}")).decode()
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        await reader.ask("file", path)
    await reader.ask("layout", f"/_dash-layout?seed={seed}")
    await reader.ask("layout", "/_dash-dependencies")
    have = ""
    while time.monotonic() < until:
        await asyncio.sleep(dice.uniform(*THINK))
        beta = 0.9 if shared else dice.uniform(0.3, 0.99)
        for step in range(drag):
            beta = beta if shared else min(0.999, beta + 0.001 * step)
            query = f"run=0,0.3,0.5,0.7,{beta:.3f}&seed={seed}"
            said = await reader.ask("drag", f"/live?q={quote(query)}&edits=%7B%7D&have={have}")
            have = ",".join(json.loads(said)["looks"].values())
        await reader.ask("release", f"/live?q={quote(query)}&have={have}&rest=1")


async def everybody(
    port: int, students: int, seconds: float, drag: int, shared: bool
) -> dict[str, Any]:
    """Times by kind of request, and faults."""
    log: dict[str, list[float]] = defaultdict(list)
    faults: list[str] = []
    until = time.monotonic() + seconds
    await asyncio.gather(*(
        student(Reader(port, log, faults), i, until, drag, shared) for i in range(students)
    ))  # fmt: skip
    return {"log": log, "faults": faults}


def report(students: int, result: dict[str, Any]) -> None:
    """Prints the table."""
    print(f"{students} students, {sum(map(len, result['log'].values()))} requests, "
          f"{len(result['faults'])} failed {result['faults'][:3]}")  # fmt: skip
    for kind, took in result["log"].items():
        p50, p95, p99 = np.percentile(np.array(took) * 1000, [50, 95, 99])
        print(f"  {kind:9} {len(took):6} × p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--drag", type=int, default=1, help="positions of one drag")
    parser.add_argument("--shared", action="store_true", help="all on one link, and no drag")
    parser.add_argument("--fuzz", type=int, default=0, help="hostile requests before the class")
    parser.add_argument("--url", default="")
    given = parser.parse_args()
    settings = (given.students, given.seconds, given.drag, given.shared)
    if given.url:
        report(given.students, asyncio.run(everybody(urlsplit(given.url).port or 80, *settings)))
        return
    with tempfile.TemporaryDirectory() as folder, running_gunicorn(Path(folder) / "log") as server:
        if given.fuzz:
            from benchmarks import fuzz  # noqa: PLC0415 - it makes an app of its own

            fuzz.run(given.fuzz, *fuzz.there(server.port))
            tell(server)
        report(given.students, asyncio.run(everybody(server.port, *settings)))
        tell(server)


def tell(server: Server) -> None:
    """How often the engine ran, and the memory of all processes."""
    runs = server.counter("saddlescape_engine_runs")
    print(f"  the engine ran {runs:.0f} times; all processes {server.memory() / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
