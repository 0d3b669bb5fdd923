"""Adam as in torch.optim.Adam, with β₁ = β and torch's default β₂ and ε."""

from __future__ import annotations

from simulation.kernels.step import ADAM_STEP
from simulation.rules.record import Family, Rule

ADAM_FAMILY = Family(
    code=ADAM_STEP,
    fresh=lambda beta: 1 - beta,
    unlike="an average, not βm + g",
    cost=48,
    flag="ADAM",
    numpy="""\
            average = BETA * m + (1 - BETA) * g  # Adam, as in torch.optim
            v = 0.999 * v + (1 - 0.999) * g * g
            largest = np.where(AMSGRAD, np.maximum(largest, v), v)
            size = np.sqrt(largest) / np.sqrt(1 - 0.999 ** (t + 1)) + 1e-8
            adam = ETA / (1 - BETA ** (t + 1)) * average / size
""",
    momentum="average",
    step="adam",
    state=("v", "largest"),
)


def adam(beta: str, lr: str, more: str = "") -> str:
    """Return the source of a torch.optim.Adam.

    Both betas are written as floats (0 as 0.0), because Adam rejects an integer beside a float.
    """
    return f"Adam(weights(), lr={lr}, betas=({float(beta)}, 0.999){more})"


ADAM = Rule(
    name="adam",
    label="Adam",
    family=ADAM_FAMILY,
    default=0.9,
    brief=True,
    dash="3px,3px",
    torch=adam,
)
