"""The catalogue of test functions: one line each. Imports no other module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Classic:
    """A named formula: menu label, formula, one sentence, and defaults that differ (field names).

    parameters: the formula's own parameters whose value is not 1.
    """

    title: str
    formula: str
    about: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)


CLASSICS: Mapping[str, Classic] = MappingProxyType({
    "double-well": Classic(
        "Double well", "x^4/4-x^2/2+y^2/2", "Two minima with one saddle between them."),
    "rosenbrock": Classic(
        "Rosenbrock", "(a-x)^2+b*(y-x^2)^2", "A curved narrow valley without a saddle (1960).",
        {"b": 100.0}, {"step_size": 2e-4, "start": (-1.2, 1.0), "steps": 20_000}),
    "himmelblau": Classic(
        "Himmelblau", "(x^2+y-11)^2+(x+y^2-7)^2", "Four minima, four saddles and a maximum (1972).",
        defaults={"step_size": 1e-3, "noise_sd": (1.0,), "steps": 500}),
    "camel": Classic(
        "Six-hump camel", "(4-2.1*x^2+x^4/3)*x^2+x*y+(-4+4*y^2)*y^2",
        "Six minima, seven saddles and two maxima (Dixon, Szegő 1978).", defaults={"steps": 500}),
    "beale": Classic(
        "Beale", "(1.5-x+x*y)^2+(2.25-x+x*y^2)^2+(2.625-x+x*y^3)^2",
        "A minimum behind a plain, with a saddle at (0, 1) (1958).",
        defaults={"step_size": 1e-3, "steps": 5_000}),
    "styblinski-tang": Classic(
        "Styblinski–Tang", "sum(w_i^4-16*w_i^2+5*w_i)/2",
        "A sum of tilted double wells (1990).",
        defaults={"dimension": 2, "step_size": 1e-3, "noise_sd": (1.0,), "steps": 1_000}),
    "rastrigin": Classic(
        "Rastrigin", "10*d+sum(w_i^2-10*cos(2*pi*w_i))", "A grid of many minima (1974).",
        defaults={"dimension": 2, "step_size": 2e-4, "noise_sd": (1.0,), "steps": 500}),
    "mccormick": Classic(
        "McCormick", "sin(x+y)+(x-y)^2-1.5*x+2.5*y+1", "Saddles and minima in turn (1976).",
        defaults={"steps": 1_000}),
    "muller-brown": Classic(
        "Müller–Brown",
        "-200*exp(-(x-1)^2-10*y^2)-100*exp(-x^2-10*(y-0.5)^2)"
        "-170*exp(-6.5*(x+0.5)^2+11*(x+0.5)*(y-1.5)-6.5*(y-1.5)^2)"
        "+15*exp(0.7*(x+1)^2+0.6*(x+1)*(y-1)+0.7*(y-1)^2)",
        "A model of a chemical reaction: three minima, two saddles (1979).",
        defaults={"step_size": 1e-4, "noise_sd": (10.0,), "steps": 500}),
    "deep-scalar": Classic(
        "Deep scalar network", "(u*v*w-1)^2/2",
        "Three layers of one weight each: a saddle so flat that no eigenvalue is negative.",
        defaults={"steps": 20_000}),
    "saddle-chain": Classic(
        "Chain of saddles",
        "sum(w_i^4)/4-w_1^2/2+sum((0.2-w_i^2/(0.1+w_i^2))*w_{i+1}^2,i=1..d-1)/2",
        "Saddles in a row, one direction after the other, as in Du et al. (2017).",
        defaults={"dimension": 5, "noise_sd": (0.01,), "steps": 5_000}),
    "tanh-neuron": Classic(
        "tanh neuron", "(v*tanh(u)-0.5)^2/2+(u^2+v^2)/20",
        "One hidden unit and its output weight, with weight decay."),
})  # fmt: skip
"""Landscape name → its formula."""
