"""Run the engine in this process and print, as JSON, a hash of its numbers and fused operations.

`python -m tests.simulation.machine_code`, with a fresh NUMBA_CACHE_DIR: the code of a kernel that
was read from a cache cannot be inspected.
"""

from __future__ import annotations

import hashlib
import json
import re

import llvmlite.binding as llvm
import numpy as np

from simulation import Contender, Experiment, simulate
from simulation.kernels.paths import run_paths
from simulation.kernels.tape import Code, evaluate
from simulation.rules import RULES
from simulation.runs import simulate as engine
from tests.simulation.formula_landscape import FormulaOnly
from tests.simulation.tapes import apply

FORMULA = "sin(x)*cos(y)+tanh(x*y)-exp(-x^2)+log(2+y^2)*sqrt(1+x^2)+(1+y^2)^a"
FUSED = re.compile(r"\bvf[n]?m(?:add|sub)\w*|\bf[n]?m(?:la|ls|add|sub)\b")
ARM = "aarch64-unknown-linux-gnu"


def numbers():
    """Yield arrays whose bits must not depend on the machine."""
    rng = np.random.default_rng(0)
    for code in Code:
        yield apply(
            code, *(rng.normal(size=4000) * 10.0 ** rng.uniform(-9, 9, 4000) for _ in range(3))
        )
    race = tuple(Contender(rule, 0.8) for rule in RULES)
    for landscape in ("toy", "monkey", "linear-net", "phase-retrieval"):
        experiment = Experiment(landscape=landscape, contenders=race, paths=2, steps=500)
        yield simulate(experiment).w
    engine.landscape_of = lambda _: FormulaOnly(FORMULA, a=(1.5,))
    yield simulate(Experiment(landscape="monkey", contenders=race, paths=2, steps=500)).w


def libraries(library, found):
    """Return the libraries of compiled code that a kernel's library links, itself included."""
    if library.name not in found:
        found[library.name] = library
        for linked in library._linking_libraries:
            libraries(linked, found)
    return found


def for_arm(ir: str) -> str:
    """Return the assembly for 64-bit ARM of LLVM code; x86's reference counts are left out."""
    ir = re.sub(r"target (triple|datalayout) = .*", "", ir)
    ir = re.sub(r"= (tail )?call i8 @llvm\.x86[^\n]*", "= add i8 0, 0", ir)
    ir = re.sub(r'"target-(cpu|features)"="[^"]*"', "", ir)
    module = llvm.parse_assembly(ir)
    module.triple = ARM
    return llvm.Target.from_triple(ARM).create_target_machine(opt=3).emit_assembly(module)


def main() -> None:
    digest = hashlib.sha256()
    for array in numbers():
        digest.update(np.where(np.isnan(array), np.nan, array).tobytes())  # a NaN's sign is free
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    found: dict = {}
    for kernel in (run_paths, evaluate):
        for signature in kernel.signatures:
            libraries(kernel.overloads[signature].library, found)
    host = [library.get_asm_str() for library in found.values()]
    arm = [for_arm(library.get_llvm_str()) for library in found.values()]
    print(json.dumps({
        "hash": digest.hexdigest(),
        "arm_multiplications": sum(code.count("fmul") for code in arm),
        "fused": sorted({name for code in host + arm for name in FUSED.findall(code)}),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
