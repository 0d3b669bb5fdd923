"""HTML attributes whose names have a dash: `attributes(aria_label="Controls")`."""

from __future__ import annotations

from typing import Any


def attributes(**named: str) -> dict[str, Any]:
    """Return the attributes with `_` replaced by `-`, to be passed as `**attributes(…)`."""
    return {name.replace("_", "-"): value for name, value in named.items()}
