"""Markers by folder, Hypothesis profiles, and kernels that are compiled before workers start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

TESTS = Path(__file__).parent
MARKED_FOLDERS = ("browser", "deploy")
LONGEST = ("test_every_tab.py", "test_agreement.py")
LEFT_OUT = re.compile(r"not \((.*)\)")  # of a mark expression, as in the Makefile

# Workers share the cores: threads of BLAS and torch would wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Every run draws fresh cases, in CI too; a failure prints what reproduces it. Nothing is timed.
settings.register_profile(
    "commit",
    max_examples=100,
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=DirectoryBasedExampleDatabase(TESTS.parent / ".hypothesis/examples"),
)
settings.register_profile("slow", parent=settings.get_profile("commit"), max_examples=1000)
settings.load_profile("commit")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of a folder by its name; put the longest modules first, one a worker."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in MARKED_FOLDERS:
            item.add_marker(folder)
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no folder or `long` module that is left out as a whole: torch alone takes seconds."""
    found = LEFT_OUT.search(config.option.markexpr)
    left_out = found[1].split(" or ") if found else []
    if collection_path.parent == TESTS and collection_path.name in MARKED_FOLDERS:
        return collection_path.name in left_out or None
    if collection_path.suffix != ".py" or "long" not in left_out:
        return None
    return "pytestmark = pytest.mark.long\n" in collection_path.read_text("utf-8") or None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Compile the kernels once, on disk, before several workers would at the same time."""
    subprocess.run([sys.executable, "-m", "app", "warm"], cwd=TESTS.parent, check=True)
