"""A real redis-server on a free port of the loopback, for tests and load runs."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import redis


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RedisServer:
    """Started, killed, stopped (SIGSTOP) and continued by its own process id."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no",
                   "maxmemory": "64mb", "maxmemory-policy": "allkeys-lru"}  # fmt: skip
        words = [f"--{name} {value}".strip() for name, value in options.items()]
        command = ["redis-server", *(part for word in words for part in word.split(" ", 1))]
        if "--save" in command:
            command.insert(command.index("--save") + 1, "")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert self.process.stdout
        for line in self.process.stdout:
            if b"Ready to accept connections" in line:
                return
        raise RuntimeError("redis-server did not start")

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """A running server, gone afterwards whatever has been done to it."""
    server = RedisServer()
    server.start()
    try:
        yield server
    finally:
        if server.process:
            server.kill()


def installed() -> bool:
    """Whether Debian's redis-server, or another, is on this machine."""
    return shutil.which("redis-server") is not None
