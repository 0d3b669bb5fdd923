"""Parts of an answer that are JSON already: made once, put together for each answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_ENCODER = json.JSONEncoder(separators=(",", ":"), default=lambda part: part.to_plotly_json())


def encode(value: Any) -> str:
    """The JSON of a value, which may hold Dash's components; in ASCII."""
    return _ENCODER.encode(value)


def encode_each(values: Mapping[str, Any]) -> dict[str, str]:
    """Each value's JSON."""
    return {name: encode(value) for name, value in values.items()}


def join(parts: Mapping[str, str]) -> str:
    """The JSON object of parts that are JSON; their names need no escapes."""
    return "{" + ",".join(f'"{name}":{part}' for name, part in parts.items()) + "}"
