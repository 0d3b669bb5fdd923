"""The compiled engine has the same bits on every machine: it fuses nothing and calls no libm."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # compiles the engine


def compiled(folder, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation.machine_code"],
        env=os.environ | {"NUMBA_CACHE_DIR": str(folder)} | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_numbers_do_not_depend_on_the_machine(tmp_path):
    here = compiled(tmp_path / "here")
    plain = compiled(tmp_path / "plain", NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="")
    assert here["hash"] == plain["hash"]
    for machine in (here, plain):
        assert machine["arm_multiplications"] > 1000  # ARM's code was written and read
        assert machine["fused"] == []
