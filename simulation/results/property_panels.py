"""Gradient norm, CNC, APAG, APCG and GrACE along one path, as in the paper's Figures 3 and 4.

The numbers of the Properties tab: values of `paper_properties.py` along the first path, counts over
the recorded steps, and reasons where there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from simulation.diagnostics.escape import length
from simulation.diagnostics.paper_properties import EPSILON, Property, properties, quotient
from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.model.parameters import Integer, Number
from simulation.rules import RULES
from simulation.runs.simulate import simulate
from simulation.runs.trajectories import Trajectories

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]

POINTS = 600  # recorded steps
HORIZON_SHARE = 0.3  # τ over T: the paper's Figure 3(c), 3·10⁵ of 10⁶
# Landscape → ε and τ that differ from the defaults. On phase retrieval, where curvatures are
# of order 10, ε = 1 separates the saddle region; τ is that of the paper's Figure 3(f).
USUAL: Mapping[str, tuple[float, int]] = MappingProxyType({"phase-retrieval": (1.0, 500)})

TOLERANCE = Number(
    field="epsilon", key="eps", symbol="ε", label="Tolerance", default=EPSILON, low=1e-4, high=10.0,
    scale="log", step=0.01,
    help="Where the gradient is small (‖∇f‖ ≤ ε) and the curvature negative (λ_min ≤ −ε) is the "
         "saddle region; where ‖∇f‖ ≥ ε the gradient is large.",
)  # fmt: skip
HORIZON = Integer(
    field="horizon", key="tau", symbol="τ", label="Horizon", default=300_000, low=2, high=3_000_000,
    scale="log", step=0.01,
    help="How many steps ahead APCG looks; the paper takes 3·10⁵ on the toy, 500 on phase "
         "retrieval.",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One property along the path; C contenders, K recorded steps.

    values (C, K): NaN where undefined. required, beyond, failed (C, K): where the paper's proof
    requires the property, where it is then beyond `bound`, and where it fails: beyond, with no
    constant that allows it. looks, failures (C,): numbers of required and failed steps. share (C,):
    fraction of the required time in which it is beyond, each recorded step weighted by its duration
    (`durations`); NaN if never required. constant (C,): the value that the definition's constant
    would need (γ, c′, c_h; for APAG the least value). reasons: per contender '' or a sentence
    saying why it is not required anywhere.
    """

    name: str
    values: Floats
    required: Mask
    beyond: Mask
    failed: Mask
    looks: Integers
    failures: Integers
    share: Floats
    bound: float
    constant: Floats
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """'' if the property is required of any contender, else why not."""
        return "" if self.looks.any() else self.reasons[0]


@dataclass(frozen=True, slots=True, eq=False)
class Properties:
    """The gradient norm ‖∇f(w_t)‖ (C, K) at steps (K,), and the four panels, by name."""

    experiment: Experiment
    steps: Integers
    epsilon: float
    horizon: int
    gradient: Floats
    panels: Mapping[str, Panel]


def usual_epsilon(experiment: Experiment) -> float:
    """Return the default ε."""
    return USUAL.get(experiment.landscape, (EPSILON, 0))[0]


def usual_horizon(experiment: Experiment) -> int:
    """Return the default τ: the landscape's, or three tenths of the run to one digit."""
    if experiment.landscape in USUAL:
        return USUAL[experiment.landscape][1]
    wanted = float(f"{HORIZON_SHARE * experiment.steps:.0e}")
    return int(min(max(wanted, HORIZON.low), HORIZON.high))


def observe(
    experiment: Experiment, epsilon: float | None = None, horizon: int | None = None
) -> Properties:
    """Run the experiment's first path and evaluate the properties along it.

    epsilon: ε of the regions; horizon: τ of APCG; defaults if None. Raises what `simulate` raises.
    Source: the paper's Definitions 1 to 3, Figures 3 and 4.
    """
    run = simulate(experiment.replace(paths=1), record_paths=1, points=POINTS)
    epsilon = usual_epsilon(experiment) if epsilon is None else epsilon
    tau = usual_horizon(experiment) if horizon is None else horizon
    found = properties(run, epsilon=epsilon, horizon=tau)
    return Properties(
        experiment=experiment,
        steps=run.steps,
        epsilon=epsilon,
        horizon=tau,
        gradient=np.where(moving(run), length(run.gradient)[:, 0], np.nan),
        panels=MappingProxyType({
            name: panel(measured, run, epsilon) for name, measured in found.items()
        }),
    )  # fmt: skip


def panel(measured: Property, run: Trajectories, epsilon: float) -> Panel:
    """Return a property's Panel."""
    alive = moving(run)
    values = np.where(alive, measured.values[:, 0], np.nan)
    required, beyond, failed = (
        mask[:, 0] & alive for mask in (measured.required, measured.beyond, measured.failed)
    )
    return Panel(
        name=measured.name,
        values=values,
        required=required,
        beyond=beyond,
        failed=failed,
        looks=np.count_nonzero(required, axis=1),
        failures=np.count_nonzero(failed, axis=1),
        share=share_of_time(beyond, required, run.steps),
        bound=measured.bound,
        constant=measured.constant,
        reasons=tuple(
            "" if asked.any() else missing_reason(measured.name, contender, row, epsilon)
            for contender, asked, row in zip(
                run.experiment.contenders, required, values, strict=True
            )
        ),
    )


def missing_reason(name: str, contender: Contender, values: Floats, epsilon: float) -> str:
    """Return a sentence saying why a property is not required anywhere along a contender's path."""
    rule = RULES[contender.rule]
    if rule.family.unlike:
        return f"{rule.label}'s m is {rule.family.unlike}; the paper's properties do not apply."
    if not np.isfinite(values).any():
        return WITHOUT_VALUE.get(name, "There is no value at any recorded step.")
    return NOT_ASKED[name].format(epsilon=f"{epsilon:.3g}")


_NO_REGION = (
    "No recorded step is in the saddle region: none has both ‖∇f‖ ≤ {epsilon} and "
    "λ_min ≤ −{epsilon}."
)
NOT_ASKED: Mapping[str, str] = MappingProxyType({
    "cnc": _NO_REGION,
    "apag": "The gradient norm is below ε = {epsilon} at every recorded step.",
    "apcg": _NO_REGION,
    "grace": "The path diverged before the first recorded step.",
})  # fmt: skip
"""Property → why it is not required anywhere."""

WITHOUT_VALUE: Mapping[str, str] = MappingProxyType({
    "apcg": "The step is too large for it: G_s = I − ηθ_s∇²f is not positive, so M_t is undefined."
})  # fmt: skip
"""Property → why it has no value."""


def durations(steps: Integers) -> Floats:
    """Return the duration (K,) of each recorded step: half-way to its neighbours on both sides.

    Half of the grid is even in log t (see `simulate`), so unweighted recorded steps are not a
    uniform sample of time.
    """
    middle = 0.5 * (steps[:-1] + steps[1:])
    out: Floats = np.diff(np.concatenate([steps[:1], middle, steps[-1:]]))
    return out


def share_of_time(part: Mask, whole: Mask, steps: Integers) -> Floats:
    """Return the fraction (C,) of the time in `whole` (C, K) also in `part`; NaN if none."""
    weights = durations(steps)
    return quotient(part @ weights, whole @ weights)


def moving(run: Trajectories) -> Mask:
    """Return where (C, K) the first path has not yet diverged or reached its final position.

    A finished path is recorded with its last position repeated (see `Trajectories`).
    """
    w = run.w[:, 0]
    there = (w == w[:, -1:]).all(axis=-1)  # (C, K): at the final position
    ever = np.logical_and.accumulate(there[:, ::-1], axis=1)[:, ::-1]  # and remaining there
    arrived = np.concatenate([np.zeros_like(ever[:, :1]), ever[:, :-1]], axis=1)
    end = np.where(run.diverged_at[:, 0] < 0, np.iinfo(np.int64).max, run.diverged_at[:, 0])
    return np.asarray(~arrived & (run.steps < end[:, None]))


def stretches(mask: Mask, steps: Integers) -> list[tuple[int, int]]:
    """Return the first and last step of each run of true values in the mask (K,).

    Ends are half-way to the next recorded step; an empty list if the mask is empty.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    middle = (steps[:-1] + steps[1:]) // 2
    bounds = np.concatenate([steps[:1], middle, steps[-1:]])
    return [(int(bounds[i]), int(bounds[j])) for i, j in edges.reshape(-1, 2)]
