"""RMSProp as in torch.optim.RMSprop, not centered: β is its `momentum`, α = 0.99, ε = 1e-8."""

from __future__ import annotations

from simulation.kernels.step import RMSPROP_STEP
from simulation.rules.record import Family, Rule

RMSPROP_FAMILY = Family(
    code=RMSPROP_STEP,
    fresh=lambda beta: float("nan"),
    unlike="a sum of rescaled gradients, not βm + g",
    cost=24,
    flag="RMSPROP",
    numpy="""\
            square = 0.99 * square + (1 - 0.99) * g * g  # RMSProp, as in torch.optim
            scaled = BETA * m + g / (np.sqrt(square) + 1e-8)
""",
    momentum="scaled",
    step="ETA * scaled",
    state=("square",),
)

RMSPROP = Rule(
    name="rmsprop",
    label="RMSProp",
    family=RMSPROP_FAMILY,
    default=0.0,
    brief=True,
    dash="6px,6px",
    weights=lambda beta: (0.0, 1.0),
    torch=lambda beta, lr: f"RMSprop(weights(), lr={lr}, momentum={beta})",
)
