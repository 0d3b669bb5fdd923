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
CHECK = """
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
_, w, escape = names["run"]()
np.testing.assert_allclose(w, ours.w, rtol=1e-9, atol=1e-12)
assert (escape == ours.escape_time).all()
assert "SGD(weights(), lr=0.01 * (1 - 0.5), momentum=0.5)" in script(experiment, "torch")
assert f"{list(RULES)[-2]}, averaged" in table()
print("followed")
"""


@pytest.mark.long
def test_a_rule_is_one_file_and_one_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "simulation", tmp_path / "simulation")
    recipe = RECIPES.split("# Add an update rule\n")[1].split("\n# ")[0]
    (example,) = re.findall(r"```python\n(.*?)```", recipe, re.DOTALL)
    rules = tmp_path / "simulation" / "rules"
    (rules / "averaged.py").write_text(textwrap.dedent(example), encoding="utf-8")
    registry = (rules / "__init__.py").read_text(encoding="utf-8")
    registry = registry.replace(
        "\n_REGISTERED", "\nfrom simulation.rules.averaged import AVERAGED\n\n_REGISTERED"
    ).replace("\n)\n", "\n    AVERAGED,\n)\n", 1)
    (rules / "__init__.py").write_text(registry, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == "followed\n"
