"""The names of a formula: its weights, its parameters and its dimension."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from simulation.formula.errors import FormulaError
from simulation.formula.grammar import (
    CONSTANTS,
    DIMENSION,
    MOST_PARAMETERS,
    MOST_WEIGHTS,
    WEIGHTS,
)
from simulation.formula.nodes import Name, Node, Offset, Running, children

LEAST_RUNNING = 2  # length of sum(w_i^2) if nothing asks for more


@dataclass(frozen=True, slots=True)
class Names:
    """weights and parameters in their order, lists of parameters written out.

    length: what d stands for, the largest running index; without one, the number of weights.
    """

    weights: tuple[str, ...]
    parameters: tuple[str, ...]
    length: int


@dataclass(slots=True)
class _Uses:
    """How one base occurs: without an index, with these indices, with an index that runs."""

    alone: bool = False
    indices: set[int] = field(default_factory=set)
    runs: bool = False
    reach: int = 0  # largest index that a range between numbers asks for


def names_of(tree: Node, length: int | None = None) -> Names:
    """Return the names in a tree; `length` counts if an index of its weights runs.

    Without one, it is the largest index in the formula, and at least 2. Raises FormulaError for
    names that contradict one another, too many of them, and a formula without a weight.
    """
    uses = _uses(tree)
    weights = {base: use for base, use in uses.items() if base in WEIGHTS}
    others = {base: use for base, use in uses.items() if base not in WEIGHTS}
    found = _weights(weights, length)
    if not found:
        raise FormulaError(_no_weight(others))
    if len(found) > MOST_WEIGHTS:
        raise FormulaError(f"at most {MOST_WEIGHTS} weights, this formula has {len(found):,}")
    running = [base for base, use in weights.items() if use.runs]
    indexed = [name for name in found if name[:1] in running and name[1:]]
    length = len(indexed) if running else len(found)
    return Names(found, _parameters(others, length), length)


def _uses(tree: Node) -> dict[str, _Uses]:
    uses: dict[str, _Uses] = {}
    for name, scope in _names(tree):
        if name.index is None and (
            name.base in scope or name.base in CONSTANTS or name.base == DIMENSION
        ):
            continue
        use = uses.setdefault(name.base, _Uses())
        match name.index:
            case None:
                use.alone = True
            case Offset(letter, by):
                use.runs = True
                high = scope[letter].high
                use.reach = max(use.reach, high + by if isinstance(high, int) else 0)
            case index:
                use.indices.add(index)
    for base, use in uses.items():
        if use.alone and use.runs:
            raise FormulaError(f"{base} is used with and without an index")
    return uses


def _names(tree: Node) -> Iterator[tuple[Name, Mapping[str, Running]]]:
    """Yield each name with the sums that it stands in, by their letters."""
    waiting: list[tuple[Node, Mapping[str, Running]]] = [(tree, {})]
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, Name):
            yield node, scope
        if isinstance(node, Running):
            scope = {**scope, node.letter: node}
        waiting.extend((child, scope) for child in children(node))


def _weights(uses: Mapping[str, _Uses], length: int | None) -> tuple[str, ...]:
    indexed = [base for base, use in uses.items() if use.indices or use.runs]
    for base in indexed:
        if uses[base].alone:
            raise FormulaError(f"{base} is used with and without an index")
    if len(indexed) > 1:
        listed = ", ".join(sorted(indexed))
        raise FormulaError(f"only one letter of the weights has an index; here: {listed}")
    names = sorted(base for base, use in uses.items() if use.alone)
    for base in indexed:
        names += _numbered(base, _indices(base, uses[base], length))
    return tuple(names)


def _indices(base: str, use: _Uses, length: int | None) -> Iterable[int]:
    if not use.runs:
        return sorted(use.indices)
    largest = max([*use.indices, use.reach, 1])
    count = max(largest, LEAST_RUNNING) if length is None else length
    if largest > count:
        raise outside(base, largest, count)
    return range(1, min(count, MOST_WEIGHTS + 1) + 1)


def _parameters(uses: Mapping[str, _Uses], length: int) -> tuple[str, ...]:
    single: list[str] = []
    lists: list[str] = []
    number = 0
    for base in sorted(uses):
        use = uses[base]
        if use.runs:
            if any(not 1 <= index <= length for index in use.indices):
                raise outside(base, max(use.indices), length)
            lists += _numbered(base, range(1, length + 1))
            number += 1
            continue
        these = [base] * use.alone + list(_numbered(base, sorted(use.indices)))
        single += these
        number += len(these)
    if number > MOST_PARAMETERS:
        raise FormulaError(f"at most {MOST_PARAMETERS} parameters, this formula has {number}")
    return (*single, *lists)


def _numbered(base: str, indices: Iterable[int]) -> list[str]:
    return [f"{base}{index}" for index in indices]


def outside(base: str, index: int, length: int) -> FormulaError:
    """Return the fault of an index beyond the length."""
    return FormulaError(f"{base}{index} lies outside {base}1 … {base}{length}")


def _no_weight(others: Iterable[str]) -> str:
    why = "no weight in it: weights are called x, y, z, u, v, w, or w1, w2, …"
    if any(base.lower() in WEIGHTS for base in others):
        return f"{why}, in small letters"
    for base in sorted(others):
        at = next((k for k, letter in enumerate(base) if letter in WEIGHTS), None)
        if at is not None and len(base) > 1:
            product = "*".join(part for part in (base[:at], base[at], base[at + 1 :]) if part)
            return f"{why}; “{base}” is read as one name, a product is written {product}"
    return why
