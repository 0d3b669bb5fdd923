"""The real gunicorn and nginx on free ports of the loopback, stopped by their own process ids."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import psutil

from tests.deploy.redis_server import free_port
from tests.waiting import PATIENCE, wait_for

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


@dataclass
class Server:
    """A running server: its address, its process and the file that it logs to."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def get(self, path: str, timeout: float = PATIENCE) -> tuple[int, bytes]:
        """Status and body of a GET; an error status is no exception."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def memory(self) -> int:
        """Bytes that all its processes take together, shared pages counted once."""
        whole = psutil.Process(self.process.pid)
        return sum(p.memory_full_info().pss for p in (whole, *whole.children(recursive=True)))

    def counter(self, name: str) -> float:
        """The sum of a counter of /metrics over its labels."""
        text = self.get("/metrics")[1].decode()
        return sum(
            float(line.rpartition(" ")[2])
            for line in text.splitlines()
            if line.startswith(f"{name}_total")
        )

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code; killed, and −9, where it does not go."""
        self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def running(command: list[str], url: str, log: Path, **options: object) -> Iterator[Server]:
    """Starts a command, waits until `url` + /readyz answers 200, and stops it."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, **options)  # type: ignore[call-overload]
        server = Server(url, process, log)
        try:
            wait_for(lambda: answers(f"{url}/readyz"), process)
            yield server
        finally:
            if process.poll() is None:
                server.stop()


@contextmanager
def running_gunicorn(
    log: Path, environment: Mapping[str, str] | None = None, tree: Path = ROOT
) -> Iterator[Server]:
    """The app as the image starts it, from the sources in `tree`."""
    port = free_port()
    given = {"HOST": "127.0.0.1", "PORT": str(port), "WEB_WORKERS": "2", "LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:app.server.gunicorn_conf"]
    with running(
        command, f"http://127.0.0.1:{port}", log, cwd=tree,
        env={**os.environ, **given, **(environment or {})},
    ) as server:  # fmt: skip
        yield server


@contextmanager
def running_nginx(
    folder: Path, behind: Server, changes: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Server]:
    """compose.yaml's proxy in front of `behind`: its configuration, with ports of this run.

    It waits for slow clients longer than any test does, so that none is given up meanwhile.
    changes: text of the configuration → what stands in its place.
    """
    port = free_port()
    text = (ROOT / "docs/nginx.conf").read_text()
    for theirs, ours in (
        ("server web:8050;", f"server 127.0.0.1:{behind.port};"),
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("/tmp/", f"{folder}/"),
        ("client_header_timeout 10s;", f"client_header_timeout {2 * PATIENCE}s;"),
        ("client_body_timeout 10s;", f"client_body_timeout {2 * PATIENCE}s;"),
        *changes.items(),
    ):
        assert theirs in text
        text = text.replace(theirs, ours)
    conf = folder / "nginx.conf"
    conf.write_text(text)
    assert NGINX
    folder.chmod(0o755)
    command = [NGINX, "-p", str(folder), "-c", str(conf), "-g", "daemon off;"]
    if os.geteuid() == 0:
        command[-1] += " user root;"
    with running(command, f"http://127.0.0.1:{port}", folder / "nginx.log") as server:
        yield server
