"""Random graphs of formulas, and their exact values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import mpmath
from hypothesis import strategies as st

from simulation.formula.errors import FormulaError
from simulation.formula.evaluation import Program, program_of
from simulation.formula.graph import Graph, Op

UNARY = (Op.SQRT, Op.EXP, Op.LOG, Op.SIN, Op.COS, Op.TANH, Op.ABS, Op.SIGN, Op.DLOG)
ARITHMETIC = ("add", "sub", "mul", "div")
CHOICES = (Op.MIN, Op.MAX, Op.STEP)
EXPONENTS = (-65.0, -0.3, 0.5, 1.7, 2.5, 65.0, 66.0)  # up to 64 whole ones become POWI
CONSTANTS = (-2.0, -0.5, 0.25, 1.0, 3.0, 1.7)


@st.composite
def programs(draw: st.DrawFn, weights: int = 2, most: int = 12) -> Program:
    """Draw a program whose roots are `weights` random expressions of as many weights."""
    graph = Graph()
    nodes = [graph.var(j) for j in range(weights)]
    nodes += [graph.const(draw(st.sampled_from(CONSTANTS))) for _ in range(2)]
    for _ in range(draw(st.integers(1, most))):
        a, b = draw(st.sampled_from(nodes)), draw(st.sampled_from(nodes))
        kind = draw(st.integers(0, 5))
        try:
            if kind <= 1:
                nodes.append(getattr(graph, draw(st.sampled_from(ARITHMETIC)))(a, b))
            elif kind == 2:
                nodes.append(graph.powi(a, draw(st.integers(2, 7))))
            elif kind == 3:
                nodes.append(graph.unary(draw(st.sampled_from(UNARY)), a))
            elif kind == 4:
                nodes.append(graph.binary(draw(st.sampled_from(CHOICES)), a, b))
            elif draw(st.booleans()):
                nodes.append(graph.pow(a, graph.const(draw(st.sampled_from(EXPONENTS)))))
            else:  # a negative number has powers for whole exponents only: single points
                nodes.append(graph.pow(graph.unary(Op.ABS, a), b))
        except FormulaError:  # a number that cannot be held
            continue
    roots = nodes[-weights:]
    return program_of(graph, roots, (), range(weights))


def _power(a: mpmath.mpf, b: mpmath.mpf) -> mpmath.mpf:
    if a < 0 and b != mpmath.nint(b):
        raise ValueError("no value")
    return a**b


def _positive(function: Callable[[mpmath.mpf], mpmath.mpf]) -> Callable[[mpmath.mpf], mpmath.mpf]:
    def checked(a: mpmath.mpf) -> mpmath.mpf:
        if a <= 0:
            raise ValueError("no value")
        return function(a)

    return checked


EXACT: Mapping[Op, Callable[..., mpmath.mpf]] = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.MUL: lambda a, b: a * b,
    Op.DIV: lambda a, b: a / b,
    Op.NEG: lambda a: -a,
    Op.POWI: lambda a, n: a**n,
    Op.POW: _power,
    Op.SQRT: lambda a: mpmath.sqrt(a) if a == 0 else _positive(mpmath.sqrt)(a),
    Op.EXP: mpmath.exp,
    Op.LOG: _positive(mpmath.log),
    Op.DLOG: _positive(lambda a: 1 / a),
    Op.SIN: mpmath.sin,
    Op.COS: mpmath.cos,
    Op.TANH: mpmath.tanh,
    Op.ABS: abs,
    Op.SIGN: mpmath.sign,
    Op.MIN: min,
    Op.MAX: max,
    Op.STEP: lambda a, b: mpmath.mpf(1 if a >= b else 0),
}


def exact(program: Program, w: Sequence[float]) -> list[mpmath.mpf] | None:
    """Return each step's value at w, to the precision set; None where a step has none."""
    found: list[mpmath.mpf] = []
    for step in program.steps:
        if step.op in (Op.VAR, Op.CONST):
            found.append(mpmath.mpf(w[step.a] if step.op == Op.VAR else step.number))
            continue
        operands = [found[step.a]]
        if step.op == Op.POWI:
            operands.append(step.b)
        elif step.b >= 0:
            operands.append(found[step.b])
        try:
            if step.op in (Op.EXP, Op.POW) and abs(operands[0]) > 1e6:
                return None  # beyond what can be computed
            value = EXACT[step.op](*operands)
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
        if not mpmath.isfinite(value) or abs(value) > mpmath.mpf(10) ** 4000:
            return None
        found.append(value)
    return found
