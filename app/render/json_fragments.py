"""JSON fragments: encoded once, joined for each response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_ENCODER = json.JSONEncoder(separators=(",", ":"), default=lambda part: part.to_plotly_json())


def encode(value: Any) -> str:
    """Return a value as ASCII JSON; the value may contain Dash components."""
    return _ENCODER.encode(value)


def encode_each(values: Mapping[str, Any]) -> dict[str, str]:
    """Return each value as JSON."""
    return {name: encode(value) for name, value in values.items()}


def join(parts: Mapping[str, str]) -> str:
    """Return the JSON object of encoded parts; their names must need no escapes."""
    return "{" + ",".join(f'"{name}":{part}' for name, part in parts.items()) + "}"
