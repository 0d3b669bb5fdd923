"""The same bits on every processor: no multiply-add is fused, and runs are equal."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import subprocess
import sys

import llvmlite.binding as llvm
import numpy as np
import pytest
from numba import njit

from simulation import Contender, Experiment, simulate
from simulation.kernels import separable
from simulation.kernels.paths import run_paths
from simulation.kernels.records import LANES, Scratch
from simulation.kernels.tape import Code, evaluate
from simulation.landscapes.registry import LANDSCAPES, landscape_of
from simulation.model.coefficients import simd_coefficients
from simulation.rules import RULES
from simulation.runs.simulate import kernel_noise, new_state
from tests.simulation.tapes import apply
from tests.simulation.test_wide import float_operations

FUSED = re.compile(r"\b(vfn?m(add|sub)\w*|fn?m(add|sub)|fml[as])\b")  # of x86 and of aarch64
MULTIPLY = re.compile(r"\b(v?mulpd|fmul)\b")
X86 = platform.machine() in ("x86_64", "AMD64")
# Two SIMD units that differ from one another, and from most machines' own.
PROCESSORS = ("haswell", "x86-64") if X86 else ("cortex-a72", "neoverse-v1")


def assemblies(kernel) -> list[str]:
    """Return a kernel's machine code for this processor and for 64-bit ARM, as text.

    The kernel was compiled in this process: what comes from the disk cache cannot be read.
    """
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple("aarch64-unknown-linux-gnu")
    machine = target.create_target_machine(cpu="apple-m1", opt=3)
    code = kernel.inspect_llvm(kernel.signatures[0])
    code = re.sub(r"target triple = .*", f'target triple = "{target.triple}"', code)
    code = re.sub(r"target datalayout = .*", f'target datalayout = "{machine.target_data}"', code)
    # Numba's counter of references holds an operation of x86 alone.
    code = re.sub(r"= (tail )?call i8 @llvm\.x86\.atomic\..*", "= add i8 0, 0", code)
    module = llvm.parse_assembly(code)
    module.verify()
    return [kernel.inspect_asm(kernel.signatures[0]), machine.emit_assembly(module)]


def assert_nothing_is_fused(kernel) -> None:
    for assembly in assemblies(kernel):
        assert MULTIPLY.search(assembly)
        assert not FUSED.search(assembly)


def test_a_fused_multiply_add_would_be_found():
    @njit(fastmath=True)
    def fused(a, b, c):
        return a * b + c

    fused(1.0, 2.0, 3.0)
    assert FUSED.search(assemblies(fused)[1])


def test_wide_operations_are_not_fused():
    float_operations(np.ones(LANES), np.ones(LANES), np.empty((14, LANES)))
    assert_nothing_is_fused(float_operations)


def test_the_separable_loop_is_not_fused():
    experiment = Experiment(noise="none")
    landscape = landscape_of(experiment)
    problem, rules = landscape.problem(experiment), simd_coefficients(experiment, [0], 2)
    state = new_state(problem, kernel_noise(experiment, landscape, landscape.basis(experiment)))
    scratch = Scratch(*(np.zeros(2 * LANES) for _ in Scratch._fields))
    kernel = njit(nogil=True, error_model="numpy")(separable.advance.py_func)
    kernel(state, 0, 0, 0, rules, problem, scratch)  # no step: it is compiled
    assert_nothing_is_fused(kernel)


def digest() -> str:
    """Return the SHA-256 of every tape operation and of short runs of everything."""
    contenders = tuple(Contender(rule, 0.9) for rule in RULES)
    bits = hashlib.sha256()
    numbers = np.random.default_rng(0).normal(size=(3, 4_000)) * np.geomspace(1e-9, 1e9, 4_000)
    for code in Code:
        found = apply(code, *numbers)
        bits.update(np.where(np.isnan(found), np.nan, found).tobytes())  # the sign of NaN is free
    for landscape in LANDSCAPES:
        for noise in ("gaussian", "samples"):
            experiment = Experiment(
                landscape=landscape, noise=noise, contenders=contenders, steps=2_000, paths=2
            )
            run = simulate(experiment)
            for values in (run.w, run.momentum, run.stochastic_gradient, run.escape_time):
                bits.update(np.ascontiguousarray(values).tobytes())
    return bits.hexdigest()


def check_fresh_kernels() -> None:
    """Print `digest()`, computed by kernels that hold no fused multiply-add, else fail."""
    print(digest())
    assert_nothing_is_fused(run_paths)
    assert_nothing_is_fused(evaluate)


@pytest.mark.slow
@pytest.mark.parametrize("processor", PROCESSORS)
def test_a_run_has_the_same_bits_on_another_processor(processor, tmp_path):
    code = "from tests.simulation.test_same_bits import check_fresh_kernels as c; c()"
    there = os.environ | {"NUMBA_CPU_NAME": processor, "NUMBA_CACHE_DIR": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", code], env=there, check=True, stdout=subprocess.PIPE, text=True
    )
    assert found.stdout.strip() == digest()
