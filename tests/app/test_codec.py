"""Plain bytes and back: nothing is lost, nothing else is read, nothing runs."""

from __future__ import annotations

import pickle
import struct
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.storage.codec import CodecError, pack, unpack
from simulation.model.experiment import Experiment
from simulation.results.summary import summarise
from simulation.results.terrain import terrain
from simulation.runs.simulate import simulate
from tests.marks import every_landscape

DTYPES = st.sampled_from(["<f8", "<f4", "<i8", "<i4", "<i2", "<u8", "|u1", "|b1"])
ARRAYS = DTYPES.flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0))
)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text() | st.floats()
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def bits(value: Any) -> Any:
    """The value with every float and array by its bytes: −0.0 told apart, types too; NaN's
    own bits count in arrays only: JSON has one NaN."""
    if isinstance(value, np.ndarray | np.generic):
        return type(value), value.dtype, value.shape, value.tobytes()
    if isinstance(value, float):
        return float, "nan" if np.isnan(value) else struct.pack("d", value)
    if isinstance(value, list | tuple):
        return type(value), [bits(item) for item in value]
    if isinstance(value, dict):
        return dict, bits(list(value.items()))
    if is_dataclass(value) and not isinstance(value, Experiment):
        return type(value), [bits(getattr(value, f.name)) for f in fields(value)]
    return type(value), value


@pytest.mark.long
@given(VALUES)
def test_round_trip_is_exact(value: Any) -> None:
    assert bits(unpack(pack(value))) == bits(value)


@pytest.mark.parametrize("landscape", every_landscape())
def test_the_engines_records_round_trip(landscape: str) -> None:
    experiment = Experiment(landscape=landscape, steps=300, paths=4)
    summary, ground = summarise(simulate(experiment)), terrain(experiment, size=12)
    assert bits(unpack(pack(summary))) == bits(summary)
    assert bits(unpack(pack(ground))) == bits(ground)


@given(ARRAYS)
def test_arrays_come_back_read_only(array: np.ndarray) -> None:
    assert not unpack(pack(array)).flags.writeable


@given(st.data())
def test_damage_is_noticed(data: st.DataObject) -> None:
    whole = pack({"a": np.arange(7.0), "b": (1, "two", None)})
    place = data.draw(st.integers(0, len(whole) - 1))
    flip = data.draw(st.integers(1, 255))
    damaged = bytearray(whole)
    damaged[place] ^= flip
    with pytest.raises(CodecError):
        unpack(bytes(damaged) if data.draw(st.booleans()) else whole[:place])


@given(st.binary())
def test_bytes_of_others_are_refused(data: bytes) -> None:
    with pytest.raises(CodecError):
        unpack(data)


def test_a_pickle_does_not_run() -> None:
    with pytest.raises(CodecError):
        unpack(pickle.dumps(Bomb()))


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("a pickle has run",)


@pytest.mark.parametrize("value", [object(), {1, 2}, np.array(["text"]), np.array([None]), 1j])
def test_what_has_no_plain_bytes_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        pack(value)
