"""AMSGrad as in torch.optim.Adam(amsgrad=True): Adam with a non-decreasing v̂."""

from __future__ import annotations

from simulation.rules.adam import ADAM_FAMILY, adam
from simulation.rules.record import Rule

AMSGRAD = Rule(
    name="amsgrad",
    label="AMSGrad",
    family=ADAM_FAMILY,
    default=0.9,
    brief=True,
    dash="16px,4px",
    maximal=True,
    torch=lambda beta, lr: adam(beta, lr, ", amsgrad=True"),
    flag="AMSGRAD",
)
