"""The body of an answer of /live: JSON, or JSON followed by its arrays as plain float32 numbers.

The browser asks for the second (`as=binary`) while a slider is dragged: nothing is decoded from
base64 or compressed. An answer with whole figures, whose many arrays compress well, is JSON too.
"""

from __future__ import annotations

import json
import struct
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

ALIGNED = 4  # bytes: where a Float32Array may begin
WIDTH = 4  # bytes of a float32
_ENCODER = json.JSONEncoder(separators=(",", ":"), default=lambda part: part.to_plotly_json())


@dataclass(frozen=True, slots=True)
class Body:
    """A response's body and its media type."""

    data: bytes
    mimetype: str


def encode(value: Any) -> bytes:
    """Return a value as ASCII JSON; the value may contain Dash components."""
    return _ENCODER.encode(value).encode("ascii")


def as_json(answer: Mapping[str, Any], delta: Mapping[str, Any]) -> Body:
    """Return the answer and its delta as one JSON object; arrays are in base64."""
    return Body(encode({**answer, "frame": delta}), "application/json")


def as_binary(answer: Mapping[str, Any], delta: Mapping[str, Any]) -> Body:
    """Return the length of the JSON (uint32, little-endian), the JSON, and the delta's arrays.

    In the JSON, `frame.arrays` has the arrays' lengths; their numbers follow in the same order.
    With whole figures the body is that of `as_json`.
    """
    if answer["figures"]:
        return as_json(answer, delta)
    arrays = [b64decode(spec["bdata"]) for spec in delta["arrays"]]
    frame = {**delta, "arrays": [len(array) // WIDTH for array in arrays]}
    text = encode({**answer, "frame": frame})
    text += b" " * (-len(text) % ALIGNED)
    data = b"".join((struct.pack("<I", len(text)), text, *arrays))
    return Body(data, "application/octet-stream")


BODIES: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Body]] = MappingProxyType(
    {"json": as_json, "binary": as_binary}
)
"""Value of `as` → the encoder."""
