"""The PyTorch source of a formula: its value and its autograd are those of the arrays."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.formula.arrays import Field
from simulation.formula.sources import constants, torch_loss
from tests.marks import breadth
from tests.simulation.formula_cases import FORMULAS
from tests.simulation.formula_oracle import case, field_of

pytestmark = pytest.mark.long

torch = pytest.importorskip("torch", reason="torch 2.13.0, the oracle, is not installed")

KEPT = ("monkey", "Müller–Brown", "chain", "kinks", "list", "product", "double sum")
EDGES = [
    "a*x+b*y", "x/(a-1.5)", "w^2-z^2+w*z", "sum(w_i,i=2..1)+x", "prod(i,i=1..3)*x+sum(i,i=1..3)",
    "sin(a)*x+sqrt(2)*x+softplus(1)*x+sigmoid(b)*x+relu(a)*x+|b|*x", "min(x,1,y)+max(2,y,a,3)",
    "max(a,b)*x+min(1,2)*x", "a^b*x+2^3*x+(-2)^2*x+x*10^30", "sum(i^20*w_i)", "x^-2+x^a+2^x",
    "e^x+pi*x+d*x", "sum(b_i*w_{i+1},i=1..d-1)+b1", "sum(w_i,i=2..d-1)", "x*1000000000000^3",
]  # fmt: skip


def check(field: Field) -> None:
    lines = "\n".join(constants(field.formula, field.numbers))
    names: dict[str, object] = {"np": np, "torch": torch}
    exec(compile(f"{lines}\n\n\n{torch_loss(field.formula)}", "source", "exec"), names)
    w = np.random.default_rng(6).uniform(0.2, 1.4, (5, field.dimension))
    tensor = torch.tensor(w, requires_grad=True)
    loss = names["loss"](tensor, None)
    loss.backward()
    value, slope = field.value(w).sum(), field.gradient(w)
    assert abs(loss.item() - value) <= 1e-12 * np.abs(field.value(w)).sum()
    assert np.abs(tensor.grad.numpy() - slope).max() <= 1e-12 * max(1, np.abs(slope).max())


@pytest.mark.parametrize("name", breadth(FORMULAS, KEPT))
def test_autograd_is_the_gradient(name):
    check(case(name))


@pytest.mark.parametrize("text", EDGES)
def test_at_the_edges(text):
    check(field_of(text, a=(1.7,), b=(0.5,)))
