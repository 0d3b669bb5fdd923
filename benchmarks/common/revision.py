"""Another revision of the project, checked out beside this one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """The folder of a git worktree of `revision`; removed at the end.

    Raises CalledProcessError where git knows no such revision. Its kernels are compiled first,
    which takes a minute or two.
    """
    git = ("git", "-C", str(ROOT), "worktree")
    with tempfile.TemporaryDirectory(prefix="saddlescape-") as folder:
        tree = Path(folder) / "tree"
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), revision], check=True)
        try:
            subprocess.run(
                [sys.executable, "-m", "app", "warm"], cwd=tree, env=environment(tree), check=True
            )
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def environment(tree: Path) -> dict[str, str]:
    """The environment of a process that imports `app` and `simulation` from `tree`."""
    return os.environ | {"PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1"}
