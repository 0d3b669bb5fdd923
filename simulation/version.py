"""The version of the distribution, and of the numbers: a hash of the engine's sources.

Source: DESIGN.md section 10.
"""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from pathlib import Path

import numba
import numpy as np

__version__ = "0.1.0"


@cache
def engine_version() -> str:
    """16 hex digits that change with any line of the engine: equal versions, equal bits."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def numbers_version() -> str:
    """Return all that the numbers depend on but the experiment: engine, NumPy, Numba, machine."""
    return f"{engine_version()} {np.__version__} {numba.__version__} {platform.machine()}"
