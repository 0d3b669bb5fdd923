"""How long it takes to read a formula: side by side with SymPy, and the slowest refusals.

python benchmarks/formula.py [--repeats 9]. Times are of the processor, in this one process.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
import sympy

from simulation.formula.arrays import Field
from simulation.formula.errors import FormulaError
from simulation.formula.formula import formula_of
from simulation.formula.syntax import parse
from tests.simulation.formula_cases import FORMULAS, HOSTILE

SHOWN = ("double well", "monkey", "six-hump camel", "Müller–Brown")
LONG = "+".join(f"{k % 9 + 1.5}*x^{k % 5 + 2}*sin(y)" for k in range(33))
PAGE = Path("/proc/self/statm")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeats", type=int, default=9)
    repeats = arguments.parse_args().repeats
    formula_of("x")  # the parser's tables
    print("| what | measured | reach |\n|---|---|---|")
    for name in SHOWN:
        against_sympy(name, repeats)
    reading = least(lambda: parse(LONG), repeats)
    line(f"reading {len(LONG)} characters", f"{reading:.2f} ms", "≤ 2 ms")
    slowest, text = max((least(lambda t=t: refused(t), 3), t) for t in HOSTILE)
    what = f"the slowest of {len(HOSTILE)} hostile texts, `{text[:40]}`"
    line(what, f"{slowest:.0f} ms", "≤ 100 ms")
    grids(repeats)
    memory()


def against_sympy(name: str, repeats: int) -> None:
    """Tree, gradient and all that the Hessian needs; SymPy's without its parser."""
    text = FORMULAS[name][0]
    x, y = sympy.symbols("x y")
    f = sympy.sympify(formula_of(text).text.replace("^", "**"))
    ours, theirs = [], []
    for _ in range(repeats):
        ours.append(once(lambda: fresh(text)))
        sympy.core.cache.clear_cache()
        theirs.append(once(lambda: [sympy.diff(g, w) for g in map(f.diff, (x, y)) for w in (x, y)]))
    ratio = median(b / a for a, b in zip(ours, theirs, strict=True))
    shown = f"{ratio:.0f} × ours, {median(theirs):.1f} over {median(ours):.2f} ms"
    line(f"SymPy's gradient and Hessian of {name}", shown, "≥ 4")


def grids(repeats: int) -> None:
    """The monkey's value on the page's grid and on a run's records, over NumPy written by hand."""
    field = Field(formula_of(FORMULAS["monkey"][0]))
    for what, shape in (("96 × 96 points", (96, 96, 2)), ("192,000 records", (5, 64, 600, 2))):
        w = np.random.default_rng(1).normal(size=shape)
        ours, by_hands, hessians = [], [], []
        for _ in range(repeats):
            ours.append(once(lambda w=w: field.value(w)))
            by_hands.append(once(lambda w=w: by_hand(w)))
            hessians.append(once(lambda w=w: field.hessian(w)))
        ratio = median(a / b for a, b in zip(ours, by_hands, strict=True))
        shown = f"{ratio:.2f} (Hessian {median(hessians):.1f} ms)"
        line(f"value at {what}, over NumPy by hand", shown, "≤ 1.5")


def by_hand(w: np.ndarray) -> np.ndarray:
    x, y = w[..., 0], w[..., 1]
    return x**3 - 3 * x * y**2 + 0.75 * (x**2 + y**2) ** 2


def memory() -> None:
    """Resident memory after 10,000 formulas over that after 1,000; Linux only."""
    sizes = []
    for k in range(10_000):
        formula_of(f"x^4/4-{k}*x^2/2+y^2/2+exp(-x*y/{k + 1})")
        if k in (999, 9_999):
            gc.collect()
            sizes.append(int(PAGE.read_text().split()[1]) * 4096 / 1e6)
    ratio = f"{sizes[1] / sizes[0]:.3f} ({sizes[1]:.0f} MB)"
    line("memory after 10,000 formulas over 1,000", ratio, "≤ 1.02")


def fresh(text: str) -> Field:
    formula_of.cache_clear()
    return Field(formula_of(text))


def refused(text: str) -> None:
    formula_of.cache_clear()
    try:
        formula_of(text)
    except FormulaError:
        return


def once(work: Callable[[], object]) -> float:
    """Milliseconds of the processor."""
    begun = process_time()
    work()
    return (process_time() - begun) * 1e3


def least(work: Callable[[], object], repeats: int) -> float:
    return min(once(work) for _ in range(repeats))


def line(what: str, measured: str, reach: str) -> None:
    print(f"| {what} | {measured} | {reach} |", flush=True)


if __name__ == "__main__":
    main()
