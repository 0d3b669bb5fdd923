"""Nesterov momentum as in torch.optim.SGD(nesterov=True)."""

from __future__ import annotations

from simulation.rules.momentum import LINEAR, sgd
from simulation.rules.record import Limit, Rule, Variant


def _torch(beta: str, lr: str) -> str:
    if beta == "0":  # plain SGD; torch rejects nesterov=True without momentum
        return sgd(beta, lr)
    return f"SGD(weights(), lr={lr}, momentum={beta}, nesterov=True)"


NESTEROV = Rule(
    name="nesterov",
    label="Nesterov",
    family=LINEAR,
    default=0.9,
    dash="9px,3px",
    weights=lambda beta: (1.0, beta),
    exact=True,
    stable=Limit(lambda beta: 2 * (1 + beta) / (1 + 2 * beta), "2(1+β)/(1+2β)"),
    torch=_torch,
    flag="NESTEROV",
    variant=Variant("direction", "NESTEROV", "g + BETA * momentum"),
)
