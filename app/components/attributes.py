"""HTML attributes whose names have a dash: `attributes(aria_label="Controls")`. Knows nobody."""

from __future__ import annotations

from typing import Any


def attributes(**named: str) -> dict[str, Any]:
    """The attributes with `_` read as `-`, to be passed on as `**attributes(…)`."""
    return {name.replace("_", "-"): value for name, value in named.items()}
