"""Eight float64 or uint64 as one SIMD value in compiled code.

A wide value has the LLVM type <8 x double> or <8 x i64>, which the compiler lowers to the registers
of the machine (one of AVX-512, two of AVX2, four of NEON). Each operation is IEEE 754 in every lane
and no two are fused, so the bits are those of eight scalar operations, on every machine.

Floats have the operators + − × ÷ and unary −, words (uint64, modulo 2⁶⁴) + − & | ^ << >>, with
shifts by less than 64. A scalar operand is broadcast. In plain Python (NUMBA_DISABLE_JIT) a wide
value is an array (8,); the bodies of the functions say what they compute there, to the same bits.
"""

import inspect
import operator
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.core.typing.templates import signature
from numba.extending import lower_builtin, models, register_model, type_callable

from simulation.kernels.records import LANES

Wide: TypeAlias = Any  # eight numbers: WideFloats or WideWords


class WideFloats(types.Type):
    """Numba's type of eight float64."""


class WideWords(types.Type):
    """Numba's type of eight uint64."""


FLOATS, WORDS = WideFloats("WideFloats"), WideWords("WideWords")
_FLOAT, _WORD, _INDEX = ir.DoubleType(), ir.IntType(64), ir.IntType(32)
_FLOAT_VECTOR, _WORD_VECTOR = ir.VectorType(_FLOAT, LANES), ir.VectorType(_WORD, LANES)
_VECTORS = {FLOATS: _FLOAT_VECTOR, WORDS: _WORD_VECTOR}
_SCALARS = {FLOATS: types.Float, WORDS: types.Integer}


@register_model(WideFloats)
class _FloatsModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _FLOAT_VECTOR)


@register_model(WideWords)
class _WordsModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _WORD_VECTOR)


def _is_scalar(kind: types.Type, wide: types.Type) -> bool:
    """Return whether a type is a scalar that can be broadcast to the wide type: of 64 bits."""
    return isinstance(kind, _SCALARS[wide]) and kind.bitwidth == 64


def _widen(builder: Any, value: ir.Value) -> ir.Value:
    """Broadcast a scalar; return a wide value as it is."""
    if isinstance(value.type, ir.VectorType):
        return value
    empty = ir.Constant(ir.VectorType(value.type, LANES), ir.Undefined)
    first = builder.insert_element(empty, value, _INDEX(0))
    lanes = ir.Constant(ir.VectorType(_INDEX, LANES), [0] * LANES)
    return builder.shuffle_vector(first, empty, lanes)


def _implement(
    function: Any, build: Callable[..., ir.Value], takes: types.Type, gives: types.Type
) -> None:
    """Compile function(*values) to build(builder, *vectors), scalars broadcast.

    One value must be wide, so that operators keep their meaning for scalars.
    """
    parameters = inspect.signature(function)

    def typing(context: Any) -> Any:
        def typer(*values: types.Type) -> Any:
            plain = [types.unliteral(value) for value in values]
            fit = all(value == takes or _is_scalar(value, takes) for value in plain)
            return signature(gives, *plain) if fit and takes in plain else None

        typer.pysig = parameters  # type: ignore[attr-defined]
        return typer

    def lower(context: Any, builder: Any, sig: Any, values: Any) -> ir.Value:
        return build(builder, *(_widen(builder, value) for value in values))

    type_callable(function)(typing)
    wide, scalar = type(takes), _SCALARS[takes]
    if getattr(operator, function.__name__, None) is function:
        for pattern in ((wide,), (wide, wide), (wide, scalar), (scalar, wide)):
            lower_builtin(function, *pattern)(lower)
    else:
        lower_builtin(function, types.VarArg(types.Any))(lower)


def _operation(build: Callable[..., ir.Value], takes: types.Type, gives: types.Type) -> Any:
    """Give a function of wide values its implementation (decorator)."""

    def implement(function: Any) -> Any:
        _implement(function, build, takes, gives)
        return function

    return implement


def _operator(symbol: Any, build: Callable[..., ir.Value], kind: types.Type) -> None:
    _implement(symbol, build, kind, kind)


_operator(operator.add, ir.IRBuilder.fadd, FLOATS)
_operator(operator.sub, ir.IRBuilder.fsub, FLOATS)
_operator(operator.mul, ir.IRBuilder.fmul, FLOATS)
_operator(operator.truediv, ir.IRBuilder.fdiv, FLOATS)
_operator(operator.neg, ir.IRBuilder.fneg, FLOATS)
_operator(operator.add, ir.IRBuilder.add, WORDS)
_operator(operator.sub, ir.IRBuilder.sub, WORDS)
_operator(operator.and_, ir.IRBuilder.and_, WORDS)
_operator(operator.or_, ir.IRBuilder.or_, WORDS)
_operator(operator.xor, ir.IRBuilder.xor, WORDS)
_operator(operator.lshift, ir.IRBuilder.shl, WORDS)
_operator(operator.rshift, ir.IRBuilder.lshr, WORDS)


def _call(name: str) -> Callable[..., ir.Value]:
    """Return a builder of LLVM's intrinsic of that name on one vector of floats."""

    def build(builder: Any, x: ir.Value) -> ir.Value:
        kind = ir.FunctionType(_FLOAT_VECTOR, [_FLOAT_VECTOR])
        function = get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f64")
        return builder.call(function, [x])

    return build


def _either(relation: str) -> Callable[..., ir.Value]:
    """Return a builder of: a where a relation b or a is NaN, else b."""

    def build(builder: Any, a: ir.Value, b: ir.Value) -> ir.Value:
        first = builder.or_(
            builder.fcmp_ordered(relation, a, b), builder.fcmp_unordered("uno", a, a)
        )
        return builder.select(first, a, b)

    return build


def _where(relation: str) -> Callable[..., ir.Value]:
    """Return a builder of: p where a relation b, else q; a comparison with NaN is false."""

    def build(builder: Any, a: ir.Value, b: ir.Value, p: ir.Value, q: ir.Value) -> ir.Value:
        return builder.select(builder.fcmp_ordered(relation, a, b), p, q)

    return build


@_operation(_call("sqrt"), FLOATS, FLOATS)
def sqrt(x: Wide) -> Wide:
    """Return the square root, correctly rounded; NaN below 0."""
    return np.sqrt(x)


@_operation(_call("fabs"), FLOATS, FLOATS)
def absolute(x: Wide) -> Wide:
    """Return |x|: the sign bit cleared."""
    return np.abs(x)


@_operation(_either(">"), FLOATS, FLOATS)
def maximum(a: Wide, b: Wide) -> Wide:
    """Return the larger of a and b; NaN where either is NaN."""
    return np.maximum(a, b)


@_operation(_either("<"), FLOATS, FLOATS)
def minimum(a: Wide, b: Wide) -> Wide:
    """Return the smaller of a and b; NaN where either is NaN."""
    return np.minimum(a, b)


@_operation(_where("<"), FLOATS, FLOATS)
def where_less(a: Wide, b: Wide, p: Wide, q: Wide) -> Wide:
    """Return p where a < b, else q; q where a or b is NaN."""
    return np.where(a < b, p, q)


@_operation(_where("=="), FLOATS, FLOATS)
def where_equal(a: Wide, b: Wide, p: Wide, q: Wide) -> Wide:
    """Return p where a = b, else q; q where a or b is NaN, so a = b = x tests x for NaN."""
    return np.where(a == b, p, q)


@_operation(lambda builder, x: builder.bitcast(x, _WORD_VECTOR), FLOATS, WORDS)
def to_bits(x: Wide) -> Wide:
    """Return the bits of floats as words."""
    return x.view(np.uint64)


@_operation(lambda builder, x: builder.bitcast(x, _FLOAT_VECTOR), WORDS, FLOATS)
def from_bits(x: Wide) -> Wide:
    """Return the floats that have these bits."""
    return x.view(np.float64)


def broadcast(x: Any) -> Wide:
    """Return a float64, or an integer of 64 bits, in every lane."""
    return np.full(LANES, x, np.float64 if isinstance(x, float) else np.uint64)


@type_callable(broadcast)
def _type_broadcast(context: Any) -> Any:
    def typer(x: types.Type) -> Any:
        plain = types.unliteral(x)
        for wide in _SCALARS:
            if _is_scalar(plain, wide):
                return signature(wide, plain)
        return None

    return typer


@lower_builtin(broadcast, types.Any)
def _lower_broadcast(context: Any, builder: Any, sig: Any, values: Any) -> ir.Value:
    return _widen(builder, values[0])


_ELEMENTS = {types.float64: FLOATS, types.uint64: WORDS}


def _elements(array: Any, i: Any) -> types.Type | None:
    """Return the wide type of a contiguous array (n,) that is indexed by an integer, or None."""
    contiguous = isinstance(array, types.Array) and array.layout == "C" and array.ndim == 1
    return _ELEMENTS.get(array.dtype) if contiguous and isinstance(i, types.Integer) else None


def _pointer(context: Any, builder: Any, array_type: Any, array: Any, i: Any) -> ir.Value:
    """Return the address of array[i] as that of a vector."""
    data = context.make_array(array_type)(context, builder, array).data
    vector = _VECTORS[_ELEMENTS[array_type.dtype]]
    return builder.bitcast(builder.gep(data, [i]), vector.as_pointer())


def load(array: Any, i: int) -> Wide:
    """Return array[i : i + 8]; the array (n,) is contiguous, and bounds are not checked."""
    return array[i : i + LANES].copy()


@type_callable(load)
def _type_load(context: Any) -> Any:
    def typer(array: types.Type, i: types.Type) -> Any:
        wide = _elements(array, i)
        return wide and signature(wide, array, types.intp)

    return typer


@lower_builtin(load, types.Array, types.Integer)
def _lower_load(context: Any, builder: Any, sig: Any, values: Any) -> ir.Value:
    place = _pointer(context, builder, sig.args[0], values[0], values[1])
    return builder.load(place, align=8)


def store(array: Any, i: int, x: Wide) -> None:
    """Set array[i : i + 8] = x; the array (n,) is contiguous, and bounds are not checked."""
    array[i : i + LANES] = x


@type_callable(store)
def _type_store(context: Any) -> Any:
    def typer(array: types.Type, i: types.Type, x: types.Type) -> Any:
        wide = _elements(array, i)
        return signature(types.none, array, types.intp, x) if wide and wide == x else None

    return typer


@lower_builtin(store, types.Array, types.Integer, WideFloats)
@lower_builtin(store, types.Array, types.Integer, WideWords)
def _lower_store(context: Any, builder: Any, sig: Any, values: Any) -> ir.Value:
    place = _pointer(context, builder, sig.args[0], values[0], values[1])
    builder.store(values[2], place, align=8)
    return context.get_dummy_value()
