"""compose.yaml's scheduler and worker, started by their lines on the loopback, run a sweep."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from simulation.storage import MemoryStore
from simulation.sweeps.dask_backend import dask_cluster
from simulation.sweeps.grid import parse_sweep
from simulation.sweeps.runner import run_sweep
from tests.deploy.redis_server import free_port
from tests.deploy.web_server import ROOT

yaml = pytest.importorskip("yaml")
pytest.importorskip("distributed", reason="the extra `dask_cluster` is not installed")

SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
QUERY = "landscape=quadratic&run=0.9&N=8&T=200&x=beta:0:0.9:3:linear&y=eta:0.01:0.1:3:log"


def line(service: str, port: int, folder: Path) -> list[str]:
    """A service's command, with the places that this machine has for compose's."""
    here = {
        "/opt/venv/bin/dask": str(Path(sys.executable).parent / "dask"),
        "tcp://scheduler:8786": f"tcp://127.0.0.1:{port}",
        "8786": str(port),
        "/tmp": str(folder),
    }
    words = SERVICES[service]["command"]
    assert words[0] in here
    return [here.get(word, word) for word in words] + ["--host", "127.0.0.1"]


@contextmanager
def started(command: list[str], said: str) -> Iterator[None]:
    """A process that has said something; stopped by its own id."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stderr
            assert any(said in line for line in process.stderr), "it ended without saying so"
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield
        finally:
            process.terminate()


def test_the_profile_names_both() -> None:
    assert {name for name, said in SERVICES.items() if said.get("profiles") == ["sweeps"]} == {
        "scheduler", "worker"
    }  # fmt: skip


@pytest.mark.slow
def test_a_sweep_runs_on_what_compose_starts(tmp_path: Path) -> None:
    port, sweep = free_port(), parse_sweep(QUERY)
    with ExitStack() as stack:
        stack.enter_context(started(line("scheduler", port, tmp_path), "Scheduler at"))
        stack.enter_context(started(line("worker", port, tmp_path), "Registered to"))
        with dask_cluster(f"tcp://127.0.0.1:{port}") as (submit, at_once):
            measured = run_sweep(sweep, submit, MemoryStore(), at_once=at_once)
    with ThreadPoolExecutor(1) as pool:
        assert measured.tobytes() == run_sweep(sweep, pool, MemoryStore()).tobytes()
    assert measured.complete
