"""Heavy ball: the paper's Algorithm 1 and torch.optim.SGD; SGD at β = 0."""

from __future__ import annotations

from simulation.kernels.step import LINEAR_STEP
from simulation.rules.record import Family, Limit, Rule

LINEAR = Family(
    code=LINEAR_STEP,
    fresh=lambda beta: 1.0,
    flag="HEAVY",
    numpy="{eta}            momentum = BETA * m + g  # Alg. 1, line 5: m = βm + g\n{direction}",
    momentum="momentum",
    step="{eta} * {direction}",
    comment="Alg. 1, line 6: w = w − ηm",
    slots={"eta": "ETA", "direction": "momentum"},
)


def sgd(beta: str, lr: str) -> str:
    """Return the source of a torch.optim.SGD with momentum."""
    return f"SGD(weights(), lr={lr}, momentum={beta})"


MOMENTUM = Rule(
    name="momentum",
    label="Momentum",
    inline="momentum",
    plain="SGD",
    family=LINEAR,
    default=0.9,
    bare=True,
    dash="solid",
    weights=lambda beta: (0.0, 1.0),
    exact=True,
    stable=Limit(lambda beta: 2 * (1 + beta), "2(1+β)"),
    torch=sgd,
)
