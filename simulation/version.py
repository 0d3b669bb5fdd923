"""The engine's version: a hash of its sources, part of every address under which a result lies.

Source: DESIGN.md section 10.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path


@cache
def engine_version() -> str:
    """16 hex digits that change with any line of the engine: equal versions, equal bits."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
