"""One student's HTTP connection, and the log of what came over it."""

from __future__ import annotations

import asyncio
import re
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

try:
    from compression import zstd
except ImportError:  # before Python 3.14; Flask-Compress brings it along
    from backports import zstd

HEAD = 4096  # bytes of an answer that are decoded: its query and its fingerprints
WHOLE = 2**24
PATIENCE = 60  # s
Decode = Callable[[bytes, int], bytes]
DECODE: Mapping[str, Decode] = {  # coding → (body, most bytes) → its beginning
    "zstd": lambda data, most: zstd.ZstdDecompressor().decompress(data, max_length=most),
    "gzip": lambda data, most: zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, most),
    "": lambda data, most: data[:most],
}
LENGTH = re.compile(r"content-length: (\d+)")
CODING = re.compile(r"content-encoding: (\S+)")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: when it was asked for and when it was there, s, and the beginning of its body."""

    began: float
    ended: float
    status: int  # 0: none came
    head: bytes

    @property
    def good(self) -> bool:
        return self.status == 200

    @property
    def took(self) -> float:
        return self.ended - self.began


@dataclass(slots=True)
class Log:
    """Times by kind of request, s, and one line for each that failed."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)


class Connection:
    """HTTP/1.1, kept open; every request first waits for the network, `delay` s."""

    def __init__(self, host: str, port: int, coding: str, delay: float, log: Log) -> None:
        self.host, self.port, self.coding, self.delay, self.log = host, port, coding, delay, log
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, kind: str, path: str, most: int = HEAD) -> Answer:
        """Gets a path; what fails or takes longer than PATIENCE is an answer of status 0.

        most: how many bytes of the body are decoded, at most.
        """
        began = time.monotonic()
        await asyncio.sleep(self.delay)
        try:
            status, data = await asyncio.wait_for(self._get(path, most), PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
            self._close()
            status, data = 0, repr(error).encode()
        answer = Answer(began, time.monotonic(), status, data)
        self.log.times[kind].append(answer.took)
        if not answer.good:
            self.log.faults.append(f"{kind} {status} {data[:80]!r}")
        return answer

    async def _get(self, path: str, most: int) -> tuple[int, bytes]:
        if self.streams is None or self.streams[0].at_eof():
            self._close()
            self.streams = await asyncio.open_connection(self.host, self.port, limit=WHOLE)
        reader, writer = self.streams
        lines = f"GET {path} HTTP/1.1", f"Host: {self.host}", f"Accept-Encoding: {self.coding}"
        writer.write("\r\n".join([*lines, "", ""]).encode())
        await writer.drain()
        said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length, coding = LENGTH.search(said), CODING.search(said)
        data = await reader.readexactly(int(length[1])) if length else b""
        if "connection: close" in said:
            self._close()
        return int(said.split(" ", 2)[1]), DECODE[coding[1] if coding else ""](data, most)

    def _close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None
