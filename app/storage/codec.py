"""Serialise records to plain bytes and back, bit for bit: a JSON head, then the arrays' buffers.

No pickle: data from a shared cache may be wrong but cannot execute code. Layout: magic, CRC-32 of
the rest, length of the head, head, arrays; head and arrays are padded to multiples of ALIGNMENT.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import fields
from math import prod
from typing import Any
from zlib import crc32

import numpy as np

from simulation.diagnostics.escape import EscapeStatistics
from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.model.query import format_query, parse_query
from simulation.results.beta_measurement import Measurement
from simulation.results.escape_distribution import Distribution
from simulation.results.property_panels import Panel, Properties
from simulation.results.summary import Arrows, Band, Summary
from simulation.results.terrain import Terrain

MAGIC = b"SADDLE01"
ALIGNMENT = 16
DTYPES = frozenset({"<f8", "<f4", "<i8", "<i4", "<i2", "<u8", "<u4", "|u1", "|b1"})
RECORDS: Mapping[str, type] = {
    record.__name__: record
    for record in (
        Summary,
        Band,
        EscapeStatistics,
        Terrain,
        Contender,
        Distribution,
        Properties,
        Panel,
        Measurement,
        Arrows,
    )
}
"""Record types that can be serialised, by name."""

_PREFIX = struct.Struct("<8sII")


class CodecError(ValueError):
    """Bytes that `pack` did not write, or that are truncated or damaged."""


def pack(value: Any) -> bytes:
    """Return a value as bytes; raises TypeError for an unsupported type.

    value: made of RECORDS, experiments, arrays, tuples, lists, mappings and scalars.
    """
    arrays: list[bytes] = []
    head = json.dumps(_describe(value, arrays), separators=(",", ":")).encode()
    body = b"".join(part + b"\0" * (-len(part) % ALIGNMENT) for part in (head, *arrays))
    return _PREFIX.pack(MAGIC, crc32(body), len(head)) + body


def unpack(data: bytes) -> Any:
    """Return the value that `pack` wrote; its arrays are read-only views. Raises CodecError."""
    try:
        magic, check, length = _PREFIX.unpack_from(data)
        body = memoryview(data)[_PREFIX.size :]
        if magic != MAGIC or crc32(body) != check:
            raise CodecError("not written by this program, or damaged")
        return _Reader(body, length).build(json.loads(bytes(body[:length])))
    except CodecError:
        raise
    except (ValueError, TypeError, LookupError, struct.error, RecursionError) as error:
        raise CodecError(f"unreadable: {type(error).__name__}") from error


def _describe(value: Any, arrays: list[bytes]) -> Any:
    """Return a JSON description of the value; appends the arrays' bytes to `arrays`."""
    if isinstance(value, np.ndarray | np.generic):
        return _describe_array(value, arrays)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Experiment):
        return {"experiment": format_query(value)}
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_describe(item, arrays) for item in value]}
    if isinstance(value, Mapping):
        return {"map": [[_describe(k, arrays), _describe(v, arrays)] for k, v in value.items()]}
    name = type(value).__name__
    if RECORDS.get(name) is not type(value):
        raise TypeError(f"{name} has no plain bytes")
    names = (f.name for f in fields(RECORDS[name]))
    parts = {part: _describe(getattr(value, part), arrays) for part in names}
    return {"record": name, "fields": parts}


def _describe_array(value: np.ndarray | np.generic, arrays: list[bytes]) -> dict[str, Any]:
    array = np.asarray(value)
    dtype = array.dtype.newbyteorder("<").str
    if dtype not in DTYPES:
        raise TypeError(f"arrays of {array.dtype} have no plain bytes")
    arrays.append(np.ascontiguousarray(array, dtype=dtype).tobytes())
    return {"array": dtype, "shape": array.shape, "scalar": isinstance(value, np.generic)}


class _Reader:
    """Builds values from their descriptions, reading arrays from the body in order."""

    def __init__(self, body: memoryview, head: int) -> None:
        self.body = body
        self.at = head + -head % ALIGNMENT

    def build(self, said: Any) -> Any:
        if not isinstance(said, dict):
            return said
        kind = next(iter(said))
        return _KINDS[kind](self, said)

    def record(self, said: dict[str, Any]) -> Any:
        parts = {name: self.build(part) for name, part in said["fields"].items()}
        return RECORDS[said["record"]](**parts)

    def items(self, said: list[Any]) -> list[Any]:
        return [self.build(item) for item in said]

    def array(self, said: dict[str, Any]) -> Any:
        dtype, shape = said["array"], tuple(said["shape"])
        if dtype not in DTYPES:
            raise CodecError(f"unknown dtype {dtype!r}")
        array: np.ndarray = np.frombuffer(self.body, dtype, prod(shape), self.at).reshape(shape)
        size = array.nbytes
        self.at += size + -size % ALIGNMENT
        return array[()] if said["scalar"] else array


_KINDS: Mapping[str, Callable[[_Reader, Any], Any]] = {
    "array": _Reader.array,
    "record": _Reader.record,
    "experiment": lambda reader, said: parse_query(said["experiment"]),
    "tuple": lambda reader, said: tuple(reader.items(said["tuple"])),
    "list": lambda reader, said: reader.items(said["list"]),
    "map": lambda reader, said: dict(reader.items(pair) for pair in said["map"]),
}
