"""A contender: an update rule with its momentum, written `rule:β` (a bare β is heavy ball)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulation.model.numbers import format_number
from simulation.model.parameters import Number, Parameter, ParameterError, value_text
from simulation.rules import RULES

BARE = next(name for name, rule in RULES.items() if rule.bare)
"""The rule meant by a β without a rule name."""

MOMENTUM = Number(
    field="momentum",
    key="beta",
    symbol="β",
    label="Momentum",
    help="How much of the last step's momentum is kept: m ← βm + g, w ← w − ηm.",
    default=0.9,
    torch="momentum",
    low=0.0,
    high=0.9999,
    step=0.001,
)


@dataclass(frozen=True, slots=True)
class Contender:
    """An optimizer: an update rule (a key of RULES) and its momentum β in [0, 0.9999].

    Raises ParameterError for an unknown rule or a β out of range.
    """

    rule: str = BARE
    momentum: float = 0.9

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            reason = "a rule is one of " + ", ".join(RULES)
            raise ParameterError("contenders", self.rule, "", BARE, reason=reason, label="Rule")
        object.__setattr__(self, "momentum", MOMENTUM.check(self.momentum))

    @property
    def text(self) -> str:
        """The form used in URLs: `0.9`, `nesterov:0.9`, `adam`."""
        rule = RULES[self.rule]
        if rule.bare:
            return format_number(self.momentum)
        if rule.brief and self.momentum == rule.default:
            return self.rule
        return f"{self.rule}:{format_number(self.momentum)}"

    @property
    def label(self) -> str:
        """The name shown on plots: `SGD`, `Momentum 0.9`, `Nesterov 0.9`."""
        rule = RULES[self.rule]
        if rule.plain and not self.momentum:
            return rule.plain
        return f"{rule.label} {format_number(self.momentum)}"

    @property
    def is_sgd(self) -> bool:
        """Whether the optimizer is plain SGD: heavy ball with β = 0."""
        return RULES[self.rule].bare and not self.momentum

    @classmethod
    def parse(cls, text: str) -> Contender:
        """Parse `0.9`, `nesterov:0.9` or `adam`; raises ParameterError."""
        rule, colon, beta = text.strip().partition(":")
        if not colon and rule not in RULES:
            return cls(BARE, MOMENTUM.parse(rule))
        if rule not in RULES:
            return cls(rule)
        return cls(rule, MOMENTUM.parse(beta) if colon else RULES[rule].default)


PLAIN = Contender(BARE, 0.0)
"""Plain SGD: in place of a race, for what does not depend on its optimizers."""


def was_a_number(value: object) -> bool:
    """Return whether a rejected β was a number, so that a nearest valid one exists."""
    return isinstance(value, float) and not math.isnan(value)


@dataclass(frozen=True, kw_only=True)
class Contenders(Parameter):
    """A list of 1 to `longest` contenders."""

    longest: int = 8

    @property
    def allowed(self) -> str:
        """The grammar in words."""
        return (
            f"a list of 1 to {self.longest} optimizers, each rule:β or β alone (momentum), "
            f"with β {MOMENTUM.allowed} and rule one of " + ", ".join(RULES)
        )

    def check(self, value: Any) -> tuple[Contender, ...]:
        """Return a tuple of contenders from Contender, `rule:β` or β; raises ParameterError."""
        items = [value] if isinstance(value, str | int | float | Contender) else value
        if not isinstance(items, Sequence) or not items:
            raise self.error(value)
        out: list[Contender] = []
        wrong = False
        for item in items:
            try:
                out.append(
                    item if isinstance(item, Contender) else Contender.parse(value_text(item))
                )
            except ParameterError as error:
                wrong = True
                if error.field == "momentum" and was_a_number(error.value):
                    rule = str(item).partition(":")[0]
                    out.append(Contender(rule if rule in RULES else BARE, error.nearest))
        if wrong or len(out) > self.longest:
            raise self.error(value, tuple(out[: self.longest]) or None)
        return tuple(out)

    def parse(self, text: str) -> tuple[str, ...]:
        """Split a comma-separated list of `rule:β`."""
        return tuple(part for part in text.split(",") if part.strip())

    def format(self, value: Sequence[Contender]) -> str:
        """Join the contenders as comma-separated `rule:β`."""
        return ",".join(contender.text for contender in value)
