"""The copied scripts, each run in a fresh process, against the engine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simulation import Trajectories, simulate
from simulation.diagnostics.escape import escape_statistics
from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import Contender
from simulation.model.experiment import PARAMETERS, Experiment
from simulation.model.parameters import ParameterError
from simulation.model.query import parse_query
from simulation.rules import RULES
from simulation.scripts import LIBRARIES, script
from simulation.scripts.assemble import _unturned
from tests.marks import CORE_LANDSCAPES, breadth, every_landscape

pytestmark = pytest.mark.long

# SGD and every rule, of 8 contenders at most.
ALL = ",".join(("0", *(Contender(rule, 0.5).text for rule in RULES)))
EXPERIMENTS = (
    "run=0,0.9&T=1500",
    "run=0.5,nesterov:0.9&T=900&noise=gaussian&N=3&rot=30&eta=1e-2",
    "landscape=quadratic&run=0,boosted:0.5,nesterov:0&T=700&period=100&r=0.05&N=2&c=0.01,0.02",
    "landscape=quadratic&run=adam,amsgrad:0.5&T=500&N=2&rot=45",
    f"landscape=quadratic&eig=1,0.5,-0.1,-0.1&run={ALL}&T=400&N=4",
    "landscape=quadratic&run=0.9&noise=none&w0=0.1,0.01&T=2000&eta=0.1",
    "landscape=quadratic&noise=samples&n=60&c=0.01&run=0.9&T=300&N=2&eta=0.1",
    "run=0,0.9&noise=samples&n=7&batch=5&T=600&sd=0.3&seed=4294967295&hold=effective",
    "eta=3&run=0,0.9&T=300&noise=gaussian&N=3",  # diverges
    "landscape=phase-retrieval&batch=1&run=0.97&T=400&N=3",  # after its escape
    "landscape=quadratic&eig=1,-0.1,-0.0999&run=0.9&T=2600&N=4",  # runs off, and does not
    # Whole numbers where PyTorch asks for floats.
    f"landscape=quadratic&run={','.join(f'{rule}:0' for rule in RULES)}&eta=1&r=1&T=200",
    *(f"landscape={name}&run=0,0.9&T=300&N=2" for name in CORE_LANDSCAPES
      if name not in ("toy", "quadratic")),
)  # fmt: skip


# Runs the script of each folder as the main program, in that folder, and keeps what it says.
RUN_EACH = """
import contextlib, io, os, runpy, sys
for folder in sys.argv[1:]:
    os.chdir(folder)
    sys.argv = ["script.py", "out.npz"]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        runpy.run_path("script.py", run_name="__main__")
    with open("said", "w") as file:
        file.write(said.getvalue())
"""


@pytest.fixture(scope="module", params=LIBRARIES)
def folders(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Query → a folder where its script has run, in a process without the project on its path."""
    pytest.importorskip(request.param)
    places = {query: tmp_path_factory.mktemp(request.param) for query in EXPERIMENTS}
    for query, place in places.items():
        text = script(parse_query(query), request.param)
        (place / "script.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUN_EACH, *map(str, places.values())], capture_output=True,
        text=True, encoding="utf-8", env={"PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return places


def compare(saved: dict[str, np.ndarray], run: Trajectories) -> None:
    """Holds what a script saved against the engine's run, to 1e-9 of each path's largest w."""
    np.testing.assert_array_equal(saved["steps"], run.steps)
    np.testing.assert_array_equal(saved["escape_time"], run.escape_time)
    np.testing.assert_array_equal(saved["diverged_at"], run.diverged_at)
    scale = np.abs(run.w).max(axis=(2, 3), keepdims=True)
    assert np.all(np.abs(saved["w"] - run.w) <= 1e-9 * scale)


@pytest.mark.parametrize("query", EXPERIMENTS)
def test_a_script_gives_the_drawn_run(folders: dict[str, Path], query: str) -> None:
    run, place = simulate(parse_query(query)), folders[query]
    with np.load(place / "out.npz") as saved:
        compare(dict(saved), run)
    said = (place / "said").read_text(encoding="utf-8").splitlines()
    counts = map(escape_statistics, run.escape_time, run.diverged_at)
    for contender, line, found in zip(run.experiment.contenders, said, counts, strict=True):
        assert line.startswith(f"{contender.label}: ")
        assert ("diverges" in line) == found.diverges
        assert ("escapes after" in line) == (2 * found.escaped > found.total)


# Every landscape, rule and noise, straight and with all that turns, tilts, batches and shortens it.
# The step is so small that RMSProp is not at a minimum yet: without noise its path there follows
# the rounding of the gradient.
RACE = f"run={ALL}&T=200&N=2&eta=1e-3&r=0.002&period=50&w0=0.1,0.02"
TURNED = "rot=30&c=0.02,-0.01&batch=3&n=9&seed=5&hold=effective"
NOISES = PARAMETERS["noise"].choices  # type: ignore[attr-defined]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    "more", breadth(["", "sd=0", TURNED], [TURNED]), ids=["plain", "still", "turned"]
)
@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("landscape", every_landscape())
def test_a_script_gives_the_run_on_every_landscape(
    library: str, landscape: str, noise: str, more: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """As above, in this process: what a script needs beside itself is tested by those."""
    module = pytest.importorskip(library)
    experiment = parse_query(f"landscape={landscape}&{RACE}&noise={noise}&{more}")
    run = simulate(experiment)
    monkeypatch.setattr(sys, "argv", ["script.py", str(tmp_path / "out.npz")])
    usual = module.get_default_dtype() if library == "torch" else None
    try:
        exec(compile(script(experiment, library), "script.py", "exec"), {"__name__": "__main__"})
    finally:
        if usual is not None:
            module.set_default_dtype(usual)
    with np.load(tmp_path / "out.npz") as saved:
        compare(dict(saved), run)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_script_imports_nothing_but_its_library(library: str) -> None:
    tree = ast.parse(script(Experiment(), library))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    imported = {alias.name for node in found for alias in node.names}
    assert imported == {"sys", "numpy", library}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


@pytest.mark.parametrize("library", LIBRARIES)
def test_another_experiment_is_another_script(library: str) -> None:
    texts = {script(parse_query(query), library) for query in EXPERIMENTS}
    assert len(texts) == len(EXPERIMENTS)


def test_another_library_is_refused_by_name() -> None:
    with pytest.raises(ParameterError, match="numpy, torch"):
        script(Experiment(), "jax")


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("landscape", every_landscape())
def test_a_script_speaks_of_z_and_q_only_where_they_turn(
    library: str, landscape: str, noise: str
) -> None:
    experiment = parse_query(f"landscape={landscape}&{RACE}&noise={noise}")
    assert not landscape_of(experiment).is_rotated(experiment)
    _, _, text = script(experiment, library).partition("import sys")
    left = re.findall(r"(?a)^.*(?<![A-Za-z_])(?:z|Q|EIGENVECTORS)(?![A-Za-z]).*$", text, re.M)
    assert not left, f"not rewritten by _unturned (simulation/scripts/assemble.py) in {landscape}"


TURNED_SOURCE = '''def gradient(w, batch):
    """∇f of f(w) = Σ ½λ_j z_j² + 2z_j³ + ¼z⁴, z = Qᵀw: made up."""
    z = w @ Q  # along the eigenvectors
    z_max, sizes = np.max(z), np.zeros(3)
    cube = z**3
    return (LAMBDA * z + 6.0*z**2 + cube - z[..., :1]*sizes + 0*z_max) @ Q.T
'''
UNTURNED_SOURCE = '''def gradient(w, batch):
    """∇f of f(w) = Σ ½λ_j w_j² + 2w_j³ + ¼w⁴: made up."""
    w_max, sizes = np.max(w), np.zeros(3)
    cube = w**3
    return (LAMBDA * w + 6.0*w**2 + cube - w[..., :1]*sizes + 0*w_max)
'''


def test_without_a_turn_any_source_is_written_in_w() -> None:
    assert _unturned(TURNED_SOURCE) == UNTURNED_SOURCE
    loss = "    z = w @ EIGENVECTORS\n    return (z**10 + λz).sum()\n"
    assert _unturned(loss) == "    return (w**10 + λw).sum()\n"
