"""How long the search for a formula's stationary points takes, and its proof.

python benchmarks/stationary_points.py [--repeats 9]. Times are of the processor, the least of all.
"""

from __future__ import annotations

import argparse
from time import thread_time

import numpy as np

from simulation.formula.arrays import Field
from simulation.formula.formula import bind, formula_of
from simulation.formula.points import StationaryPoints, stationary_points

WELLS = "sum(w_i^4/4-w_i^2/2)+0.1*sum((w_{i+1}-w_i)^2,i=1..d-1)"
CHAIN = "sum(100*(w_{i+1}-w_i^2)^2+(1-w_i)^2,i=1..d-1)"
SPHERE = "(sum(w_i^2)-1)^2/4+sum(i*w_i^2)/40"
SHOWN: list[tuple[str, str, int | None, str]] = [
    ("double well", "x^4/4-x^2/2+y^2/2", None, "≤ 60 ms"),
    ("hyperbola", "(u*v-1)^2/2", None, "≤ 60 ms"),
    ("Rosenbrock", "(1-x)^2+100*(y-x^2)^2", None, "≤ 60 ms"),
    ("monkey", "x^3-3*x*y^2+0.75*(x^2+y^2)^2", None, "≤ 60 ms"),
    ("Himmelblau", "(x^2+y-11)^2+(x+y^2-7)^2", None, "≤ 60 ms"),
    ("six-hump camel", "(4-2.1*x^2+x^4/3)*x^2+x*y+(-4+4*y^2)*y^2", None, "≤ 60 ms"),
    ("Beale", "(1.5-x+x*y)^2+(2.25-x+x*y^2)^2+(2.625-x+x*y^3)^2", None, "≤ 60 ms"),
    (
        "Müller–Brown",
        "-200exp(-(x-1)^2-10y^2)-100exp(-x^2-10(y-0.5)^2)"
        "-170exp(-6.5(x+0.5)^2+11(x+0.5)*(y-1.5)-6.5(y-1.5)^2)"
        "+15exp(0.7(x+1)^2+0.6(x+1)*(y-1)+0.7(y-1)^2)",
        None,
        "≤ 60 ms",
    ),
    ("sin x cos y + r²/10", "sin(x)*cos(y)+0.1*(x^2+y^2)", None, "≤ 60 ms"),
    ("quartic and xyz", "x^4+y^4+z^4-2*x^2-2*y^2-2*z^2+x*y*z", None, ""),
    *((f"coupled wells, d = {d}", WELLS, d, "") for d in (3, 4, 5, 6)),
    *((f"Rosenbrock, d = {d}", CHAIN, d, "") for d in (4, 10, 50)),
    *((f"sphere, d = {d}", SPHERE, d, "") for d in (3, 20)),
    ("50 weights apart", "sum(w_i^4)/4-w1^2/2", 50, ""),
]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeats", type=int, default=9)
    repeats = arguments.parse_args().repeats
    print("| function | points | checked | the box | ms | reach |\n|---|---|---|---|---|---|")
    for name, text, dimension, reach in SHOWN:
        formula = formula_of(text, dimension)
        field = Field(formula, bind(formula, {}))
        times = []
        for _ in range(repeats):
            begun = thread_time()
            points = stationary_points(field, np.zeros((1, formula.dimension)))
            times.append((thread_time() - begun) * 1e3)
        found = f"{points.total} | {points.checked.sum()} | {verdict(points)}"
        print(f"| {name} | {found} | {min(times):.0f} | {reach} |", flush=True)


def verdict(points: StationaryPoints) -> str:
    if points.complete:
        return "no others"
    if not points.decided:
        return "not asked"
    return f"{points.unresolved} places open, {points.known} at a listed point"


if __name__ == "__main__":
    main()
