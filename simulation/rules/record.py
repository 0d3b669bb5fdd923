"""The record of an update rule, and of the family of rules that share one compiled step.

A rule's file defines one Rule; everything else that is said of it anywhere follows from this
record. Source: the paper's Algorithms 1 and 2, torch.optim; DESIGN.md section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulation.kernels.step import LINEAR_STEP

# A number or an array of them: what is said of β holds elementwise.
OfBeta = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Rules whose step is one branch of `kernels/step.py`, and its NumPy source.

    code: of that branch. fresh(β): the share of g_t in m_t, NaN where m_t is no sum of gradients.
    unlike: '' where m_t = βm_{t−1} + g_t, else what m_t is. cost: work of a step beside the
    landscape's own (`budget.work`).

    numpy: lines from w, m, g, BETA and ETA at step t to `momentum`, what m becomes, and `step`,
    what w loses. {slot} in them is where a rule's Variant goes, and `slots` has each slot's usual
    value. flag: the column that is true for the family in a race of several; state: names of the
    arrays that the lines keep beside m. Source: DESIGN.md section 3.
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
    def adaptive(self) -> bool:
        """Whether the step is not linear in w, m and g."""
        return self.code != LINEAR_STEP


@dataclass(frozen=True, slots=True)
class Variant:
    """Where a rule's NumPy step departs from its family's: `slot` is `value` where `condition`."""

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
    """One update rule.

    name: its key in an address; label: its name for a reader; inline: that inside a sentence,
    where it differs; prefix: what stands before β in a
    contender's label ('' for the label itself); plain: what it is called at β = 0, where it is
    something else. default: β where none is written; bare: whether a β alone is this rule; brief:
    whether the name alone is written at the default β. equation: LaTeX. dash: of its lines (SVG
    stroke-dasharray, in px).

    weights(β): ν and κ of w_{t+1} = w_t − η(νg_t + κm_t), the terms of m_t (g_t, or g_t rescaled)
    decaying by β a step; None where the step is an average of them. exact: whether
    these, with m_t = βm_{t−1} + g_t and one constant η, are the whole rule: the exact theory then
    follows from them. stable: None where there is no largest stable step. reads: fields of an
    experiment that no other rule reads. maximal: whether v̂ never falls (AMSGrad).

    torch(β, η): the optimizer as source, both given as source; torch_note and torch_lines: what
    its contenders, a list named `flag`, get before each step. flag and variant: the column that is
    true for the rule in a NumPy script, and what it changes there. Source: DESIGN.md section 3.
    """

    name: str
    label: str
    family: Family
    default: float
    equation: str
    dash: str
    torch: Callable[[str, str], str]
    weights: Callable[[Any], tuple[Any, Any]] | None = None
    exact: bool = False
    stable: Limit | None = None
    inline: str = ""
    prefix: str = ""
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
        """Whether it takes Algorithm 2's larger step once every period."""
        return "boost" in self.reads
