"""Records of an update rule and of a family of rules that share one compiled step.

A rule's file defines one Rule; every other use of the rule follows from this record. Source: the
paper's Algorithms 1 and 2, torch.optim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulation.kernels.step import LINEAR_STEP

# A function of β, elementwise on numbers or arrays.
OfBeta = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Rules that share one branch of `kernels/step.py`, with its NumPy source.

    code: of that branch. fresh(β): the coefficient of g_t in m_t, NaN if m_t is not a sum of
    gradients. unlike: '' if m_t = βm_{t−1} + g_t, else a description of m_t. cost: work of a step
    in addition to the landscape's (`budget.work`).

    numpy: lines that compute, from w, m, g, BETA and ETA at step t, `momentum`, the new m, and
    `step`, the amount subtracted from w. {slot} in them is replaced by a rule's Variant, or by the
    default in `slots`. flag: name of the mask of the family's contenders, used when several
    families run; state: names of further state arrays beside m.
    """

    code: int
    fresh: OfBeta
    unlike: str = ""
    cost: int = 0
    flag: str
    numpy: str
    momentum: str
    step: str
    comment: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    state: tuple[str, ...] = ()

    @property
    def linear(self) -> bool:
        """Whether the next w and m are linear in w, m and g."""
        return self.code == LINEAR_STEP


@dataclass(frozen=True, slots=True)
class Variant:
    """A change to the family's NumPy step: `slot` is `value` where `condition` holds."""

    slot: str
    condition: str
    value: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest stable ηλ in a direction of curvature λ > 0: as a function of β, and in words."""

    at: OfBeta
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An update rule.

    name: its key in URLs; label: its name on the page; inline: the label inside a sentence, if
    different; plain: its name at β = 0, if different. default: β if none is given; bare: whether a
    β alone means this rule; brief: whether the default β is omitted in URLs.
    dash: line style (SVG stroke-dasharray, in px).

    weights(β): ν and κ of w_{t+1} = w_t − η(νg_t + κm_t), where the terms of m_t (g_t, or g_t
    rescaled) decay by β per step; None if the step is not such a sum. exact: whether these,
    with m_t = βm_{t−1} + g_t and a constant η, define the rule completely, so that the exact theory
    applies. stable: None if there is no largest stable step. reads: fields of an experiment used by
    this rule only. maximal: whether v̂ never decreases (AMSGrad).

    torch(β, η): the optimizer's source, from the source of both; torch_note: comment on the list
    named `flag` of the rule's contenders; torch_lines: source executed before each of their steps.
    flag and variant: name of the mask of the rule's contenders in a NumPy script, and the change of
    the step there.
    """

    name: str
    label: str
    family: Family
    default: float
    dash: str
    torch: Callable[[str, str], str]
    weights: Callable[[Any], tuple[Any, Any]] | None = None
    exact: bool = False
    stable: Limit | None = None
    inline: str = ""
    plain: str = ""
    bare: bool = False
    brief: bool = False
    reads: tuple[str, ...] = ()
    maximal: bool = False
    flag: str = ""
    variant: Variant | None = None
    torch_note: str = ""
    torch_lines: str = ""

    @property
    def boosted(self) -> bool:
        """Whether the rule takes Algorithm 2's larger step once every period."""
        return "boost" in self.reads
