"""A formula in SymPy, from its syntax tree: the oracle of values and derivatives."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import sympy

from simulation.formula.arrays import Field
from simulation.formula.formula import bind, formula_of
from simulation.formula.grammar import CONSTANTS
from simulation.formula.nodes import Binary, Call, Name, Negative, Node, Number, Offset, Running
from tests.simulation.formula_cases import FORMULAS

DIGITS = 40
FUNCTIONS = {
    "sqrt": sympy.sqrt, "exp": sympy.exp, "log": sympy.log, "sin": sympy.sin, "cos": sympy.cos,
    "tan": sympy.tan, "sinh": sympy.sinh, "cosh": sympy.cosh, "tanh": sympy.tanh, "abs": sympy.Abs,
    "min": sympy.Min, "max": sympy.Max, "relu": lambda a: sympy.Max(a, 0),
    "sigmoid": lambda a: 1 / (1 + sympy.exp(-a)), "softplus": lambda a: sympy.log(1 + sympy.exp(a)),
}  # fmt: skip
SIGNS = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
    "/": lambda a, b: a / b, "^": lambda a, b: a**b,
}  # fmt: skip
MODULES = [{"DiracDelta": lambda x: 0}, "mpmath"]  # no point is asked for on a kink


def field_of(text: str, dimension: int | None = None, **parameters: tuple[float, ...]) -> Field:
    formula = formula_of(text, dimension)
    return Field(formula, bind(formula, parameters))


def case(name: str) -> Field:
    """The field of a formula in FORMULAS."""
    text, dimension, parameters = FORMULAS[name]
    return field_of(text, dimension, **parameters)


class Oracle:
    """f, ∇f and ∇²f, from 30 digits."""

    def __init__(self, field: Field) -> None:
        self.formula = field.formula
        self.weights = [sympy.Symbol(name, real=True) for name in self.formula.weights]
        numbers = [sympy.Float(number, DIGITS) for number in field.numbers]
        self.known = dict(zip(self.formula.weights, self.weights, strict=True))
        self.known |= dict(zip(self.formula.parameters, numbers, strict=True))
        self.f = self.expression(self.formula.tree, {})
        slope = [sympy.diff(self.f, x) for x in self.weights]
        bend = [[sympy.diff(g, x) for x in self.weights] for g in slope]
        self.all = sympy.lambdify(self.weights, [self.f, slope, bend], MODULES)

    def at(self, w: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """f, ∇f (d,) and ∇²f (d, d) at w (d,)."""
        with mpmath.workdps(30):
            f, g, h = self.all(*(mpmath.mpf(x) for x in w))
        return float(f), np.array(g, dtype=float), np.array(h, dtype=float)

    def expression(self, node: Node, scope: dict[str, int]) -> sympy.Expr:
        match node:
            case Number(value):
                whole = value.is_integer()
                return sympy.Integer(int(value)) if whole else sympy.Float(value, DIGITS)
            case Name():
                return self.named(node, scope)
            case Negative(operand):
                return -self.expression(operand, scope)
            case Binary(op, left, right):
                return SIGNS[op](self.expression(left, scope), self.expression(right, scope))
            case Call(function, arguments):
                return FUNCTIONS[function](*(self.expression(a, scope) for a in arguments))
            case Running(kind, body, letter, low, high):
                places = range(self.end(low), self.end(high) + 1)
                terms = [self.expression(body, {**scope, letter: k}) for k in places]
                return sum(terms) if kind == "sum" else math.prod(terms)

    def end(self, end: int | Offset) -> int:
        return end if isinstance(end, int) else self.formula.length + end.by

    def named(self, name: Name, scope: dict[str, int]) -> sympy.Expr:
        if name.index is None and name.base in scope:
            return sympy.Integer(scope[name.base])
        if name.index is None and name.base in CONSTANTS:
            return {"pi": sympy.pi, "e": sympy.E}[name.base]
        if name.index is None and name.base == "d":
            return sympy.Integer(self.formula.length)
        index = name.index
        if isinstance(index, Offset):
            index = scope[index.letter] + index.by
        return self.known[name.base if index is None else f"{name.base}{index}"]
