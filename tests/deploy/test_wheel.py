"""`pip install .` outside the checkout serves the page with all that belongs to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.deploy.redis_server import free_port
from tests.deploy.web_server import ROOT, running


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps",
               "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]  # fmt: skip
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def test_every_file_of_the_packages_travels(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "app", "simulation", "assets"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"app/{name}" if name.startswith("assets/") else name for name in tracked
              if (ROOT / name).exists()}  # fmt: skip
    assert wanted
    assert wanted <= inside


def test_it_serves_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    for kernel in (ROOT / "simulation").rglob("__pycache__/*.nb[ci]"):  # compiled already
        there = site / kernel.relative_to(ROOT)
        there.parent.mkdir(exist_ok=True)
        shutil.copy(kernel, there)
    port = free_port()
    environment = os.environ | {"PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    with running(
        [sys.executable, "-m", "app", "--port", str(port)], f"http://127.0.0.1:{port}",
        tmp_path / "log", cwd=tmp_path, env=environment,
    ) as server:  # fmt: skip
        assert server.get("/")[0] == 200
        for asset in (ROOT / "assets").rglob("*.*"):
            path = asset.relative_to(ROOT).as_posix()
            assert server.get(f"/{path}") == (200, asset.read_bytes())
    where = "import app; print(app.__file__)"
    said = subprocess.run([sys.executable, "-c", where], cwd=tmp_path, env=environment,
                          check=True, capture_output=True, text=True).stdout  # fmt: skip
    assert said.startswith(str(site))
