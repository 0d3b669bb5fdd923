"""Instructions on slots of memory, and their form for `kernels.tape.walk`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.formula.instructions import Instruction
from simulation.kernels.records import LANES, Floats, Integers, TapeArrays

ARGUMENTS = 3  # slots of arguments in a row of a program


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Operations on slots: the inputs in the first slots, the results in slots `results`.

    code (n, 5): operation, slot of its result, slots of its three arguments (0 if not needed).
    """

    code: Integers
    results: Integers
    slots: int

    def on_lanes(self, numbers: Sequence[float] | Floats, first: int = 0) -> TapeArrays:
        """Return the kernel's form, with the numbers in the slots from `first` on, the others 0."""
        code = self.code.copy()
        code[:, 1:] *= LANES
        slots = np.zeros((self.slots, LANES))
        slots[first : first + len(numbers)] = np.reshape(numbers, (-1, 1))
        return TapeArrays(code, self.results * LANES, slots.ravel())


def place(
    instructions: Sequence[Instruction | None], results: Sequence[int], inputs: int
) -> Program:
    """Return the instructions on slots; a slot is used again once its value is not needed.

    Input k keeps slot k for ever. A result may take the slot of an argument that ends with it.
    """
    last = {v: k for k, i in enumerate(instructions) if i is not None for v in i.arguments}
    last |= dict.fromkeys(results, len(instructions))
    slots = {value: value for value in range(inputs)}
    free: list[int] = []
    used = inputs
    rows = []
    for k, instruction in enumerate(instructions):
        if instruction is None:
            continue
        arguments = [slots[value] for value in instruction.arguments]
        ended = {v for v in instruction.arguments if v >= inputs and last[v] == k}
        free += sorted(slots[value] for value in ended)
        if not free:
            free.append(used)
            used += 1
        slots[inputs + k] = free.pop()
        padding = [0] * (ARGUMENTS - len(arguments))
        rows.append([int(instruction.code), slots[inputs + k], *arguments, *padding])
    code = np.array(rows, dtype=np.int64).reshape(-1, 2 + ARGUMENTS)
    return Program(code, np.array([slots[value] for value in results], dtype=np.int64), used)
