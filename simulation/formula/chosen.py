"""What one chooses besides a formula's text: its parameters by name, and its dimension."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from simulation.formula.formula import MOST_KEPT, Formula
from simulation.formula.grammar import WEIGHTS
from simulation.formula.nodes import Name, Node, Offset, children


@lru_cache(maxsize=MOST_KEPT)
def parameter_names(formula: Formula) -> tuple[str, ...]:
    """Return the names of the parameters; a list b1 … bd has one, b."""
    lists = {base for base in _running(formula.tree) if base not in WEIGHTS}
    bases = (name.rstrip("0123456789") for name in formula.parameters)
    chosen = zip(formula.parameters, bases, strict=True)
    return tuple(dict.fromkeys(base if base in lists else name for name, base in chosen))


@lru_cache(maxsize=MOST_KEPT)
def is_free(formula: Formula) -> bool:
    """Return whether the dimension is chosen, because an index of the weights runs."""
    return any(base in WEIGHTS for base in _running(formula.tree))


def _running(tree: Node) -> Iterator[str]:
    """Yield the base of each name whose index runs."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name) and isinstance(node.index, Offset):
            yield node.base
        waiting.extend(children(node))
