"""Presets: named experiments for the paper's figures and typical questions."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.theory.guidance import guidance


@dataclass(frozen=True, slots=True)
class Preset:
    """A named experiment with a one-line description."""

    title: str
    description: str
    experiment: Experiment


def heavy_balls(*betas: float) -> tuple[Contender, ...]:
    """Return heavy ball at each β; 0 is SGD."""
    return tuple(Contender("momentum", beta) for beta in betas)


_MANY = (*(round(1.0 - 0.02 * i, 2) for i in range(49)), -0.1)  # 1, 0.98, … 0.04, and −0.1
_BALANCE = round(float(guidance(0.01 * 0.1).balance), 3)  # at η|λ₋| of the preset that names it

PRESETS: tuple[Preset, ...] = (
    Preset(
        "The paper's toy saddle",
        "Five values of β from the same start: the larger β, the faster the escape (Figure 2a).",
        Experiment(),
    ),
    Preset(
        "Phase retrieval",
        "A signal found from the squares of its projections; momentum finds it first (Figure 2b).",
        Experiment(landscape="phase-retrieval"),
    ),
    Preset(
        "The thought experiment",
        "One path each: once momentum points out of the saddle it keeps pointing there (Figure 1).",
        Experiment(
            landscape="quadratic",
            contenders=heavy_balls(0.0, 0.9),
            noise_sd=(0.3, 0.03),
            step_size=0.02,
            steps=2_500,
            paths=1,
        ),
    ),
    Preset(
        "A quadratic saddle",
        "64 paths with Gaussian noise; the exact law has no approximation here.",
        Experiment(landscape="quadratic"),
    ),
    Preset(
        "Fifty dimensions",
        "49 stable directions and one unstable one; the speed-up is the same.",
        Experiment(landscape="quadratic", eigenvalues=_MANY, steps=6_000, paths=16),
    ),
    Preset(
        "Too much momentum",
        f"Beyond the balance value, β = {_BALANCE:g}: escapes a third faster, oscillates longer.",
        Experiment(
            contenders=heavy_balls(0.0, 0.9, _BALANCE, 0.99, 0.999),
            noise="gaussian",
            noise_sd=(0.1,),
            step_size=0.01,
            steps=10_000,
            paths=32,
        ),
    ),
    Preset(
        "The same effective step",
        "At the same η/(1−β) plain SGD is as fast: at one step size, momentum is a larger step.",
        Experiment(
            landscape="quadratic",
            contenders=heavy_balls(0.0, 0.5, 0.9),
            hold="effective",
            step_size=0.05,
            steps=5_000,
        ),
    ),
    Preset(
        "At the edge of stability",
        "Each at 95 % of its own largest stable step, with one steep direction: momentum wins.",
        Experiment(
            landscape="quadratic",
            eigenvalues=(50.0, -1.0),
            contenders=heavy_balls(0.0, 0.5, 0.9),
            hold="stability",
            step_size=0.038,
            steps=400,
        ),
    ),
    Preset(
        "Which momentum is it?",
        "Momentum, Nesterov, Algorithm 2 and Adam on the same noise.",
        Experiment(
            landscape="quadratic",
            contenders=(
                *heavy_balls(0.0, 0.9),
                Contender("nesterov", 0.9),
                Contender("boosted", 0.9),
                Contender("adam", 0.9),
            ),
            boost=0.1,
            period=100,
        ),
    ),
    Preset(
        "A flat direction",
        "A zero eigenvalue: paths diffuse without a drift, farther with momentum.",
        Experiment(landscape="quadratic", eigenvalues=(1.0, 0.0)),
    ),
    Preset(
        "A monkey saddle",
        "Three valleys and no negative eigenvalue: momentum helps, the theory does not apply.",
        Experiment(landscape="monkey"),
    ),
    Preset(
        "The smallest neural network",
        "Two weights that learn a product, ½(uv − 1)²: zero is a saddle that training must leave.",
        Experiment(landscape="linear-net"),
    ),
    Preset(
        "Saddle to saddle",
        "A two-layer network learns one mode of a matrix after another; each plateau is a saddle.",
        Experiment(
            landscape="linear-net",
            eigenvalues=(3.0, 1.0, 0.3),
            noise_sd=(0.001,),
            contenders=heavy_balls(0.0, 0.9),
            paths=16,
        ),
    ),
)
"""In menu order."""
