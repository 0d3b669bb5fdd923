"""What the Dockerfile says, done here: installed into an empty place, started from a read-only one.

No container engine is needed: the build stage's RUN lines run in an empty directory with an empty
environment, and the start line as a user without rights on a tree that nobody may write to.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.redis_server import free_port
from tests.deploy.web_server import ROOT, running

TEXT = (ROOT / "Dockerfile").read_text().replace("\\\n", "")


def words(name: str, stage: str = TEXT) -> list[str]:
    """The contents of all lines of one instruction."""
    lines = (line.split(None, 1) for line in stage.splitlines() if line.strip("# ")[:1].isupper())
    return [rest for key, rest in lines if key == name]


def variables(stage: str) -> dict[str, str]:
    return dict(re.findall(r"(\w+)=(\S+)", " ".join(words("ENV", stage))))


BUILD, FINAL = ("FROM" + part for part in TEXT.split("FROM")[1:])


def test_it_is_hardened() -> None:
    assert words("USER", FINAL) == ["10001:10001"]
    assert all(image.split()[0] == "python:3.13-slim" for image in words("FROM"))
    for line in (*words("CMD", FINAL), words("HEALTHCHECK", FINAL)[0].partition("CMD ")[2]):
        assert isinstance(json.loads(line), list)  # exec form: signals reach the server
    assert "curl" not in TEXT
    assert "--require-hashes" in TEXT
    assert "<<" not in TEXT
    assert "--link" not in TEXT


def test_the_lock_file_names_no_place_and_covers_the_machines() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    pins = re.findall(r"(?m)^([A-Za-z0-9_.-]+)==\S+.*\\\n((?:    --hash=.*\n)+)", lock)
    assert len(pins) == len(re.findall(r"(?m)^[A-Za-z0-9]", lock))  # every pin has hashes
    assert "\n# For tests\n" in lock


@pytest.fixture(scope="module")
def tree() -> Iterator[Path]:
    """The image's /opt, built by the Dockerfile's own lines, then made read-only."""
    top = Path(tempfile.mkdtemp(prefix="saddlescape-image-"))
    top.chmod(0o755)
    home = top / "opt/saddlescape"
    home.mkdir(parents=True)
    for source in ("requirements.lock", "app", "assets", "simulation"):
        assert source in " ".join(words("COPY", BUILD))
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, home / source,
                            ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
        else:
            shutil.copy(ROOT / source, home / source)
    keep = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "LANG"))}
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    given = {"PATH": path, "HOME": str(top)} | moved(variables(BUILD), top)
    for line in words("RUN", BUILD):
        command = moved({"": line}, top)[""].replace("/tmp/run.lock", f"{top}/run.lock")
        subprocess.run(["/bin/sh", "-ec", command], cwd=home, env=keep | given, check=True)
    subprocess.run(["chmod", "-R", "a-w", str(top)], check=True)
    yield top
    subprocess.run(["chmod", "-R", "u+w", str(top)], check=True)
    shutil.rmtree(top)


def moved(values: dict[str, str], top: Path) -> dict[str, str]:
    """The values with the image's /opt where this test has it."""
    return {key: value.replace("/opt/", f"{top}/opt/") for key, value in values.items()}


def without_rights(python: str) -> list[str]:
    """A prefix that gives up root: another user, or where it cannot reach Python no capability."""
    if os.geteuid() != 0:
        return []
    user = ["setpriv", "--reuid", "10001", "--regid", "10001", "--clear-groups", "--no-new-privs"]
    if subprocess.run([*user, python, "-c", ""], capture_output=True, check=False).returncode == 0:
        return user
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]


@pytest.mark.slow  # installs every package and compiles every kernel
@pytest.mark.skipif(sys.platform != "linux", reason="an image is for Linux")
def test_it_starts_without_rights_on_a_read_only_tree(tree: Path) -> None:
    command = [word.replace("/opt/", f"{tree}/opt/") for word in json.loads(words("CMD", FINAL)[0])]
    probe = words("HEALTHCHECK", FINAL)[0].partition("CMD ")[2]
    check = [word.replace("/opt/", f"{tree}/opt/") for word in json.loads(probe)]
    port = free_port()
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o777)
        given = moved(variables(FINAL), tree) | {
            "HOST": "127.0.0.1", "PORT": str(port), "HOME": scratch, "TMPDIR": scratch,
            "PATH": f"{tree}/opt/venv/bin:/usr/bin:/bin",
        }  # fmt: skip
        prefix = without_rights(command[0].replace("gunicorn", "python"))
        home = tree / "opt/saddlescape"
        log = Path(scratch) / "log"
        with running(
            [*prefix, *command], f"http://127.0.0.1:{port}", log, cwd=home, env=given
        ) as server:
            assert server.get("/")[0] == 200
            assert server.get("/assets/page.css")[0] == 200
            assert server.get("/api/v1/run?T=100")[0] == 200
            done = subprocess.run([*prefix, *check], cwd=home, env=given, check=False)
            assert done.returncode == 0
            touch = [*prefix, "touch", str(home / "x")]
            assert subprocess.run(touch, capture_output=True, check=False).returncode  # read-only
            assert server.stop() == 0
        assert not [line for line in log.read_text().splitlines() if '"error"' in line]
        done = subprocess.run([*prefix, *check], cwd=home, env=given, check=False)
        assert done.returncode == 1
