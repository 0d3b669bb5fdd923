"""The recipes of docs/extending.md, applied to a copy of the engine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPES = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")

# Heavy ball at η(1−β) is the same path, and so has the same law.
RULE_CHECK = """
import numpy as np
from simulation import Contender, Experiment, simulate
from simulation.model.parameter_table import table
from simulation.model.query import format_query, parse_query
from simulation.scripts import script
from simulation.results.summary import summarise
from simulation.rules import RULES

query = "landscape=quadratic&run=0.9,averaged:0.5,averaged:0.9,nesterov:0.9,adam&T=3000&N=8"
experiment = parse_query(query)
assert parse_query(format_query(experiment)) == experiment
assert [c.label for c in experiment.contenders[1:3]] == ["Averaged 0.5", "Averaged 0.9"]
ours = simulate(experiment)
same = simulate(experiment.replace(contenders=(0.9,), step_size=0.001))
np.testing.assert_allclose(ours.w[2], same.w[0], rtol=1e-9, atol=1e-13)
found, known = summarise(ours), summarise(same)
np.testing.assert_allclose(found.predicted[2], known.predicted[0])
np.testing.assert_allclose(found.largest_stable_step[2], 10 * known.largest_stable_step[0])
effective = simulate(Experiment(contenders=("0", "averaged:0.9"), hold="effective", steps=10))
np.testing.assert_allclose(effective.step_sizes[1], effective.step_sizes[0])
names = {"__name__": "script"}
exec(script(experiment).removesuffix("main()\\n"), names)
_, w, escape, _ = names["run"]()
np.testing.assert_allclose(w, ours.w, rtol=1e-9, atol=1e-12)
assert (escape == ours.escape_time).all()
assert "SGD(weights(), lr=0.01 * (1 - 0.5), momentum=0.5)" in script(experiment, "torch")
assert f"{list(RULES)[-2]}, averaged" in table()
print("followed")
"""

# The kernel's numbers are the script's; with σ = 0.1 along each axis, a step's noise is ±0.1.
NOISE_CHECK = """
import numpy as np
from simulation import Experiment, simulate
from simulation.landscapes.registry import landscape_of
from simulation.model.parameter_table import table
from simulation.model.query import format_query, parse_query
from simulation.scripts import script

experiment = parse_query("landscape=quadratic&run=0,0.9&T=300&N=2&noise=signs&sd=0.1")
assert parse_query(format_query(experiment)) == experiment
ours = simulate(experiment)
added = (ours.stochastic_gradient - ours.gradient)[:, :, :-1]
np.testing.assert_allclose(np.abs(added), 0.1)
assert abs(added.mean()) < 0.02
assert not landscape_of(experiment).uses(experiment, "batch")
np.testing.assert_array_equal(landscape_of(experiment).linearisation(experiment).noise_sd, 0.1)
names = {"__name__": "script"}
exec(script(experiment).removesuffix("main()\\n"), names)
_, w, *_ = names["run"]()
np.testing.assert_allclose(w, ours.w, rtol=1e-9, atol=1e-12)
assert "σ with a random sign" in table()
print("followed")
"""


def examples(recipe: str) -> list[str]:
    """The Python examples of a recipe, in order."""
    text = RECIPES.split(f"# {recipe}\n")[1].split("\n# ")[0]
    found = re.findall(r"^( *)```python\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return [re.sub(f"(?m)^{indent}", "", example) for indent, example in found]


def replace(file: Path, old: str, new: str) -> None:
    """Replaces the only place in a file that says `old`."""
    source = file.read_text(encoding="utf-8")
    assert source.count(old) == 1, (file, old)
    file.write_text(source.replace(old, new), encoding="utf-8")


def register(package: Path, module: str, name: str) -> None:
    """Adds a record to a package's registry."""
    registry = package / "__init__.py"
    added = f"from simulation.{package.name}.{module} import {name}\n"
    replace(registry, "\n_REGISTERED", f"{added}\n_REGISTERED")
    replace(registry, "\n)\n", f"\n    {name},\n)\n")


def run(check: str, folder: Path, **environment: str) -> None:
    """Runs a check in a folder with a copy of the engine."""
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1", **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == "followed\n"


@pytest.mark.long
def test_a_rule_is_one_file_and_one_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "simulation", tmp_path / "simulation")
    rules = tmp_path / "simulation" / "rules"
    (example,) = examples("Add an update rule")
    (rules / "averaged.py").write_text(example, encoding="utf-8")
    register(rules, "averaged", "AVERAGED")
    run(RULE_CHECK, tmp_path)


def test_a_noise_is_one_file_one_line_and_its_kernel(tmp_path: Path) -> None:
    """The kernels run as plain Python: compiling all of them takes a minute."""
    shutil.copytree(
        ROOT / "simulation", tmp_path / "simulation", ignore=shutil.ignore_patterns("__pycache__")
    )
    kernels, noise = (tmp_path / "simulation" / name for name in ("kernels", "noise"))
    numbers, branch, record = examples("Add a noise")
    replace(kernels / "records.py", "PICKED = range(5)", "PICKED, SIGNS = range(6)")
    replace(
        kernels / "random.py", "@jit_borrow\ndef indices", f"{numbers}\n\n@jit_borrow\ndef indices"
    )
    replace(kernels / "blocks.py", "indices, normals\n", "indices, normals, signs\n")
    replace(kernels / "blocks.py", "SAMPLES,\n    Floats", "SAMPLES,\n    SIGNS,\n    Floats")
    last = "    else:\n        take_given"
    replace(kernels / "blocks.py", last, textwrap.indent(branch, "    ") + last)
    (noise / "signs.py").write_text(record, encoding="utf-8")
    register(noise, "signs", "SIGNS")
    run(NOISE_CHECK, tmp_path, NUMBA_DISABLE_JIT="1")
